"""The words of the pages as something to search: where a number, a date or a text is printed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from rapidfuzz import fuzz

from ocr_providers.arithmetic.thai_dates import find_date
from ocr_providers.engine.rows import Cell, cells_of, rows_of, source_of
from ocr_providers.engine.text import AMOUNT, squeezed
from ocr_providers.engine.words import PageWords
from ocr_providers.results import Box

DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|(?<!\d)\d{8}(?!\d)")
LIKE = 80.0
"""Likeness (0..100) from which a stretch of a row is a misread print of a text."""
LONG = 4
"""Shorter texts are found as they stand or not at all."""


@dataclass(frozen=True, slots=True)
class Spot:
    box: Box
    row: int
    """Number of the row, over all pages."""


@dataclass(frozen=True)
class Printed:
    """Rows of cells, from the first page's top to the last page's bottom."""

    rows: Sequence[Sequence[Cell]]
    numbers: dict[Decimal, list[Spot]]
    dates: dict[date, list[Spot]]
    texts: Sequence[str]
    """Each row without blanks."""

    @classmethod
    def of(cls, pages: Sequence[PageWords]) -> Printed:
        rows = [row for page in pages for row in rows_of(cells_of(page))]
        numbers: defaultdict[Decimal, list[Spot]] = defaultdict(list)
        dates: defaultdict[date, list[Spot]] = defaultdict(list)
        for at, row in enumerate(rows):
            for cell in row:
                for number, part in _numbers(cell):
                    numbers[number].append(Spot(_box(part), at))
                for day in _dates(cell):
                    dates[day].append(Spot(_box(cell), at))
        return cls(rows, dict(numbers), dict(dates), ["".join(squeezed(cell.text) for cell in row) for row in rows])

    def spots(self, value: Decimal | date | str) -> list[Spot]:
        """Where a value is printed, from the top; a text that stands nowhere: where it is most alike."""
        if isinstance(value, Decimal):
            return self.numbers.get(value, [])
        if isinstance(value, date):
            return self.dates.get(value, [])
        wanted = squeezed(value)
        exact = [spot for at in range(len(self.rows)) for spot in self._stretches(at, wanted)]
        return exact or self._likest(wanted)

    def row_at(self, box: Box) -> int | None:
        """The row that a box stands in."""
        return next((at for at, boxes in enumerate(self.boxes) if any(_meet(own, box) for own in boxes)), None)

    @cached_property
    def boxes(self) -> list[list[Box]]:
        """Of the cells, row by row."""
        return [[_box(cell) for cell in row] for row in self.rows]

    def _stretches(self, at: int, wanted: str) -> Iterator[Spot]:
        start = self.texts[at].find(wanted) if wanted else -1
        while start >= 0:
            yield self._spot(at, start, start + len(wanted))
            start = self.texts[at].find(wanted, start + len(wanted))

    def _likest(self, wanted: str) -> list[Spot]:
        if len(wanted) < LONG:
            return []
        best = LIKE
        ends: list[tuple[int, int, int]] = []
        for at, text in enumerate(self.texts):
            alike = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=best)
            if alike and len(text) >= len(wanted) - 1:
                ends = [*(ends if alike.score == best else []), (at, alike.dest_start, alike.dest_end)]
                best = alike.score
        return [self._spot(*end) for end in ends]

    def _spot(self, at: int, start: int, end: int) -> Spot:
        """Characters `start` to `end` of a row's text, blanks not counted."""
        cells = self.rows[at]
        ends = list(accumulate(len(squeezed(cell.text)) for cell in cells))
        parts = []
        for cell, stop in zip(cells, ends, strict=True):
            begin = stop - len(squeezed(cell.text))
            if begin < end and start < stop:
                parts.append(cell.part(max(0, start - begin), min(end, stop) - begin))
        return Spot(_box(*parts), at)


def _box(*cells: Cell) -> Box:
    box = source_of(cells).box
    assert box is not None  # noqa: S101 - for the type checker: there are cells
    return box


def contains_middle(outer: Box, inner: Box) -> bool:
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _meet(one: Box, other: Box) -> bool:
    return one.page == other.page and (contains_middle(one, other) or contains_middle(other, one))


def _numbers(cell: Cell) -> Iterator[tuple[Decimal, Cell]]:
    for match in AMOUNT.finditer(cell.text):
        number, part = Decimal(match.group().replace(",", "")), cell.part(*match.span())
        yield number, part
        if cell.text[match.end() : match.end() + 1] == "%":
            yield number / 100, part


def _dates(cell: Cell) -> set[date]:
    days = {day for match in DATE.finditer(cell.text) if (day := _day(match.group()))}
    found = find_date(cell.text)
    return days | set(found.readings() if found else ())


def _day(text: str) -> date | None:
    numbers = re.findall(r"\d+", text)
    year, month, day = numbers if len(numbers) == 3 else (text[:4], text[4:6], text[6:8])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
