"""Where values that another provider read stand on the paper, for providers that give no boxes.

Two ways, the surer first. The engine reads the form itself: what it finds under the same field, alike in its
characters, stands where it found it (`same_fields`). What is left is looked for among the words of the pages
(`printed`): in the row of its line, or anywhere when it is printed only once. What stands at several places gives them
all: a person points at the right one, nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from rapidfuzz import fuzz

from ocr_providers.arithmetic.thai_dates import find_date
from ocr_providers.engine.printed import Printed, contains_middle
from ocr_providers.engine.text import AMOUNT, digits, normal, squeezed
from ocr_providers.engine.words import PageWords
from ocr_providers.results import Box, Source

Value: TypeAlias = "Decimal | date | str"
Places: TypeAlias = dict[str, tuple[Box, ...]]
"""By pointer: one box where a value stands for sure, up to `MOST_PLACES` where it may stand; none: not there at all."""

MOST_PLACES = 4
"""More candidates than these help nobody."""
ALIKE = 0.6
"""Likeness from which a value and what the engine reads under the same field are the same print: the one or the other
was misread."""
SAME_NAME = 0.75
"""Likeness from which two names are of the same line."""
SAME_NUMBERS = 2
"""So many equal numbers in the same columns make two lines the same, whatever their names."""
TELLING = 3
"""So many digits or characters are not printed twice by chance."""
LISTS = ("cost_detail_list", "cost_categories", "payments_info")
NAMES = ("ocr_name", "origin_ocr_name", "name")


@dataclass(frozen=True, slots=True)
class Sought:
    """A value and its pointer."""

    pointer: str
    value: Value

    @property
    def field(self) -> str:
        return self.pointer.rpartition("/")[2]

    @property
    def line(self) -> str:
        return line_of(self.pointer)

    @property
    def is_name(self) -> bool:
        return bool(self.line) and self.field in NAMES


def line_of(pointer: str) -> str:
    """Pointer of the line that a value belongs to; empty for a value of the head."""
    parts = pointer.split("/")
    return "/".join(parts[:3]) if parts[1] in LISTS and len(parts) > 3 else ""


def find_places(values: Mapping[str, Value], read: Mapping[str, Source], pages: Sequence[PageWords]) -> Places:
    """`values`: what is looked for, by JSON Pointer inside `medical_result`, or `/KEY/value` of a health check; numbers
    with the decimals that are printed, as far as one can know.

    `read`: the engine's own reading, sources by the same pointers; empty when it made nothing of the pages.
    """
    sought = [Sought(pointer, value) for pointer, value in values.items()]
    found = same_fields(sought, read)
    return found | printed([item for item in sought if item.pointer not in found], sought, found, pages)


def likeness(value: Value, text: str) -> float:
    """0 to 1. Numbers and dates are compared as such: 5 and 5.00 are the same."""
    if isinstance(value, date):
        day = find_date(text)
        return float(day is not None and value in day.readings())
    if isinstance(value, str):
        return fuzz.ratio(squeezed(value), squeezed(text)) / 100
    if value in numbers_in(text):
        return 1.0
    return min(0.99, fuzz.ratio(digits(f"{value:f}"), digits(text)) / 100)


def numbers_in(text: str) -> set[Decimal]:
    plain = normal(text)
    found = {match.group(): Decimal(match.group().replace(",", "")) for match in AMOUNT.finditer(plain)}
    percent = {number / 100 for word, number in found.items() if f"{word}%" in plain}
    return {*found.values(), *percent}


# --- the engine's own reading ----------------------------------------------------------------------------------------


def same_fields(sought: Sequence[Sought], read: Mapping[str, Source]) -> Places:
    """What the engine reads under the same field: of the head, and of the lines that are the same."""
    pairs = same_lines(sought, read)
    found: Places = {}
    for item in sought:
        for pointer in _counterparts(item, pairs):
            source = read.get(pointer)
            if source and source.box and _is_same_print(item, source.text):
                found[item.pointer] = (source.box,)
                break
    return found


def _counterparts(item: Sought, pairs: Mapping[str, str]) -> Iterator[str]:
    """Pointers in the engine's reading: a name may stand in any of the name's fields."""
    if not item.line:
        yield item.pointer
    elif item.line in pairs:
        for field in (item.field, *(NAMES if item.is_name else ())):
            yield f"{pairs[item.line]}/{field}"


def _is_same_print(item: Sought, text: str) -> bool:
    """A number of the same line and column is, however it was misread."""
    return bool(item.line and isinstance(item.value, Decimal)) or likeness(item.value, text) >= ALIKE


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line is known by."""

    pointer: str
    name: str
    numbers: frozenset[tuple[str, Decimal]]
    """With their fields."""

    @property
    def table(self) -> str:
        return self.pointer.split("/")[1]

    def likeness(self, other: _Line) -> float:
        """0 for lines that are not the same."""
        names = fuzz.ratio(self.name, other.name) / 100 if self.name and other.name else 0.0
        same = len(self.numbers & other.numbers)
        return names * 2 + same if names >= SAME_NAME or same >= SAME_NUMBERS else 0.0


