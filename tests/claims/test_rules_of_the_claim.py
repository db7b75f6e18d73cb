"""What the rules hear from the claim: its plan, the desk's own catalogue and settings, and who set the flags."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from claims.editing import findings
from claims.models import Claim, Document, Plan, Policy, Reading, RuleSetting
from ocr_providers.engine import catalogue

ReadDocument = Callable[..., Document]

BAD_LINE = {
    "ocr_name": "葡萄糖",
    "amount": 3,
    "unit_price": 40,
    "price": 128,
    "check_info": 0,
    "check_info_price": 0,
}


def severities(document: Document) -> dict[str, str]:
    return {row.code: row.severity for row in findings.refresh(document)}


@pytest.fixture
def insured_claim(policy: Policy) -> Claim:
    return Claim.objects.create(number="insured", policy=policy)


def paper(read_document: ReadDocument, claim: Claim, **keys: Any) -> Document:
    lists: dict[str, Any] = {"cost_detail_list": [], "cost_categories": [], "payments_info": []}
    return read_document(of=claim, total_cost=Decimal("100.00"), **{**lists, **keys})


@pytest.mark.parametrize(
    ("terms", "code", "severity"),
    [
        ({"deductible_per_visit": "100"}, "CLM-DEDUCT", "info"),
        ({"deductible_per_year": "300"}, "CLM-DEDUCT", "info"),
        ({"limit_per_visit": "79.99", "ratio_uninsured": "0.8", "ratio_insured": "0.8"}, "CLM-LIMIT", "warning"),
        ({"limit_per_year": "50"}, "CLM-LIMIT", "warning"),
    ],
)
def test_deductible_and_limit_of_the_plan_are_held_against_the_invoice(
    read_document: ReadDocument, plan: Plan, insured_claim: Claim, terms: dict[str, str], code: str, severity: str
) -> None:
    Plan.objects.filter(pk=plan.pk).update(**terms)
    found = severities(paper(read_document, Claim.objects.get(pk=insured_claim.pk)))
    assert found[code] == severity


def test_what_an_earlier_invoice_took_of_the_limit_is_gone(
    read_document: ReadDocument, plan: Plan, insured_claim: Claim
) -> None:
    Plan.objects.filter(pk=plan.pk).update(limit_per_year="150")
    claim = Claim.objects.get(pk=insured_claim.pk)
    assert "CLM-LIMIT" not in severities(paper(read_document, claim, billing_date="2025-03-01", note_no="0000000001"))
    assert "CLM-LIMIT" in severities(paper(read_document, claim, billing_date="2025-03-02", note_no="0000000002"))


def test_a_plan_without_limits_raises_neither(read_document: ReadDocument, insured_claim: Claim) -> None:
    found = severities(paper(read_document, insured_claim))
    assert not {"CLM-DEDUCT", "CLM-LIMIT"} & set(found)


@pytest.mark.parametrize(("vendor", "severity"), [("local", "warning"), ("jd", "error")])
def test_flags_of_our_own_engine_are_no_second_opinion(read_document: ReadDocument, vendor: str, severity: str) -> None:
    document = read_document(cost_detail_list=[BAD_LINE], cost_categories=[], payments_info=[], total_cost=None)
    last = document.readings.get()
    Reading.objects.create(
        document=document, vendor=vendor, account_name=vendor, kind=last.kind, answer=last.answer,
        started_at=last.started_at, finished_at=last.finished_at,
    )  # fmt: skip
    assert severities(document)["LIN-PRICE"] == severity


def test_a_name_is_looked_up_in_the_desks_own_catalogue(
    read_document: ReadDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read_document(cost_detail_list=[{"ocr_name": "葡萄塘"}], cost_categories=[], payments_info=[])
    assert "LIN-NAME" not in severities(document)
    monkeypatch.setattr("claims.editing.findings.own_names", lambda: ("葡萄糖", "葡萄糖酸钙", "氯化钠", "葡萄糖液"))
    (found,) = [row for row in findings.refresh(document) if row.code == "LIN-NAME"]
    assert found.suggestions[0]["changes"][0]["value"] == "葡萄糖"
    assert len(found.suggestions) == 3


def test_the_catalogue_that_ships_doubts_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(catalogue.VARIABLE, raising=False)
    assert catalogue.own_names() == ()


def test_a_wider_tolerance_of_the_administrator_counts(read_document: ReadDocument) -> None:
    document = read_document(
        cost_detail_list=[{"price": 10, "selfpay": 12, "selfpay_ratio": None}], cost_categories=[], payments_info=[]
    )
    assert severities(document)["LIN-RANGE"] == "error"
    RuleSetting.objects.create(code="LIN-RANGE", tolerance=Decimal(2), reason="Rounded up.")
    assert "LIN-RANGE" not in severities(document)
