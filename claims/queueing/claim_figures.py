"""What the queue shows and filters by, kept with the claim: open findings, amount, lines, kinds, who read it.

A list of a million claims joins no other table for it. The search row is kept here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Subquery, Sum
from django.db.models.functions import Coalesce

from claims.models import Claim, Document, HealthValue, InvoiceHeader, LineItem
from claims.queueing import search

LONGEST_NAME = 120
LIMIT = Decimal(10) ** 12
"""The column holds fourteen digits, two of them decimals."""


def update(claim_id: int) -> None:
    """Counts from the documents, the amount from their totals. Leaves `version` alone: nothing is decided by these.

    Call it in the transaction that changes a document of the claim, or moves one in or out. Three queries, and two or
    three for the search row.
    """
    columns = ("pk", "kind", "error_count", "warning_count", "readings__account_name")
    rows = list(Document.objects.filter(claim=claim_id).order_by().values_list(*columns))
    counts = {pk: (errors, warnings) for pk, _kind, errors, warnings, _account in rows}
    asked = InvoiceHeader.objects.filter(document__claim=claim_id).aggregate(asked=Sum("total_cost"))["asked"]
    lines = LineItem.objects.filter(document__claim=claim_id).order_by().values("document__claim")
    Claim.objects.filter(pk=claim_id).update(
        error_count=sum(errors for errors, _warnings in counts.values()),
        warning_count=sum(warnings for _errors, warnings in counts.values()),
        amount_asked=asked if asked is not None and 0 <= asked < LIMIT else None,
        line_count=Coalesce(Subquery(lines.annotate(lines=Count("pk")).values("lines")), 0),
        kinds=joined((row[1] for row in rows), "kinds"),
        providers=joined((row[4] for row in rows if row[4]), "providers"),
    )
    search.refresh(claim_id)


def joined(names: Iterable[str], column: str) -> str:
    """`,invoice,health-check,`: each once, whole, in a text that can be searched for `one(name)`."""
    field: Any = Claim._meta.get_field(column)
    text = ","
    for name in sorted(set(names) - {Document.Kind.AUTO.value}):
        if len(text) + len(name) < field.max_length:
            text += f"{name},"
    return text if len(text) > 1 else ""


def one(name: str) -> str:
    """How a name stands in a joined text."""
    return f",{name},"


def name_the_patient(claim_id: int) -> None:
    """A claim that came without a name is called by the first name on its papers."""
    nameless = Claim.objects.filter(pk=claim_id, patient_name="")
    if not nameless.exists():
        return
    headers = InvoiceHeader.objects.filter(document__claim=claim_id).exclude(patient_name="").order_by("document")
    reports = (
        HealthValue.objects.filter(document__claim=claim_id, key="Name").exclude(value_text="").order_by("document")
    )
    name = (
        headers.values_list("patient_name", flat=True).first() or reports.values_list("value_text", flat=True).first()
    )
    if name:
        nameless.update(patient_name=name[:LONGEST_NAME])
        search.refresh(claim_id)
