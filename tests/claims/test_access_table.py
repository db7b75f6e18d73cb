"""Who gets what at every address of the desk: each page, times each role, times somebody who is not signed in.

A new address fails the first test until somebody has written down here who may open it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from claims import urls
from claims.filing import pages
from claims.models import Claim, Duplicate, LegalHold, Move, QueueView, User
from claims.receiving.uploads import receive_file

from .access_table import EVERYBODY, LOGIN, ROLES, WITH_A_ROLE, Address, filled, make_letter

pytestmark = pytest.mark.django_db

CLAIM, DOCUMENT = {"number": "2026-000001"}, {"pk": "document"}
PAGE = {**DOCUMENT, "index": 0}
LETTER = {**CLAIM, "pk": "letter"}
TABLE = {
    "queue": Address(EVERYBODY),  # a stranger's is empty
    "now-reading": Address(EVERYBODY),
    "queue-bulk": Address((403, 302, 302, 403, 302, 403), post={"action": "take", **CLAIM}),
    "save-view": Address((302, 302, 302, 302, 302, 403), post={"name": "Mine", "query": "view=all"}),
    "forget-view": Address((403, 403, 302, 403, 302, 404), post={}, kwargs={"pk": "view"}),  # a shared one
    "queue-export": Address((403, 200, 200, 200, 200, 403), post={"form": "csv", **CLAIM}),
    "assign-by-rules": Address((403, 403, 302, 403, 302, 403), post={}),
    "search": Address((302,) * 6, post={"q": "2026"}),
    "upload": Address((200, 200, 200, 403, 200, 403)),
    "new-claim": Address((200, 200, 200, 403, 200, 403)),
    "claim": Address(WITH_A_ROLE, kwargs=CLAIM),
    "edit-claim": Address((200, 200, 200, 403, 200, 404), kwargs=CLAIM),
    "add-note": Address((302, 302, 302, 403, 302, 404), post={"text": "Called."}, kwargs=CLAIM),
    "take-over-claim": Address((403, 403, 302, 403, 302, 404), post={"reason": "Ill."}, kwargs=CLAIM),
    "dismiss-duplicate": Address(
        (403, 302, 302, 403, 302, 404), post={"reason": "Two visits."}, kwargs={**CLAIM, "pk": "duplicate"}
    ),
    "export-csv": Address((403, 200, 200, 200, 200, 403), kwargs=CLAIM),
    "export-fhir": Address((403, 200, 200, 200, 200, 403), kwargs=CLAIM),
    "export-json": Address((403, 200, 200, 200, 200, 403), kwargs=CLAIM),
    "export-xlsx": Address((403, 200, 200, 200, 200, 403), kwargs=CLAIM),
    "check-decision": Address((403, 403, 302, 403, 302, 404), post={"agree": "yes"}, kwargs=CLAIM),
    "reopen-claim": Address((403, 403, 302, 403, 302, 404), post={"reason": "A letter."}, kwargs=CLAIM),
    "compare-duplicate": Address(WITH_A_ROLE, kwargs={**CLAIM, "pk": "duplicate"}),
    "move-documents": Address((200, 200, 200, 403, 200, 404), kwargs=CLAIM),
    "take-back-move": Address((302, 302, 302, 403, 302, 404), post={}, kwargs={**CLAIM, "pk": "move"}),
    "place-hold": Address((403, 403, 302, 403, 302, 404), post={"reason": "A lawsuit."}, kwargs=CLAIM),
    "lift-hold": Address((403, 403, 302, 403, 302, 404), post={"reason": "Over."}, kwargs={**CLAIM, "pk": "hold"}),
    "issue-letter": Address((403, 302, 302, 403, 302, 404), post={"language": "en"}, kwargs=CLAIM),
    "letter": Address(WITH_A_ROLE, kwargs=LETTER),
    "letter-pdf": Address(WITH_A_ROLE, kwargs=LETTER),
    "reissue-letter": Address((403, 302, 302, 403, 302, 404), post={"reason": "The address."}, kwargs=LETTER),
    "remind-papers": Address((403, 302, 302, 403, 302, 404), post={}, kwargs=CLAIM),
    "return-claim": Address((403, 200, 200, 403, 200, 404), kwargs=CLAIM),
    "papers": Address(EVERYBODY),  # a stranger's is empty
    "original": Address(WITH_A_ROLE, kwargs=DOCUMENT),
    "page-picture": Address(WITH_A_ROLE, kwargs=PAGE),
    "page-thumbnail": Address(WITH_A_ROLE, kwargs=PAGE),
    "reports": Address((403, 403, 200, 200, 200, 403)),
    "report-csv": Address((403, 403, 200, 200, 200, 403), kwargs={"name": "inflow"}),
    "help": Address(EVERYBODY),
    "review": Address(WITH_A_ROLE, kwargs=DOCUMENT),
    "api-docs": Address(EVERYBODY),
    "schema": Address(EVERYBODY, nobody=401),
    "healthz": Address(EVERYBODY, nobody=200),
    "readyz": Address(EVERYBODY, nobody=200),
    "metrics": Address(EVERYBODY, nobody=200),
    "sign-out-everywhere": Address((LOGIN,) * 6, post={}),  # and is led to the sign-in page
    "theme": Address((302,) * 6, nobody=302, post={"theme": "dark"}),
}


@pytest.fixture
def rows(claim: Claim, picture: Callable[..., bytes]) -> dict[str, int]:
    """The keys of the claim's document and of its duplicate in another claim."""
    content = picture()
    document = receive_file(claim=claim, file=content, name="a.jpg", user=None).document
    pages.make_pages(document, content)
    other = receive_file(claim=Claim.objects.create(number="other"), file=content, name="b.jpg", user=None)
    twin = Duplicate.objects.create(document=document, other=other.document, reason=Duplicate.Reason.SAME_NUMBER)
    letter = make_letter(claim)
    move = Move.objects.create(
        what=Move.What.MOVED, from_claim=claim, to_claim=other.document.claim, reason="x", moved_by=letter.made_by
    )
    hold = LegalHold.objects.create(claim=claim, reason="x", placed_by=letter.made_by)
    view = QueueView.objects.create(owner=letter.made_by, name="Large", query="above=1000", shared=True)
    return {
        "document": document.pk, "duplicate": twin.pk, "letter": letter.pk, "move": move.pk, "hold": hold.pk,
        "view": view.pk,
    }  # fmt: skip


