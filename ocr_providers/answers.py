"""A `ReadingResult` as one JSON object, and back: the local engine's answer on record, and what `read` prints.

The object carries `kind`, `status` ("ok" or "partial"), `degree`, and the documents' own `medical_result` or `data`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ocr_providers.results import JSON, HealthReport, Invoice, Kind, ReadingResult
from ocr_providers.vendor_schema import (
    health_from_json,
    health_to_json,
    health_value_to_json,
    integer_of,
    invoice_from_json,
    invoice_to_json,
    source_from_json,
    source_to_json,
    text_of,
)


def result_to_json(result: ReadingResult) -> dict[str, Any]:
    """`{"kind", "status", "degree", "medical_result" | "data"}`, and `beside` where the vendor sent more."""
    head = {"kind": str(result.kind), "status": "partial" if result.partial else "ok", "degree": result.degree}
    return {**head, **answer_to_json(result)}


def answer_to_json(result: ReadingResult) -> dict[str, Any]:
    """`{"medical_result" | "data"}`, and `beside` where the vendor sent more than its page describes."""
    more = {"beside": dict(result.beside)} if result.beside else {}
    if isinstance(result.document, Invoice):
        return {"medical_result": invoice_to_json(result.document), **more}
    return {"data": health_to_json(result.document), **more}


def record_of(result: ReadingResult) -> dict[str, Any]:
    """Everything `result_from_record` needs to make the same result again."""
    record = {**result_to_json(result), "messages": list(result.messages)}
    if isinstance(result.document, HealthReport):  # in its own order, which the pointers of the sources count
        record["data"] = [health_value_to_json(value) for value in result.document.values]
        record["sources"] = {at: source_to_json(source) for at, source in result.document.sources.items()}
    return record


def result_from_record(record: JSON) -> ReadingResult:
    """Raises `ValueError` when it is no record of a result."""
    if not isinstance(record, dict):
        raise ValueError("not a record")  # noqa: TRY004 - of any JSON that is no record
    kind = Kind(text_of(record.get("kind")) or "")
    messages, beside = record.get("messages"), record.get("beside")
    return ReadingResult(
        kind=kind,
        document=_document_from_json(kind, record),
        partial=record.get("status") == "partial",
        degree=integer_of(record.get("degree")) or 0,
        messages=tuple(str(message) for message in messages) if isinstance(messages, list) else (),
        beside=beside if isinstance(beside, dict) else {},
    )


def _document_from_json(kind: Kind, record: Mapping[str, JSON]) -> Invoice | HealthReport:
    if kind is Kind.INVOICE:
        return invoice_from_json(record.get("medical_result"))
    report = health_from_json(record.get("data"))
    sources = record.get("sources")
    known = {at: source_from_json(value) for at, value in sources.items()} if isinstance(sources, dict) else {}
    return HealthReport(
        values=report.values,
        sources={at: source for at, source in known.items() if source},
        unparsed=report.unparsed,
    )
