"""Files go only to people who may see them, and only as what we say they are."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from claims import storage
from claims.filing import pages
from claims.models import Claim, Document, LogEntry, User
from claims.receiving.uploads import receive_file

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

NAME = "发票 1.JPG"
ADDRESSES = ("original", "page-picture", "page-thumbnail")
SEES = {"clerk": 200, "reviewer": 200, "supervisor": 200, "auditor": 200, "administrator": 200, "stranger": 404}


@pytest.fixture
def shown(claim: Claim, picture: Callable[..., bytes]) -> Document:
    """A document with its page."""
    content = picture()
    document = receive_file(claim=claim, file=content, name=NAME, user=None).document
    pages.make_pages(document, content)
    return document


def address(name: str, document: Document, index: int = 0) -> str:
    index_too = {} if name == "original" else {"index": index}
    return reverse(f"claims:{name}", kwargs={"pk": document.pk, **index_too})


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("name", ADDRESSES)
def test_whoever_has_a_role_gets_the_file(
    shown: Document, people: dict[str, User], signed_in: SignIn, role: str, name: str
) -> None:
    response = signed_in(people[role]).get(address(name, shown))
    assert response.status_code == SEES[role]
    if response.status_code == 200:
        assert body(response)


@pytest.mark.parametrize("name", ADDRESSES)
def test_nobody_gets_it_without_signing_in_and_nobody_changes_it(
    client: Client, shown: Document, reviewer: User, signed_in: SignIn, name: str
) -> None:
    response = client.get(address(name, shown))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    assert signed_in(reviewer).post(address(name, shown)).status_code == 405


def test_pages_are_upright_jpegs_that_the_browser_may_keep_for_itself(
    shown: Document, reviewer: User, signed_in: SignIn
) -> None:
    client = signed_in(reviewer)
    response = client.get(address("page-picture", shown))
    assert Image.open(io.BytesIO(body(response))).size == (600, 400)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    again = client.get(address("page-picture", shown), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_an_original_is_a_download_under_its_name_and_is_logged(
    shown: Document, auditor: User, signed_in: SignIn
) -> None:
    response = signed_in(auditor).get(address("original", shown))
    assert body(response) == storage.read(storage.original_key(shown.sha256))
    assert response["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(NAME)}"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert LogEntry.objects.get(action="document.original-opened").person == auditor.username


def test_an_original_never_goes_out_under_a_dangerous_ending(
    claim: Claim, picture: Callable[..., bytes], reviewer: User, signed_in: SignIn
) -> None:
    document = receive_file(claim=claim, file=picture(format="PNG"), name="page.html", user=None).document
    response = signed_in(reviewer).get(address("original", document))
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].endswith("page.html.png")


def test_what_is_not_there_is_not_found(shown: Document, reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    assert client.get(address("page-picture", shown, 1)).status_code == 404
    storage.delete(shown.pages.get().picture)
    assert client.get(address("page-picture", shown)).status_code == 404
