"""What stands under a seal, read a second time with the seal taken out.

A seal is transparent: where it lies over black type, the red channel alone still shows the type and hardly the seal;
on a scan without colour the seal is paler than type (`grey_seal`). Boxes that a seal touches are read again; around it
the detector looks again too, because it loses whole lines there; and the characters of the seal's legend are dropped.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from ocr_providers.engine import models
from ocr_providers.engine.grey_seal import find_rings, without_grey
from ocr_providers.engine.models import Picture
from ocr_providers.engine.prepare import TEXT_HEIGHT, crop
from ocr_providers.engine.text import normal
from ocr_providers.engine.words import PageWords, Word, look_again

Area: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in the prepared picture."""

RED_OVER_OTHERS = 36
"""Red ink is at least this much redder than it is green or blue, 0..255."""
PALE_RED = 24
"""The same for a thin or a blurred stroke."""
PURE = 1.5
"""A seal takes this many times as much green and blue from paper than red; captions in brown or dark red, as much."""
DARK = 115
"""Type is darker than this in the red channel."""
INK_TONE = 25
"""Black type in the red channel."""
FADED = 0.9
"""What is brighter in the red channel than this share of the seal's own brightness becomes paper..."""
BRIGHT_SEAL = 0.66
"""A seal is at least this share as bright as paper in the red channel."""
PAPER_SHARE = 0.85
"""... or, of a very pale seal, this share of the paper's."""
DEEPER = 1.5
"""Gamma of what stays: captions in brown or blue are pale in the red channel."""
TOUCHED = 0.05
"""Area of ink, in squares of the box's height, from which on it counts: part of one character."""
STRAY = 0.2
"""Dark pixels, as a share of the red ones, that compression and noise make of a stroke that is only red."""
SEAL_CHARACTERS = 2
"""A box of nothing but red with at most this many characters is part of a seal's legend."""
WORSE, WORSE_IN_GREY = 0.1, 0.03
"""The second reading is taken unless its score is lower by this; in grey, type loses more with the seal."""
ONLY_SEAL = 0.5
"""A box that may be the seal's own is dropped when its second reading has a lower score."""
ALIKE = 60.0
"""How alike (0..100) the value without its caption is to the second reading when the caption was red as well."""
SEAL_SIDES = (2.5 * TEXT_HEIGHT, 16 * TEXT_HEIGHT)
"""A seal is not smaller and not larger than this, pixels of the prepared picture; nor is it a rule or a frame."""
BESIDE = 10 * TEXT_HEIGHT
"""How far lines reach out beyond the seal that covers part of them."""
OVERLAP = 0.3
"""A box found again shares at least this much of its area with the one known."""
MOSTLY = 0.6
"""Share of a known box that a longer one has to cover to take its place."""
CUT = 1.06
"""A box this many times as long as the known one shows what the seal had cut off."""
TITLE = 0.2
"""The seal in the title, this share of the page from the top, hides no value."""
STEP = 4
"""Seals are looked for in a picture smaller by this factor."""
RULE = 6 * TEXT_HEIGHT
"""A straight line of red longer than this is a rule of the form."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Areas of ink in a box, in squares of its height."""

    red: float
    dark: float

    @property
    def only_red(self) -> bool:
        return self.red >= TOUCHED / 2 and self.dark < STRAY * self.red


def read_under_seals(page: PageWords) -> PageWords:
    """The page with its sealed boxes read again, lost ones added and the seals' own characters dropped."""
    paper = paper_tone(page.picture)
    seals = [area for area in find_seals(page) if _seal_tone(page.picture, area) > BRIGHT_SEAL * paper]
    if seals:
        return _read_under_red(page, seals)
    rings = [ring for ring in find_rings(page.picture) if ring.area[3] > TITLE * page.picture.shape[0]]
    faded = without_grey(page.picture, rings)
    return page if faded is None else _read_under_grey(page, [ring.area for ring in rings], faded)


def _read_under_red(page: PageWords, seals: Sequence[Area]) -> PageWords:
    inks = [ink_of(_value_part(word, crop(page.picture, word.quad))) for word in page.words]
    near = {at for at, word in enumerate(page.words) if _touches(word, seals)}
    sealed = {at for at in near if inks[at].red >= TOUCHED}
    hollow = {at for at in near if inks[at].only_red}
    return _read_again(page, seals, without_red(page.picture, seals), sealed, hollow, WORSE)


def _read_under_grey(page: PageWords, seals: Sequence[Area], faded: Picture) -> PageWords:
    near = {at for at, word in enumerate(page.words) if _touches(word, seals)}
    return _read_again(page, seals, faded, near, near, WORSE_IN_GREY)


