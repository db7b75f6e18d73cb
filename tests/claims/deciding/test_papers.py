"""Missing papers: asked for once with the whole list, waited for, reminded of, noticed when they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from claims.correspondence import letters
from claims.deciding import decisions, papers
from claims.deciding.decisions import Incomplete, Verdict
from claims.deciding.papers import Wanted
from claims.guards import Refused
from claims.models import Claim, Decision, Document, Letter, LogEntry, PaperRequest, TimeLimit, User
from claims.receiving.uploads import receive_file

pytestmark = pytest.mark.django_db
State = PaperRequest.State


def give_back(claim: Claim, user: User, **more: Any) -> Decision:
    claim = Claim.objects.get(pk=claim.pk)
    wanted = more.pop("wanted", Wanted(papers=("prescription",)))
    verdict = Verdict(outcome=Decision.Outcome.RETURNED, reason="Not complete.", wanted=wanted, **more)
    return decisions.decide(claim=claim, user=user, verdict=verdict, version=claim.version)


@pytest.fixture
def ready(invoice: Document) -> Claim:
    Claim.objects.filter(pk=invoice.claim_id).update(status=Claim.Status.READY)
    return Claim.objects.get(pk=invoice.claim_id)


@pytest.fixture
def returned(ready: Claim, reviewer: User) -> PaperRequest:
    return give_back(ready, reviewer).paper_request


def test_the_list_keeps_the_usual_order_and_the_own_words(ready: Claim, reviewer: User) -> None:
    wanted = Wanted(papers=("prescription", "invoice"), other="X-ray\n\nReferral")
    request = give_back(ready, reviewer, wanted=wanted).paper_request
    assert request.papers == ["invoice", "prescription"]
    assert request.wanted[-2:] == ["X-ray", "Referral"]


def test_the_deadline_and_the_reminder_follow_the_desks_limits(ready: Claim, reviewer: User) -> None:
    TimeLimit.objects.filter(code=TimeLimit.Code.PAPERS).update(days=20)
    TimeLimit.objects.filter(code=TimeLimit.Code.REMINDER).update(days=7)
    request = give_back(ready, reviewer).paper_request
    today = timezone.localdate()
    assert (request.remind_on, request.until) == (today + timedelta(7), today + timedelta(20))


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(), "papers"),
        (Wanted(papers=("horoscope",)), "papers"),
        (Wanted(papers=("invoice",), until=date(2020, 1, 1)), "papers_until"),
    ],
)
def test_a_list_needs_papers_and_a_day_to_come(ready: Claim, reviewer: User, wanted: Wanted, field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        give_back(ready, reviewer, wanted=wanted)
    assert [name for name, _message in refused.value.errors] == [field]
    assert not PaperRequest.objects.exists()


def test_a_return_without_a_list_asks_for_what_the_reason_names(ready: Claim, reviewer: User) -> None:
    assert give_back(ready, reviewer, wanted=None).paper_request.wanted == ["Not complete."]


def test_the_state_follows_the_calendar(returned: PaperRequest, reviewer: User) -> None:
    day = returned.asked_at.date()
    assert returned.state(day) == State.WAITING
    assert returned.state(returned.remind_on) == State.REMINDER_DUE
    assert returned.state(returned.until) == State.REMINDER_DUE
    assert returned.state(returned.until + timedelta(1)) == State.OVERDUE


@pytest.mark.parametrize("state", [State.WAITING, State.REMINDER_DUE, State.REMINDED, State.OVERDUE])
def test_the_list_of_waiting_claims_agrees_with_each_state(
    returned: PaperRequest, reviewer: User, state: PaperRequest.State
) -> None:
    days = {State.REMINDER_DUE: returned.remind_on, State.OVERDUE: returned.until + timedelta(2)}
    if state == State.REMINDED:
        papers.reminded(request=returned, user=reviewer)
    with time_machine.travel(days.get(state, timezone.localdate())):
        returned.refresh_from_db()
        assert returned.state() == state
        for asked in (State.WAITING, State.REMINDER_DUE, State.REMINDED, State.OVERDUE):
            found = papers.waiting(Claim.objects.all(), asked)
            assert found.exists() == (asked == state)


def test_a_paper_that_comes_brings_the_claim_back_by_itself(
    returned: PaperRequest, clerk: User, picture: Callable[..., bytes]
) -> None:
    receive_file(claim=returned.claim, file=picture("prescription"), name="p.jpg", user=clerk)
    returned.refresh_from_db()
    assert returned.state() == State.RECEIVED
    assert Claim.objects.get().status == Claim.Status.RECEIVED
    assert LogEntry.objects.filter(action="papers.received", person=clerk.username).exists()


def test_the_paper_that_was_there_already_is_no_answer(
    ready: Claim, reviewer: User, clerk: User, picture: Callable[..., bytes]
) -> None:
    receive_file(claim=ready, file=picture("a"), name="a.jpg", user=clerk)
    request = give_back(ready, reviewer).paper_request
    receive_file(claim=ready, file=picture("a"), name="again.jpg", user=clerk)
    request.refresh_from_db()
    assert request.is_open
    assert Claim.objects.get().status == Claim.Status.RETURNED


def test_a_second_return_is_a_supervisors_with_a_reason(
    returned: PaperRequest, reviewer: User, supervisor: User
) -> None:
    with pytest.raises(Incomplete) as refused:
        give_back(returned.claim, reviewer, override_reason="I forgot one.")
    assert [field for field, _message in refused.value.errors] == ["outcome"]
    with pytest.raises(Incomplete) as refused:
        give_back(returned.claim, supervisor)
    assert [field for field, _message in refused.value.errors] == ["override_reason"]
    second = give_back(returned.claim, supervisor, override_reason="The hospital sent the wrong sheet.")
    returned.refresh_from_db()
    assert returned.state() == State.WITHDRAWN
    assert second.paper_request.is_open


def test_a_claim_opened_again_waits_for_nothing(returned: PaperRequest, supervisor: User) -> None:
    decisions.reopen(claim=returned.claim, user=supervisor, reason="They came by hand.")
    returned.refresh_from_db()
    assert returned.state() == State.WITHDRAWN


def test_a_reminder_is_a_letter_in_the_language_of_the_first_one(returned: PaperRequest, reviewer: User) -> None:
    letters.issue(decision=returned.decision, user=reviewer, language="th")
    letter = letters.remind(request=returned, user=reviewer)
    assert (letter.kind, letter.language) == (Letter.Kind.REMINDER, "th")
    returned.refresh_from_db()
    assert returned.state() == State.REMINDED


def test_nobody_is_reminded_of_papers_that_came(
    returned: PaperRequest, clerk: User, reviewer: User, picture: Callable[..., bytes]
) -> None:
    receive_file(claim=returned.claim, file=picture("p"), name="p.jpg", user=clerk)
    with pytest.raises(Refused):
        letters.remind(request=returned, user=reviewer)
    assert not Letter.objects.exists()
