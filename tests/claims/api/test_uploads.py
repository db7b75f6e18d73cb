"""Files by the API: each has its own result."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from claims.filing import pages
from claims.models import Claim, Document, User
from claims.receiving.uploads import receive_file

pytestmark = pytest.mark.django_db
Picture = Callable[..., bytes]
SignIn = Callable[[User], Client]

UPLOADS, STATUS = "/api/v1/uploads/", "/api/v1/documents/"
TAKES_IN = {"clerk": 200, "reviewer": 200, "supervisor": 200, "auditor": 403, "administrator": 200, "stranger": 403}


def files(*contents: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"file-{n}.jpg", content) for n, content in enumerate(contents)]


@pytest.mark.parametrize("role", TAKES_IN)
def test_who_may_take_in_files(
    people: dict[str, User], signed_in: SignIn, claim: Claim, picture: Picture, role: str
) -> None:
    response = signed_in(people[role]).post(UPLOADS, {"files": files(picture()), "claim": claim.number})
    assert response.status_code == TAKES_IN[role]
    assert Document.objects.exists() == (TAKES_IN[role] == 200)


def test_nobody_takes_in_files_or_sees_documents_without_signing_in(client: Client, picture: Picture) -> None:
    assert client.post(UPLOADS, {"files": files(picture())}).status_code == 401
    assert client.get(STATUS).status_code == 401


def test_one_bad_file_does_not_stop_the_others(clerk: User, signed_in: SignIn, claim: Claim, picture: Picture) -> None:
    sent = files(picture("one"), b"not a picture", picture("two"), b"")
    answer = signed_in(clerk).post(UPLOADS, {"files": sent, "claim": claim.number, "kind": "invoice"}).json()
    assert [result["accepted"] for result in answer["results"]] == [True, False, True, False]
    refused = answer["results"][1]
    assert (refused["name"], refused["code"]) == ("file-1.jpg", "unsupported")
    assert "JPEG" in refused["reason"]
    assert answer["claim"] == {"number": claim.number, "url": f"/claims/{claim.number}/"}
    assert list(claim.documents.values_list("original_name", "kind")) == [
        ("file-0.jpg", "invoice"),
        ("file-2.jpg", "invoice"),
    ]


def test_files_without_a_claim_open_one_for_all_of_them(clerk: User, signed_in: SignIn, picture: Picture) -> None:
    answer = signed_in(clerk).post(UPLOADS, {"files": files(b"bad", picture("one"), picture("two"))}).json()
    opened = Claim.objects.get()
    assert answer["claim"]["number"] == opened.number
    assert opened.documents.count() == 2
    assert opened.created_by == clerk


def test_a_claim_is_not_opened_for_files_that_are_refused(clerk: User, signed_in: SignIn) -> None:
    answer = signed_in(clerk).post(UPLOADS, {"files": files(b"bad")}).json()
    assert answer["claim"] is None
    assert not Claim.objects.exists()


def test_the_same_file_in_another_claim_is_shown(
    clerk: User, signed_in: SignIn, claim: Claim, picture: Picture
) -> None:
    first = receive_file(claim=claim, file=picture(), name="a", user=None).document
    answer = signed_in(clerk).post(UPLOADS, {"files": files(picture())}).json()
    [twin] = answer["results"][0]["duplicates"]
    assert twin == {"claim": claim.number, "url": f"/documents/{first.pk}/review/", "reason": "The same file"}


@pytest.mark.parametrize("order", [{}, {"claim": "2026-000001"}, {"files": "text"}])
def test_a_request_without_files_says_so(clerk: User, signed_in: SignIn, order: dict[str, str]) -> None:
    response = signed_in(clerk).post(UPLOADS, order)
    assert response.status_code == 400
    assert "files" in response.json()


def test_an_unknown_claim_or_kind_is_refused(clerk: User, signed_in: SignIn, picture: Picture) -> None:
    client = signed_in(clerk)
    assert client.post(UPLOADS, {"files": files(picture()), "claim": "none"}).status_code == 404
    assert client.post(UPLOADS, {"files": files(picture()), "kind": "passport"}).status_code == 400


def test_a_page_that_waits_asks_for_many_documents_at_once(
    clerk: User, stranger: User, signed_in: SignIn, claim: Claim, picture: Picture
) -> None:
    content = picture("one")
    first = receive_file(claim=claim, file=content, name="a.jpg", user=None).document
    second = receive_file(claim=claim, file=picture("two"), name="b.jpg", user=None).document
    pages.make_pages(first, content)
    query: dict[str, list[int | str]] = {"id": [first.pk, second.pk, 999_999, "x"]}
    found = signed_in(clerk).get(STATUS, query).json()["results"]
    assert [document["id"] for document in found] == [first.pk, second.pk]
    assert found[0]["thumbnail"] == reverse("claims:page-thumbnail", kwargs={"pk": first.pk, "index": 0})
    assert (found[1]["thumbnail"], found[1]["status"]) == (None, "queued")
    assert signed_in(stranger).get(STATUS, query).json() == {"results": []}


def test_a_program_takes_in_files_with_a_token(client: Client, clerk: User, picture: Picture) -> None:
    token = Token.objects.create(user=clerk)
    response = client.post(UPLOADS, {"files": files(picture())}, headers={"Authorization": f"Token {token.key}"})
    assert response.json()["results"][0]["accepted"]