def _read_again(
    page: PageWords, seals: Sequence[Area], faded: Picture, sealed: set[int], hollow: set[int], worse: float
) -> PageWords:
    """`sealed`: indexes of the boxes to read again; `hollow`: of those that may hold nothing but the seal's legend."""
    kept, lost = _boxes_around(seals, faded, page.words, hollow)
    again = [at for at in kept if at in sealed | hollow]
    readings = look_again(page, [*(page.words[at].quad for at in again), *lost], faded)
    second = dict(zip(again, readings, strict=False))
    words = [
        _better(page.words[at], second[at], worse) if at in second else page.words[at]
        for at in kept
        if not (at in hollow and second[at].score < ONLY_SEAL)
    ]
    return replace(page, words=(*words, *(word for word in readings[len(again) :] if word.text.strip())))


def _value_part(word: Word, picture: Picture) -> Picture:
    """What stands behind a caption, which may be printed in red itself."""
    at = normal(word.text).rfind(":")
    begin = round(picture.shape[1] * word.marks[at]) if 0 <= at < len(word.marks) - 1 else 0
    return picture[:, min(begin, picture.shape[1] - 1) :]


def _touches(word: Word, seals: Sequence[Area]) -> bool:
    """Elsewhere red is the colour of captions: they stay, and type beside them loses by a second reading."""
    left, top, right, bottom = (int(side) for side in _around(word.quad))
    return any(_overlap((left, top, right, bottom), seal) for seal in seals)


# --- ink -------------------------------------------------------------------------------------------------------------


def red_ink(picture: Picture, over_others: int = RED_OVER_OTHERS) -> NDArray[np.bool_]:
    blue, green, red = (picture[:, :, channel].astype(np.int16) for channel in range(3))
    over = red - np.maximum(green, blue)
    return np.asarray((over > over_others) & (over > PURE * (np.percentile(red, 90) - red)))


def ink_of(picture: Picture) -> Ink:
    square = max(1, picture.shape[0]) ** 2
    return Ink(float(red_ink(picture, PALE_RED).sum() / square), float((picture[:, :, 2] < DARK).sum() / square))


def without_red(picture: Picture, seals: Sequence[Area]) -> Picture:
    """The red channel as grey; inside `seals` what is as bright as they are is white, and what stays is darker."""
    red = picture[:, :, 2].astype(np.float32)
    paper, grey = paper_tone(picture), red.copy()
    for seal in seals:
        inside = np.s_[seal[1] : seal[3], seal[0] : seal[2]]
        white = min(FADED * _seal_tone(picture, seal), PAPER_SHARE * paper)
        grey[inside] = 255 * np.clip((red[inside] - INK_TONE) / (white - INK_TONE), 0, 1) ** DEEPER
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)


def paper_tone(picture: Picture) -> float:
    """The brightness of paper in the red channel."""
    return float(np.percentile(picture[::STEP, ::STEP, 2], 90))


def _seal_tone(picture: Picture, area: Area) -> float:
    """How bright in the red channel the red inside `area` is, but for its palest part."""
    inside = picture[area[1] : area[3], area[0] : area[2]]
    red = inside[:, :, 2][red_ink(inside)]
    return float(np.percentile(red, 25)) if len(red) else 255.0


