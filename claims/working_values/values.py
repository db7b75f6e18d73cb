"""The working values of one document: loaded with a fixed number of queries, stored from a provider's answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction

from claims.models import Correction, Document, HealthValue, InvoiceHeader
from claims.working_values import rereading
from claims.working_values.cells import HEADER, HEALTH_LISTS, INVOICE_LISTS, LISTS, Cell, ListRow, Row
from claims.working_values.places import Places
from claims.working_values.reading_rows import Rows, health_report_of, invoice_of, rows_of
from claims.working_values.sources import is_doubtful
from ocr_providers import bulk
from ocr_providers.results import HealthReport, Invoice, ReadingResult

OF_A_READING = ("kind", "revision", "partial", "partial_confirmed")
"""Columns of a document that the values of an answer come with."""
T = TypeVar("T")


@dataclass(slots=True)
class WorkingValues(Rows):
    """All rows of a document in memory. Edits change them here; `actions` saves what they touched."""

    _result: Invoice | HealthReport | None = None
    _rows: dict[str, dict[int, ListRow]] = field(default_factory=dict)
    _worked_out: dict[Hashable, Any] = field(default_factory=dict)

    def forget(self) -> None:
        """What was worked out from the rows is stale: whoever changes a value or a list says so."""
        self._result = None
        self._rows.clear()
        self._worked_out.clear()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What depends on nothing but the rows and the key: made the first time, until somebody changes a value."""
        if key not in self._worked_out:
            self._worked_out[key] = make()
        made: T = self._worked_out[key]
        return made

    def row(self, cell: Cell) -> Row | None:
        """The row an address stands in; `None` when it is gone."""
        if cell.table == HEADER:
            return self.header
        if cell.table not in self._rows:
            self._rows[cell.table] = {row.pk: row for row in self.lists.get(cell.table, ())}
        return self._rows[cell.table].get(cell.row) if cell.row is not None else None

    @property
    def places(self) -> Places:
        return Places.of(self.lists)

    def result(self) -> Invoice | HealthReport:
        """As plain results, for rules and sums; of the sources only the doubtful ones, which rules look at."""
        if self._result is None:
            health = "health_values" in self.lists
            self._result = health_report_of(self) if health else invoice_of(self, sourced=is_doubtful)
        return self._result

    def whole_result(self) -> Invoice | HealthReport:
        """As plain results with every source, for exports."""
        return health_report_of(self) if "health_values" in self.lists else invoice_of(self)

    def invoice(self) -> Invoice:
        """Of a document that is no health-check report."""
        result = self.result()
        return result if isinstance(result, Invoice) else Invoice()


def lists_of(document: Document) -> tuple[str, ...]:
    """Which lists a document of this kind has."""
    return HEALTH_LISTS if document.kind == Document.Kind.HEALTH_CHECK else INVOICE_LISTS


def load_values(document: Document) -> WorkingValues:
    """Four queries for an invoice, one for a health-check report."""
    lists = {name: _rows(name, document) for name in lists_of(document)}
    if document.kind == Document.Kind.HEALTH_CHECK:
        return WorkingValues(None, lists)
    return WorkingValues(InvoiceHeader.objects.filter(document=document).first(), lists)


def load_invoices(documents: Iterable[int]) -> dict[int, WorkingValues]:
    """Working values of several invoices by document id: four queries, however many there are."""
    pks = list(documents)
    found = {pk: WorkingValues(None, {name: [] for name in INVOICE_LISTS}) for pk in pks}
    for header in InvoiceHeader.objects.filter(document__in=pks):
        found[header.pk].header = header
    for name in INVOICE_LISTS:
        manager: Any = LISTS[name].model._default_manager
        for row in manager.filter(document__in=pks):
            found[row.document_id].lists[name].append(row)
    return found


def load_documents(documents: Iterable[Document]) -> dict[int, WorkingValues]:
    """Working values of documents of any kind: five queries, however many there are."""
    papers = list(documents)
    reports = [document.pk for document in papers if document.kind == Document.Kind.HEALTH_CHECK]
    found = {pk: WorkingValues(None, {"health_values": []}) for pk in reports}
    for row in HealthValue.objects.filter(document__in=reports):
        found[row.document_id].lists["health_values"].append(row)
    return found | load_invoices(document.pk for document in papers if document.pk not in found)


