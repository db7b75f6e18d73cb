"""The decision from the keyboard, the second person, opening again, passing on, and the list that is followed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from claims.models import Claim, Decision, Document, Plan, Policy, User
from claims.queueing import search
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen
from tests.browser.test_accessibility import expect_accessible


@pytest.fixture
def clean(make_invoice: MakeInvoice) -> Document:
    """An invoice without a mistake, of a claim that waits for its decision."""
    document = make_invoice(Paper())
    plan = Plan.objects.create(code="basic", name="Basic")
    until = date(2026, 12, 31)
    policy = Policy.objects.create(
        number="P-1", plan=plan, insured_name="王芳", effective_from=date(2025, 1, 1), effective_until=until
    )
    Claim.objects.filter(pk=document.claim_id).update(status=Claim.Status.READY, policy=policy)
    return document


@pytest.fixture
def another(clean: Document) -> Claim:
    """A claim further down in the queue, of another person."""
    earlier = clean.claim.received_at - timedelta(hours=1)
    claim = Claim.objects.create(
        number="2026-000000", patient_name="李四", status=Claim.Status.READY, received_at=earlier
    )
    search.refresh(claim.pk)
    return claim


@pytest.fixture
def checking(clean: Document, reviewer: User) -> Document:
    """Decided, and waiting for a second person."""
    Claim.objects.filter(pk=clean.claim_id).update(status=Claim.Status.CHECKING)
    amounts = dict.fromkeys(("asked", "eligible", "approved"), 90)
    Decision.objects.create(
        claim=clean.claim, outcome=Decision.Outcome.APPROVED, decided_by=reviewer, needs_check=True, **amounts
    )
    return clean


def decide(screen: Screen) -> None:
    screen.press("Control+Enter")
    expect(screen.page.locator("#decide")).to_be_visible()
    screen.press("Control+Enter")
    expect(screen.page.locator("#decide")).to_be_hidden()


def test_ctrl_enter_twice_decides(open_screen: OpenScreen, clean: Document, reviewer: User) -> None:
    screen = open_screen(clean, reviewer)
    decide(screen)
    expect(screen.page.locator("#decision-words")).to_contain_text("Approved")
    assert Decision.objects.get().decided_by == reviewer


@pytest.mark.parametrize(("query", "follows"), [("q%3D李四", True), ("q%3D王芳", False)])
def test_the_next_claim_is_that_of_the_filtered_list(
    open_screen: OpenScreen, clean: Document, another: Claim, reviewer: User, query: str, follows: bool
) -> None:
    """The state of the page names the next document; the answer to the decision names the next claim."""
    screen = open_screen(clean, reviewer, f"?list=view%3Dall%26{query}")
    decide(screen)
    if follows:
        screen.page.wait_for_url(f"**/claims/{another.number}/**")
    else:
        expect(screen.page.locator("#decision-words")).to_contain_text("Approved")


def test_open_errors_ask_for_a_reason_before_anything_is_paid(screen: Screen) -> None:
    screen.press("Control+Enter")
    expect(screen.page.locator("#override-field")).to_be_visible()
    screen.press("Control+Enter")
    expect(screen.page.locator("#decide-problem")).to_be_visible()
    expect_accessible(screen)
    screen.errors.clear()  # the browser reports the 400


def test_the_second_person_agrees(open_screen: OpenScreen, checking: Document, supervisor: User) -> None:
    screen = open_screen(checking, supervisor)
    expect_accessible(screen)
    screen.page.get_by_role("button", name="Agree", exact=True).click()
    expect(screen.page.get_by_role("button", name="Agree", exact=True)).to_be_hidden()
    assert Decision.objects.get().checked_by == supervisor


def test_the_second_person_agrees_from_the_keyboard_and_goes_on(
    open_screen: OpenScreen, checking: Document, another: Claim, supervisor: User
) -> None:
    screen = open_screen(checking, supervisor, "?list=view%3Dall")
    screen.press("Control+Enter")
    expect(screen.page.get_by_role("button", name="Agree", exact=True)).to_be_focused()
    assert Decision.objects.get().checked_by is None
    screen.press("Control+Enter")
    screen.page.wait_for_url(f"**/claims/{another.number}/**")
    assert Decision.objects.get().checked_by == supervisor


def test_the_second_person_disagrees_with_a_reason(
    open_screen: OpenScreen, checking: Document, supervisor: User
) -> None:
    screen = open_screen(checking, supervisor)
    screen.page.get_by_role("button", name="Disagree…").click()
    screen.type("The seal is missing.")
    expect_accessible(screen)
    screen.press("Control+Enter")
    expect(screen.page.locator("#approve")).to_be_visible()
    assert Decision.objects.get().superseded_reason == "The seal is missing."


def test_a_decided_claim_is_opened_again(open_screen: OpenScreen, checking: Document, supervisor: User) -> None:
    Decision.objects.update(needs_check=False)
    Claim.objects.update(status=Claim.Status.DECIDED)
    screen = open_screen(checking, supervisor)
    screen.go(3, "Price")
    screen.type("99")
    screen.press("Enter")
    assert screen.value(3, "Price") == "12.40"
    screen.page.get_by_role("button", name="Open again…").click()
    screen.type("A second invoice came in.")
    screen.page.get_by_role("button", name="Confirm").click()
    expect(screen.page.locator("#approve")).to_be_visible()


def test_a_claim_is_passed_to_a_senior(
    open_screen: OpenScreen, clean: Document, reviewer: User, supervisor: User
) -> None:
    screen = open_screen(clean, reviewer)
    screen.page.get_by_role("button", name="Pass to a senior…").click()
    screen.type("Two stamps disagree.")
    with screen.page.expect_navigation():
        screen.page.get_by_role("button", name="Confirm").click()
    claim = Claim.objects.get(pk=clean.claim_id)
    assert (claim.assignee, claim.notes.get().text) == (supervisor, "Two stamps disagree.")
