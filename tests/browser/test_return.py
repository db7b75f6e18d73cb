"""Returning a claim for papers from the review screen: the list, the letter; and why a second person looks."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.models import Claim, Decision, Document, User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen
from tests.browser.test_accessibility import expect_accessible


@pytest.fixture
def document(make_invoice: MakeInvoice) -> Document:
    made = make_invoice(Paper())
    Claim.objects.filter(pk=made.claim_id).update(status=Claim.Status.READY)
    return made


@pytest.fixture
def desk(open_screen: OpenScreen, document: Document, reviewer: User) -> Screen:
    return open_screen(document, reviewer)


def ask_for_papers(desk: Screen) -> None:
    desk.page.get_by_role("button", name="Return for papers").click()
    expect(desk.page.get_by_label("Original invoice")).to_be_focused()


def test_papers_are_chosen_from_the_list_and_the_letter_goes_with_it(desk: Screen, document: Document) -> None:
    ask_for_papers(desk)
    expect_accessible(desk)
    desk.press("Space")
    desk.page.get_by_label("Prescription").check()
    desk.page.get_by_label("Other papers, one a line").fill("The seal of the ward")
    desk.page.get_by_label("Why they are needed").fill("The invoice is a copy.")
    desk.press("Control+Enter")
    expect(desk.page.locator("#decision-words")).to_contain_text("The invoice is a copy.")
    decision = Decision.objects.get()
    request = decision.paper_request
    assert (request.papers, request.other) == (["invoice", "prescription"], "The seal of the ward")
    assert decision.reason_code == "papers-missing"
    assert decision.letters.get().language == "zh-hans"


def test_without_a_letter_none_is_issued(desk: Screen) -> None:
    ask_for_papers(desk)
    desk.press("Space")
    desk.page.get_by_label("Letter").select_option("")
    desk.page.get_by_label("Why they are needed").fill("The invoice is a copy.")
    desk.press("Control+Enter")
    expect(desk.page.locator("#decision-made")).to_be_visible()
    assert not Decision.objects.get().letters.exists()


def test_a_list_without_papers_is_complained_about_and_nothing_is_lost(desk: Screen) -> None:
    ask_for_papers(desk)
    desk.page.get_by_label("Why they are needed").fill("The invoice is a copy.")
    desk.page.get_by_label("Until").fill("2020-01-01")
    desk.press("Control+Enter")
    expect(desk.page.locator("#decide-problem")).to_contain_text("Choose the papers that are missing")
    expect(desk.page.get_by_label("Why they are needed")).to_have_value("The invoice is a copy.")
    assert not Decision.objects.exists()
    desk.errors.clear()  # the browser reports the 400


def test_a_second_request_says_why(open_screen: OpenScreen, document: Document, supervisor: User) -> None:
    Decision.objects.create(
        claim=document.claim,
        outcome=Decision.Outcome.RETURNED,
        decided_by=supervisor,
        superseded_at=document.uploaded_at,
        superseded_reason="The papers came.",
        **dict.fromkeys(("asked", "eligible", "approved"), 0),
    )
    desk = open_screen(document, supervisor)
    ask_for_papers(desk)
    expect(desk.page.locator("#return-fields")).to_contain_text("Papers were asked for once already.")
    expect_accessible(desk)
    desk.press("Space")
    desk.page.get_by_label("Why they are needed").fill("The invoice is a copy.")
    desk.page.get_by_label("Why papers are asked for again").fill("The copy was blurred.")
    desk.press("Control+Enter")
    expect(desk.page.locator("#decision-made")).to_be_visible()
    assert Decision.objects.get(superseded_at=None).override_reason == "The copy was blurred."


def test_an_amount_typed_for_a_part_is_not_approved_in_full(desk: Screen) -> None:
    desk.page.get_by_role("button", name="Pay a part…").click()
    amount = desk.page.get_by_label("Amount to pay")
    whole = amount.input_value()
    amount.fill("1.00")
    desk.page.get_by_label("Approve", exact=True).check()
    expect(amount).to_have_value(whole)


def test_the_bar_says_why_a_second_person_looks(open_screen: OpenScreen, document: Document, supervisor: User) -> None:
    Claim.objects.filter(pk=document.claim_id).update(status=Claim.Status.CHECKING)
    Decision.objects.create(
        claim=document.claim,
        outcome=Decision.Outcome.APPROVED,
        decided_by=supervisor,
        needs_check=True,
        **dict.fromkeys(("asked", "eligible", "approved"), 90),
    )
    desk = open_screen(document, supervisor)
    expect(desk.page.get_by_role("list", name="Why a second person")).to_contain_text("Above the plan's amount.")