def find_seals(page: PageWords) -> list[Area]:
    """Patches of red of a seal's size; with the boxes of text and the rules of the form, and without them.

    Without them a seal stands apart from captions printed in red; with them a thin one holds together.
    """
    small = np.asarray(cv2.resize(page.picture, None, fx=1 / STEP, fy=1 / STEP, interpolation=cv2.INTER_AREA), np.uint8)
    pale = red_ink(small, PALE_RED).astype(np.uint8)
    for word in page.words:
        if len(word.text.strip()) > SEAL_CHARACTERS:
            cv2.fillConvexPoly(pale, np.round(word.quad / STEP).astype(np.int32), 0)
    for rule in (np.ones((1, RULE // STEP), np.uint8), np.ones((RULE // STEP, 1), np.uint8)):
        pale[cv2.dilate(cv2.morphologyEx(pale, cv2.MORPH_OPEN, rule), np.ones((3, 3), np.uint8)) > 0] = 0
    return _merged([*_patches(red_ink(small).astype(np.uint8), 7), *_patches(pale, 17)])


def _patches(ink: NDArray[np.uint8], gap: int) -> list[Area]:
    """What hangs together across gaps and has a seal's size, in pixels of the prepared picture."""
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(closed)
    areas = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in found[1:] * STEP]
    return [area for area in areas if _has_seal_size(area)]


def _has_seal_size(area: Area) -> bool:
    return all(SEAL_SIDES[0] < side < SEAL_SIDES[1] for side in (area[2] - area[0], area[3] - area[1]))


def _merged(areas: Sequence[Area]) -> list[Area]:
    """Patches that overlap are one seal."""
    merged: list[Area] = []
    for area in areas:
        same = next((at for at, other in enumerate(merged) if _overlap(area, other)), None)
        if same is None:
            merged.append(area)
            continue
        other = merged[same]
        union = (*(min(area[n], other[n]) for n in (0, 1)), *(max(area[n], other[n]) for n in (2, 3)))
        merged[same] = (union[0], union[1], union[2], union[3])
    return merged


def _overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


# --- boxes that the seal hid -----------------------------------------------------------------------------------------


def _boxes_around(
    seals: Sequence[Area], faded: Picture, words: Sequence[Word], hollow: Container[int]
) -> tuple[list[int], list[NDArray[np.float64]]]:
    """Indexes of the boxes that stay, and the boxes to read anew: lost ones, and ones the seal had cut.

    `hollow`: boxes that may hold nothing but a legend; a line found below one takes its place.
    """
    stay = set(range(len(words)))
    anew: list[NDArray[np.float64]] = []
    known = [_around(word.quad) for word in words]
    below_title = TITLE * faded.shape[0]
    for seal in (seal for seal in seals if seal[3] > below_title):
        for quad in _detect_around(faded, seal):
            box = _around(quad)
            legend = {at for at in stay if at in hollow and _shared(known[at], box) > OVERLAP}
            others = [side for at, side in enumerate(known) if at not in legend]
            inside = {at for at in stay - legend if _shared(known[at], box) > MOSTLY}
            longer = all(np.ptp(box[[0, 2]]) > CUT * np.ptp(known[at][[0, 2]]) for at in inside)
            if not longer or (not inside and any(_shared(box, other) > OVERLAP for other in others)):
                continue
            stay -= inside | legend
            known.append(box)
            anew.append(quad)
    return sorted(stay), anew


def _detect_around(faded: Picture, seal: Area) -> list[NDArray[np.float64]]:
    """Boxes in and beside a seal once it has faded, except those that the edge of the region cuts."""
    height, width = faded.shape[:2]
    left, right = max(0, seal[0] - BESIDE), min(width, seal[2] + BESIDE)
    top, bottom = max(0, seal[1] - TEXT_HEIGHT), min(height, seal[3] + TEXT_HEIGHT)
    quads = models.detect(np.ascontiguousarray(faded[top:bottom, left:right])) + np.array([left, top])
    first, last = (left + 3 if left else -1), (right - 3 if right < width else width + 1)
    return [quad for quad in quads if first < quad[:, 0].min() and quad[:, 0].max() < last]


def _around(quad: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([quad.min(axis=0), quad.max(axis=0)])


def _shared(box: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Share of `box` that `other` covers."""
    sides = np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2])
    area = float(np.prod(box[2:] - box[:2]))
    return float(np.prod(np.maximum(sides, 0))) / area if area else 0.0


# --- which of two readings -------------------------------------------------------------------------------------------


def _better(first: Word, second: Word, worse: float) -> Word:
    """The second reading, unless it is plainly worse; the other one is kept among the alternatives."""
    if not second.text.strip():
        return first
    if second.score < first.score - worse:
        return _with_alternative(first, second.text)
    caption = _lost_caption(normal(first.text), normal(second.text))
    if not caption:
        return _with_alternative(second, first.text)
    begin = len(caption)
    head = first.marks[begin - 1] if first.marks else 0.0
    marks = (*first.marks[:begin], *(max(mark, head) for mark in second.marks))
    chances = (*first.chances[:begin], *second.chances)
    text = first.text[:begin] + second.text
    return replace(second, text=text, marks=marks, chances=chances, alternatives=(first.text,))


def _lost_caption(first: str, second: str) -> str:
    """A caption that was printed in red vanishes with the seal: the part of `first` up to its colon."""
    at = first.rfind(":") + 1
    if not at or ":" in second:
        return ""
    return first[:at] if fuzz.ratio(first[at:], second) >= ALIKE else ""


def _with_alternative(word: Word, text: str) -> Word:
    if normal(text) == normal(word.text):
        return word
    return replace(word, alternatives=(text, *word.alternatives))
