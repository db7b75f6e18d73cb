"""Who changed which value, when and why: a Provenance for each correction."""

from __future__ import annotations

from collections.abc import Iterator

from claims.editing.history import shown_value
from claims.exports.fhir.elements import Context, Resource, coded, moment
from claims.models import Correction, Document, HealthValue


def corrections(context: Context) -> Iterator[Resource]:
    for document in context.file.documents:
        for record in context.file.corrections[document.pk]:
            yield _provenance(context, document, record)


def _provenance(context: Context, document: Document, record: Correction) -> Resource:
    old, new = (shown_value(record.cell, value) for value in (record.old, record.new))
    changed = f"{record.label}: {old or '–'} → {new or '–'}"
    why = record.reason or str(record.get_why_display())
    return context.resource(
        "Provenance",
        record.pk,
        target=[_target(context, document, record)],
        recorded=moment(record.made_at),
        activity=coded("v3-DataOperation", "UPDATE"),
        reason=[{"text": why}],
        agent=[{"type": coded("provenance-participant-type", "author"), "who": {"display": record.person}}],
        entity=[
            {"role": "revision", "what": {**context.reference("DocumentReference", document.pk), "display": changed}}
        ],
    )


def _target(context: Context, document: Document, record: Correction) -> Resource:
    """Where the value stands now: the receipt, or the report that a health value belongs to."""
    rows = context.file.values[document.pk].lists.get("health_values")
    if rows is None:
        exists = context.file.values[document.pk].header is not None
        return context.reference("Invoice" if exists else "DocumentReference", document.pk)
    cell = record.cell.rpartition("/")[0]
    named = (row for row in rows if isinstance(row, HealthValue) and f"health_values/{row.pk}" == cell)
    return context.reference("DiagnosticReport", document.pk, next((row.key for row in named), ""))
