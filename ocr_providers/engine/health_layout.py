"""Which text belongs to which caption: on its line, in its column, or in the cell below. Knows no values.

Works on rows of cells in straight coordinates (`rows`), whatever the form: tables with headings, forms of two panels,
free lines, a row of captions over a row of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr_providers.engine.health_labels import SECOND_DATE, Match, find_captions, find_headings
from ocr_providers.engine.rows import Cell

WORD_GAP = 1.0
"""Cells of one box further apart than this many text heights stand in different columns."""
BELOW = 2.6
"""A value may stand below its caption by so many text heights."""
HEADING_SHARE = 0.5
"""So much of a chunk is the heading's own words; the rest is a translation or a unit."""
NEAR = 2.0
"""What stands further from every column, in text heights, belongs to one whose heading was not read."""
TABLE_KINDS = frozenset({"result", "reference"})
"""A row with one of these headings and another heading is the head of a table of results."""
NOT_RESULTS = frozenset({"reference", "previous"})
YEAR = re.compile(r"(?:ปี|พ\.?ศ\.?)?\s*(25[5-9]\d|20[0-4]\d)")
BETWEEN = re.compile(r"[\s()\[\]/.,:-]*")
"""What may stand between two captions of one value: น้ำหนัก (Weight)."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one line from left to right, and their text with blanks between."""

    cells: tuple[Cell, ...]
    text: str
    starts: tuple[int, ...]
    """Where each cell begins in `text`."""

    @property
    def middle(self) -> float:
        return sum(cell.middle for cell in self.cells) / len(self.cells)

    def cells_in(self, start: int, end: int) -> tuple[Cell, ...]:
        """The cells, cut where necessary, of a stretch of the text."""
        parts = (
            cell.part(max(0, start - at), min(len(cell.text), end - at))
            for cell, at in zip(self.cells, self.starts, strict=True)
            if at < end and at + len(cell.text) > start
        )
        return tuple(part for part in parts if part.text)


def row_of(cells: Sequence[Cell]) -> Row:
    starts, at = [], 0
    for cell in cells:
        starts.append(at)
        at += len(cell.text) + 1
    return Row(tuple(cells), " ".join(cell.text for cell in cells), tuple(starts))


EMPTY = row_of(())


@dataclass(frozen=True, slots=True)
class Column:
    kind: str
    left: float
    right: float

    def distance(self, cells: Sequence[Cell]) -> float:
        """From cells that are left-aligned, centred or right-aligned in it."""
        left, right = cells[0].left, cells[-1].right
        return min(abs(left - self.left), abs(right - self.right), abs(left + right - self.left - self.right) / 2)


@dataclass(frozen=True, slots=True)
class Entry:
    """A caption and the cells that hold its value."""

    field: str
    caption: tuple[Cell, ...]
    value: Row
    reference: Row = EMPTY
    """Cells of the reference column, where there is one."""


def entries_of(rows: Sequence[Sequence[Cell]]) -> list[Entry]:
    """Every caption of a page with what belongs to it, from top to bottom; captions without a value are left out."""
    lines = [row_of(row) for row in rows]
    entries: list[Entry] = []
    columns: tuple[Column, ...] = ()
    for number, line in enumerate(lines):
        groups = _groups(line.text)
        head = _columns(line)
        if head and not any(group.field for group in groups if _has_number(line, group, groups)):
            columns = head
            continue
        below = lines[number + 1] if number + 1 < len(lines) else None
        entries += [entry for entry in _line_entries(line, groups, columns, below) if entry.value.text]
    return entries


def _has_number(line: Row, group: Match, groups: Sequence[Match]) -> bool:
    return bool(re.search(r"\d", line.text[group.end : _end(line, group, groups)]))


# --- captions --------------------------------------------------------------------------------------------------------


def _groups(text: str) -> list[Match]:
    """Captions of one value put together; of two that differ, the one in brackets says what is meant."""
    groups: list[Match] = []
    for match in find_captions(text):
        last = groups[-1] if groups else None
        between = text[last.end : match.start] if last else ""
        if last and _belong_together(last, match, between):
            meant = last.field if match.field in ("", SECOND_DATE) else match.field
            groups[-1] = Match(meant, last.start, match.end, last.weight + match.weight)
        else:
            groups.append(match)
    return groups


def _belong_together(last: Match, match: Match, between: str) -> bool:
    """Two captions of one value: the same in two languages, or another one in brackets."""
    if match.field == last.field and match.field:
        return not re.search(r"\d", between)
    return BETWEEN.fullmatch(between) is not None and (match.field == last.field or "(" in between)


