"""Who gets what from every call of the API: each method of each route, times each role, times somebody not signed in.

What is sent is complete, so that whoever may do it does it: a role that is refused is refused for being that role. A
new route or method fails the first test until somebody has written down here who may call it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse
from django.utils import timezone

from claims.api import urls
from claims.models import Claim, Document, LegalHold, Move, Page, Role, User

from .access_table import EVERYBODY, ROLES, WITH_A_ROLE, Address, filled, make_decision, make_letter

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Call(Address):
    """`post`: the JSON that is sent."""

    nobody: int | str = 401
    first: tuple[str, ...] = ()
    """What the same person asks before: nobody takes back what was not done."""
    headers: Mapping[str, str] = field(default_factory=dict)


OPEN, DECIDED = {"number": "2026-000001"}, {"number": "decided"}
CHECKING, LOCKED = {"number": "checking"}, {"number": "locked"}
DOCUMENT = {"pk": "document"}
FINDING = {**DOCUMENT, "finding": "finding"}
WHY = {"reason": "A letter came."}
CORRECTING = (403, 200, 200, 403, 200, 404)
SUPERVISING = (403, 403, 200, 403, 200, 404)
TABLE = {
    # intake
    "GET documents-status": Call(EVERYBODY),  # a stranger's is empty
    "POST uploads": Call((200, 200, 200, 403, 200, 403), post={"files": "file"}),
    # claims
    "GET claims": Call(EVERYBODY),  # a stranger's is empty
    "POST claims": Call((201, 201, 201, 403, 201, 403), post={}),
    "GET claim-detail": Call(WITH_A_ROLE, kwargs=OPEN),
    "PATCH claim-detail": Call(
        (200, 200, 200, 403, 200, 404), post={"patient_name": "B"}, kwargs=OPEN, headers={"If-Match": "etag"}
    ),
    "GET export": Call((403, 200, 200, 200, 200, 403), kwargs={**OPEN, "form": "fhir"}),
    # several claims
    "POST bulk": Call((403, 200, 200, 403, 200, 403), post={"action": "take", "numbers": ["2026-000001"]}),
    "POST exports": Call((403, 200, 200, 200, 200, 403), post={"form": "json", "numbers": ["2026-000001"]}),
    # decisions
    "POST check": Call(SUPERVISING, post={"agree": True}, kwargs=CHECKING),
    "POST decision": Call(
        CORRECTING,
        post={"outcome": "rejected", "reason_code": "period", "version": "version", **WHY},
        kwargs=OPEN,
    ),
    "POST pass-to-senior": Call(CORRECTING, post={"version": "version", **WHY}, kwargs=OPEN),
    "POST reopen": Call(SUPERVISING, post=WHY, kwargs=DECIDED),
    "POST take-over": Call(SUPERVISING, post=WHY, kwargs=LOCKED),
    # the desk
    "POST assign-waiting": Call((403, 403, 200, 403, 200, 403), post={}),
    "GET report": Call((403, 403, 200, 200, 200, 403), kwargs={"name": "inflow"}),
    # documents between claims
    "POST merge": Call((201, 201, 201, 403, 201, 404), post={"into": "other", **WHY}, kwargs=OPEN),
    "POST move": Call((201, 201, 201, 403, 201, 404), post={"documents": ["document"], **WHY}, kwargs=OPEN),
    "POST take-back": Call((200, 200, 200, 403, 200, 404), post={}, kwargs={**OPEN, "pk": "move"}),
    # legal holds
    "GET holds": Call(WITH_A_ROLE, kwargs=OPEN),
    "POST holds": Call((403, 403, 201, 403, 201, 404), post=WHY, kwargs=OPEN),
    "POST lift": Call(SUPERVISING, post=WHY, kwargs={**OPEN, "pk": "hold"}),
    # letters
    "GET letters": Call(WITH_A_ROLE, kwargs=DECIDED),
    "POST letters": Call((403, 201, 201, 403, 201, 404), post={"replaces": "1", **WHY}, kwargs=DECIDED),
    "GET letter-file": Call(WITH_A_ROLE, kwargs={**DECIDED, "pk": "letter"}),
    # one document
    "POST confirm-partial": Call(CORRECTING, post={}, kwargs=DOCUMENT),
    "POST locate": Call((403, 204, 204, 403, 204, 404), post={}, kwargs=DOCUMENT),  # nothing is left to look for
    "POST rotation": Call((403, 204, 204, 403, 204, 404), post={"rotation": 90}, kwargs={**DOCUMENT, "index": 0}),
    "POST pin": Call(CORRECTING, post={"cell": "price", "rect": [10, 10, 90, 40], "page": 0}, kwargs=DOCUMENT),
    "POST read-again": Call((403, 202, 202, 403, 202, 404), post={}, kwargs=DOCUMENT),
    "POST reveal": Call(
        (403, 200, 200, 200, 200, 404), post={"cell": "invoice/social_security_card_number"}, kwargs=DOCUMENT
    ),
    # review page
    "GET answer": Call(WITH_A_ROLE, kwargs=DOCUMENT),
    "GET state": Call(WITH_A_ROLE, kwargs=DOCUMENT),
    "POST corrections": Call(
        CORRECTING, post={"changes": [{"cell": "price", "value": "99.00", "seen": 1}]}, kwargs=DOCUMENT
    ),
    "POST acknowledge": Call(CORRECTING, post=WHY, kwargs=FINDING),
    "POST reopen-finding": Call(CORRECTING, post={}, kwargs=FINDING, first=("POST acknowledge",)),
    "POST rows": Call(CORRECTING, post={"list": "line_items", "action": "add"}, kwargs=DOCUMENT),
    "POST undo": Call(CORRECTING, post={}, kwargs=DOCUMENT, first=("POST corrections",)),
    "POST redo": Call(CORRECTING, post={}, kwargs=DOCUMENT, first=("POST corrections", "POST undo")),
}
CHANGES = [name for name, call in TABLE.items() if call.post is not None]


@pytest.fixture
def rows(
    make_user: Callable[..., User], read_document: Callable[..., Document], picture: Callable[..., bytes]
) -> dict[str, Any]:
    """The claims that the table names, and what stands for the other names in it."""
    maker = make_user("maker", Role.SUPERVISOR)
    document, _second = read_document(total_cost="1.00"), read_document()
    Page.objects.create(document=document, index=0, width=600, height=400, picture="p", thumbnail="t")
    Document.objects.filter(pk=document.pk).update(partial=True)
    Claim.objects.create(number="locked", locked_by=maker, locked_until=timezone.now() + timedelta(hours=1))
    decided = Claim.objects.create(number="decided", status=Claim.Status.DECIDED)
    checking = Claim.objects.create(number="checking", status=Claim.Status.CHECKING)
    make_decision(checking, maker, needs_check=True)
    return {
        **keys_of(document, maker),
        "letter": make_letter(decided).pk,
        "file": SimpleUploadedFile("a.jpg", picture()),
    }


def keys_of(document: Document, maker: User) -> dict[str, Any]:
    """Of what belongs to the open claim."""
    claim, other = document.claim, Claim.objects.create(number="other")
    claim.refresh_from_db()
    move = Move.objects.create(what=Move.What.MOVED, from_claim=claim, to_claim=other, reason="x", moved_by=maker)
    finding = document.findings.first()
    assert finding is not None
    return {
        "document": document.pk,
        "finding": finding.pk,
        "price": f"line_items/{document.line_items.get(n=0).pk}/price",
        "move": move.pk,
        "hold": LegalHold.objects.create(claim=claim, reason="x", placed_by=maker).pk,
        "version": claim.version,
        "etag": f'"{claim.version}"',
    }


NO_ROWS = dict.fromkeys(("document", "finding", "move", "hold", "letter"), 1)
"""Whoever is refused at the door learns nothing of what is behind it."""


def calls_of_the_api() -> Iterator[str]:
    for pattern in urls.urlpatterns:
        view: Any = vars(pattern.callback)["cls"]
        for method in view.http_method_names:
            if hasattr(view, method) and method != "options":
                yield f"{method.upper()} {pattern.name}"


def ask(client: Client, name: str, rows: Mapping[str, Any]) -> int:
    call, (method, route) = TABLE[name], name.split()
    url = reverse(f"claims:{route}", kwargs=filled(call.kwargs, rows))
    headers = filled(call.headers, rows)
    if call.post is None:
        return client.get(url, headers=headers).status_code
    body = filled(call.post, rows)
    content_type = MULTIPART_CONTENT if "files" in body else "application/json"
    send = client.patch if method == "PATCH" else client.post
    return send(url, body, content_type=content_type, headers=headers).status_code


def test_every_call_is_in_the_table() -> None:
    assert sorted(calls_of_the_api()) == sorted(TABLE)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", TABLE)
def test_a_role_gets_what_the_table_says(
    people: dict[str, User], signed_in: Callable[[User], Client], rows: dict[str, Any], name: str, role: str
) -> None:
    client = signed_in(people[role])
    for before in TABLE[name].first:
        ask(client, before, rows)
    assert ask(client, name, rows) == TABLE[name].status[ROLES.index(role)]


@pytest.mark.parametrize("name", TABLE)
def test_whoever_is_not_signed_in_gets_nothing(client: Client, name: str) -> None:
    assert ask(client, name, NO_ROWS) == TABLE[name].nobody


@pytest.mark.parametrize("name", CHANGES)
def test_a_page_of_another_site_changes_nothing(people: dict[str, User], name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["administrator"])
    assert ask(client, name, NO_ROWS) == 403


def test_the_lists_of_somebody_without_a_role_are_empty(
    stranger: User, signed_in: Callable[[User], Client], rows: dict[str, Any]
) -> None:
    client = signed_in(stranger)
    assert client.get(reverse("claims:claims")).json()["results"] == []
    status = client.get(reverse("claims:documents-status"), {"id": rows["document"]})
    assert status.json() == {"results": []}
