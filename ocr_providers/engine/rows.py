"""Words to cells in straight coordinates, and cells to rows.

Perspective, curl and skew are taken out of the coordinates: a field of slopes is fitted to the directions of the boxes
(and, for the columns, to edges that stand below one another) and integrated. In the straight coordinates a row has one
height and a column one abscissa. Nothing is drawn anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from ocr_providers.engine.text import normal
from ocr_providers.engine.words import PageWords, Word, page_box
from ocr_providers.results import Source

Floats = NDArray[np.float64]

WIDE = 2.0
"""A box this many times as wide as high tells the direction of its line."""
ASKEW = 0.2
"""A box that still rises this much once its page is straight is none of the form's: a seal's legend runs round."""
AMOUNT = re.compile(r"[¥Y$]?-?\d[\d.,]*元?")
FIGURE = re.compile(r"\d")
"""What holds figures is no legend: between pre-printed 年 and 月 they are struck higher or lower."""
SAME_ROW = 0.55
"""Boxes next to each other whose middles differ by less than this many text heights are of one row."""
REFINEMENTS = 2
FEATURES = 8
ROW_GAP = 0.5
"""Cells whose middles are further apart than this many text heights are of different rows."""
BREAK = re.compile(r"\s+|(?<=\.\d\d)(?=[\u4e00-\u9fff])|(?<=[)])(?=\d)")
"""Where one box holds several cells: at blanks, and after an amount."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of characters of one word, in straight coordinates (units: text heights, origin arbitrary)."""

    text: str
    """Half width (see `text.normal`)."""
    left: float
    right: float
    middle: float
    """Distance down the page."""
    word: Word
    page: PageWords
    first: int
    """Index of its first character in the word."""

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def last(self) -> int:
        """Index after its last character in the word."""
        return self.first + len(self.text)

    @property
    def score(self) -> float:
        """Of an amount its least sure figure, because each counts; of other text the mean."""
        chances = self.word.chances[self.first : self.last]
        if not chances:
            return self.word.score
        figures = [chance for sign, chance in zip(self.text, chances, strict=False) if sign in "0123456789."]
        return min(figures) if figures and AMOUNT.fullmatch(self.text) else fmean(chances)

    def part(self, start: int, end: int) -> Cell:
        """Characters `start` to `end` of this cell as a cell of its own, without blanks around them."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        left, right = (self._at(start), self._at(start + len(text)))
        return replace(self, text=text, left=left, right=max(left, right), first=self.first + start)

    def _at(self, position: int) -> float:
        """Where the boundary before character `position` stands."""
        share = _boundary(self.word, self.first + position)
        begin, end = _boundary(self.word, self.first), _boundary(self.word, self.last)
        inside = (share - begin) / (end - begin) if end > begin else 0.0
        return self.left + (self.right - self.left) * inside


def _boundary(word: Word, position: int) -> float:
    """Share of the box's width where the boundary before character `position` stands."""
    marks = word.marks
    if position <= 0 or not marks:
        return 0.0
    if position >= len(marks):
        return 1.0
    return (marks[position - 1] + marks[position]) / 2


def source_of(cells: Sequence[Cell]) -> Source:
    """One source for a value printed in several cells, in reading order; the box goes around them all."""
    if not cells:
        return Source()
    return Source(
        text=" ".join(cell.text for cell in cells),
        score=min(cell.score for cell in cells),
        box=page_box(cells[0].page, np.concatenate([_quad(cell) for cell in cells])),
        alternatives=_alternatives(cells[0]) if len(cells) == 1 else (),
    )


def _quad(cell: Cell) -> Floats:
    """The corners of the cell in the prepared picture."""
    quad, begin, end = cell.word.quad, _boundary(cell.word, cell.first), _boundary(cell.word, cell.last)
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    return np.array([quad[0] + top * begin, quad[0] + top * end, quad[3] + bottom * end, quad[3] + bottom * begin])


def _alternatives(cell: Cell) -> tuple[str, ...]:
    """Second choices that change something after normalisation, cut to the cell."""
    cut = (normal(text)[cell.first : cell.last] for text in cell.word.alternatives)
    return tuple(dict.fromkeys(text for text in cut if text != cell.text))


# --- straight coordinates --------------------------------------------------------------------------------------------


def cells_of(page: PageWords) -> list[Cell]:
    """All cells of a page in straight coordinates, in no particular order."""
    words = [word for word in page.words if word.text.strip()]
    if not words:
        return []
    across, down = straight_corners(np.array([word.quad for word in words]))
    cells: list[Cell] = []
    for word, x, y in zip(words, across, down, strict=True):
        if _is_askew(x, y) and not FIGURE.search(word.text):
            continue
        whole = Cell(
            normal(word.text), float(x[[0, 3]].mean()), float(x[[1, 2]].mean()), float(y.mean()), word, page, 0
        )
        cells += _split(whole)
    return cells


def _is_askew(x: Floats, y: Floats) -> bool:
    run, rise = x[1] + x[2] - x[0] - x[3], y[1] + y[2] - y[0] - y[3]
    return bool(run > 2.2 and abs(rise) > ASKEW * run)


