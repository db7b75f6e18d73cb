"""A whole row as JSON: what the record keeps of a row that was added, removed or replaced, and the way back."""

from __future__ import annotations

from typing import Any, TypeAlias

from claims.models import Document
from claims.working_values.cells import LISTS, ListRow, columns_of, from_shown, put, shown, table_of, type_of, value_in

Snapshot: TypeAlias = dict[str, Any]
"""`{"n": place, "values": {column: text}, "sources": {column: source}, "extra": {…}}`; empty values are left out."""


def snapshot(row: ListRow) -> Snapshot:
    return {"n": row.n, "values": values_of(row), "sources": dict(row.sources), "extra": dict(row.extra)}


def values_of(row: ListRow) -> dict[str, str]:
    texts = {
        column.name: shown(value_in(row, column.name), type_of(row, column)) for column in columns_of(table_of(row))
    }
    return {name: text for name, text in texts.items() if text is not None}


def restore(table: str, kept: Snapshot, *, document: Document, pk: int | None = None) -> ListRow:
    """The row, not saved. With `pk` it is the same row as before, so that old addresses name it again."""
    spec = LISTS[table]
    row: ListRow = spec.model(pk=pk, document=document, n=kept["n"], extra=kept["extra"])
    row.sources = {name: _with_plain_score(stored) for name, stored in kept["sources"].items()}
    if "key" in kept["values"]:
        put(row, "key", kept["values"]["key"])  # first: the type of a health value depends on it
    for column in spec.columns:
        put(row, column.name, from_shown(kept["values"].get(column.name), type_of(row, column)))
    return row


def _with_plain_score(stored: dict[str, Any]) -> dict[str, Any]:
    """The record keeps numbers as `Decimal`; a score is an ordinary ratio."""
    return {**stored, "score": float(stored["score"])} if "score" in stored else stored
