"""Several claims at once: each done or refused by itself, and by whom it may be asked."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from claims import bulk
from claims.bulk import Action, Order, Result
from claims.exports.files import export
from claims.models import Claim, Document, Job, LegalHold, LogEntry, Note, Role, User
from claims.time_limits import end_of_day

from .conftest import ReadDocument

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def numbers(supervisor: User) -> list[str]:
    """Three open claims, and one that is decided."""
    for n in range(3):
        Claim.objects.create(number=f"Q-{n}", status=Claim.Status.READY)
    Claim.objects.create(number="Q-3", status=Claim.Status.DECIDED)
    return [f"Q-{n}" for n in range(4)]


def done(results: list[Result]) -> list[str]:
    return [result.number for result in results if result.done]


def carry_out(action: Action, numbers: list[str], user: User, **parts: Any) -> list[Result]:
    return bulk.carry_out(Order(action=action, **parts), numbers=numbers, user=user)


def test_each_claim_is_done_or_refused_by_itself(numbers: list[str], reviewer: User) -> None:
    results = carry_out(Action.TAKE, [*numbers, "none", "Q-0"], reviewer)
    assert done(results) == ["Q-0", "Q-1", "Q-2"]
    refused = {result.number: result.why for result in results if not result.done}
    assert refused.keys() == {"Q-3", "none"}
    assert all(refused.values())
    assert Claim.objects.filter(assignee=reviewer).count() == 3


def test_claims_get_their_day(numbers: list[str], clerk: User) -> None:
    due_at = end_of_day(date(2030, 5, 31))
    results = carry_out(Action.DUE, numbers, clerk, due_at=due_at)
    assert done(results) == numbers[:3]
    assert "opened again" in results[3].why
    assert set(Claim.objects.filter(due_at=due_at).values_list("number", flat=True)) == set(numbers[:3])
    assert timezone.localtime(due_at).date() == date(2030, 5, 31)


def test_claims_are_passed_to_the_senior_who_has_least_to_do(
    numbers: list[str], reviewer: User, supervisor: User, make_user: Callable[..., User]
) -> None:
    other = make_user("yu.supervisor", Role.SUPERVISOR)
    results = carry_out(Action.SENIOR, numbers, reviewer, reason="Three hospitals, one day.")
    assert done(results) == numbers[:3]
    assert {person.assigned_claims.count() for person in (supervisor, other)} == {1, 2}
    assert set(Note.objects.values_list("text", flat=True)) == {"Three hospitals, one day."}


def test_claims_are_held_until_a_day(numbers: list[str], supervisor: User) -> None:
    until = timezone.localdate() + timedelta(days=30)
    assert done(carry_out(Action.HOLD, numbers, supervisor, reason="A lawsuit.", until=until)) == numbers
    assert set(LegalHold.objects.values_list("claim__number", "until")) == {(number, until) for number in numbers}
    past = carry_out(Action.HOLD, numbers[:1], supervisor, reason="x", until=timezone.localdate() - timedelta(days=1))
    assert (past[0].done, past[0].why) == (False, "Choose a day in the future.")


def test_all_documents_of_a_claim_are_read_again(read_document: ReadDocument, claim: Claim, reviewer: User) -> None:
    read_document()
    read_document()
    empty = Claim.objects.create(number="empty")
    Claim.objects.create(number="closed", status=Claim.Status.DECIDED)
    results = carry_out(Action.READ_AGAIN, [claim.number, empty.number, "closed"], reviewer)
    assert done(results) == [claim.number]
    assert Job.objects.filter(kind="read-document").count() == 2
    assert set(claim.documents.values_list("status", flat=True)) == {Document.Status.QUEUED}


def test_a_refusal_leaves_nothing_half_done(
    read_document: ReadDocument, claim: Claim, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_document()
    results = carry_out(Action.READ_AGAIN, [claim.number], reviewer, account="nobody")
    assert not results[0].done
    assert not Job.objects.exists()
    assert not LogEntry.objects.filter(action="document.read-again").exists()


MAY = {
    Action.TAKE: "reviewer supervisor administrator",
    Action.RELEASE: "reviewer supervisor administrator",
    Action.GIVE: "supervisor administrator",
    Action.DUE: "clerk reviewer supervisor administrator",
    Action.SENIOR: "reviewer supervisor administrator",
    Action.READ_AGAIN: "reviewer supervisor administrator",
    Action.HOLD: "supervisor administrator",
}


@pytest.mark.parametrize("action", Action)
def test_who_may_ask_for_what(people: dict[str, User], numbers: list[str], action: Action) -> None:
    parts = {"to": people["reviewer"], "due_at": timezone.now(), "reason": "Because."}
    allowed = []
    for name, person in people.items():
        try:
            carry_out(action, numbers, person, **parts)
        except PermissionDenied:
            continue
        allowed.append(name)
    assert sorted(allowed) == sorted(MAY[action].split())


@pytest.mark.parametrize("action", [Action.GIVE, Action.DUE, Action.SENIOR, Action.HOLD])
def test_an_order_that_lacks_a_part_does_nothing(numbers: list[str], administrator: User, action: Action) -> None:
    with pytest.raises(bulk.Unfinished):
        carry_out(action, numbers, administrator)
    assert not LogEntry.objects.exists()


def test_there_is_a_limit(numbers: list[str], reviewer: User) -> None:
    with pytest.raises(bulk.Unfinished):
        carry_out(Action.TAKE, [f"Z-{n}" for n in range(bulk.MOST + 1)], reviewer)


# --- the page --------------------------------------------------------------------------------------------------------


def messages_of(client: Client, **sent: Any) -> list[str]:
    answer = client.post("/queue/bulk/", sent, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_the_page_says_which_claims_refused_and_why(numbers: list[str], supervisor: User, signed_in: SignIn) -> None:
    said = messages_of(signed_in(supervisor), action="due", number=numbers, due="2030-05-31")
    assert said[0] == "3 claims have their day."
    assert said[1].startswith("Q-3: The claim is “Decided”")
    desk = signed_in(supervisor)
    assert messages_of(desk, action="due", number=numbers, due="soon") == ["Choose a day, as in 2026-12-31."]
    assert messages_of(desk, action="hold", number=numbers, reason=" ") == ["Say why."]


def test_many_refusals_are_not_all_named(reviewer: User, signed_in: SignIn) -> None:
    numbers = [f"N-{n:02d}" for n in range(25)]
    (said,) = messages_of(signed_in(reviewer), action="take", number=numbers)
    assert "N-19 and 5 more: There is no such claim." in said


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("clerk", {"due"}),
        ("reviewer", {"take", "release", "due", "senior", "read-again", "csv", "xlsx", "json"}),
        ("auditor", {"csv", "xlsx", "json"}),
        (
            "supervisor",
            {"take", "release", "give", "due", "senior", "hold", "read-again", "csv", "xlsx", "json"},
        ),
    ],
)
def test_a_role_is_offered_what_it_may_do(
    people: dict[str, User], numbers: list[str], signed_in: SignIn, role: str, offered: set[str]
) -> None:
    page = signed_in(people[role]).get("/?view=all").content.decode()
    names = {*(action.value for action in Action), "csv", "xlsx", "json"}
    assert {name for name in names if re.search(rf'name="(action|form)" value="{name}"', page)} == offered


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(read_document: ReadDocument, claim: Claim) -> list[str]:
    read_document()
    other = Claim.objects.create(number="other")
    read_document(of=other, note_no="3300999999")
    return [other.number, claim.number]


def test_chosen_claims_are_one_file_in_the_order_chosen(two: list[str], reviewer: User, signed_in: SignIn) -> None:
    desk = signed_in(reviewer)
    files = {form: desk.post("/queue/export/", {"form": form, "number": two}) for form in ("csv", "xlsx", "json")}
    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    lines = rows[rows.index(["# line_items"]) + 2 :][:8]
    assert [line[0] for line in lines] == ["other"] * 4 + ["2026-000001"] * 4
    assert load_workbook(io.BytesIO(files["xlsx"].content))["invoices"].max_row == 3
    assert [claim["claim"]["number"] for claim in json.loads(files["json"].content)["claims"]] == two
    assert 'filename="claims-2.csv"' in files["csv"]["Content-Disposition"]
    assert all(b"11010519491231002X" not in file.content for file in files.values())
    exported = LogEntry.objects.filter(action="claim.exported").values_list("claim_number", "subject")
    assert set(exported) == {(number, form) for number in two for form in files}


def test_a_file_of_many_claims_costs_the_same_queries(two: list[str], reviewer: User) -> None:
    """Besides the log's entry for each."""

    def asked(count: int) -> int:
        claims = list(Claim.objects.select_related("policy__plan").order_by("id")[:count])
        with CaptureQueriesContext(connection) as queries:
            export(claims, form="csv", user=reviewer, desk="x")
        return sum(not re.search("claims_log|SAVEPOINT", query["sql"]) for query in queries)

    asked(1)  # permissions are looked up once
    assert asked(1) == asked(2)