def _rows(name: str, document: Document) -> list[ListRow]:
    manager: Any = LISTS[name].model._default_manager
    return list(manager.filter(document=document))


def of_answer(document: Document, result: ReadingResult, *, by: str) -> WorkingValues:
    """The values of an answer, not stored yet; no queries. `by`: name of the account that read the document."""
    rows = rows_of(result, document=document, by=by, revision=document.revision + 1)
    return WorkingValues(rows.header, rows.lists)


@transaction.atomic(savepoint=False)
def store_reading(*, document: Document, result: ReadingResult, by: str) -> WorkingValues:
    """Writes the values of an answer, with their sources, and the document's own columns. Returns what it has now.

    Values that a person typed stay; so do rows they made. The caller refreshes the findings.
    """
    now = Document.objects.select_for_update().get(pk=document.pk)
    document.kind, document.revision = now.kind, now.revision
    stored = lay_over(document, result, by=by)
    document.save(update_fields=OF_A_READING)
    return stored


def lay_over(document: Document, result: ReadingResult, *, by: str) -> WorkingValues:
    """As `store_reading`, for a document whose row the caller has locked and saves."""
    before, fresh = load_values(document), of_answer(document, result, by=by)
    begin_revision(document, result)
    if before.header is None and not any(before.lists.values()):
        insert(prepared(fresh))
        return fresh
    _replace(document, before, fresh, by)
    return load_values(document)


def begin_revision(document: Document, result: ReadingResult) -> None:
    """The document's own columns with this answer, in memory."""
    document.kind, document.revision = Document.Kind(result.kind), document.revision + 1
    document.partial, document.partial_confirmed = result.partial, False


def prepared(rows: Rows) -> list[bulk.Prepared]:
    """For `insert`, which costs the least where this was done before its transaction."""
    tables: list[Sequence[Row]] = [[rows.header] if rows.header else [], *(rows.lists.get(name, ()) for name in LISTS)]
    return [bulk.prepare(table) for table in tables]


def insert(*papers: Sequence[bulk.Prepared]) -> None:
    """Stores the first values of documents that have none, table by table."""
    for tables in zip(*papers, strict=True):
        bulk.insert_prepared(tables)


def _replace(document: Document, before: Rows, after: Rows, by: str) -> None:
    """Another answer: each old row that it confirms keeps its id, and the history keeps what it said before."""
    batch = uuid.uuid4()
    records: list[rereading.Change] = []
    for merged in rereading.merge(before, after, removed=_rows_removed(document)):
        save_rows(merged.table, merged.saved)
        bulk.insert_rows(merged.new)
        LISTS[merged.table].model._default_manager.filter(pk__in=[row.pk for row in merged.gone]).delete()
        records.extend(rereading.changes(merged))
    if before.header and after.header:
        records.extend(rereading.merge_header(before.header, after.header))
        before.header.save()
    elif before.header:
        before.header.delete()
    elif after.header:
        after.header.save(force_insert=True)
    Correction.objects.bulk_create(
        Correction(document=document, batch=batch, revision=document.revision, person=by, **vars_of(change))
        for change in records
    )


def vars_of(change: rereading.Change) -> dict[str, Any]:
    return {
        "cell": change.cell,
        "label": change.label,
        "old": change.old,
        "new": change.new,
        "why": Correction.Why.REREAD,
    }


def _rows_removed(document: Document) -> Iterator[dict[str, Any]]:
    """Snapshots of rows that a person deleted and that still are deleted: another answer does not bring them back."""
    undone = Correction.objects.filter(undoes__isnull=False).values("undoes")
    deletions = document.corrections.filter(new__isnull=True, undoes=None).exclude(pk__in=undone)
    for cell, old in deletions.exclude(why=Correction.Why.REREAD).values_list("cell", "old"):
        if cell.count("/") == 1 and not cell.startswith(HEADER) and isinstance(old, dict):
            yield {"table": cell.partition("/")[0], **old}


def save_rows(table: str, rows: Sequence[Row]) -> None:
    """Saves changed rows of one list, all columns, in one statement."""
    if rows:
        manager: Any = LISTS[table].model._default_manager
        names = [field.name for field in LISTS[table].model._meta.concrete_fields if not field.primary_key]
        manager.bulk_update(rows, [name for name in names if name != "document"], batch_size=100)
