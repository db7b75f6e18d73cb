"""Which decisions a second person sees, and that each says why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims.deciding import decisions, sampling, selection
from claims.models import Claim, Decision, Document, LogEntry, Plan, Policy, SecondReviewRule, User
from tests.claims.conftest import ReadDocument

pytestmark = pytest.mark.django_db
Outcome = Decision.Outcome


@pytest.fixture
def ready(invoice: Document, policy: Policy) -> Claim:
    """57.50 payable."""
    Claim.objects.update(policy=policy, status=Claim.Status.READY)
    return Claim.objects.select_related("policy__plan").get()


@pytest.fixture
def past(policy: Policy, reviewer: User, read_document: ReadDocument) -> Any:
    """`past(12, 20)`: so many claims of the policy, at the same hospital, decided with this amount."""

    def make(count: int, approved: int, *, days: int = 30, status: str = "decided", **fields: Any) -> None:
        for n in range(count):
            claim = Claim.objects.create(number=f"past-{approved}-{n}", policy=policy, status=status)
            read_document(of=claim, note_no=f"44001{approved:03d}{n:02d}")
            Decision.objects.create(
                claim=claim, asked=approved, eligible=approved, approved=approved, decided_by=reviewer,
                decided_at=timezone.now() - timedelta(days=days), **{"outcome": Outcome.APPROVED, **fields},
            )  # fmt: skip

    return make


def decide(claim: Claim, user: User, outcome: Outcome = Outcome.APPROVED, **more: Any) -> Decision:
    claim.refresh_from_db()
    return decisions.decide(
        claim=claim, user=user, verdict=decisions.Verdict(outcome=outcome, **more), version=claim.version
    )


def codes(claim: Claim, approved: str = "57.50", outcome: Outcome = Outcome.APPROVED) -> list[str]:
    return [why["code"] for why in selection.reasons(claim, outcome, Decimal(approved))]


def test_above_the_plans_amount(ready: Claim, reviewer: User) -> None:
    Plan.objects.update(check_above=50)
    decision = decide(Claim.objects.select_related("policy__plan").get(), reviewer)
    assert not decision.is_final
    assert selection.texts(decision) == ["Above 50.00, which the plan lets one person decide."]
    assert LogEntry.objects.latest("id").detail["check_why"] == ["amount"]


def test_a_share_is_drawn_at_random_and_the_same_again(ready: Claim, reviewer: User, supervisor: User) -> None:
    rule = SecondReviewRule.objects.create(enabled=True, random_share=Decimal("0.05"))
    lot = sampling.draw(sampling.Purpose.SECOND_REVIEW, ready.number)
    SecondReviewRule.objects.update(random_share=lot.quantize(Decimal("0.0001")) - Decimal("0.0001"))
    assert codes(ready) == []
    SecondReviewRule.objects.update(random_share=lot.quantize(Decimal("0.0001")) + Decimal("0.0001"))
    decision = decide(ready, reviewer)
    assert [why["code"] for why in decision.check_why] == [selection.RANDOM]
    decisions.check(claim=ready, user=supervisor, agree=False, reason="Look again.")
    assert not decide(ready, reviewer).is_final
    assert rule.plan is None


def test_rejections_are_drawn_too_and_requests_for_papers_are_not(ready: Claim) -> None:
    SecondReviewRule.objects.create(enabled=True, random_share=1)
    assert codes(ready, "0", Outcome.REJECTED) == [selection.RANDOM]
    assert codes(ready, "0", Outcome.RETURNED) == []


def test_a_rule_that_is_off_selects_nothing(ready: Claim, plan: Plan) -> None:
    SecondReviewRule.objects.create(enabled=False, random_share=1)
    assert codes(ready) == []
    SecondReviewRule.objects.update(enabled=True)
    SecondReviewRule.objects.create(plan=plan, enabled=False, random_share=1)
    assert codes(ready) == []


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("factor_plan", selection.PLAN),
        ("factor_hospital", selection.HOSPITAL),
        ("factor_person", selection.PERSON),
    ],
)
def test_unusual_is_so_many_times_the_years_average(ready: Claim, past: Any, column: str, code: str) -> None:
    past(12, 20)
    SecondReviewRule.objects.create(enabled=True, **{column: Decimal("2.80")})
    assert codes(ready, "56.00") == []
    found = selection.reasons(ready, Outcome.APPROVED, Decimal("57.50"))
    assert found == [{"code": code, "values": {"times": "2.9", "average": "20.00", "count": "12"}}]
    assert "2.9 times the" in selection.text(found[0])
    assert "(20.00 over 12 claims)" in selection.text(found[0])


@pytest.mark.parametrize(
    "fields",
    [{"days": 366}, {"outcome": Outcome.REJECTED}, {"status": "checking"}],
    ids=["of the year before", "rejected", "not final"],
)
def test_only_final_approvals_of_the_year_are_averaged(ready: Claim, past: Any, fields: dict[str, Any]) -> None:
    past(12, 20, **fields)
    SecondReviewRule.objects.create(enabled=True, factor_plan=2)
    assert codes(ready) == []


def test_too_few_claims_have_no_average(ready: Claim, past: Any) -> None:
    past(9, 20)
    SecondReviewRule.objects.create(enabled=True, factor_plan=2, factor_hospital=2, factor_person=2)
    assert codes(ready) == []
    SecondReviewRule.objects.update(at_least=9)
    assert codes(ready) == [selection.PLAN, selection.HOSPITAL, selection.PERSON]


def test_other_plans_hospitals_and_currencies_are_not_compared(ready: Claim, past: Any) -> None:
    past(12, 20)
    Claim.objects.exclude(pk=ready.pk).update(currency=Claim.Currency.THB)
    SecondReviewRule.objects.create(enabled=True, factor_plan=2, factor_hospital=2, factor_person=2)
    assert codes(ready) == []


def test_looking_for_reasons_costs_a_fixed_number_of_queries(
    ready: Claim, past: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    past(12, 20)
    SecondReviewRule.objects.create(enabled=True, factor_plan=2, factor_hospital=2, factor_person=2)
    with django_assert_max_num_queries(6):
        assert len(codes(ready)) == 3


def test_the_claims_page_says_why(ready: Claim, reviewer: User, signed_in: Any) -> None:
    SecondReviewRule.objects.create(enabled=True, random_share=1)
    decide(ready, reviewer)
    client: Client = signed_in(reviewer)
    page = client.get(f"/claims/{ready.number}/").content.decode()
    assert "Why a second person" in page
    assert "Drawn at random, as 100 % of all decisions are." in page


def test_a_decision_of_before_has_the_plans_amount_as_its_reason(ready: Claim, reviewer: User) -> None:
    decision = decide(ready, reviewer)
    decision.needs_check, decision.check_why = True, []
    assert selection.texts(decision) == ["Above the plan's amount."]
    decision.check_why = [{"code": "later", "values": {}}]
    assert selection.texts(decision) == ["later"]