def test_nothing_chosen_and_unknown_forms_are_told(reviewer: User, signed_in: SignIn) -> None:
    desk = signed_in(reviewer)
    answer = desk.post("/queue/export/", {"form": "csv"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Choose claims first, at most 200."]
    assert desk.post("/queue/export/", {"form": "fhir"}).status_code == 404


# --- the API ---------------------------------------------------------------------------------------------------------


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(f"/api/v1/{address}/", json.dumps(body), content_type="application/json")


def test_a_program_gets_a_result_for_each_claim(
    numbers: list[str], supervisor: User, reviewer: User, signed_in: SignIn
) -> None:
    body = {"action": "give", "numbers": numbers, "to": reviewer.username}
    answer = post(signed_in(supervisor), "bulk", body)
    results = answer.json()["results"]
    assert answer.status_code == 200
    assert [result["done"] for result in results] == [True, True, True, False]
    assert results[3]["why"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"action": "hold"}, 409),
        ({"action": "give", "to": "nobody"}, 400),
        ({"action": "delete"}, 400),
        ({"action": "take", "numbers": []}, 400),
        ({"action": "due", "due_at": "tomorrow"}, 400),
        ({"action": "hold", "reason": "x", "until": "2020-01-01"}, 200),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(
    numbers: list[str], supervisor: User, signed_in: SignIn, body: dict[str, Any], status: int
) -> None:
    answer = post(signed_in(supervisor), "bulk", {"numbers": numbers, **body})
    assert answer.status_code == status
    assert not LegalHold.objects.exists()


def test_a_program_gets_several_claims_as_one_file(two: list[str], reviewer: User, signed_in: SignIn) -> None:
    desk = signed_in(reviewer)
    answer = post(desk, "exports", {"form": "json", "numbers": two, "identity_in_full": True})
    assert b"11010519491231002X" in answer.content
    assert post(desk, "exports", {"form": "json", "numbers": ["none"]}).status_code == 404
    assert post(desk, "exports", {"form": "fhir", "numbers": two}).status_code == 400
