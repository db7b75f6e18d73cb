"""Claims for other programs: pages, filters, versions, and a description that is true."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.authtoken.models import Token

from claims import intake
from claims.guards import Refused
from claims.models import Claim, Document, LogEntry, Policy, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def patch(client: Client, claim: Claim, body: Any, **headers: str) -> Any:
    url = f"/api/v1/claims/{claim.number}/"
    return client.patch(url, json.dumps(body), content_type="application/json", headers=headers)


def test_claims_come_in_pages_newest_first(
    reviewer: User, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Claim.objects.bulk_create(Claim(number=f"C-{n:03d}") for n in range(120))
    desk, url, seen = signed_in(reviewer), "/api/v1/claims/?page_size=50", []
    while url:
        with django_assert_num_queries(5):
            page = desk.get(url).json()
        seen += [claim["number"] for claim in page["results"]]
        url = page["next"]
    assert seen == [f"C-{n:03d}" for n in reversed(range(120))]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status=decided", {"B"}),
        ("status=decided&status=ready", {"A", "B"}),
        ("asked_from=100.50", {"A"}),
        ("has_errors=true", {"B"}),
        ("policy=P-1", {"A"}),
        ("plan=basic", {"A"}),
        ("received_after=2100-01-01T00:00:00Z", set()),
    ],
)
def test_claims_are_filtered(reviewer: User, signed_in: SignIn, policy: Policy, query: str, numbers: set[str]) -> None:
    Claim.objects.create(number="A", status="ready", amount_asked="100.50", policy=policy)
    Claim.objects.create(number="B", status="decided", error_count=2)
    found = signed_in(reviewer).get(f"/api/v1/claims/?{query}").json()["results"]
    assert {claim["number"] for claim in found} == numbers


def test_a_filter_that_makes_no_sense_is_refused(reviewer: User, signed_in: SignIn) -> None:
    assert signed_in(reviewer).get("/api/v1/claims/?status=nonsense").status_code == 400
    assert signed_in(reviewer).get("/api/v1/claims/?asked_from=abc").status_code == 400


def test_a_claim_is_opened_with_a_token(clerk: User, policy: Policy) -> None:
    token = Token.objects.create(user=clerk)
    body = {"patient_name": "王芳", "policy": policy.number}
    answer = Client().post(
        "/api/v1/claims/",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Token {token.key}"},
    )
    assert answer.status_code == 201
    claim = Claim.objects.get(number=answer.json()["number"])
    assert (claim.patient_name, claim.policy, claim.created_by) == ("王芳", policy, clerk)
    assert answer["ETag"] == '"0"'


def test_who_may_open_a_claim(people: dict[str, User], signed_in: SignIn) -> None:
    answers = {
        name: signed_in(person).post("/api/v1/claims/", "{}", content_type="application/json").status_code
        for name, person in people.items()
    }
    assert answers == {
        "clerk": 201, "reviewer": 201, "supervisor": 201, "auditor": 403, "administrator": 201, "stranger": 403,
    }  # fmt: skip


def test_a_change_names_the_version_it_is_based_on(claim: Claim, clerk: User, signed_in: SignIn) -> None:
    desk = signed_in(clerk)
    seen = desk.get(f"/api/v1/claims/{claim.number}/")["ETag"]
    assert patch(desk, claim, {"priority": 5}).status_code == 428
    answer = patch(desk, claim, {"priority": 5}, **{"If-Match": seen})
    assert (answer.status_code, answer.json()["priority"], answer["ETag"]) == (200, 5, '"1"')
    assert patch(desk, claim, {"priority": 6}, **{"If-Match": seen}).status_code == 412
    assert patch(desk, claim, {"priority": 6}, **{"If-Match": "rubbish"}).status_code == 412
    assert Claim.objects.get().priority == 5


CLOSED = ("decided", "checking", "merged")
CHANGES = {"patient_name": "李雷", "policy": "P-1", "priority": 7, "due_at": "2030-01-01T00:00:00Z"}
REFUSED = {
    "clerk": 409, "reviewer": 409, "supervisor": 409, "auditor": 403, "administrator": 409, "stranger": 404,
}  # fmt: skip


def frozen(claim: Claim) -> tuple[Any, ...]:
    claim.refresh_from_db()
    return claim.patient_name, claim.policy_id, claim.priority, claim.due_at, claim.version


@pytest.mark.parametrize("status", CLOSED)
@pytest.mark.parametrize("field", CHANGES)
def test_nobody_changes_a_claim_that_is_closed(
    claim: Claim, policy: Policy, people: dict[str, User], signed_in: SignIn, status: str, field: str
) -> None:
    Claim.objects.update(status=status)
    before = frozen(claim)
    answers = {
        name: patch(signed_in(person), claim, {field: CHANGES[field]}, **{"If-Match": '"0"'})
        for name, person in people.items()
    }
    assert {name: answer.status_code for name, answer in answers.items()} == REFUSED
    assert "opened again" in answers["clerk"].json()["detail"]
    assert frozen(claim) == before
    assert not LogEntry.objects.filter(action="claim.changed").exists()


@pytest.mark.parametrize("status", ["received", "ready", "in-review", "returned"])
@pytest.mark.parametrize("field", CHANGES)
def test_a_claim_that_is_open_is_changed_field_by_field(
    claim: Claim, policy: Policy, people: dict[str, User], signed_in: SignIn, status: str, field: str
) -> None:
    Claim.objects.update(status=status)
    answers = {}
    for name, person in people.items():
        claim.refresh_from_db()
        tag = f'"{claim.version}"'
        answers[name] = patch(signed_in(person), claim, {field: CHANGES[field]}, **{"If-Match": tag}).status_code
    assert answers == {name: 200 if code == 409 else code for name, code in REFUSED.items()}
    assert LogEntry.objects.filter(action="claim.changed", detail={"fields": [field]}).count() == 4


def test_what_only_a_decision_changes_is_not_changed_from_outside(claim: Claim, clerk: User, signed_in: SignIn) -> None:
    body = {"status": "decided", "amount_approved": "9.00", "number": "X", "version": 7, "currency": "THB"}
    patch(signed_in(clerk), claim, body, **{"If-Match": '"0"'})
    claim.refresh_from_db()
    assert (claim.status, claim.amount_approved, claim.number, claim.currency) == (
        "received", None, "2026-000001", "CNY",
    )  # fmt: skip


def test_another_policy_is_checked_against_the_papers(
    invoice: Document, clerk: User, signed_in: SignIn, policy: Policy
) -> None:
    Policy.objects.update(effective_until="2025-02-01")
    desk = signed_in(clerk)
    answer = patch(desk, invoice.claim, {"policy": policy.number}, **{"If-Match": '"0"'})
    assert answer.status_code == 200
    assert invoice.findings.filter(code="CLM-PERIOD").exists()


def test_an_unknown_claim_and_one_that_may_not_be_seen_look_alike(
    claim: Claim, reviewer: User, stranger: User, signed_in: SignIn
) -> None:
    assert signed_in(reviewer).get("/api/v1/claims/none/").status_code == 404
    assert signed_in(stranger).get(f"/api/v1/claims/{claim.number}/").status_code == 404


def test_the_description_is_complete_and_names_the_preconditions(reviewer: User, signed_in: SignIn) -> None:
    schema = signed_in(reviewer).get("/api/schema/?format=json").json()
    assert schema["openapi"].startswith("3.1")
    assert {"412", "428"} <= schema["paths"]["/api/v1/claims/{number}/"]["patch"]["responses"].keys()
    assert "/api/v1/documents/{id}/corrections/" in schema["paths"] or any(
        path.endswith("/corrections/") for path in schema["paths"]
    )


def test_the_pages_of_the_description_need_a_session_and_no_inline_script(
    client: Client, reviewer: User, signed_in: SignIn
) -> None:
    assert client.get("/api/docs/").status_code == 302
    answer = signed_in(reviewer).get("/api/docs/")
    assert b"<style" not in answer.content
    assert b"<script>" not in answer.content
    assert "data:" in answer["Content-Security-Policy"]
    assert "data:" not in signed_in(reviewer).get("/").get("Content-Security-Policy", "")


@pytest.mark.parametrize("number", ["a/b", "a\\b", "..", ".", "new", "NEW", "a b", "a?b", "a#b", "-1", "<b>"])
def test_a_number_that_no_address_can_hold_is_refused(clerk: User, signed_in: SignIn, number: str) -> None:
    desk = signed_in(clerk)
    assert desk.post("/api/v1/claims/", {"number": number, "patient_name": "王芳"}).status_code == 400
    assert desk.get("/").status_code == 200
    assert not Claim.objects.exists()


def test_a_claim_may_have_a_number_of_its_own_once(clerk: User, signed_in: SignIn) -> None:
    desk = signed_in(clerk)
    assert desk.post("/api/v1/claims/", {"number": "理赔-2026.001"}).status_code == 201
    assert desk.get("/claims/理赔-2026.001/").status_code == 200
    with pytest.raises(Refused, match="already"):
        intake.open_claim(user=clerk, number="理赔-2026.001")


def test_the_next_number_goes_around_one_that_a_program_chose(clerk: User) -> None:
    first = intake.open_claim(user=clerk)
    following = f"C{timezone.localdate().year}-{first.pk + 2:06d}"
    intake.open_claim(user=clerk, number=following)
    assert intake.open_claim(user=clerk).number == f"{following}A"


@time_machine.travel("2026-12-31T17:00:00Z", tick=False)
def test_the_year_of_a_number_is_the_desks_own(clerk: User) -> None:
    assert intake.open_claim(user=clerk).number.startswith("C2027-")
