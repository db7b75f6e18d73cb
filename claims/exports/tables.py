"""A claim as tables, for spreadsheets: rows of texts, dates and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from claims.editing.history import shown_value
from claims.exports.gather import ClaimFile
from claims.models import Document
from claims.working_values.cells import HEADER_COLUMNS, LISTS, ListRow, columns_of, table_of
from claims.working_values.reading_rows import result_value

Item: TypeAlias = "str | int | Decimal | date | None"

PLACE = ("claim", "document", "file", "note_no", "billing_date", "n")


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are the service documents' names; every row has as many items."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Item, ...], ...]


def tables(file: ClaimFile, mask: Callable[[str], str]) -> list[Table]:
    """The invoices, the lists of all documents, the corrections, and the decision by line. `mask`: for every text."""
    found = [_invoices(file), *(_list(file, name) for name in LISTS), _corrections(file), _decision(file)]
    return [Table(table.name, table.columns, tuple(_masked(row, mask) for row in table.rows)) for table in found]


def together(of_claims: Sequence[Sequence[Table]]) -> list[Table]:
    """The tables of several claims as one set: the same names and columns, the rows one claim after the other."""
    return [
        Table(parts[0].name, parts[0].columns, tuple(row for part in parts for row in part.rows))
        for parts in zip(*of_claims, strict=True)
    ]


def _masked(row: tuple[Item, ...], mask: Callable[[str], str]) -> tuple[Item, ...]:
    return tuple(mask(item) if isinstance(item, str) else item for item in row)


def _invoices(file: ClaimFile) -> Table:
    headers = ((document, file.values[document.pk].header) for document in file.documents)
    rows: tuple[tuple[Item, ...], ...] = tuple(
        (
            file.claim.number,
            document.pk,
            document.original_name,
            *(result_value(header, column) for column in HEADER_COLUMNS),
        )
        for document, header in headers
        if header
    )
    return Table("invoices", ("claim", "document", "file", *(column.name for column in HEADER_COLUMNS)), rows)


def _list(file: ClaimFile, name: str) -> Table:
    columns = tuple(column.name for column in LISTS[name].columns)
    rows = (
        (*_place(file, document, row.n), *_items(row))
        for document in file.documents
        for row in file.values[document.pk].lists.get(name, ())
    )
    return Table(name, (*PLACE, *columns), tuple(rows))


def _place(file: ClaimFile, document: Document, n: int) -> tuple[Item, ...]:
    header = file.values[document.pk].header
    number, day = (header.note_no, header.billing_date) if header else (None, None)
    return file.claim.number, document.pk, document.original_name, number, day, n + 1


def _items(row: ListRow) -> Iterator[Item]:
    for column in columns_of(table_of(row)):
        yield result_value(row, column)


def _corrections(file: ClaimFile) -> Table:
    columns = ("claim", "document", "at", "person", "cell", "label", "old", "new", "why", "reason", "rule")
    rows: tuple[tuple[Item, ...], ...] = tuple(
        (
            file.claim.number, record.document_id, record.made_at.isoformat(), record.person, record.cell, record.label,
            shown_value(record.cell, record.old), shown_value(record.cell, record.new), record.why, record.reason,
            record.finding_code,
        )
        for records in file.corrections.values()
        for record in records
    )  # fmt: skip
    return Table("corrections", columns, rows)


def _decision(file: ClaimFile) -> Table:
    columns = ("claim", "outcome", "n", "document", "name", "asked", "eligible", "approved", "reason_code")
    rows: list[tuple[Item, ...]] = []
    if file.decision:
        decision, number = file.decision, file.claim.number
        rows = [
            (number, decision.outcome, line.n + 1, line.document_id, line.name, line.asked, line.eligible,
             line.approved, line.reason_code)
            for line in decision.lines.all()
        ]  # fmt: skip
        total = (decision.asked, decision.eligible, decision.approved)
        rows.append((number, decision.outcome, None, None, "", *total, decision.reason_code))
    return Table("decision", columns, tuple(rows))