def _split(cell: Cell) -> list[Cell]:
    starts = [0, *(match.end() for match in BREAK.finditer(cell.text))]
    ends = [*(match.start() for match in BREAK.finditer(cell.text)), len(cell.text)]
    parts = [cell.part(start, end) for start, end in zip(starts, ends, strict=True)]
    return [part for part in parts if part.text]


def straight_corners(quads: Floats) -> tuple[Floats, Floats]:
    """n × 4 abscissas and n × 4 ordinates, in text heights, with rows level and columns upright."""
    height = float(np.median(np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)))
    x, y = quads[:, :, 0] / height, quads[:, :, 1] / height
    x, y = x - x.mean(), y - y.mean()
    size = max(float(np.abs(x).max()), float(np.abs(y).max()), 1.0)
    y = y - _integral(_box_slopes(x, y, size), x, y, size)
    for _ in range(REFINEMENTS):
        y = y - _integral(_neighbour_slopes(x, y, size), x, y, size)
    for _ in range(REFINEMENTS):
        x = x - _integral(_column_slopes(x, y, size), y, x, size)
    return x, y


def _features(along: Floats, aside: Floats, size: float) -> Floats:
    """The slope of a line at a point: linear, curved along the line, and changing from line to line."""
    a, b = along / size, aside / size
    return np.stack([np.ones_like(a), a, b, a * b, a * a, b * b, a * a * b, a * b * b], axis=-1)


def _integral(coefficients: Floats, along: Floats, aside: Floats, size: float) -> Floats:
    """How far a line has risen at `along`, counted from 0."""
    a, b = along / size, aside / size
    half, third = a * a / 2, a**3 / 3
    terms = np.stack([a, half, b * a, half * b, third, b * b * a, third * b, half * b * b], axis=-1)
    return np.asarray(terms @ coefficients * size)


def _box_slopes(x: Floats, y: Floats, size: float) -> Floats:
    """From the directions of wide boxes."""
    run = (x[:, 1] + x[:, 2] - x[:, 0] - x[:, 3]) / 2
    rise = (y[:, 1] + y[:, 2] - y[:, 0] - y[:, 3]) / 2
    wide = run > WIDE
    features = _features(x.mean(axis=1), y.mean(axis=1), size)
    return _fit(features[wide], (rise / np.maximum(run, 1e-6))[wide], run[wide])


def _neighbour_slopes(x: Floats, y: Floats, size: float) -> Floats:
    """From boxes that follow each other in a row: long distances show what single boxes are too short for."""
    left, right = x[:, [0, 3]].mean(axis=1), x[:, [1, 2]].mean(axis=1)
    middle, centre = y.mean(axis=1), x.mean(axis=1)
    gap = left[None] - right[:, None]
    gap = np.where((gap > -0.5) & (np.abs(middle[None] - middle[:, None]) < SAME_ROW), gap, np.inf)
    follower = gap.argmin(axis=1)
    here = np.flatnonzero(np.isfinite(gap.min(axis=1)))
    there = follower[here]
    run, rise = centre[there] - centre[here], middle[there] - middle[here]
    features = _features((centre[there] + centre[here]) / 2, (middle[there] + middle[here]) / 2, size)
    return _fit(features, rise / np.maximum(run, 0.5), run)


def _column_slopes(x: Floats, y: Floats, size: float) -> Floats:
    """From left and right edges that stand nearly below one another in neighbouring rows."""
    at, slopes = [], []
    for edge in ([0, 3], [1, 2]):
        edge_x, edge_y = x[:, edge].mean(axis=1), y[:, edge].mean(axis=1)
        step_x, step_y = edge_x[None] - edge_x[:, None], edge_y[None] - edge_y[:, None]
        upper, lower = np.nonzero((step_y > 0.7) & (step_y < 4) & (np.abs(step_x) < 0.3 * step_y))
        at += list(zip((edge_y[upper] + edge_y[lower]) / 2, (edge_x[upper] + edge_x[lower]) / 2, strict=True))
        slopes += list(step_x[upper, lower] / step_y[upper, lower])
    if not slopes:
        return np.zeros(FEATURES)
    points = np.array(at)
    return _fit(_features(points[:, 0], points[:, 1], size), np.array(slopes), np.ones(len(slopes)))


def _fit(features: Floats, slopes: Floats, weights: Floats) -> Floats:
    """Robust least squares: what lies off the field counts less. Few boxes carry only a simple field."""
    count = FEATURES if len(slopes) >= 40 else 4 if len(slopes) >= 16 else 1
    result = np.zeros(FEATURES)
    if len(slopes) < 3:
        return result
    trust = weights.copy()
    penalty = np.diag([0.0, *[0.001 * trust.sum()] * (count - 1)])
    for _ in range(8):
        weighted = features[:, :count] * trust[:, None]
        result[:count] = np.linalg.solve(weighted.T @ features[:, :count] + penalty, weighted.T @ slopes)
        off = np.abs(slopes - features @ result)
        trust = weights / (1 + (off / max(2 * float(np.median(off)), 2e-3)) ** 2)
    return result


# --- rows ------------------------------------------------------------------------------------------------------------


def rows_of(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Rows from top to bottom, each from left to right."""
    rows: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda cell: cell.middle):
        if rows and cell.middle - float(np.mean([other.middle for other in rows[-1]])) < ROW_GAP:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [sorted(row, key=lambda cell: cell.left) for row in rows]
