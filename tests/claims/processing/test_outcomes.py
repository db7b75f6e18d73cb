"""What a reading leaves behind is the same whether it was worked out before it was stored or from what was stored."""

from __future__ import annotations

import json
import random

import pytest

from benchmarks import invoices
from claims.editing import findings
from claims.models import Document, Finding
from claims.working_values import values
from ocr_providers.results import Kind, ReadingResult
from ocr_providers.vendor_schema import invoice_from_json, loads

pytestmark = pytest.mark.django_db


def answer(seed: int) -> ReadingResult:
    """An invoice with three numbers misread."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    result = {**invoices.invoice(rng), "hospital_days": 2.25, "average_prob": 0.70732468}
    for path, number in rng.sample(sorted(invoices.numbers(result).items()), 3):
        invoices.put(result, path, invoices.misread(rng, number))
    return ReadingResult(kind=Kind.INVOICE, document=invoice_from_json(loads(json.dumps(result, default=str))))


@pytest.mark.parametrize("seed", range(12))
def test_findings_worked_out_beforehand_are_those_of_the_stored_values(document: Document, seed: int) -> None:
    result = answer(seed)
    fresh = values.of_answer(document, result, by="jd")
    checked = findings.check_paper(fresh, vendor="jd")
    stored = values.store_reading(document=document, result=result, by="jd", fresh=fresh)
    assert stored is fresh
    findings.refresh(document, stored, checked)
    kept = list(Finding.objects.filter(document=document).order_by("n").values())
    assert kept
    findings.refresh(Document.objects.get(pk=document.pk))
    assert list(Finding.objects.filter(document=document).order_by("n").values()) == kept


def test_values_that_changed_meanwhile_are_not_overwritten_by_what_was_worked_out(document: Document) -> None:
    fresh = values.of_answer(document, answer(1), by="jd")
    values.store_reading(document=Document.objects.get(pk=document.pk), result=answer(2), by="somebody faster")
    stored = values.store_reading(document=document, result=answer(1), by="jd", fresh=fresh)
    assert stored is not fresh
    assert document.revision == Document.objects.get(pk=document.pk).revision == 2
    assert {source["by"] for row in stored.lists["line_items"] for source in row.sources.values()} == {"jd"}
