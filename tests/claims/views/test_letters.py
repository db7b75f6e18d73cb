"""Letters on the claim's page, their preview and file; the return form and the list of claims that wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import storage
from claims.correspondence import letters
from claims.deciding import decisions
from claims.deciding.papers import Wanted
from claims.models import Claim, Decision, Document, Letter, LogEntry, PaperRequest, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def ready(invoice: Document) -> Claim:
    Claim.objects.filter(pk=invoice.claim_id).update(status=Claim.Status.READY)
    return Claim.objects.get(pk=invoice.claim_id)


@pytest.fixture
def letter(ready: Claim, reviewer: User) -> Letter:
    verdict = decisions.Verdict(outcome=Decision.Outcome.REJECTED, reason_code="period", reason="Too early.")
    decision = decisions.decide(claim=ready, user=reviewer, verdict=verdict, version=ready.version)
    return letters.issue(decision=decision, user=reviewer, language="en")


def address(name: str, *args: object) -> str:
    return reverse(f"claims:{name}", args=args)


def test_the_letter_is_issued_on_the_claims_page_and_shown(ready: Claim, reviewer: User, signed_in: SignIn) -> None:
    verdict = decisions.Verdict(outcome=Decision.Outcome.APPROVED)
    decisions.decide(claim=ready, user=reviewer, verdict=verdict, version=ready.version)
    client = signed_in(reviewer)
    shown = client.post(address("issue-letter", ready.number), {"language": "th"}, follow=True).content.decode()
    assert '<article class="letter" lang="th">' in shown
    assert Letter.objects.get().number in client.get(address("claim", ready.number)).content.decode()


@pytest.mark.parametrize("language", ["", "xx"])
def test_a_language_that_is_none_is_refused(letter: Letter, reviewer: User, signed_in: SignIn, language: str) -> None:
    signed_in(reviewer).post(address("issue-letter", letter.claim.number), {"language": language})
    assert Letter.objects.count() == 1


def test_the_file_goes_out_as_an_attachment_and_on_record(letter: Letter, auditor: User, signed_in: SignIn) -> None:
    response = signed_in(auditor).get(address("letter-pdf", letter.claim.number, letter.pk))
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "private, no-store"
    assert LogEntry.objects.latest("id").action == "letter.opened"


def test_a_letter_of_another_claim_is_not_there(letter: Letter, reviewer: User, signed_in: SignIn) -> None:
    Claim.objects.create(number="other")
    assert signed_in(reviewer).get(address("letter", "other", letter.pk)).status_code == 404


def test_a_damaged_file_is_not_handed_out(letter: Letter, reviewer: User, signed_in: SignIn) -> None:
    storage.delete(storage.letter_key(letter.pdf_sha256))
    assert signed_in(reviewer).get(address("letter-pdf", letter.claim.number, letter.pk)).status_code == 404


def test_a_letter_is_issued_again_with_its_reason(letter: Letter, reviewer: User, signed_in: SignIn) -> None:
    again = address("reissue-letter", letter.claim.number, letter.pk)
    shown = signed_in(reviewer).post(again, {"reason": "A typing error."}, follow=True).content.decode()
    assert "A typing error." in shown
    assert Letter.objects.get(replaces=letter).reason == "A typing error."


def test_the_return_form_keeps_the_list_and_issues_the_letter(ready: Claim, reviewer: User, signed_in: SignIn) -> None:
    fields = {
        "papers": ["prescription"],
        "other_papers": "X-ray",
        "language": "en",
        "reason": "The list is missing.",
        "version": str(ready.version),
    }
    signed_in(reviewer).post(address("return-claim", ready.number), fields)
    assert PaperRequest.objects.get().wanted == ["Prescription", "X-ray"]
    assert Letter.objects.get().kind == Letter.Kind.PAPERS


def test_an_empty_list_is_told_and_nothing_happens(ready: Claim, reviewer: User, signed_in: SignIn) -> None:
    fields = {"language": "en", "reason": "Missing.", "version": str(ready.version)}
    shown = signed_in(reviewer).post(address("return-claim", ready.number), fields).content.decode()
    assert "Choose the papers that are missing" in shown
    assert not Decision.objects.exists()


def test_the_waiting_list_shows_state_and_papers_with_a_fixed_number_of_queries(
    ready: Claim, reviewer: User, signed_in: SignIn
) -> None:
    client = signed_in(reviewer)
    give_back(ready, reviewer)
    page = address("papers")
    with CaptureQueriesContext(connection) as one:
        assert "Waiting for papers" in client.get(page).content.decode()
    for n in range(3):
        give_back(Claim.objects.create(number=f"more-{n}", status=Claim.Status.READY), reviewer)
    with CaptureQueriesContext(connection) as four:
        assert "more-2" in client.get(page).content.decode()
    assert len(four) == len(one)


def test_a_reminder_is_sent_from_the_list(ready: Claim, reviewer: User, signed_in: SignIn) -> None:
    give_back(ready, reviewer)
    signed_in(reviewer).post(address("remind-papers", ready.number))
    assert Letter.objects.get().kind == Letter.Kind.REMINDER


def give_back(claim: Claim, user: User) -> None:
    claim.refresh_from_db()
    verdict = decisions.Verdict(
        outcome=Decision.Outcome.RETURNED, reason="Missing.", wanted=Wanted(papers=("prescription",))
    )
    decisions.decide(claim=claim, user=user, verdict=verdict, version=claim.version)
