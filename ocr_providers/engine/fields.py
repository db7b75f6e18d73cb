"""Captions and their values outside the table: "票据号码：3595736284", in one box, in two, or out of register.

A caption is looked for in every cell. Its value is what follows in the same cell, else the nearest cell to its right
at nearly the same height that fits the field and stands before the next caption. On pre-printed paper the typed values
sit higher or lower than their captions, so "nearly" is nearly a line. A value that is itself a caption is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from ocr_providers.engine.field_captions import (
    ANY_CAPTION,
    INSTITUTION,
    LEGEND,
    NO_VALUE,
    Caption,
    day,
    institution,
    leading_money,
)
from ocr_providers.engine.field_hits import INSURANCE, OUT_OF_REGISTER, REACH, Hit, all_hits
from ocr_providers.engine.found import Found
from ocr_providers.engine.rows import Cell, source_of
from ocr_providers.engine.text import squeezed
from ocr_providers.results import Source

REGISTER = 0.45
"""How far a value may stand off that, text heights."""
OVER_CAPTION = 1.0
"""How far a value may be typed over the end of its caption, text heights."""
WORD_GAP = 1.6
"""Parts of one text value are not further apart than this, text heights."""

BELOW = (0.6, 2.4)
"""How far below its caption a value stands on forms that print it there, text heights."""
ENOUGH_BELOW = 3
"""So many captions with nothing beside them and a value below make it such a form."""
SAME_PLACE = 1.5
"""A value below its caption begins, ends or has its middle within this of the caption's, text heights."""

NO_FIELDS = frozenset({"", "total", "record_no"})
"""Captions that are known, and stand at most for another one's value."""
NOTHING: Found[Any] = Found(None, Source())


def find_fields(cells: Sequence[Cell]) -> dict[str, Found[Any]]:
    """Values by field; the first caption that has a value wins. Fields without one are absent."""
    hits = all_hits(cells)
    free = _free(cells, hits)
    search = _Search(hits, free, _register(hits, free))
    found: dict[str, Found[Any]] = {}
    for hit in (hit for hit in hits if hit.or_else is None):
        known = found.get(hit.caption.field)
        if (known is None or known.value is None) and (value := _value(hit, search)) is not None:
            found[hit.caption.field] = value
    for hit in (hit for hit in hits if hit.or_else is not None):
        meant = [each.field for each in (hit.caption, hit.or_else) if each and each.field not in found]
        if meant and not (hit.misread and len(meant) > 1) and (value := _value(hit, search)) is not None:
            found[meant[0]] = value
    return _with_loose(found | _below(hits, search, found), cells)


def _below(hits: Sequence[Hit], search: _Search, found: Mapping[str, Found[Any]]) -> dict[str, Found[Any]]:
    """Values of a form that prints them under their captions."""
    missing = [hit for hit in hits if hit.rest is None and (found.get(hit.caption.field) or NOTHING).value is None]
    values: dict[str, Found[Any]] = {}
    for hit in missing:
        for cell in search.below(hit.label):
            run = [cell, *search.run_after(cell, cell.middle)]
            if hit.caption.field not in values and (value := _parsed(hit.caption, run)) is not None:
                values[hit.caption.field] = value
    return values if len(values) >= ENOUGH_BELOW else {}


def _free(cells: Sequence[Cell], hits: Sequence[Hit]) -> list[Cell]:
    """Cells that may be values: no captions, nor in one box with a caption unless behind a blank."""
    labelled = {id(hit.label.word) for hit in hits}
    return [cell for cell in cells if id(cell.word) not in labelled or _is_value_part(cell)]


def register_of(cells: Sequence[Cell]) -> float:
    """How much lower than their captions typed values stand on this page, text heights (negative: higher)."""
    hits = all_hits(cells)
    return _register(hits, _free(cells, hits))


def _register(hits: Sequence[Hit], free: Sequence[Cell]) -> float:
    """What suits most captions that have no value in their own box."""
    offsets = [
        [cell.middle - hit.label.middle for cell in free if -OVER_CAPTION < cell.left - hit.label.right < REACH / 2]
        for hit in hits
        if hit.rest is None
    ]
    if len(offsets) < 4:
        return 0.0
    shifts = [step / 20 for step in range(-18, 19)]
    best = max(shifts, key=lambda shift: (len(_agreeing(offsets, shift)), -abs(shift)))
    return median(_agreeing(offsets, best) or [0.0])


def _agreeing(offsets: Sequence[Sequence[float]], shift: float) -> list[float]:
    """For each caption that has one, the offset nearest to `shift`."""
    nearest = [min(each, key=lambda offset: abs(offset - shift)) for each in offsets if each]
    return [offset for offset in nearest if abs(offset - shift) < 0.2]


def _with_loose(found: dict[str, Found[Any]], cells: Sequence[Cell]) -> dict[str, Found[Any]]:
    """Values without a caption of their own."""
    if "total" in found and ("total_cost" not in found or found["total_cost"].value is None):
        found["total_cost"] = found["total"]
    if "hospital_no" not in found and "record_no" in found:
        found["hospital_no"] = found["record_no"]
    if "hospital_name" not in found and (named := _loose_institution(cells)):
        found["hospital_name"] = named
    if "billing_date" not in found and (printed := _loose_date(cells)):
        found["billing_date"] = printed
    return {name: value for name, value in found.items() if name not in NO_FIELDS}


