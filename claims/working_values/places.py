"""JSON Pointers into the vendor's answer, which the rules speak, to cells of the screen and back.

`/medical_result/cost_detail_list/2/amount` is `line_items/ID/quantity`; `/data/5/value` is `health_values/ID/value`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.working_values.cells import HEADER, LISTS, Cell, ListRow, columns_of
from claims.working_values.reading_rows import HOSPITAL_DATES
from ocr_providers.vendor_schema import VENDOR_NAMES

OUR_NAMES = {vendor: ours for ours, vendor in VENDOR_NAMES.items()}
LIST_OF_POINTER = {"data": "health_values"} | {VENDOR_NAMES.get(name, name): name for name in LISTS}
LIST_ORDER = {name: 1 + n for n, name in enumerate(LISTS)}
COLUMN_ORDER = {table: {column.name: n for n, column in enumerate(columns_of(table))} for table in (HEADER, *LISTS)}


@dataclass(frozen=True, slots=True)
class Places:
    """The order of rows at one moment: a pointer's index names a row by its place."""

    ids: Mapping[str, tuple[int, ...]]
    places: Mapping[str, Mapping[int, int]]

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[ListRow]]) -> Places:
        ids = {name: tuple(row.pk for row in rows) for name, rows in lists.items()}
        return cls(ids, {name: {pk: n for n, pk in enumerate(pks)} for name, pks in ids.items()})

    def cell(self, pointer: str) -> str | None:
        """The address; `None` for what is no cell of the screen. A list as a whole is addressed by its name."""
        tokens = pointer.removeprefix("/medical_result").strip("/").split("/")
        table = LIST_OF_POINTER.get(tokens[0])
        return self._in_list(table, tokens[1:]) if table else _in_header(tokens)

    def _in_list(self, table: str, tokens: Sequence[str]) -> str | None:
        if not tokens:
            return table
        rows = self.ids.get(table, ())
        if not tokens[0].isdigit() or int(tokens[0]) >= len(rows):
            return None
        name = _column(table, tokens[1]) if len(tokens) > 1 else ""
        return _known(Cell(table, rows[int(tokens[0])], name))

    def in_reading_order(self, address: str) -> tuple[int, int, int]:
        """Sorts cells as a person reads: the header from the top, then list by list, row by row, from the left."""
        table, _slash, rest = address.partition("/")
        if table == HEADER:
            return 0, 0, COLUMN_ORDER[HEADER].get(rest, -1)
        row, _slash, name = rest.partition("/")
        place = self.places.get(table, {}).get(int(row) if row else -1, -1)
        return LIST_ORDER.get(table, 0), place, COLUMN_ORDER.get(table, {}).get(name, -1)


def _column(table: str, name: str) -> str:
    """A line's `amount` is a quantity; a payment's `amount` is an amount."""
    return name if name in COLUMN_ORDER[table] else OUR_NAMES.get(name, name)


def _in_header(tokens: Sequence[str]) -> str | None:
    if tokens[0] == "hospital_dates":
        index = tokens[1] if len(tokens) > 1 else "0"
        return f"{HEADER}/{HOSPITAL_DATES[int(index)]}" if index in ("0", "1") else None
    return _known(Cell(HEADER, None, tokens[-1] if tokens[0] in ("extra", "checksum") else tokens[0]))


def _known(cell: Cell) -> str | None:
    try:
        return str(Cell.parse(str(cell)))
    except ValueError:
        return None
