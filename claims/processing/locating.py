"""Values whose provider gave no boxes get their place on the paper: the engine reads the picture and looks for them.

A job of the engine's workers, after all readings: it never keeps a document waiting. A machine without the engine ends
it and leaves the values as they are. What a value is, and who read it, does not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F

from claims import audit, storage
from claims.models import Document, HealthValue, InvoiceHeader, Job, Reading, User
from claims.permissions import Permission, require
from claims.processing import jobs
from claims.working_values import sources
from claims.working_values.cells import HEADER, LISTS, Row, ValueType, column_of, columns_of, table_of
from claims.working_values.cells import cell_of as address_of
from claims.working_values.reading_rows import pointer_in_header, result_value
from claims.working_values.values import WorkingValues, load_values
from ocr_providers.documents import configured_limits, page_images
from ocr_providers.exceptions import OcrError
from ocr_providers.providers import PROVIDERS, provider_class
from ocr_providers.results import Box, Kind
from ocr_providers.vendor_schema import VENDOR_NAMES, date_of

log = structlog.get_logger(__name__)

LOCATE = "locate-values"
AFTER_READINGS, SOON = 10, -1
"""Priorities: while nobody waits for it, and when a person has the document open."""
NOT_PRINTED = frozenset({ValueType.FLAG, ValueType.CHOICE})
"""Written in other words on the paper, or not at all."""
PRINTED = {
    table: frozenset(column.name for column in columns_of(table) if column.editable and column.type not in NOT_PRINTED)
    for table in (HEADER, *LISTS)
}


# --- asking for it ---------------------------------------------------------------------------------------------------


def is_wanted(values: WorkingValues, vendor: str | None) -> bool:
    """Whether values that somebody read have no place yet. Where our own engine gave boxes, it knows no more."""
    if vendor is None:
        return False
    if _is_in_house(vendor) and any("rect" in stored for stored in _stored(values)):
        return False
    return any(map(sources.is_without_place, _stored(values)))


def _is_in_house(vendor: str) -> bool:
    """A vendor of an old reading may be known no more."""
    return vendor in PROVIDERS and provider_class(vendor).in_house


def _stored(values: WorkingValues) -> Iterator[sources.Stored]:
    for row in _rows(values):
        printed = PRINTED[table_of(row)]
        for name, stored in row.sources.items():
            if name in printed:
                yield stored


def _rows(values: WorkingValues) -> Iterator[Row]:
    if values.header:
        yield values.header
    for rows in values.lists.values():
        yield from rows


def ask(document: Document, *, priority: int = AFTER_READINGS) -> Job | None:
    """Queues the search, once; `None` when nothing is looked for."""
    newest = Reading.objects.filter(document=document).order_by("-id").values_list("vendor", flat=True).first()
    if not is_wanted(load_values(document), newest):
        return None
    job = jobs.enqueue(**_work(document), priority=priority)
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED, priority__gt=priority).update(priority=priority)
    return job


def ask_after_reading(documents: Iterable[Document]) -> None:
    """Queues the search in documents whose values are known to lack their places (`is_wanted`), by one statement."""
    jobs.enqueue_missing([jobs.new(**_work(document), priority=AFTER_READINGS) for document in documents])


def _work(document: Document) -> dict[str, Any]:
    return {
        "kind": LOCATE,
        "queue": Job.Queue.ENGINE,
        "payload": {"document": document.pk},
        "key": f"{LOCATE}/{document.pk}",
    }


def ask_now(*, document: Document, user: User) -> Job | None:
    """A person has the document open and waits for the places."""
    require(user, Permission.CORRECT)
    return ask(document, priority=SOON)


# --- the work --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A value without a place: where it stands in the table, in the vendor's schema, and what it is."""

    row: Row
    name: str
    pointer: str
    value: Decimal | date | str


def run(job: Job) -> None:
    """Does the job to its end. Raises `LeaseLost` when it became somebody else's."""
    document = Document.objects.select_related("claim").filter(pk=job.payload["document"]).first()
    if document is None or jobs.is_exhausted(job):
        jobs.bury(job, code="given-up", reason="")
        return
    wanted = list(_wanted(load_values(document)))
    places = _places(document, wanted)
    if places is None:
        jobs.finish(job)
        return
    with transaction.atomic():
        jobs.finish(job)
        _keep(document, wanted, places)


def _places(document: Document, wanted: list[_Wanted]) -> dict[str, tuple[Box, ...]] | None:
    """By pointer. `None` where the engine is not installed; nothing for pages that it cannot read."""
    try:
        from ocr_providers.engine.pipeline import places_of  # an extra, and slow to load
    except ImportError:
        log.warning("engine_not_installed")
        return None
    try:
        content = storage.read(storage.original_key(document.sha256))
        pages = list(page_images(content, document.media_type, configured_limits()))
        return places_of({item.pointer: item.value for item in wanted}, pages, Kind(document.kind))
    except (OcrError, storage.FileDamaged):
        return {}


def _wanted(values: WorkingValues) -> Iterator[_Wanted]:
    for row in _rows(values):
        for name, stored in row.sources.items():
            if name in PRINTED[table_of(row)] and sources.is_without_place(stored):
                value = _printed_value(row, name)
                if value is not None:
                    yield _Wanted(row, name, _pointer(row, name), value)


def _printed_value(row: Row, name: str) -> Decimal | date | str | None:
    """What is looked for; for characters that made no value, those."""
    value = result_value(row, column_of(address_of(row, name)))
    if value is None:
        return (sources.of(row, name) or {}).get("text") or None
    if isinstance(row, HealthValue) and isinstance(value, str):
        return date_of(value) or value  # its dates are texts
    return Decimal(value) if isinstance(value, int) else value


def _pointer(row: Row, name: str) -> str:
    if isinstance(row, InvoiceHeader):
        return pointer_in_header(name)
    if isinstance(row, HealthValue):
        return f"/{row.key}/{name}"
    table = table_of(row)
    return f"/{VENDOR_NAMES.get(table, table)}/{row.n}/{VENDOR_NAMES.get(name, name)}"


def _keep(document: Document, wanted: list[_Wanted], places: dict[str, tuple[Box, ...]]) -> None:
    """Into the values as they stand now: those that changed meanwhile are left to the next search."""
    Document.objects.filter(pk=document.pk).update(revision=F("revision") + 1)
    document.refresh_from_db(fields=["revision"])
    now, touched = load_values(document), {}
    for item in wanted:
        row, before = now.row(address_of(item.row, item.name)), sources.of(item.row, item.name)
        if row is not None and sources.of(row, item.name) == before and before is not None:
            boxes = places.get(item.pointer, ())
            row.sources[item.name] = sources.looked_for(before, boxes, revision=document.revision)
            touched[address_of(row)] = row
    _save(list(touched.values()))
    detail = {"sought": len(wanted), "found": sum(len(boxes) == 1 for boxes in places.values())}
    audit.record(person=audit.SYSTEM, action="values.located", document=document, detail=detail)


def _save(rows: list[Row]) -> None:
    for table in {table_of(row) for row in rows}:
        model: Any = LISTS[table].model if table in LISTS else InvoiceHeader
        model._default_manager.bulk_update([row for row in rows if table_of(row) == table], ["sources"], batch_size=100)
