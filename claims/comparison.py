"""Two documents that look alike, their values beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from claims.cells import HEADER_COLUMNS, Column, ListRow, Row, number_text, shown, type_of, value_in
from claims.masking import mask
from claims.models import Document, HealthValue, LineItem
from claims.values import WorkingValues, load_documents

LINE_LISTS = ("line_items", "health_values")


@dataclass(frozen=True, slots=True)
class Pair:
    """One value of each document, as the page writes it; empty where there is none."""

    label: str
    mine: str
    theirs: str

    @property
    def agrees(self) -> bool:
        return self.mine == self.theirs


def compare(mine: Document, theirs: Document) -> list[Pair]:
    """Header values that one of them has, then lines in their order. Five queries."""
    loaded = load_documents((mine, theirs))
    one, other = loaded[mine.pk], loaded[theirs.pk]
    return [*_headers(one, other), *_lines(one, other)]


def _headers(one: WorkingValues, other: WorkingValues) -> Iterator[Pair]:
    for column in HEADER_COLUMNS:
        values = _text(one.header, column), _text(other.header, column)
        if any(values):
            yield Pair(str(column.label), *values)


def _text(row: Row | None, column: Column) -> str:
    value = shown(value_in(row, column.name), type_of(row, column)) if row else None
    if column.choices:
        return _choice(column, value)
    return mask(value) if value and column.identity else value or ""


def _choice(column: Column, value: str | None) -> str:
    """The words for a code: “Outpatient”, never “1”."""
    return next((str(label) for code, label in column.choices if str(code) == value), value or "")


def _lines(one: WorkingValues, other: WorkingValues) -> Iterator[Pair]:
    for n, (mine, theirs) in enumerate(zip_longest(_rows(one), _rows(other)), start=1):
        yield Pair(str(n), _line(mine), _line(theirs))


def _rows(values: WorkingValues) -> Sequence[ListRow]:
    return next((values.lists[name] for name in LINE_LISTS if name in values.lists), ())


def _line(row: ListRow | None) -> str:
    """The name of a line and its amount; of a health check, key and value."""
    if row is None:
        return ""
    if isinstance(row, LineItem):
        return _joined(row.ocr_name, row.price)
    return _joined(row.key, row.number, row.value_text) if isinstance(row, HealthValue) else ""


def _joined(*values: str | Decimal | None) -> str:
    return " · ".join(number_text(value) if isinstance(value, Decimal) else value for value in values if value)
