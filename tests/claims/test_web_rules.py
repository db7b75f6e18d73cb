"""What no database can hold is refused with 400, wherever it comes in; no browser keeps a page of the desk."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Document, LogEntry, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HUGE = 10**30


@pytest.mark.parametrize(
    "path",
    [
        "/?q=a%00b", "/?assignee=%00", "/claims/a%00b/", "/claims/a%00b/export.csv", "/api/v1/claims/?q=%00",
        "/api/v1/claims/a%00b/", "/papers/?state=%00", "/admin/claims/logentry/?q=%00", "/accounts/login/?next=%00",
    ],
)  # fmt: skip
def test_no_address_holds_a_nul(administrator: User, signed_in: SignIn, path: str) -> None:
    assert signed_in(administrator).get(path).status_code == 400


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("take-over-claim", {"reason": "a\0b"}),
        ("check-decision", {"agree": "yes", "reason": "\0"}),
        ("reopen-claim", {"reason": "a\0b"}),
        ("place-hold", {"reason": "a\0b"}),
        ("place-hold", {"reason": "a", "a\0b": "c"}),
    ],
)
def test_no_form_holds_a_nul(
    document: Document, supervisor: User, signed_in: SignIn, page: str, fields: dict[str, str]
) -> None:
    url = reverse(f"claims:{page}", args=[document.claim.number])
    assert signed_in(supervisor).post(url, fields).status_code == 400
    assert not LogEntry.objects.filter(claim_number=document.claim.number).exists()


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7"])
def test_a_form_is_in_utf_8(reviewer: User, signed_in: SignIn, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    for client in (signed_in(reviewer), Client(enforce_csrf_checks=True)):
        assert client.post("/search/", b"q=1", content_type=kind).status_code == 400
        assert client.post("/api/v1/uploads/", b"q=1", content_type=kind).status_code == 400


def test_nobody_signs_in_with_a_nul(client: Client) -> None:
    form = {"login": "rui", "password": "wrong", "more": "\0"}
    assert client.post(reverse("account_login"), form).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/claims/?received_after=0001-01-01", "/api/v1/claims/?received_before=9999-12-31T23:59:59-14:00",
        "/reports/?last=0001-01-01", "/reports/?last=9999-12-31", "/api/v1/reports/savings/?last=0001-01-01",
    ],
)  # fmt: skip
def test_a_day_beyond_the_calendar_breaks_nothing(supervisor: User, signed_in: SignIn, path: str) -> None:
    assert signed_in(supervisor).get(path).status_code in (200, 400)


def test_a_number_beyond_every_column_breaks_nothing(document: Document, supervisor: User, signed_in: SignIn) -> None:
    client, number = signed_in(supervisor), document.claim.number
    assert client.get(f"/documents/{HUGE}/pages/0.jpg").status_code == 404
    assert client.get(f"/documents/{document.pk}/pages/{HUGE}.jpg").status_code == 404
    moved = {"what": "split", "documents": [HUGE], "reason": "x"}
    assert client.post(reverse("claims:move-documents", args=[number]), moved).status_code in (200, 400)
    body = {"documents": [HUGE], "reason": "x"}
    answer = client.post(f"/api/v1/claims/{number}/move/", json.dumps(body), content_type="application/json")
    assert answer.status_code in (400, 404)


@pytest.mark.parametrize(
    "body",
    [
        '{"changes": [{"cell": "invoice/payee", "value": "x"}], "why": "\\ud800"}',
        '{"changes": [{"cell": "\\ud800", "value": "x"}]}',
        "[" * 20_000 + "]" * 20_000,
        '{"changes": NaN}',
        '{"changes": [{"cell": "line_items/' + "9" * 90 + '/price", "value": "1"}], "finding": ' + str(HUGE) + "}",
    ],
)
def test_odd_json_is_refused(document: Document, reviewer: User, signed_in: SignIn, body: str) -> None:
    url = f"/api/v1/documents/{document.pk}/corrections/"
    answer = signed_in(reviewer).post(url, body, content_type="application/json")
    assert answer.status_code in (400, 409)
    assert answer.json()


@pytest.mark.parametrize("policy", ["a\0b", "\ud800", "x" * 5000, HUGE, [], {}])
def test_a_policy_that_cannot_be_is_refused(clerk: User, signed_in: SignIn, policy: object) -> None:
    sent = json.dumps({"policy": policy, "patient_name": "王芳"})
    assert signed_in(clerk).post("/api/v1/claims/", sent, content_type="application/json").status_code == 400


@pytest.mark.parametrize("path", ["/", "/api/v1/claims/", "/help/", "/nowhere/", "/admin/", "/accounts/2fa/"])
def test_no_page_and_no_answer_is_kept(administrator: User, signed_in: SignIn, path: str) -> None:
    assert "no-store" in signed_in(administrator).get(path)["Cache-Control"]


def test_nobody_asks_this_desk_for_mail(reviewer: User, client: Client, signed_in: SignIn) -> None:
    assert client.post("/accounts/password/reset/", {"email": "a@example.com"}).status_code == 405
    assert client.get("/accounts/password/reset/key/1-2-set/").status_code == 404
    assert client.get("/accounts/signup/").status_code == 404
    assert signed_in(reviewer).post("/accounts/email/", {"email": "a@example.com", "action_add": ""}).status_code == 302
    assert client.get("/accounts/login/").status_code == 200
    assert signed_in(reviewer).get("/accounts/password/change/").status_code == 200