def same_lines(sought: Sequence[Sought], read: Mapping[str, Source]) -> dict[str, str]:
    """Lines of the other provider by lines of the engine: alike in name, or in two numbers. Each line is used once;
    of equal ones, that at the same height of the list."""
    theirs = _lines((item.pointer, item.value) for item in sought)
    ours = _lines((pointer, source.text) for pointer, source in read.items() if source.box)
    scored = (
        (-likeness, abs(at / len(theirs) - here / len(ours)), line.pointer, other.pointer)
        for at, line in enumerate(theirs)
        for here, other in enumerate(ours)
        if line.table == other.table and (likeness := line.likeness(other))
    )
    pairs: dict[str, str] = {}
    used: set[str] = set()
    for _likeness, _apart, line, other in sorted(scored):
        if line not in pairs and other not in used:
            pairs[line] = other
            used.add(other)
    return pairs


def _lines(items: Iterable[tuple[str, Value]]) -> list[_Line]:
    lines: defaultdict[str, dict[str, Value]] = defaultdict(dict)
    for pointer, value in items:
        if line := line_of(pointer):
            lines[line][pointer.rpartition("/")[2]] = value
    return [_line(pointer, values) for pointer, values in lines.items()]


def _line(pointer: str, values: Mapping[str, Value]) -> _Line:
    name = next((str(values[field]) for field in NAMES if values.get(field)), "")
    numbers = {
        (field, number)
        for field, value in values.items()
        if field not in NAMES
        for number in ({value} if isinstance(value, Decimal) else numbers_in(str(value)))
    }
    return _Line(pointer, squeezed(name), frozenset(numbers))


# --- the words of the pages ------------------------------------------------------------------------------------------


def printed(left: Sequence[Sought], sought: Sequence[Sought], found: Places, pages: Sequence[PageWords]) -> Places:
    """Values that are `left`, among the words. `found`: where the others stand, which tells the rows of their lines."""
    paper = Printed.of(pages)
    taken = {box for boxes in found.values() for box in boxes}
    rows = _rows_of_lines(paper, left, sought, found)
    places = {item.pointer: _places(item, paper, rows.get(item.line), taken) for item in left}
    return {pointer: boxes for pointer, boxes in places.items() if boxes}


def _rows_of_lines(
    paper: Printed, left: Sequence[Sought], sought: Sequence[Sought], found: Places
) -> dict[str, int | None]:
    """By what was found of a line; else by its name, where that is printed once."""
    rows: dict[str, int | None] = {}
    for item in sought:
        if item.line and item.pointer in found and rows.get(item.line) is None:
            rows[item.line] = paper.row_at(found[item.pointer][0])
    for item in left:
        if item.is_name and rows.get(item.line) is None:
            spots = paper.spots(item.value)
            rows[item.line] = spots[0].row if len(spots) == 1 else None
    return rows


def _places(item: Sought, paper: Printed, row: int | None, taken: set[Box]) -> tuple[Box, ...]:
    spots = paper.spots(item.value)
    if row is not None:
        spots = [spot for spot in spots if spot.row == row]
    elif (item.line and not item.is_name) or not _is_telling(item.value):
        return ()  # it would be anybody's
    free = [spot for spot in spots if isinstance(item.value, str) or not _is_taken(spot.box, taken)]
    return tuple(spot.box for spot in free) if len(free) <= MOST_PLACES else ()


def _is_telling(value: Value) -> bool:
    return len(digits(f"{value:f}") if isinstance(value, Decimal) else str(value)) >= TELLING


def _is_taken(box: Box, taken: Iterable[Box]) -> bool:
    """Whether another value was found there."""
    return any(other.page == box.page and contains_middle(other, box) for other in taken)
