"""What corrections were worth."""

from __future__ import annotations

from decimal import Decimal

import pytest

from claims.deciding import decisions
from claims.editing.corrections import Edit, correct
from claims.models import Claim, Decision, Document, Plan, Policy, Reading, User
from tests.claims.conftest import ReadDocument

pytestmark = pytest.mark.django_db


def ready(document: Document, policy: Policy) -> Claim:
    Claim.objects.update(policy=policy, status=Claim.Status.READY)
    return Claim.objects.select_related("policy__plan").get()


def saved(claim: Claim, user: User) -> Decimal | None:
    claim.refresh_from_db()
    verdict = decisions.Verdict(outcome=Decision.Outcome.APPROVED, override_reason="Seen.")
    return decisions.decide(claim=claim, user=user, verdict=verdict, version=claim.version).saved_by_corrections


def test_without_corrections_nothing_is_saved(invoice: Document, policy: Policy, reviewer: User) -> None:
    assert saved(ready(invoice, policy), reviewer) == 0


@pytest.mark.parametrize(("read", "worth"), [("303.33", "100.00"), ("183.33", "-20.00")])
def test_a_misread_total_is_worth_what_it_would_have_changed(
    read_document: ReadDocument, policy: Policy, reviewer: User, read: str, worth: str
) -> None:
    document = read_document(total_cost=Decimal(read))
    claim = ready(document, policy)
    correct(document=document, user=reviewer, edits=[Edit("invoice/total_cost", "203.33", 1)])
    assert saved(claim, reviewer) == Decimal(worth)


def test_the_plans_limit_bounds_what_a_wild_misreading_is_worth(
    read_document: ReadDocument, policy: Policy, reviewer: User
) -> None:
    Plan.objects.update(limit_per_visit=60)
    document = read_document(total_cost=Decimal("20333.00"))
    claim = ready(document, policy)
    correct(document=document, user=reviewer, edits=[Edit("invoice/total_cost", "203.33", 1)])
    assert saved(claim, reviewer) == Decimal("2.50")


def test_without_the_reading_it_cannot_be_said(
    read_document: ReadDocument, policy: Policy, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read_document()
    monkeypatch.setattr("claims.calculating.savings._medical_result", lambda _answer: None)
    correct(document=document, user=reviewer, edits=[Edit("invoice/payee", "李")])
    assert saved(ready(document, policy), reviewer) is None
    assert Reading.objects.exists()
