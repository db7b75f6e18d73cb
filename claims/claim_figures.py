"""Figures that the queue shows beside a claim, kept with it: open findings and the amount asked."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from claims.models import Claim, Document, HealthValue, InvoiceHeader

LONGEST_NAME = 120
LIMIT = Decimal(10) ** 12
"""The column holds fourteen digits, two of them decimals."""


def update(claim_id: int) -> None:
    """Counts from the documents, the amount from their totals. Leaves `version` alone: nothing is decided by these."""
    counts = Document.objects.filter(claim=claim_id).aggregate(errors=Sum("error_count"), warnings=Sum("warning_count"))
    asked = InvoiceHeader.objects.filter(document__claim=claim_id).aggregate(asked=Sum("total_cost"))["asked"]
    Claim.objects.filter(pk=claim_id).update(
        error_count=counts["errors"] or 0,
        warning_count=counts["warnings"] or 0,
        amount_asked=asked if asked is not None and 0 <= asked < LIMIT else None,
    )


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