def _end(line: Row, group: Match, groups: Sequence[Match]) -> int:
    """Where the text of a caption ends: at the next caption."""
    return min((other.start for other in groups if other.start >= group.end), default=len(line.text))


def _line_entries(line: Row, groups: Sequence[Match], columns: Sequence[Column], below: Row | None) -> Iterator[Entry]:
    for group in groups:
        caption = line.cells_in(group.start, group.end)
        value = line.cells_in(group.end, _end(line, group, groups))
        if columns and len(groups) == 1 and not line.text[group.end :].lstrip(" )").startswith(":"):
            before = _results_in(line.cells_in(0, group.start), columns)
            yield _table_entry(group.field, caption, (*before, *value), columns)
        elif _says_something(value):
            yield Entry(group.field, caption, row_of(value))
        elif below is not None:
            yield Entry(group.field, caption, row_of(_cells_below(caption, below)))


def _says_something(cells: Sequence[Cell]) -> bool:
    """Whether there is more than a caption's translation in brackets."""
    return bool(re.search(r"[^\W_]", re.sub(r"\([^()\d]*\)", "", " ".join(cell.text for cell in cells))))


def _cells_below(caption: Sequence[Cell], below: Row) -> tuple[Cell, ...]:
    """The cells right under a caption, when the next row holds values only."""
    if find_captions(below.text) or below.middle - caption[0].middle > BELOW:
        return ()
    left, right = caption[0].left - 1, caption[-1].right + 1
    return tuple(cell for chunk in chunks(below.cells) for cell in chunk if left <= _middle(chunk) <= right)


def _middle(cells: Sequence[Cell]) -> float:
    return (cells[0].left + cells[-1].right) / 2


# --- tables ----------------------------------------------------------------------------------------------------------


def chunks(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Cells that stand together: of one box, without a wide gap."""
    groups: list[list[Cell]] = [[cell] for cell in cells[:1]]
    for before, after in pairwise(cells):
        if before.word is after.word and after.left - before.right < WORD_GAP:
            groups[-1].append(after)
        else:
            groups.append([after])
    return groups


def _columns(line: Row) -> tuple[Column, ...]:
    """The columns of a table whose head this line is; none when it is no head."""
    columns = [column for chunk in chunks(line.cells) if (column := _heading(chunk))]
    columns += _year_columns(line)
    kinds = {column.kind for column in columns}
    return tuple(columns) if kinds & TABLE_KINDS and len(kinds) > 1 else ()


def _heading(chunk: Sequence[Cell]) -> Column | None:
    """A chunk that is a column heading and not much more."""
    text = " ".join(cell.text for cell in chunk)
    matches = find_headings(text)
    if not matches or sum(match.end - match.start for match in matches) < HEADING_SHARE * len(text):
        return None
    return _column(matches[0].field, chunk)


def _column(kind: str, cells: Sequence[Cell]) -> Column:
    return Column(kind, cells[0].left, cells[-1].right)


def _year_columns(line: Row) -> list[Column]:
    """Several years side by side: the last is this report's, the others are earlier ones."""
    years = [(int(match[1]), line.cells_in(*match.span())) for match in YEAR.finditer(line.text)]
    if len(years) < 2:
        return []
    latest = max(year for year, _ in years)
    return [_column("result" if year == latest else "previous", cells) for year, cells in years]


def _table_entry(name: str, caption: Sequence[Cell], cells: Sequence[Cell], columns: Sequence[Column]) -> Entry:
    """Only what stands in the result column; without such a heading, whatever is no reference."""
    placed = [(_kind_of(chunk, columns), chunk) for chunk in chunks(cells)]
    results = [cell for kind, chunk in placed if kind == "result" for cell in chunk]
    other = [cell for kind, chunk in placed if kind not in NOT_RESULTS | {"result"} for cell in chunk]
    known = any(column.kind == "result" for column in columns)
    ranges = [cell for kind, chunk in placed if kind == "reference" for cell in chunk]
    return Entry(name, tuple(caption), row_of(results + other if known else other), row_of(ranges))


def _results_in(cells: Sequence[Cell], columns: Sequence[Column]) -> Iterator[Cell]:
    """What stands in the result column left of the captions; a line's number does not."""
    return (cell for chunk in chunks(cells) if _kind_of(chunk, columns) == "result" for cell in chunk)


def _kind_of(chunk: Sequence[Cell], columns: Sequence[Column]) -> str:
    nearest = min(columns, key=lambda column: column.distance(chunk))
    return nearest.kind if nearest.distance(chunk) < NEAR else ""
