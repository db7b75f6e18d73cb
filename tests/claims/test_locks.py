"""Who works on a claim is told to others, keeps the decision, loses it by silence, and can be relieved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims import locks
from claims.assigning import assignment
from claims.deciding import decisions
from claims.editing import corrections
from claims.editing.corrections import Edit
from claims.guards import Refused
from claims.models import Claim, Decision, Document, LogEntry, Role, User
from claims.reviewing.presence import touch
from claims.working_values.cells import HEADER

SignIn = Callable[[User], Client]
REJECTED = decisions.Verdict(outcome=Decision.Outcome.REJECTED, reason_code="period", reason="Too late.")


@pytest.fixture
def colleague(make_user: Callable[..., User]) -> User:
    return make_user("lin.reviewer", Role.REVIEWER, display_name="Lin")


@pytest.fixture
def held(invoice: Document, colleague: User) -> Document:
    """The colleague has it open."""
    touch(invoice, colleague)
    return invoice


def holder_of(claim: Claim) -> User | None:
    claim.refresh_from_db()
    return claim.locked_by if claim.is_locked else None


def decide(claim: Claim, user: User) -> Decision:
    claim.refresh_from_db()
    return decisions.decide(claim=claim, user=user, verdict=REJECTED, version=claim.version)


def test_opening_a_free_claim_locks_it_and_the_next_to_open_is_told(
    invoice: Document, reviewer: User, colleague: User, signed_in: SignIn
) -> None:
    address = reverse("claims:review", args=[invoice.pk])
    assert "is working on this claim" not in signed_in(colleague).get(address).content.decode()
    assert holder_of(invoice.claim) == colleague
    assert "Lin is working on this claim" in signed_in(reviewer).get(address).content.decode()
    assert holder_of(invoice.claim) == colleague


def test_the_queue_and_the_claim_say_who_is_at_work(held: Document, reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    assert "Lin is working on it" in client.get("/?view=all").content.decode()
    assert "Lin is working on this claim" in client.get(f"/claims/{held.claim.number}/").content.decode()


@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_whoever_decides_nothing_locks_nothing(invoice: Document, people: dict[str, User], role: str) -> None:
    touch(invoice, people[role])
    assert holder_of(invoice.claim) is None


def test_looking_at_a_colleagues_claim_does_not_keep_them_from_it(
    invoice: Document, reviewer: User, supervisor: User
) -> None:
    Claim.objects.update(assignee=reviewer)
    invoice.claim.refresh_from_db()
    touch(invoice, supervisor)
    assert holder_of(invoice.claim) is None
    touch(invoice, reviewer)
    assert holder_of(invoice.claim) == reviewer


def test_a_decided_claim_is_locked_by_nobody(held: Document, colleague: User) -> None:
    decide(held.claim, colleague)
    assert holder_of(held.claim) is None
    touch(held, colleague)
    assert holder_of(held.claim) is None


def test_only_who_works_on_it_decides(held: Document, reviewer: User, colleague: User) -> None:
    with pytest.raises(Refused, match="Lin is working on this claim"):
        decide(held.claim, reviewer)
    assert decide(held.claim, colleague).outcome == Decision.Outcome.REJECTED


def test_a_lock_taken_after_the_page_was_loaded_counts_too(invoice: Document, reviewer: User, colleague: User) -> None:
    seen = Claim.objects.get(pk=invoice.claim_id)
    touch(invoice, colleague)
    with pytest.raises(Refused, match="Lin is working"):
        decisions.decide(claim=seen, user=reviewer, verdict=REJECTED, version=seen.version)


def test_values_are_corrected_together(held: Document, reviewer: User) -> None:
    edits = [Edit(f"{HEADER}/note_no", "3300999999", held.revision)]
    assert corrections.correct(document=held, user=reviewer, edits=edits).records


def test_silence_ends_the_lock_and_a_heartbeat_keeps_it(held: Document, reviewer: User, colleague: User) -> None:
    with time_machine.travel(timezone.now() + locks.LASTS * 0.7, tick=False):
        held.claim.refresh_from_db()
        touch(held, colleague)
    with time_machine.travel(timezone.now() + locks.LASTS * 1.5, tick=False):
        touch(held, reviewer)
        assert holder_of(held.claim) == colleague
    with time_machine.travel(timezone.now() + locks.LASTS * 1.7 + timedelta(seconds=1), tick=False):
        held.claim.refresh_from_db()
        touch(held, reviewer)
        assert holder_of(held.claim) == reviewer


def test_a_claim_at_work_is_given_to_nobody_else(held: Document, reviewer: User, supervisor: User) -> None:
    held.claim.refresh_from_db()
    for by in (reviewer, supervisor):
        with pytest.raises(assignment.AlreadyTaken, match="Lin is working"):
            assignment.assign(claim=held.claim, to=reviewer, by=by, expected=None)


# --- taking over -----------------------------------------------------------------------------------------------------


def test_a_supervisor_takes_over_with_a_reason_on_record(held: Document, supervisor: User, colleague: User) -> None:
    held.claim.refresh_from_db()
    locks.take_over(claim=held.claim, user=supervisor, reason=" Ill today. ")
    assert holder_of(held.claim) == supervisor
    entry = LogEntry.objects.latest("id")
    assert (entry.person, entry.action, entry.reason, entry.detail) == (
        supervisor.username,
        "lock.taken-over",
        "Ill today.",
        {"from": colleague.username},
    )
    assert decide(held.claim, supervisor).decided_by == supervisor


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nobody_takes_over(held: Document, supervisor: User, colleague: User, reason: str) -> None:
    with pytest.raises(Refused):
        locks.take_over(claim=held.claim, user=supervisor, reason=reason)
    assert holder_of(held.claim) == colleague


def test_a_reviewer_takes_over_only_their_own_claim(held: Document, reviewer: User, colleague: User) -> None:
    held.claim.refresh_from_db()
    with pytest.raises(PermissionDenied):
        locks.take_over(claim=held.claim, user=reviewer, reason="I want it.")
    Claim.objects.update(assignee=reviewer)
    held.claim.refresh_from_db()
    locks.take_over(claim=held.claim, user=reviewer, reason="It is mine.")
    assert holder_of(held.claim) == reviewer


def test_what_nobody_holds_is_not_taken_over(invoice: Document, supervisor: User) -> None:
    with pytest.raises(Refused, match="Nobody else"):
        locks.take_over(claim=invoice.claim, user=supervisor, reason="Ill.")


def test_the_claims_page_offers_it(held: Document, reviewer: User, supervisor: User, signed_in: SignIn) -> None:
    address, form = f"/claims/{held.claim.number}/", f"/claims/{held.claim.number}/take-over/"
    assert form not in signed_in(reviewer).get(address).content.decode()
    assert form in signed_in(supervisor).get(address).content.decode()
    answer = signed_in(supervisor).post(form, {"reason": "Ill."}, follow=True).content.decode()
    assert "The claim is yours to work on." in answer
    assert "is working on this claim" not in answer


def test_programs_take_over_too(held: Document, supervisor: User, reviewer: User, signed_in: SignIn) -> None:
    address = f"/api/v1/claims/{held.claim.number}/take-over/"
    body = {"reason": "Ill."}
    assert signed_in(reviewer).post(address, body, content_type="application/json").status_code == 403
    assert signed_in(supervisor).post(address, body, content_type="application/json").status_code == 200
    assert signed_in(supervisor).post(address, body, content_type="application/json").status_code == 409
