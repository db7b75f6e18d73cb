"""Thai lines, read a second time: the recogniser of `models` knows no Thai character, Tesseract's Thai model does.

The detector finds Thai lines like any others. Each is handed to Tesseract as decoded pixels, and the two readings of a
line are put together by place (`thai_text.merged`): Thai from Tesseract, Latin and digits from the recogniser.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr_providers.engine.models import Picture
from ocr_providers.engine.prepare import crop
from ocr_providers.engine.thai_digits import Number, find_numbers, read_number
from ocr_providers.engine.thai_text import (
    SEEN_NUMBER,
    THAI_DIGIT,
    UNSURE_DIGIT,
    Piece,
    believed,
    between_blanks,
    cleared,
    merged,
)
from ocr_providers.engine.words import PageWords, Word

MODEL = Path(__file__).parent / "tessdata"
SURE = 0.97
"""A line in Latin or digits that the recogniser is so sure of needs no second reading..."""
SURE_FIGURES = 0.9
"""A line that the recogniser is so sure of has no Thai digits."""
ARABIC = re.compile("[0-9]+")
THAI_FIGURES = 3
"""So many words with Thai figures make a page that is printed in them."""
ARABIC_DIGIT = re.compile("[0-9]")
ROOM = 0.22
"""Share of a box's height that is added above and below it, as far as other lines leave it: the detector cuts off the
tone marks of large print and the vowels below."""
WIDEST_GAP = 3.0
"""... unless it leaves a gap of so many characters: it passes over Thai without a trace."""
PLAIN = re.compile(r"[\s<>=≤≥~(\[]*\d[\d.,:/\- ]*\)?\s*(?:mg/d[lL]|mmol/L|mmHg|g/d[lL]|U/L|%|kg|cm)?[.)\]\s]*")

FIGURE_WIDTH, MARGIN = 0.75, 0.8
"""A box is at most this wide for each of its figures, and around them all, in heights."""
SHORT_THAI = re.compile(r"\d\s?[A-Za-z]{1,3}\s?\.|\bage\W*\d{3}", re.IGNORECASE)
"""What it makes, sure of itself, of a short month (21 W.A. 67) and of an age in years (ปี read as 1)."""

_one_at_a_time = threading.Lock()


@cache
def _tesseract(raw: bool) -> Any:
    """`raw`: without Tesseract's own search for the line, which now and then finds none where a rule runs along."""
    import tesserocr

    mode = tesserocr.PSM.RAW_LINE if raw else tesserocr.PSM.SINGLE_LINE
    reader = tesserocr.PyTessBaseAPI(path=str(MODEL), lang="tha", psm=mode)
    reader.SetVariable("preserve_interword_spaces", "1")
    return reader


def warm_up() -> None:
    """Loads the model (about 20 MB) and reads one blank line."""
    with _one_at_a_time:
        _read(np.full((40, 120, 3), 255, np.uint8), raw=False)


def with_thai(page: PageWords) -> PageWords:
    """The page with Thai put into its words; words without Thai stay as they are."""
    quads = np.array([word.quad for word in page.words]).reshape(-1, 4, 2)
    words = [_reread(page, word, quads) for word in page.words]
    if sum(THAI_DIGIT.search(word.text) is not None for word in words) >= THAI_FIGURES:
        words = [_without_guesses(word) for word in words]
    return replace(page, words=tuple(words))


def _without_guesses(word: Word) -> Word:
    """On a page in Thai figures, Arabic ones that are not sure are what was made of Thai ones that were not read."""
    if word.score >= SURE or THAI_DIGIT.search(word.text):
        return word
    return replace(word, text=ARABIC_DIGIT.sub(UNSURE_DIGIT, word.text))


def _reread(page: PageWords, word: Word, others: NDArray[np.float64]) -> Word:
    if not needs_second_reading(word):
        return word
    flat = crop(page.picture, with_room(word.quad, others))
    with _one_at_a_time:
        pieces = _read(flat, raw=False)
        if not believed(pieces, word):
            pieces = max(pieces, _read(flat, raw=True), key=_confidence)
    return merged(word, _with_digits(flat, pieces, latin=word.score >= SURE_FIGURES))


def _with_digits(flat: Picture, pieces: Sequence[Piece], *, latin: bool) -> tuple[Piece, ...]:
    """The pieces with every Thai number that its shapes tell for sure; the others as they were."""
    numbers = [] if latin else [number for number in find_numbers(flat) if not _is_arabic(pieces, number)]
    others = [piece for piece in pieces if not any(_stands_in(piece, number) for number in numbers)]
    touching = [piece for group in between_blanks(others) for piece in _number_or_same(flat, group)]
    for each in numbers:
        at = next((n for n, piece in enumerate(touching) if piece.left + piece.right > each.left + each.right), None)
        shaped = Piece(each.text, each.score, each.left, each.right, spaced=True, shaped=True)
        touching.insert(len(touching) if at is None else at, shaped)
    return tuple(touching)


