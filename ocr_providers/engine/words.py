"""A page read: boxes of text with their characters, second choices and places.

    page = read_words(image, index=0)
    for word in page.words:
        word.text, word.score, word.quad, word.box, word.alternatives

A `Word` is one box of the detector: what stands close together on one line, seldom a single word, in no particular
order. `rows` makes rows and cells of them. `PageWords.picture` is kept for second looks (`look_again`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr_providers.engine import models
from ocr_providers.engine.models import Line, Picture
from ocr_providers.engine.prepare import Matrix, crop, page_pixels, prepare
from ocr_providers.results import Box


@dataclass(frozen=True, slots=True)
class Word:
    """One box of text."""

    text: str
    """As recognised; may be empty for a script the recogniser does not know (Thai)."""
    score: float
    """Mean probability of the characters, 0..1."""
    quad: NDArray[np.float64]
    """4 × 2: corners in the prepared picture, clockwise from the top left."""
    box: Box
    """Its place in the page picture."""
    marks: tuple[float, ...] = ()
    """Centre of each character as a share (0..1) of the width of the box."""
    chances: tuple[float, ...] = ()
    """Probability of each character; empty where two readings were put together."""
    alternatives: tuple[str, ...] = ()
    """The text with one character replaced by the second choice, likeliest first."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """One page, read."""

    index: int
    """Index of the page, from 0."""
    words: tuple[Word, ...]
    picture: Picture
    """The prepared picture: upright, level, text about 38 pixels high; blue-green-red."""
    to_page: Matrix
    """From pixels of `picture` to pixels of the page picture."""
    size: tuple[int, int]
    """Width and height of the page picture."""
    degree: int
    """How far the page picture has to be turned counter-clockwise to stand upright: 0, 90, 180 or 270."""
    qr_code: str | None = None
    """What the page's QR code says; set for invoices only."""


def read_words(image: Image.Image, index: int = 0) -> PageWords:
    """Reads one upright-by-EXIF page picture. Raises `PictureUnreadable` when text is missing, too small or blurred."""
    page = page_pixels(image)
    prepared = prepare(page)
    quads = models.detect(prepared.picture)
    empty = PageWords(index, (), prepared.picture, prepared.to_page, image.size, prepared.degree)
    return replace(empty, words=tuple(look_again(empty, list(quads))))


def look_again(page: PageWords, quads: Sequence[NDArray[np.float64]], picture: Picture | None = None) -> list[Word]:
    """Reads boxes (prepared pixels), from `picture` where a changed copy of the prepared picture is given."""
    source = page.picture if picture is None else picture
    lines = models.recognise([crop(source, quad) for quad in quads])
    return [_word(page, quad, line) for quad, line in zip(quads, lines, strict=True)]


def _word(page: PageWords, quad: NDArray[np.float64], line: Line) -> Word:
    return Word(line.text, line.score, quad, page_box(page, quad), line.marks, line.chances, line.alternatives)


def page_box(page: PageWords, quad: NDArray[np.float64]) -> Box:
    """The upright rectangle around corners given in prepared pixels, in pixels of the page picture."""
    points = np.column_stack([quad, np.ones(len(quad))]) @ page.to_page.T
    limit = np.array(page.size)
    left, top = np.clip(np.floor(points[:, :2].min(axis=0)), 0, limit)
    right, bottom = np.clip(np.ceil(points[:, :2].max(axis=0)), 0, limit)
    return Box(int(left), int(top), int(right), int(bottom), page.index)
