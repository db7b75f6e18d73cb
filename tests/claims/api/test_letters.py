"""Letters for other programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from claims.guards import Refused
from claims.models import Claim, Document, Letter, PaperRequest, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def ready(invoice: Document) -> Claim:
    Claim.objects.filter(pk=invoice.claim_id).update(status=Claim.Status.READY)
    return Claim.objects.get(pk=invoice.claim_id)


def decide(client: Client, claim: Claim, **body: object) -> int:
    sent = {"version": claim.version, **body}
    url = f"/api/v1/claims/{claim.number}/decision/"
    return int(client.post(url, sent, content_type="application/json").status_code)


def test_a_letter_is_issued_listed_fetched_and_issued_again(ready: Claim, reviewer: User, signed_in: SignIn) -> None:
    client, url = signed_in(reviewer), f"/api/v1/claims/{ready.number}/letters/"
    assert client.post(url, {}).status_code == 409
    assert decide(client, ready, outcome="approved") == 200
    made = client.post(url, {"language": "en"})
    assert (made.status_code, made.json()["kind"]) == (201, "approval")
    assert client.post(url, {"language": "en"}).status_code == 409
    again = client.post(url, {"replaces": made.json()["number"], "reason": "Wrong address."}).json()
    assert again["replaces"] == made.json()["number"]
    assert [letter["number"] for letter in client.get(url).json()] == [made.json()["number"], again["number"]]
    assert client.get(f"{url}{again['id']}/pdf/").content.startswith(b"%PDF-")


def test_a_return_takes_the_list_of_papers(ready: Claim, reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    assert decide(client, ready, outcome="returned", reason="x", papers=["horoscope"]) == 400
    assert decide(client, ready, outcome="returned", reason="x", papers=["invoice"], papers_until="2000-01-01") == 400
    assert decide(client, ready, outcome="returned", reason="x", papers=["invoice"], papers_until="2099-01-01") == 200
    assert PaperRequest.objects.get().until.year == 2099
    assert not Letter.objects.exists()


def test_a_decision_and_its_letter_are_one(ready: Claim, reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    wanted = {"outcome": "returned", "reason": "x", "papers": ["invoice"]}
    assert decide(client, ready, **wanted, letter="fr") == 400
    assert not ready.decisions.exists()
    assert decide(client, ready, **wanted, letter="th") == 200
    assert (Letter.objects.get().language, Letter.objects.get().decision) == ("th", ready.decisions.get())


def test_a_letter_that_cannot_be_issued_leaves_the_claim_undecided(
    ready: Claim, reviewer: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Refused("no paper in the printer")

    monkeypatch.setattr("claims.correspondence.letter_print.to_pdf", refuse)
    assert decide(signed_in(reviewer), ready, outcome="approved", letter="en") == 409
    assert not ready.decisions.exists()


@pytest.mark.parametrize(
    ("person", "seen", "issued"), [("clerk", 200, 403), ("auditor", 200, 403), ("stranger", 404, 404)]
)
def test_who_may_read_and_issue(
    ready: Claim, reviewer: User, people: dict[str, User], signed_in: SignIn, person: str, seen: int, issued: int
) -> None:
    decide(signed_in(reviewer), ready, outcome="approved")
    client, url = signed_in(people[person]), f"/api/v1/claims/{ready.number}/letters/"
    assert client.get(url).status_code == seen
    assert client.post(url, {"language": "en"}).status_code == issued
    assert not Letter.objects.exists()