def names_of_pages() -> Iterator[str]:
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern):  # the API has one of its own: test_api_access_table.py
            yield str(pattern.name)


def ask(client: Client, name: str, rows: dict[str, int]) -> int | str:
    address = TABLE[name]
    url = reverse(f"claims:{name}", kwargs=filled(address.kwargs, rows))
    response = client.get(url) if address.post is None else client.post(url, address.post)
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return LOGIN
    return int(response.status_code)


def test_every_address_is_in_the_table() -> None:
    assert set(names_of_pages()) == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", TABLE)
def test_a_role_gets_what_the_table_says(
    people: dict[str, User], signed_in: Callable[[User], Client], rows: dict[str, int], name: str, role: str
) -> None:
    assert ask(signed_in(people[role]), name, rows) == TABLE[name].status[ROLES.index(role)]


@pytest.mark.parametrize("name", TABLE)
def test_whoever_is_not_signed_in_gets_what_the_table_says(client: Client, rows: dict[str, int], name: str) -> None:
    assert ask(client, name, rows) == TABLE[name].nobody


@pytest.mark.parametrize("name", [name for name, address in TABLE.items() if address.post is not None])
def test_a_link_changes_nothing(
    people: dict[str, User], signed_in: Callable[[User], Client], rows: dict[str, int], name: str
) -> None:
    url = reverse(f"claims:{name}", kwargs=filled(TABLE[name].kwargs, rows))
    assert signed_in(people["administrator"]).get(url).status_code == 405


@pytest.mark.parametrize("name", [name for name, address in TABLE.items() if address.post is not None])
def test_a_form_of_another_site_is_refused(people: dict[str, User], rows: dict[str, int], name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["administrator"])
    assert ask(client, name, rows) == 403
