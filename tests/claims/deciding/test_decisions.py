"""One person decides, above the limit a second one checks, and nothing is decided about a claim that changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from claims.calculating import settlement
from claims.deciding import decisions
from claims.deciding.decisions import Incomplete, Verdict
from claims.editing.corrections import Edit, correct
from claims.guards import Refused, Stale
from claims.models import Claim, Decision, Document, LogEntry, Plan, Policy, Reading, Role, User
from claims.working_values.reading_rows import invoice_of
from claims.working_values.values import load_values
from ocr_providers.exact_json import dumps, loads
from ocr_providers.results import Kind
from tests.claims.conftest import INVOICE, ReadDocument

pytestmark = pytest.mark.django_db
Outcome = Decision.Outcome


@pytest.fixture
def ready(invoice: Document, policy: Policy) -> Claim:
    """A claim with one invoice that adds up: 57.50 eligible and payable."""
    claim = invoice.claim
    claim.policy, claim.status = policy, Claim.Status.READY
    claim.save()
    return Claim.objects.select_related("policy__plan").get()


@pytest.fixture
def second(make_user: Callable[..., User]) -> User:
    return make_user("su.supervisor", Role.SUPERVISOR)


def decide(claim: Claim, user: User, outcome: Outcome = Outcome.APPROVED, **more: Any) -> Decision:
    claim.refresh_from_db()
    verdict = Verdict(outcome=outcome, **more)
    return decisions.decide(claim=claim, user=user, verdict=verdict, version=claim.version)


def problems(claim: Claim, user: User, outcome: Outcome, **more: Any) -> set[str]:
    with pytest.raises(Incomplete) as refused:
        decide(claim, user, outcome, **more)
    return {field for field, _message in refused.value.errors}


def test_an_approval_keeps_amounts_trace_and_lines(ready: Claim, reviewer: User) -> None:
    decision = decide(ready, reviewer)
    ready.refresh_from_db()
    assert (ready.status, ready.amount_approved) == (Claim.Status.DECIDED, Decimal("57.50"))
    assert (decision.asked, decision.eligible, decision.approved) == (
        Decimal("203.33"),
        Decimal("57.50"),
        Decimal("57.50"),
    )
    assert [(entry["step"], entry["amount"]) for entry in decision.trace][:2] == [
        ("total", "203.33"),
        ("fund-paid", "-120.00"),
    ]
    assert sum(line.approved for line in decision.lines.all()) == Decimal("57.50")
    assert [line.reason_code for line in decision.lines.all()] == ["", "class-b", "class-b", "class-c"]
    assert LogEntry.objects.latest("id").action == "claim.decided"


def test_a_claim_that_changed_since_it_was_looked_at_is_not_decided(
    ready: Claim, invoice: Document, reviewer: User
) -> None:
    seen = ready.version
    correct(document=invoice, user=reviewer, edits=[Edit("invoice/payee", "李")])
    with pytest.raises(Stale):
        decisions.decide(claim=ready, user=reviewer, verdict=Verdict(outcome=Outcome.APPROVED), version=seen)
    assert not Decision.objects.exists()


def test_a_claim_is_decided_once(ready: Claim, reviewer: User) -> None:
    decide(ready, reviewer)
    with pytest.raises(Refused):
        decide(ready, reviewer)


def test_open_errors_block_paying_unless_a_reason_overrides(ready: Claim, invoice: Document, reviewer: User) -> None:
    correct(document=invoice, user=reviewer, edits=[Edit("invoice/total_cost", "300", 1)])
    assert problems(ready, reviewer, Outcome.APPROVED) == {"override_reason"}
    decision = decide(ready, reviewer, override_reason="The hospital confirmed it by telephone.")
    assert "telephone" in decision.override_reason
    assert "telephone" in LogEntry.objects.latest("id").reason


def test_open_errors_do_not_block_a_rejection(ready: Claim, invoice: Document, reviewer: User) -> None:
    correct(document=invoice, user=reviewer, edits=[Edit("invoice/total_cost", "300", 1)])
    decision = decide(ready, reviewer, Outcome.REJECTED, reason_code="altered", reason="The total was altered.")
    assert decision.approved == 0
    assert {line.reason_code for line in decision.lines.all()} == {"altered"}


def test_what_a_decision_needs_is_asked_for_by_field(ready: Claim, reviewer: User) -> None:
    assert problems(ready, reviewer, Outcome.REJECTED) == {"reason_code", "reason"}
    assert problems(ready, reviewer, Outcome.RETURNED) == {"reason"}
    assert problems(ready, reviewer, Outcome.PARTLY, approved=Decimal(10)) == {"reason_code"}
    assert problems(ready, reviewer, Outcome.PARTLY, approved=Decimal(0), reason_code="other") == {"approved"}
    assert problems(ready, reviewer, Outcome.PARTLY, approved=Decimal("57.51"), reason_code="other") == {"approved"}
    assert problems(ready, reviewer, Outcome.APPROVED, approved=Decimal(10)) == {"approved"}
    assert not Decision.objects.exists()
    assert Claim.objects.get().version == 0


def test_a_part_is_shared_out_over_the_lines(ready: Claim, reviewer: User) -> None:
    decision = decide(ready, reviewer, Outcome.PARTLY, approved=Decimal("10.01"), reason_code="not-reasonable")
    assert sum(line.approved for line in decision.lines.all()) == Decimal("10.01")


@pytest.mark.parametrize(
    "fields", [{"status": Document.Status.READING}, {"partial": True}, {"status": Document.Status.QUEUED}]
)
def test_nothing_is_paid_while_a_document_is_unread_or_unconfirmed(
    ready: Claim, reviewer: User, fields: dict[str, Any]
) -> None:
    Document.objects.update(**fields)
    assert problems(ready, reviewer, Outcome.APPROVED) == {"documents"}


def test_papers_are_asked_for_once_and_a_later_decision_replaces_the_request(ready: Claim, reviewer: User) -> None:
    decide(ready, reviewer, Outcome.RETURNED, reason="The discharge summary is missing.")
    ready.refresh_from_db()
    assert (ready.status, ready.amount_approved) == (Claim.Status.RETURNED, None)
    assert problems(ready, reviewer, Outcome.RETURNED, reason="And the prescription.") == {"outcome"}
    decide(ready, reviewer)
    assert Decision.objects.get(superseded_at=None).outcome == Outcome.APPROVED


# --- the second person -----------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(ready: Claim, plan: Plan, supervisor: User) -> Claim:
    """Decided by a supervisor, above the limit."""
    Plan.objects.update(check_above=Decimal(50))
    ready = Claim.objects.select_related("policy__plan").get()
    decide(ready, supervisor)
    ready.refresh_from_db()
    return ready


def test_above_the_limit_a_second_person_makes_it_final(waiting: Claim, supervisor: User, second: User) -> None:
    assert (waiting.status, waiting.amount_approved) == (Claim.Status.CHECKING, None)
    with pytest.raises(Refused):
        decisions.check(claim=waiting, user=supervisor, agree=True)
    decision = decisions.check(claim=waiting, user=second, agree=True)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.amount_approved) == (Claim.Status.DECIDED, Decimal("57.50"))
    assert (decision.checked_by, decision.is_final) == (second, True)


def test_the_database_too_refuses_that_one_person_makes_and_checks(waiting: Claim, supervisor: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(checked_by=supervisor, checked_at="2025-01-01T00:00:00Z")


def test_disagreeing_needs_a_reason_and_opens_the_claim_again(waiting: Claim, second: User, reviewer: User) -> None:
    with pytest.raises(Incomplete):
        decisions.check(claim=waiting, user=second, agree=False)
    decisions.check(claim=waiting, user=second, agree=False, reason="Line 3 is not medical.")
    waiting.refresh_from_db()
    assert waiting.status == Claim.Status.IN_REVIEW
    assert Decision.objects.get().superseded_reason == "Line 3 is not medical."
    decide(waiting, reviewer, Outcome.PARTLY, approved=Decimal(20), reason_code="not-reasonable")


def test_at_the_limit_one_person_is_enough(ready: Claim, reviewer: User) -> None:
    Plan.objects.update(check_above=Decimal("57.50"))
    assert decide(Claim.objects.select_related("policy__plan").get(), reviewer).is_final


def test_a_decision_is_checked_once(waiting: Claim, second: User) -> None:
    decisions.check(claim=waiting, user=second, agree=True)
    with pytest.raises(Refused):
        decisions.check(claim=waiting, user=second, agree=True)


# --- opening again, and who may --------------------------------------------------------------------------------------


def test_a_decided_claim_is_opened_again_with_a_reason(ready: Claim, reviewer: User, supervisor: User) -> None:
    decide(ready, reviewer)
    with pytest.raises(Incomplete):
        decisions.reopen(claim=ready, user=supervisor, reason=" ")
    decisions.reopen(claim=ready, user=supervisor, reason="The patient sent the missing page.")
    ready.refresh_from_db()
    assert (ready.status, ready.amount_approved) == (Claim.Status.IN_REVIEW, None)
    decide(ready, reviewer)
    assert Decision.objects.count() == 2


def test_who_may_decide_check_and_reopen(ready: Claim, people: dict[str, User]) -> None:
    for name in ("clerk", "auditor", "stranger"):
        with pytest.raises(PermissionDenied):
            decide(ready, people[name])
    for name in ("clerk", "auditor", "stranger", "reviewer"):
        with pytest.raises(PermissionDenied):
            decisions.check(claim=ready, user=people[name], agree=True)
        with pytest.raises(PermissionDenied):
            decisions.reopen(claim=ready, user=people[name], reason="x")


def test_what_other_claims_of_the_insurance_year_used_counts(
    ready: Claim, reviewer: User, read_document: ReadDocument
) -> None:
    Plan.objects.update(limit_per_year=Decimal(100), deductible_per_year=Decimal(10))
    ready = Claim.objects.select_related("policy__plan").get()
    assert decide(ready, reviewer).approved == Decimal("47.50")
    same_year = Claim.objects.create(number="2", policy=ready.policy, status=Claim.Status.READY)
    read_document(of=same_year, billing_date="2025-12-31", note_no="3300123457")
    assert decide(same_year, reviewer).approved == Decimal("52.50")
    next_year = Claim.objects.create(number="3", policy=ready.policy, status=Claim.Status.READY)
    read_document(of=next_year, billing_date="2026-01-01", note_no="3300123458")
    assert decide(next_year, reviewer).approved == Decimal("47.50")


@pytest.mark.parametrize(
    ("first", "day", "year"),
    [
        ("2024-03-15", "2025-03-14", ("2024-03-15", "2025-03-15")),
        ("2024-03-15", "2025-03-15", ("2025-03-15", "2026-03-15")),
        ("2024-02-29", "2025-03-01", ("2025-03-01", "2026-03-01")),
        ("2024-02-29", "2025-02-28", ("2024-02-29", "2025-03-01")),
    ],
)
def test_the_insurance_year_runs_from_anniversary_to_anniversary(first: str, day: str, year: tuple[str, str]) -> None:
    policy = Policy(effective_from=date.fromisoformat(first))
    begin, end = settlement.insurance_year(policy, date.fromisoformat(day))
    assert (begin.isoformat(), end.isoformat()) == year


# --- what happens at the same time -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_claims_of_a_policy_decided_at_once_stay_within_its_year(
    ready: Claim, read_document: ReadDocument, reviewer: User, second: User
) -> None:
    Plan.objects.update(limit_per_year=Decimal("60.00"))
    other = Claim.objects.create(number="other", policy=ready.policy, status=Claim.Status.READY)
    read_document(of=other, note_no="3300999999")
    begin = threading.Barrier(2)

    def decide_one(number: str, person: User) -> None:
        claim = Claim.objects.select_related("policy__plan").get(number=number)
        begin.wait(timeout=20)
        decisions.decide(claim=claim, user=person, verdict=Verdict(outcome=Outcome.APPROVED), version=claim.version)
        connection.close()

    with ThreadPoolExecutor(2) as both:
        wanted = [
            both.submit(decide_one, number, person) for number, person in ((ready.number, reviewer), ("other", second))
        ]
        for one in wanted:
            one.result(timeout=60)
    assert sorted(Decision.objects.values_list("approved", flat=True)) == [Decimal("2.50"), Decimal("57.50")]


def test_an_answer_that_came_while_the_claim_was_decided_is_there_when_it_opens_again(
    ready: Claim, reviewer: User, second: User
) -> None:
    decide(ready, reviewer, Outcome.REJECTED, reason_code="period", reason="Too late.")
    late = Document.objects.create(
        claim=ready, sha256="f" * 64, media_type="image/jpeg", byte_size=9, original_name="b.jpg",
        kind=Document.Kind.INVOICE, status=Document.Status.READ,
    )  # fmt: skip
    now = timezone.now()
    answer = dumps({"medical_result": loads(INVOICE)})
    Reading.objects.create(
        document=late, vendor="local", account_name="local", kind=Kind.INVOICE, answer=answer, started_at=now,
        finished_at=now,
    )  # fmt: skip
    decisions.reopen(claim=ready, user=second, reason="A letter came.")
    assert late.line_items.count() == 4
    assert late.findings.exists() == ready.documents.exclude(pk=late.pk).get().findings.exists()
    assert invoice_of(load_values(late)).total_cost == Decimal("203.33")
