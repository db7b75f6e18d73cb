"""Pages of words without pictures: what the recogniser would have said about a form laid out on a grid."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ocr_providers.engine.words import PageWords, Word
from ocr_providers.results import Box

HEIGHT = 30.0
"""Height of a box of text, pixels."""


def width_of(text: str) -> float:
    return sum(HEIGHT * 0.8 if character > "\u2e80" else HEIGHT * 0.45 for character in text)


def word(
    text: str,
    left: float,
    top: float,
    *,
    score: float = 0.99,
    slope: float = 0.0,
    alternatives: tuple[str, ...] = (),
) -> Word:
    """One box whose line rises by `slope` pixels a pixel of the whole page."""
    right, rise = left + width_of(text), slope
    corners = [(left, top), (right, top), (right, top + HEIGHT), (left, top + HEIGHT)]
    quad = np.array([(x, y + rise * x) for x, y in corners])
    box = Box(int(quad[:, 0].min()), int(quad[:, 1].min()), int(quad[:, 0].max()) + 1, int(quad[:, 1].max()) + 1)
    edges = np.cumsum([0.0, *(width_of(character) for character in text)]) / max(width_of(text), 1e-6)
    marks = tuple(float((a + b) / 2) for a, b in pairwise(edges))
    return Word(text, score, quad, box, marks, alternatives=alternatives)


def page(*words: Word, index: int = 0) -> PageWords:
    return PageWords(index, words, np.full((8, 8, 3), 255, np.uint8), np.eye(3), (4000, 4000), 0)


def rows(*lines: tuple[float, tuple[tuple[float, str], ...]], slope: float = 0.0) -> list[Word]:
    """Words from (top, ((left, text), ...)) per line."""
    return [word(text, left, top, slope=slope) for top, cells in lines for left, text in cells]