def _is_arabic(pieces: Sequence[Piece], number: Number) -> bool:
    """Arabic digits were read where the shapes tell another count of digits: two that touch look like one."""
    seen = "".join(piece.text for piece in pieces if _stands_in(piece, number))
    return bool(ARABIC.fullmatch(seen)) and len(seen) != len(number.text)


def _stands_in(piece: Piece, number: Number) -> bool:
    return number.left < (piece.left + piece.right) / 2 < number.right


def _number_or_same(flat: Picture, group: Sequence[Piece]) -> Sequence[Piece]:
    seen, place = "".join(piece.text for piece in group), (group[0].left, group[-1].right)
    read = read_number(flat, seen, place) if SEEN_NUMBER.fullmatch(seen) else None
    return group if read is None else [Piece(*read, *place, spaced=group[0].spaced, shaped=True)]


def with_room(quad: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """The box with room for the marks above and below the line, up to the boxes `others` (n × 4 × 2)."""
    down = quad[[3, 2, 2, 3]] - quad[[0, 1, 1, 0]]
    height = max(float(np.linalg.norm(down[0])), 1.0)
    across = (others[:, :, 0].min(axis=1) < quad[:, 0].max()) & (others[:, :, 0].max(axis=1) > quad[:, 0].min())
    middle, top, bottom = quad[:, 1].mean(), quad[:, 1].min(), quad[:, 1].max()
    near = others[across]
    above = near[near[:, :, 1].mean(axis=1) < middle - height / 2]
    below = near[near[:, :, 1].mean(axis=1) > middle + height / 2]
    up = min(ROOM, max(0.0, top - above[:, :, 1].max(initial=-np.inf)) / height)
    feet = min(ROOM, max(0.0, below[:, :, 1].min(initial=np.inf) - bottom) / height)
    return quad + np.array([-up, -up, feet, feet])[:, None] * down


def needs_second_reading(word: Word) -> bool:
    """Whether Thai may stand in a word: not in a plain number, nor in a sure line of Latin without gaps."""
    if PLAIN.fullmatch(word.text) and word.score >= SURE_FIGURES:
        return _has_room_for_more(word)
    if word.score < SURE or SHORT_THAI.search(word.text):
        return True
    return not word.text.isascii() or _widest_gap(word) > WIDEST_GAP


def _has_room_for_more(word: Word) -> bool:
    """Whether a box is longer than its figures: of อายุ : 50 ปี the recogniser may read 50 alone, sure of itself."""
    width, height = (float(np.linalg.norm(side)) for side in (word.quad[1] - word.quad[0], word.quad[3] - word.quad[0]))
    return width > height * (FIGURE_WIDTH * len(word.text) + MARGIN)


def _widest_gap(word: Word) -> float:
    """The widest stretch without a character, in widths of a character."""
    edges = [0.0, *word.marks, 1.0]
    steps = [after - before for before, after in pairwise(edges)]
    inner = sorted(steps[1:-1]) or [1.0]
    return max(steps) / max(inner[len(inner) // 2], 1e-6)


def _confidence(pieces: tuple[Piece, ...]) -> float:
    return sum(piece.score for piece in pieces) / len(pieces) if pieces else 0.0


def _read(picture: Picture, *, raw: bool) -> tuple[Piece, ...]:
    """What Tesseract reads on the flat picture of one line (blue-green-red), from left to right."""
    reader = _tesseract(raw)
    reader.SetImage(Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1])))
    reader.Recognize()
    text = reader.GetUTF8Text()
    return tuple(_pieces(reader, text, picture.shape[1]))


def _pieces(reader: Any, text: str, width: int) -> Iterator[Piece]:
    """Tesseract's Thai model gives clusters of one or two characters, blanks only in the text of the whole line."""
    import tesserocr

    level, at = tesserocr.RIL.WORD, 0
    for part in tesserocr.iterate_level(reader.GetIterator(), level):
        box = part.BoundingBox(level)
        if box is None:
            continue
        cluster = part.GetUTF8Text(level).strip()
        found = text.find(cluster, at)
        spaced = found > at and text[at:found].isspace()
        at = found + len(cluster) if found >= 0 else at
        yield cleared(Piece(cluster, part.Confidence(level) / 100, box[0] / width, box[2] / width, spaced))
