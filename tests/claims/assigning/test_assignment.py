"""Taking, giving and releasing claims."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from claims.assigning import assignment
from claims.guards import Refused, Stale
from claims.models import Claim, LogEntry, Role, User


@pytest.fixture
def ready(claim: Claim) -> Claim:
    Claim.objects.filter(pk=claim.pk).update(status=Claim.Status.READY)
    claim.refresh_from_db()
    return claim


def test_the_second_to_take_a_claim_is_told_and_changes_nothing(ready: Claim, reviewer: User, supervisor: User) -> None:
    assignment.assign(claim=ready, to=reviewer, by=reviewer, expected=None)
    with pytest.raises(assignment.AlreadyTaken):
        assignment.assign(claim=ready, to=supervisor, by=supervisor, expected=None)
    ready.refresh_from_db()
    assert ready.assignee == reviewer


def test_every_assignment_is_on_record(ready: Claim, reviewer: User) -> None:
    assignment.assign(claim=ready, to=reviewer, by=reviewer, expected=None)
    assignment.assign(claim=ready, to=None, by=reviewer, expected=reviewer)
    actions = LogEntry.objects.filter(claim_number=ready.number).values_list("action", flat=True)
    assert list(actions) == ["claim.assigned", "claim.released"]


@pytest.mark.parametrize(
    ("who", "action", "status"),
    [
        ("reviewer", "take", 302),
        ("reviewer", "give", 403),
        ("supervisor", "give", 302),
        ("clerk", "take", 403),
        ("auditor", "take", 403),
        ("stranger", "take", 403),
        ("reviewer", "nonsense", 403),
    ],
)
def test_who_may_assign(
    ready: Claim, people: dict[str, User], signed_in: Callable[[User], Client], who: str, action: str, status: int
) -> None:
    client = signed_in(people[who])
    answer = client.post("/queue/bulk/", {"action": action, "number": ready.number, "to": people["reviewer"].username})
    assert answer.status_code == status
    ready.refresh_from_db()
    assert (ready.assignee is not None) == (status == 302)


def test_the_way_back_never_leads_to_another_host(
    ready: Claim, reviewer: User, signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(reviewer).post(
        "/queue/bulk/", {"action": "take", "number": ready.number, "next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == "/"


@pytest.fixture
def other_supervisor(make_user: Callable[..., User]) -> User:
    return make_user("somchai.supervisor", Role.SUPERVISOR)


def test_a_claim_is_passed_to_the_supervisor_with_the_fewest_open_claims(
    ready: Claim, reviewer: User, supervisor: User, other_supervisor: User
) -> None:
    Claim.objects.create(number="busy", status=Claim.Status.READY, assignee=supervisor)
    Claim.objects.create(number="done", status=Claim.Status.DECIDED, assignee=other_supervisor)
    assignment.pass_to_senior(claim=ready, by=reviewer, reason="Two stamps disagree.", version=ready.version)
    ready.refresh_from_db()
    assert ready.assignee == other_supervisor
    assert list(ready.notes.values_list("text", "author")) == [("Two stamps disagree.", reviewer.pk)]
    assert LogEntry.objects.get(action="claim.assigned").reason == "Two stamps disagree."


def test_a_claim_that_changed_since_is_not_passed_on(ready: Claim, reviewer: User, supervisor: User) -> None:
    with pytest.raises(Stale):
        assignment.pass_to_senior(claim=ready, by=reviewer, reason="Look.", version=ready.version + 1)
    assert not ready.notes.exists()


def test_a_supervisor_passes_to_somebody_else_or_to_nobody(ready: Claim, supervisor: User) -> None:
    with pytest.raises(Refused):
        assignment.pass_to_senior(claim=ready, by=supervisor, reason="Look.", version=ready.version)


@pytest.mark.parametrize(("who", "status"), [("reviewer", 200), ("clerk", 403), ("auditor", 403), ("stranger", 404)])
def test_who_may_pass_a_claim_on(
    ready: Claim, people: dict[str, User], signed_in: Callable[[User], Client], who: str, status: int
) -> None:
    body = {"reason": "Two stamps disagree.", "version": ready.version}
    answer = signed_in(people[who]).post(f"/api/v1/claims/{ready.number}/pass/", body, "application/json")
    assert answer.status_code == status
    ready.refresh_from_db()
    assert (ready.assignee == people["supervisor"]) == (status == 200)


@pytest.mark.parametrize(("body", "status"), [({"reason": " "}, 400), ({"reason": "Look.", "version": 99}, 409)])
def test_passing_on_needs_a_reason_and_the_claim_as_it_is(
    ready: Claim, people: dict[str, User], signed_in: Callable[[User], Client], body: dict[str, object], status: int
) -> None:
    sent = {"version": ready.version, **body}
    answer = signed_in(people["reviewer"]).post(f"/api/v1/claims/{ready.number}/pass/", sent, "application/json")
    assert answer.status_code == status