def _loose_institution(cells: Sequence[Cell]) -> Found[Any] | None:
    """A hospital's name that stands alone, as in the title of a detail list."""
    for cell in sorted(cells, key=lambda cell: cell.middle):
        match = INSTITUTION.match(cell.text)
        if match and not any(each.search(cell.text) for each in (NO_VALUE, LEGEND)) and institution(match[0]):
            return Found(match[0], source_of([cell]))
    return None


def _loose_date(cells: Sequence[Cell]) -> Found[Any] | None:
    """A date like 2019 年 11 月 07 日, struck between pre-printed characters: the lowest such row is the date."""
    years = [cell for cell in cells if re.match(r"(?:19|20)\d\d", cell.text)]
    for year in sorted(years, key=lambda cell: -cell.middle):
        behind = [
            cell
            for cell in cells
            if abs(cell.middle - year.middle) < OUT_OF_REGISTER and year.left <= cell.left < year.left + REACH
        ]
        run = sorted(behind, key=lambda cell: cell.left)[:6]
        if value := day("".join(cell.text for cell in run)):
            return Found(value, source_of(run))
    return None


def _in_one_box(label: Cell, cell: Cell) -> bool:
    """Printed together: the red number of a paper form is not struck with the values."""
    return cell.word is label.word and cell.first >= label.last


def _under(cell: Cell, label: Cell) -> bool:
    """Flush with the caption at either edge, or centred on it."""
    apart = (cell.left - label.left, cell.right - label.right, cell.centre - label.centre)
    return min(map(abs, apart)) < SAME_PLACE


def _is_value_part(cell: Cell) -> bool:
    """A cell behind a blank in the same box as a caption."""
    return cell.first > 0 and (not ANY_CAPTION.search(cell.text) or INSURANCE.fullmatch(cell.text) is not None)


def _value(hit: Hit, search: _Search) -> Found[Any] | None:
    if hit.rest is not None:
        cells = [hit.rest, *search.run_after(hit.rest, hit.rest.middle)]
        if (found := _parsed(hit.caption, cells)) is not None:
            return found
    beside = search.right_of(hit.label)
    for cell in beside:
        run = [cell, *search.run_after(cell, cell.middle)]
        if (found := _parsed(hit.caption, run)) is not None:
            return found
    return _unread(hit, beside)


def _unread(hit: Hit, beside: Sequence[Cell]) -> Found[Any] | None:
    """An amount is printed that could not be read: no value, but its characters and its place."""
    if hit.caption.parse is not leading_money:
        return None
    cell = next(iter(beside), hit.rest)
    return Found(None, source_of([cell])) if cell and re.search(r"\d", cell.text) else None


def _parsed(caption: Caption, cells: Sequence[Cell]) -> Found[Any] | None:
    """The most cells of the run that together make a value; else the first alone."""
    for count in sorted({len(cells), 1}, reverse=True):
        text = " ".join(cell.text for cell in cells[:count])
        value = None if NO_VALUE.fullmatch(squeezed(text).strip(":")) else caption.parse(text)
        if value is not None:
            return Found(value, source_of(cells[:count]))
    return None


@dataclass(frozen=True, slots=True)
class _Search:
    """Where values may stand."""

    hits: Sequence[Hit]
    free: Sequence[Cell]
    register: float

    def right_of(self, label: Cell) -> list[Cell]:
        """Free cells right of a caption, at the register of the page, before the next caption; nearest first."""
        level = label.middle + self.register
        end = min(self._barrier(label), label.right + REACH)
        near = [
            cell
            for cell in self.free
            if (abs(cell.middle - level) < REGISTER or _in_one_box(label, cell))
            and label.right - OVER_CAPTION < cell.left < end
        ]
        return sorted(near, key=lambda cell: cell.left)

    def below(self, label: Cell) -> list[Cell]:
        """Free cells right under a caption; nearest first."""
        near = [cell for cell in self.free if BELOW[0] < cell.middle - label.middle < BELOW[1] and _under(cell, label)]
        return sorted(near, key=lambda cell: cell.middle)

    def run_after(self, start: Cell, level: float) -> list[Cell]:
        """Free cells that follow each other without a gap, on one line."""
        run: list[Cell] = []
        right, barrier = start.right, self._barrier(start)
        for cell in sorted(self.free, key=lambda cell: cell.left):
            if abs(cell.middle - level) > REGISTER or not right - 0.5 < cell.left < min(right + WORD_GAP, barrier):
                continue
            if cell.word is start.word and cell.first <= start.first:
                continue
            run.append(cell)
            right = cell.right
        return run

    def _barrier(self, cell: Cell) -> float:
        """Where the next caption to the right begins."""
        labels = (hit.label for hit in self.hits)
        return min(
            (
                label.left
                for label in labels
                if abs(label.middle - cell.middle) < OUT_OF_REGISTER and label.left > cell.right - 0.3
            ),
            default=float("inf"),
        )
