"""What stands under a red seal, read a second time with the red taken out.

A seal is transparent: where it lies over black type, the red channel alone still shows the type and hardly the seal.
Boxes that hold both red and dark ink are read again; around a seal the detector looks again too, because it loses
whole lines there; and the characters of the seal's own legend are dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from ocr_providers.engine import models
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
BRIGHT_RED = 140
"""Below this in the red channel it is brown or black: captions and type, not a seal."""
DARK = 115
"""Type is darker than this in the red channel."""
FADED = 175
"""What is brighter than this in the red channel becomes paper."""
TOUCHED = 0.05
"""Area of ink, in squares of the box's height, from which on it counts: part of one character."""
STRAY = 0.2
"""Dark pixels, as a share of the red ones, that compression and noise make of a stroke that is only red."""
SEAL_CHARACTERS = 2
"""A box of nothing but red with at most this many characters is part of a seal's legend."""
WORSE = 0.1
"""The second reading is taken unless its score is lower by this."""
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
CUT = 1.12
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
    def sealed(self) -> bool:
        return self.red >= TOUCHED and self.dark >= TOUCHED

    @property
    def only_red(self) -> bool:
        return self.red >= TOUCHED / 2 and self.dark < STRAY * self.red


def read_under_seals(page: PageWords) -> PageWords:
    """The page with its sealed boxes read again, lost ones added and the seals' own characters dropped."""
    seals = find_seals(page)
    if not seals:
        return page
    faded = without_red(page.picture)
    inks = [ink_of(_value_part(word, crop(page.picture, word.quad))) for word in page.words]
    kept, lost = _boxes_around(seals, faded, page.words)
    sealed = [at for at in kept if inks[at].sealed and _touches(page.words[at], seals)]
    readings = look_again(page, [*(page.words[at].quad for at in sealed), *lost], faded)
    again = dict(zip(sealed, readings, strict=False))
    words = [
        _better(page.words[at], again[at]) if at in again else page.words[at]
        for at in kept
        if not (_is_legend(page.words[at], inks[at]) and _touches(page.words[at], seals))
    ]
    return replace(page, words=(*words, *(word for word in readings[len(sealed) :] if word.text.strip())))


def _value_part(word: Word, picture: Picture) -> Picture:
    """What stands behind a caption, which may be printed in red itself."""
    at = normal(word.text).rfind(":")
    begin = round(picture.shape[1] * word.marks[at]) if 0 <= at < len(word.marks) - 1 else 0
    return picture[:, min(begin, picture.shape[1] - 1) :]


def _is_legend(word: Word, ink: Ink) -> bool:
    return ink.only_red and len(word.text.strip()) <= SEAL_CHARACTERS


def _touches(word: Word, seals: Sequence[Area]) -> bool:
    """Elsewhere red is the colour of captions: they stay, and type beside them loses by a second reading."""
    left, top, right, bottom = (int(side) for side in _around(word.quad))
    return any(_overlap((left, top, right, bottom), seal) for seal in seals)


# --- ink -------------------------------------------------------------------------------------------------------------


def red_ink(picture: Picture, over_others: int = RED_OVER_OTHERS) -> NDArray[np.bool_]:
    blue, green, red = (picture[:, :, channel].astype(np.int16) for channel in range(3))
    return np.asarray((red - np.maximum(green, blue) > over_others) & (red > BRIGHT_RED))


def ink_of(picture: Picture) -> Ink:
    square = max(1, picture.shape[0]) ** 2
    return Ink(float(red_ink(picture, PALE_RED).sum() / square), float((picture[:, :, 2] < DARK).sum() / square))


def without_red(picture: Picture) -> Picture:
    """The red channel as grey, seal and paper both white."""
    red = picture[:, :, 2].astype(np.float32)
    grey = np.clip((red - 20) * 255 / (FADED - 20), 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


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
    seals: Sequence[Area], faded: Picture, words: Sequence[Word]
) -> tuple[list[int], list[NDArray[np.float64]]]:
    """Indexes of the boxes that stay, and the boxes to read anew: lost ones, and ones the seal had cut."""
    stay = set(range(len(words)))
    anew: list[NDArray[np.float64]] = []
    known = [_around(word.quad) for word in words]
    below_title = TITLE * faded.shape[0]
    for seal in (seal for seal in seals if seal[3] > below_title):
        for quad in _detect_around(faded, seal):
            box = _around(quad)
            inside = [at for at in stay if _shared(known[at], box) > MOSTLY]
            longer = all(np.ptp(box[[0, 2]]) > CUT * np.ptp(known[at][[0, 2]]) for at in inside)
            if not longer or (not inside and any(_shared(box, other) > OVERLAP for other in known)):
                continue
            stay -= set(inside)
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


def _better(first: Word, second: Word) -> Word:
    """The second reading, unless it is plainly worse; the other one is kept among the alternatives."""
    if not second.text.strip():
        return first
    if second.score < first.score - WORSE:
        return _with_alternative(first, second.text)
    caption = _lost_caption(normal(first.text), normal(second.text))
    if not caption:
        return _with_alternative(second, first.text)
    begin = len(caption)
    head = first.marks[begin - 1] if first.marks else 0.0
    marks = (*first.marks[:begin], *(max(mark, head) for mark in second.marks))
    return replace(second, text=first.text[:begin] + second.text, marks=marks, alternatives=(first.text,))


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
