"""Another answer about the same document, laid over values that people already corrected.

What a person typed stays; everything else takes the new answer's value. Rows are matched in order by what was read as
their name, so that a row keeps its id and its history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from claims.models import InvoiceHeader
from claims.working_values import sources
from claims.working_values.cells import (
    HEADER_COLUMNS,
    ListRow,
    Row,
    cell_of,
    columns_of,
    label_of,
    put,
    shown,
    table_of,
    type_of,
    value_in,
)
from claims.working_values.reading_rows import Rows
from claims.working_values.snapshots import Snapshot, snapshot, values_of

NAMES = {"line_items": "ocr_name", "cost_categories": "name", "payments_info": "name", "health_values": "key"}


@dataclass(frozen=True, slots=True)
class Change:
    """One value or one row that the new answer changed."""

    cell: str
    label: str
    old: str | Snapshot | None
    new: str | Snapshot | None


@dataclass(slots=True)
class Merged:
    """One list after the merge: old rows to save, new ones to create, and those that went."""

    table: str
    saved: list[ListRow] = field(default_factory=list)
    new: list[ListRow] = field(default_factory=list)
    gone: list[ListRow] = field(default_factory=list)
    replaced: list[Change] = field(default_factory=list)


def merge(before: Rows, after: Rows, *, removed: Iterable[Snapshot]) -> Iterator[Merged]:
    """`removed`: snapshots with their `table` of rows that a person deleted; the same rows read again stay away."""
    taken_out = list(removed)
    for table in {**before.lists, **after.lists}:
        out = [kept for kept in taken_out if kept["table"] == table]
        fresh = list(_without(after.lists.get(table, []), out))
        yield _merge_list(table, before.lists.get(table, []), fresh)


def _without(rows: Iterable[ListRow], removed: list[Snapshot]) -> Iterator[ListRow]:
    wanted_out = [kept["values"] for kept in removed]
    for row in rows:
        values = values_of(row)
        if values in wanted_out:
            wanted_out.remove(values)
        else:
            yield row


def _merge_list(table: str, old: Sequence[ListRow], new: Sequence[ListRow]) -> Merged:
    merged, order = Merged(table), []
    matcher = SequenceMatcher(None, _names(old), _names(new), autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        olds, news = list(old[old_from:old_to]), list(new[new_from:new_to])
        paired = min(len(olds), len(news)) if tag in ("equal", "replace") else 0
        for row, fresh in zip(olds[:paired], news[:paired], strict=True):
            merged.replaced.extend(_take_over(row, fresh))
        kept = [row for row in olds[paired:] if _has_typed(row)]
        merged.gone.extend(row for row in olds[paired:] if not _has_typed(row))
        merged.saved.extend([*olds[:paired], *kept])
        merged.new.extend(news[paired:])
        order.extend([*olds[:paired], *kept, *news[paired:]])
    for n, row in enumerate(order):
        row.n = n
    return merged


def merge_header(old: InvoiceHeader, new: InvoiceHeader) -> list[Change]:
    """Changes `old` in memory."""
    old.checksum = new.checksum
    return list(_take_over(old, new))


def _names(rows: Sequence[ListRow]) -> list[str]:
    """What was read as the name: a corrected name still matches the same misreading."""
    return [_read_name(row, NAMES[table_of(row)]) for row in rows]


def _read_name(row: ListRow, column: str) -> str:
    stored = sources.of(row, column) or {}
    return str(stored.get("text") or value_in(row, column) or "")


def _has_typed(row: ListRow) -> bool:
    return any(stored["origin"] == sources.TYPED for stored in row.sources.values())


def _take_over(old: Row, new: Row) -> Iterator[Change]:
    table = table_of(old)
    columns = HEADER_COLUMNS if isinstance(old, InvoiceHeader) else columns_of(table)
    old.extra = new.extra
    for column in columns:
        if sources.is_typed(old, column.name):
            continue
        said, says = value_in(old, column.name), value_in(new, column.name)
        if column.name in new.sources:
            old.sources[column.name] = new.sources[column.name]
        elif said is not None:
            old.sources.pop(column.name, None)
        if said != says:
            kind = type_of(old, column)
            put(old, column.name, says)
            yield Change(str(cell_of(old, column.name)), label_of(old, column), shown(said, kind), shown(says, kind))


def changes(merged: Merged) -> Iterator[Change]:
    """For the record; after the new rows have their ids."""
    yield from merged.replaced
    for row in merged.new:
        yield Change(str(cell_of(row)), label_of(row), None, snapshot(row))
    for row in merged.gone:
        yield Change(f"{merged.table}/{row.pk}", label_of(row), snapshot(row), None)
