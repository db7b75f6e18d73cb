"""Synthetic rows of cells for tests of health-check reports: no picture, no network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from ocr_providers.engine.words import PageWords, Word
from ocr_providers.results import Box

LETTER, HEIGHT, LINE = 10.0, 20.0, 40.0
TODAY = date(2025, 8, 1)


def word(text: str, left: float, top: float, score: float = 0.99) -> Word:
    """A word whose characters are equally wide."""
    right = left + LETTER * len(text)
    quad = np.array([[left, top], [right, top], [right, top + HEIGHT], [left, top + HEIGHT]])
    marks = tuple((n + 0.5) / len(text) for n in range(len(text)))
    return Word(text, score, quad, Box(int(left), int(top), int(right), int(top + HEIGHT)), marks)


def page(lines: Sequence[Sequence[tuple[int, str]]]) -> PageWords:
    """`lines`: for each line, (column, text): a column is as wide as a letter."""
    words = [word(text, at * LETTER, n * LINE) for n, line in enumerate(lines) for at, text in line]
    picture = np.full((int(LINE * len(lines)) + 40, 1600, 3), 255, np.uint8)
    return PageWords(0, tuple(words), picture, np.eye(3), (1600, picture.shape[0]), 0)
