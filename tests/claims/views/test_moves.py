"""Moving, splitting and merging on the pages and by the API; two papers side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Document, Duplicate, Move, User

from ..conftest import ReadDocument

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def pair(read_document: ReadDocument, claim: Claim) -> list[Document]:
    documents = [read_document(), read_document(note_no="3300999888")]
    Claim.objects.filter(pk=claim.pk).update(status=Claim.Status.READY)
    return documents


@pytest.fixture
def other(db: None) -> Claim:
    return Claim.objects.create(number="2026-000002", status=Claim.Status.READY)


def address(name: str, *args: object) -> str:
    return reverse(f"claims:{name}", args=args)


@pytest.mark.parametrize(
    ("what", "to", "left"), [("moved", "2026-000002", 1), ("split", "", 1), ("merged", "2026-000002", 0)]
)
def test_the_page_says_what_will_happen_before_it_happens(
    pair: list[Document], claim: Claim, other: Claim, clerk: User, signed_in: SignIn, what: str, to: str, left: int
) -> None:
    client, url = signed_in(clerk), address("move-documents", claim.number)
    fields = {"what": what, "to": to, "documents": [pair[0].pk], "reason": "Another visit."}
    shown = client.post(url, fields).content.decode()
    assert "receipt.jpg leaves claim 2026-000001." in shown
    assert not Move.objects.exists()
    client.post(url, {**fields, "confirmed": "yes"})
    assert Move.objects.get().what == what
    assert claim.documents.count() == left
    page = client.get(address("claim", claim.number)).content.decode()
    assert "Move back" in page
    client.post(address("take-back-move", claim.number, Move.objects.get().pk))
    assert claim.documents.count() == 2


@pytest.mark.parametrize(
    "fields", [{"what": "moved", "to": "nowhere"}, {"what": "moved", "to": ""}, {"what": "split", "documents": []}]
)
def test_what_is_missing_is_told(
    pair: list[Document], claim: Claim, clerk: User, signed_in: SignIn, fields: dict[str, object]
) -> None:
    sent = {"documents": [pair[0].pk], "reason": "Another visit.", **fields}
    response = signed_in(clerk).post(address("move-documents", claim.number), sent)
    assert response.context["form"].errors
    assert not Move.objects.exists()


def test_a_claim_that_was_decided_meanwhile_keeps_its_documents(
    pair: list[Document], claim: Claim, other: Claim, clerk: User, signed_in: SignIn
) -> None:
    Claim.objects.filter(pk=other.pk).update(status=Claim.Status.DECIDED)
    fields = {"what": "moved", "to": other.number, "documents": [pair[0].pk], "reason": "x", "confirmed": "yes"}
    response = signed_in(clerk).post(address("move-documents", claim.number), fields, follow=True)
    assert "stay where they are" in response.content.decode()
    assert claim.documents.count() == 2


def test_two_papers_stand_side_by_side_with_what_differs(
    pair: list[Document], claim: Claim, reviewer: User, signed_in: SignIn
) -> None:
    mine, theirs = pair
    found = Duplicate.objects.create(document=mine, other=theirs, reason=Duplicate.Reason.SAME_VISIT)
    response = signed_in(reviewer).get(address("compare-duplicate", claim.number, found.pk))
    pairs = {pair.label: pair for pair in response.context["pairs"]}
    assert not pairs["Invoice number"].agrees
    assert pairs["Total"].agrees
    assert pairs["1"].mine == "阿莫西林胶囊 · 100"
    assert "11010519491231002X" not in response.content.decode()


def test_the_api_moves_splits_merges_and_takes_back(
    pair: list[Document], claim: Claim, other: Claim, clerk: User, signed_in: SignIn
) -> None:
    client, base = signed_in(clerk), f"/api/v1/claims/{claim.number}"

    def post(path: str, **body: object) -> tuple[int, dict[str, object]]:
        response = client.post(f"{base}/{path}/", body, content_type="application/json")
        return response.status_code, response.json()

    code, moved = post("move", documents=[pair[0].pk], to=other.number, reason="Another visit.")
    assert (code, moved["to_claim"]) == (201, other.number)
    assert post("move", documents=[pair[0].pk], to=other.number, reason="Again.")[0] == 404
    assert post(f"moves/{moved['id']}/take-back")[0] == 200
    code, split = post("move", documents=[pair[1].pk], reason="Two visits.")
    assert (code, split["what"]) == (201, "split")
    assert post("merge", into=str(split["to_claim"]), reason="One visit.")[0] == 201
    assert post("merge", into=other.number, reason="Nothing left.")[0] == 409
