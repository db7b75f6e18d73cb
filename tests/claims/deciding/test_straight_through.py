"""What passes without a person, what is held for the sample, and that neither can be steered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from claims import audit, workers
from claims.calculating import settlement
from claims.deciding import decisions, sampling, straight_through
from claims.deciding.sampling import Purpose
from claims.models import (
    Claim,
    Decision,
    Document,
    Duplicate,
    Job,
    LegalHold,
    LogEntry,
    Move,
    Note,
    Plan,
    Policy,
    SampleDraw,
    SecondReviewRule,
    StraightThroughRule,
    User,
)
from claims.processing import routing
from claims.processing.outcomes import OPEN_FOR_VALUES
from claims.staff.system_users import STRAIGHT_THROUGH, straight_through_user
from ocr_providers.results import Kind
from tests.claims.conftest import ReadDocument

pytestmark = pytest.mark.django_db
MakeClaim = Callable[..., Claim]
SURE = {"sources": {"/total_cost": {"text": "203.33", "score": Decimal("0.97")}}}


@pytest.fixture
def rule(plan: Plan) -> StraightThroughRule:
    """Everything below 100.00 may pass; the smallest sample."""
    return StraightThroughRule.objects.create(plan=plan, enabled=True, pays_below=100, sample_share=Decimal("0.01"))


def number_drawing(*, held: bool, share: str = "0.01") -> str:
    """A claim number that draws this lot."""
    numbers = (f"C-{n}" for n in range(10_000))
    return next(name for name in numbers if (lot(name) < Decimal(share)) == held)


def lot(number: str) -> Decimal:
    return sampling.draw(Purpose.STRAIGHT_THROUGH, number)


@pytest.fixture
def make_claim(policy: Policy, read_document: ReadDocument) -> MakeClaim:
    """A claim with one clean invoice that pays 77.50, as the reading leaves it."""
    policy.plan.cover_class_c = True  # a line that is not covered is a warning
    policy.plan.save()

    def make(*, number: str = "", document: Mapping[str, Any] | None = None, **fields: Any) -> Claim:
        number = number or number_drawing(held=False)
        claim = Claim.objects.create(number=number, policy=policy, **{"status": Claim.Status.READY, **fields})
        read_document(of=claim, **{"extra": SURE, **(document or {})})
        return Claim.objects.select_related("policy__plan").get(pk=claim.pk)

    return make


def consider(claim: Claim) -> SampleDraw | None:
    draw = straight_through.consider(claim)
    claim.refresh_from_db()
    return draw


def test_a_clean_claim_below_the_amount_is_paid_without_a_person(
    rule: StraightThroughRule, make_claim: MakeClaim
) -> None:
    claim = make_claim()
    draw = consider(claim)
    assert draw is not None
    assert (draw.held, draw.payable, draw.drawn, draw.share) == (
        False,
        Decimal("77.50"),
        lot(claim.number),
        Decimal("0.01"),
    )
    decision = Decision.objects.get()
    assert (decision.decided_by.username, decision.outcome) == (STRAIGHT_THROUGH, Decision.Outcome.APPROVED)
    assert (claim.status, claim.amount_approved) == (Claim.Status.DECIDED, Decimal("77.50"))
    actions = list(LogEntry.objects.order_by("id").values_list("action", "person"))
    assert actions[-2:] == [
        ("claim.decided", STRAIGHT_THROUGH),
        ("claim.passed-straight-through", STRAIGHT_THROUGH),
    ]
    assert audit.verify() == []


def test_a_claim_of_the_sample_waits_for_a_person_however_often_it_is_tried(
    rule: StraightThroughRule, make_claim: MakeClaim
) -> None:
    claim = make_claim(number=number_drawing(held=True))
    draw = consider(claim)
    assert draw is not None
    assert draw.held
    assert (claim.status, Decision.objects.count()) == (Claim.Status.READY, 0)
    assert LogEntry.objects.latest("id").action == "claim.held-for-sample"
    assert consider(claim) is None
    assert (claim.status, SampleDraw.objects.count()) == (Claim.Status.READY, 1)


def test_the_draw_can_be_recomputed_and_hits_the_share(rule: StraightThroughRule) -> None:
    lots = [lot(f"2026-{n:06d}") for n in range(4000)]
    assert lots == [lot(f"2026-{n:06d}") for n in range(4000)]
    assert all(0 <= one < 1 for one in lots)
    assert 320 <= sum(one < Decimal("0.1") for one in lots) <= 480  # six standard deviations around 400
    assert sampling.draw(Purpose.SECOND_REVIEW, "2026-000001") != lot("2026-000001")


def test_another_secret_draws_other_lots(settings: Any) -> None:
    before = lot("2026-000001")
    settings.SECRET_KEY = "another key that opens nothing"
    assert lot("2026-000001") != before


def test_nothing_passes_until_an_administrator_allows_it(make_claim: MakeClaim, plan: Plan) -> None:
    claim = make_claim()
    assert consider(claim) is None
    StraightThroughRule.objects.create(plan=None, pays_below=100)
    assert consider(Claim.objects.select_related("policy__plan").get(pk=claim.pk)) is None
    assert not SampleDraw.objects.exists()


def test_a_plans_own_row_takes_it_out_of_the_general_one(make_claim: MakeClaim, plan: Plan) -> None:
    StraightThroughRule.objects.create(plan=None, enabled=True, pays_below=100)
    StraightThroughRule.objects.create(plan=plan, enabled=False)
    claim = make_claim()
    assert consider(claim) is None
    StraightThroughRule.objects.filter(plan=plan).delete()
    assert consider(claim) is not None


@pytest.mark.parametrize(
    "document",
    [
        {"total_cost": Decimal("300.00")},
        {"extra": {"sources": {"/total_cost": {"text": "203.33", "score": Decimal("0.94")}}}},
        {
            "extra": {
                "sources": {"/total_cost": {"text": "203.33", "score": Decimal("0.97"), "alternatives": ["208.33"]}}
            }
        },
        {"extra": {}, "average_prob": Decimal("0.90")},
        {"extra": {}, "average_prob": None},
    ],
    ids=["an error", "a low score", "another reading", "a low score of the page", "no score at all"],
)
def test_a_document_that_is_not_sure_waits(
    rule: StraightThroughRule, make_claim: MakeClaim, document: dict[str, Any]
) -> None:
    assert consider(make_claim(document=document)) is None
    assert not SampleDraw.objects.exists()


def test_a_provider_without_scores_of_values_is_judged_by_its_page(
    rule: StraightThroughRule, make_claim: MakeClaim
) -> None:
    assert consider(make_claim(document={"extra": {}, "average_prob": Decimal("0.97")})) is not None


@pytest.mark.parametrize(
    "fields", [{"status": Document.Status.FAILED, "failure_code": "x"}, {"partial": True}, {"warning_count": 1}]
)
def test_an_unread_partial_or_doubted_document_waits(
    rule: StraightThroughRule, make_claim: MakeClaim, fields: dict[str, Any]
) -> None:
    claim = make_claim()
    Document.objects.update(**fields)
    assert consider(claim) is None


def test_a_possible_duplicate_waits(rule: StraightThroughRule, make_claim: MakeClaim, document: Document) -> None:
    claim = make_claim()
    paper = claim.documents.get()
    Duplicate.objects.create(document=paper, other=document, reason=Duplicate.Reason.SAME_PICTURE)
    assert consider(claim) is None


def test_a_health_check_waits(rule: StraightThroughRule, make_claim: MakeClaim, read_document: ReadDocument) -> None:
    claim = make_claim()
    read_document(Kind.HEALTH_CHECK, of=claim)
    assert consider(claim) is None


def test_a_claim_without_a_policy_waits(rule: StraightThroughRule, make_claim: MakeClaim) -> None:
    StraightThroughRule.objects.create(plan=None, enabled=True, pays_below=1000)
    claim = make_claim()
    Claim.objects.update(policy=None)
    assert consider(Claim.objects.get(pk=claim.pk)) is None


@pytest.mark.parametrize("status", [status for status in OPEN_FOR_VALUES if status != Claim.Status.READY])
def test_only_a_claim_that_has_just_been_read_passes(
    rule: StraightThroughRule, make_claim: MakeClaim, status: str
) -> None:
    assert consider(make_claim(status=status)) is None


def test_what_somebody_has_taken_is_theirs(rule: StraightThroughRule, make_claim: MakeClaim, reviewer: User) -> None:
    assert consider(make_claim(assignee=reviewer)) is None


def test_the_amount_is_a_limit_and_the_plans_own_is_never_exceeded(
    rule: StraightThroughRule, make_claim: MakeClaim
) -> None:
    claim = make_claim()
    StraightThroughRule.objects.update(pays_below=Decimal("77.50"))
    assert consider(claim) is None
    StraightThroughRule.objects.update(pays_below=10_000)
    Plan.objects.update(check_above=77)
    assert consider(Claim.objects.select_related("policy__plan").get(pk=claim.pk)) is None
    Plan.objects.update(check_above=Decimal("77.50"))
    assert consider(Claim.objects.select_related("policy__plan").get(pk=claim.pk)) is not None


def test_what_a_second_person_would_see_does_not_pass(rule: StraightThroughRule, make_claim: MakeClaim) -> None:
    SecondReviewRule.objects.create(enabled=True, random_share=1)
    assert consider(make_claim()) is None


def test_a_claim_that_changed_meanwhile_is_left_to_people(rule: StraightThroughRule, make_claim: MakeClaim) -> None:
    claim = make_claim()
    Claim.objects.update(version=claim.version + 1)
    routing.route(claim)
    assert not Decision.objects.exists()
    assert not SampleDraw.objects.exists()


def test_a_claim_that_was_opened_again_never_passes_again(
    rule: StraightThroughRule, make_claim: MakeClaim, supervisor: User
) -> None:
    claim = make_claim()
    consider(claim)
    decisions.reopen(claim=claim, user=supervisor, reason="A letter came.")
    Claim.objects.update(status=Claim.Status.READY)
    assert consider(Claim.objects.select_related("policy__plan").get(pk=claim.pk)) is None


def test_the_database_refuses_a_rule_without_a_sample_and_two_rules_for_one_plan(plan: Plan) -> None:
    for fields in ({"sample_share": 0}, {"sample_share": Decimal("0.0099")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StraightThroughRule.objects.create(plan=plan, **fields)
    StraightThroughRule.objects.create(plan=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        StraightThroughRule.objects.create(plan=None)


def test_the_one_who_lets_pass_cannot_sign_in_and_may_only_decide() -> None:
    user = straight_through_user()
    assert not user.has_usable_password()
    assert user.get_all_permissions() == {"claims.decide_claim"}
    assert straight_through_user() == user


# --- when a claim is ready -------------------------------------------------------------------------------------------


def test_a_claim_passes_in_a_job_of_its_own(rule: StraightThroughRule, make_claim: MakeClaim) -> None:
    claim = make_claim()
    with transaction.atomic():
        routing.enqueue({claim.pk: Job.Queue.VENDOR})
    job = Job.objects.get(kind=routing.ROUTE)
    assert workers.Worker().run_once([Job.Queue.VENDOR]) == 1
    job.refresh_from_db()
    claim.refresh_from_db()
    assert (job.state, claim.status) == (Job.State.DONE, Claim.Status.DECIDED)


def test_without_rules_there_are_no_such_jobs(claim: Claim) -> None:
    routing.enqueue({claim.pk: Job.Queue.ENGINE})
    assert not Job.objects.exists()


def test_an_error_leaves_the_claim_where_people_find_it(
    rule: StraightThroughRule, make_claim: MakeClaim, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = make_claim()
    routing.enqueue({claim.pk: Job.Queue.ENGINE})
    job = Job.objects.get(kind=routing.ROUTE)

    def broken(_claim: Claim) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(straight_through, "consider", broken)
    for _attempt in range(job.max_attempts):
        Job.objects.update(run_at="2025-01-01T00:00:00Z")
        workers.Worker().run_once([Job.Queue.ENGINE])
    job.refresh_from_db()
    claim.refresh_from_db()
    assert (job.state, job.failure_reason, claim.status) == (Job.State.DEAD, "ZeroDivisionError", Claim.Status.READY)


@pytest.mark.parametrize("mark", ["note", "hold", "moved"])
def test_what_somebody_marked_is_looked_at_by_somebody(
    rule: StraightThroughRule, make_claim: MakeClaim, clerk: User, mark: str
) -> None:
    claim = make_claim()
    other = Claim.objects.create(number="other")
    marks: dict[str, Callable[[], Any]] = {
        "note": lambda: Note.objects.create(claim=claim, text="Looks altered.", author=clerk),
        "hold": lambda: LegalHold.objects.create(claim=claim, reason="A lawsuit.", placed_by=clerk),
        "moved": lambda: Move.objects.create(
            what=Move.What.MOVED, from_claim=other, to_claim=claim, reason="x", moved_by=clerk
        ),
    }
    marks[mark]()
    assert consider(claim) is None
    assert (claim.status, SampleDraw.objects.count()) == (Claim.Status.READY, 0)


def test_a_payment_that_another_decision_changed_meanwhile_is_not_made(
    rule: StraightThroughRule, make_claim: MakeClaim, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, settle = make_claim(), settlement.settle
    amounts = iter([None, Decimal("10.00")])

    def settle_later(*args: Any, **kwargs: Any) -> Any:
        found, left = settle(*args, **kwargs), next(amounts)
        return found if left is None or found is None else replace(found, approved=left)

    monkeypatch.setattr(settlement, "settle", settle_later)
    assert consider(claim) is None
    assert (claim.status, Decision.objects.count(), SampleDraw.objects.count()) == (Claim.Status.READY, 0, 0)
