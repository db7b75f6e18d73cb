"""What corrections were worth: the plan's calculation over the values as they were read, against the corrected ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from claims.calculating import settlement
from claims.calculating.calculation import Calculation, Paper
from claims.models import Claim, Correction, Document, Reading
from ocr_providers.exact_json import loads
from ocr_providers.vendor_schema import invoice_from_json

CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 12
"""The column holds fourteen digits, two of them decimals."""


def saved_by_corrections(claim: Claim, corrected: Calculation) -> Decimal | None:
    """Payable as read, less payable as corrected: positive where too much would have been paid, negative where too
    little. `None` when that cannot be said: a document has no reading of its own, or one that is no invoice.
    """
    if not Correction.objects.filter(document__claim=claim, user__isnull=False).exists():
        return Decimal("0.00")
    papers = _papers_as_read(claim)
    as_read = settlement.calculate_for(claim, papers) if papers else None
    if as_read is None:
        return None
    saved = (as_read.approved - corrected.approved).quantize(CENT)
    return saved if abs(saved) < LARGEST else None


def _papers_as_read(claim: Claim) -> list[Paper] | None:
    """`None` when one of them cannot be had."""
    invoices = Document.objects.filter(claim=claim, invoice__isnull=False).order_by("id")
    readings = Reading.objects.filter(document__in=invoices).order_by("id").values_list("document", "answer")
    answers = {document: _medical_result(answer) for document, answer in readings}  # the newest of each
    papers = [(pk, answers.get(pk)) for pk in invoices.values_list("pk", flat=True)]
    if not all(answer for _pk, answer in papers):
        return None
    return [Paper(document=pk, invoice=invoice_from_json(answer)) for pk, answer in papers]


def _medical_result(answer: str) -> Any:
    """`None` for the answer about a health check."""
    parsed = loads(answer)
    return parsed.get("medical_result") if isinstance(parsed, dict) else None
