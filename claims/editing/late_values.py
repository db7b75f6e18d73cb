"""Values of answers that came while a claim was closed: nothing is changed then, and nothing is lost.

A reading that ends after its claim was decided is kept as a reading, and its document stays without values. When the
claim is opened again, they are stored as they would have been.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from claims.editing import findings
from claims.models import Claim, Document, Reading
from claims.working_values.values import store_reading
from ocr_providers.exact_json import loads
from ocr_providers.results import HealthReport, Invoice, Kind, ReadingResult
from ocr_providers.vendor_schema import health_from_json, invoice_from_json


def take_up(claim: Claim) -> int:
    """In the transaction that opened the claim, which holds it. How many documents got their values."""
    documents = list(_without_values(claim).select_related("claim__policy__plan"))
    for document in documents:
        reading = document.readings.order_by("-id")[0]
        store_reading(document=document, result=_result(reading), by=reading.account_name)
        findings.refresh(document)
    return len(documents)


def _without_values(claim: Claim) -> QuerySet[Document]:
    read = Document.objects.filter(claim=claim, status=Document.Status.READ, readings__isnull=False)
    return read.filter(invoice=None, health_values=None).distinct().order_by("id")


def _paper(answer: Any) -> Invoice | HealthReport:
    return health_from_json(answer["data"]) if "data" in answer else invoice_from_json(answer.get("medical_result"))


def _result(reading: Reading) -> ReadingResult:
    answer: Any = loads(reading.answer)
    kind, paper = Kind(reading.kind), _paper(answer)
    return ReadingResult(kind=kind, document=paper, partial=reading.partial, degree=reading.degree)
