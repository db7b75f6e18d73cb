"""Every state of the review screen is designed, named, and accessible: axe for WCAG 2.2 AA, in all languages."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from claims.models import Claim, Decision, Document, LineItem, Presence, User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen
from tests.browser.test_accessibility import expect_accessible

LANGUAGES = ("zh-hans", "th")
SMALLEST_TARGET = 24
"""Pixels, WCAG 2.2 2.5.8."""


def set_status(document: Document, status: Document.Status) -> None:
    Document.objects.filter(pk=document.pk).update(status=status)


@pytest.mark.parametrize("status", [Document.Status.QUEUED, Document.Status.READING])
def test_a_paper_that_is_being_read_shows_its_picture_and_comes_by_itself(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User, status: Document.Status
) -> None:
    document = make_invoice(Paper())
    set_status(document, status)
    screen = open_screen(document, reviewer)
    expect(screen.page.get_by_role("progressbar")).to_be_visible()
    expect(screen.page.locator(".sheet img")).to_be_visible()
    expect_accessible(screen)
    set_status(document, Document.Status.READ)
    expect(screen.page.locator("#fields")).to_be_visible(timeout=20_000)


def test_an_invoice_without_lines_says_how_to_begin(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User
) -> None:
    screen = open_screen(make_invoice(Paper(lines=0)), reviewer)
    expect(screen.page.get_by_text("No lines were read.")).to_be_visible()
    expect_accessible(screen)
    screen.page.locator("#row-add").click()
    screen.expect_lines(1)


@pytest.mark.parametrize("outcome", [Decision.Outcome.APPROVED, Decision.Outcome.REJECTED])
def test_a_decided_document_can_be_seen_and_not_changed(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User, outcome: Decision.Outcome
) -> None:
    document = make_invoice(Paper())
    amounts = dict.fromkeys(("asked", "eligible", "approved"), 90)
    Decision.objects.create(
        claim=document.claim, outcome=outcome, decided_by=reviewer, reason="Printed so.", needs_check=False, **amounts
    )
    Claim.objects.filter(pk=document.claim_id).update(status=Claim.Status.DECIDED)
    screen = open_screen(document, reviewer)
    expect(screen.page.locator("#decision-words")).to_be_visible()
    expect(screen.page.locator("#decision-open")).to_be_hidden()
    expect(screen.page.get_by_text("Decided: values can be seen, not changed.")).to_be_visible()
    expect(screen.page.locator("#row-add")).to_have_count(0)
    expect_accessible(screen)


def test_a_document_that_is_open_elsewhere_says_so(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User, supervisor: User
) -> None:
    document = make_invoice(Paper())
    Presence.objects.create(document=document, user=supervisor)
    screen = open_screen(document, reviewer)
    expect(screen.page.locator(".notice").get_by_text("Also open at")).to_be_visible()
    expect_accessible(screen)


def test_a_document_that_is_removed_meanwhile_stays_in_sight(screen: Screen) -> None:
    screen.page.route("**/corrections/**", lambda route: route.fulfill(status=404, json={"detail": "It is gone."}))
    screen.go(3, "Price")
    screen.type("99")
    screen.press("Enter")
    expect(screen.page.locator("#document-removed")).to_be_visible()
    expect_accessible(screen)
    screen.errors.clear()  # the browser reports the 404


def test_a_lost_connection_is_named_and_accessible(screen: Screen) -> None:
    screen.page.context.set_offline(True)
    screen.go(3, "Price")
    screen.type("99")
    screen.press("Enter")
    expect(screen.status).to_contain_text("Offline")
    expect_accessible(screen)
    screen.page.context.set_offline(False)
    screen.expect_saved()
    screen.errors.clear()


def test_an_expired_session_is_accessible(screen: Screen) -> None:
    screen.page.context.clear_cookies()
    screen.go(3, "Price")
    screen.type("99")
    screen.press("Enter")
    expect(screen.page.locator("#session-expired")).to_be_visible()
    expect_accessible(screen)
    screen.errors.clear()  # the browser reports the 401


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User, language: str) -> None:
    """The page has the language in its own tag, its words are translated, and nothing of it breaks."""
    document = make_invoice(Paper(mistakes={(1, "price"): "78.00"}))
    cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "domain": "localhost", "path": "/"}]
    screen = open_screen(document, reviewer, storage_state={"cookies": cookies, "origins": []})
    assert (screen.page.locator("html").get_attribute("lang") or "").lower().startswith(language[:2])
    expect(screen.page.locator("#next-issue")).not_to_contain_text("Next issue")
    expect_accessible(screen)


def test_places_to_choose_from_are_numbered_and_accessible(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User
) -> None:
    document = make_invoice(Paper())
    line = LineItem.objects.get(n=2)
    source = {key: part for key, part in line.sources["price"].items() if key != "rect"}
    line.sources["price"] = source | {
        "placed": "several",
        "candidates": [[0, 760, 292, 840, 320], [0, 760, 328, 840, 356]],
    }
    line.save()
    screen = open_screen(document, reviewer)
    screen.go(3, "Price")
    expect(screen.page.locator(".overlay .candidate")).to_have_count(2)
    expect(screen.page.locator("#issue-source")).to_contain_text("May stand at 2 places")
    expect_accessible(screen)
    screen.page.get_by_role("button", name="2", exact=True).click()
    expect(screen.page.locator(".overlay .candidate")).to_have_count(0)
    assert LineItem.objects.get(n=2).sources["price"]["rect"] == [760, 328, 840, 356]


def test_printed_it_shows_values_and_no_machinery(screen: Screen) -> None:
    screen.page.emulate_media(media="print")
    expect(screen.page.locator("table[data-list=line_items]")).to_be_visible()
    expect(screen.page.get_by_role("heading", level=1)).to_be_visible()  # which claim it is
    for machinery in (".topbar .topsearch", ".topbar .button", "#decision-bar", "#issue", ".tab-row"):
        expect(screen.page.locator(machinery).first).to_be_hidden()
    expect_accessible(screen)


@pytest.mark.parametrize("width", [320, 390])
def test_targets_are_large_enough_for_a_finger(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User, width: int
) -> None:
    paper = Paper(mistakes={(1, "price"): "78.00"})
    screen = open_screen(make_invoice(paper), reviewer, viewport={"width": width, "height": 700}, has_touch=True)
    screen.page.locator("#next-issue").click()
    small = screen.page.evaluate(
        """least => [...document.querySelectorAll('button, summary, select, input, [tabindex="0"]')]
          .filter(each => each.checkVisibility({visibilityProperty: true}) && each.getClientRects().length)
          .map(each => [each.id || each.className || each.name, each.getBoundingClientRect()])
          .filter(([, {width, height}]) => width > 1 && (width < least || height < least))
          .map(([name]) => name)""",
        SMALLEST_TARGET,
    )
    assert small == []


def test_whoever_wants_less_motion_gets_none(screen: Screen) -> None:
    screen.page.emulate_media(reduced_motion="reduce")
    screen.go(8, "Price")
    moving = screen.page.evaluate("document.getAnimations().length")
    assert moving == 0


def test_tab_leads_all_the_way_round(screen: Screen) -> None:
    """No keyboard trap: from the head of the page Tab reaches the decision, through the grid's own cells."""
    screen.page.locator("#next-issue").focus()
    for _ in range(140):
        if screen.page.evaluate("Boolean(document.activeElement.closest('#decision-bar'))"):
            break
        screen.press("Tab")
    assert screen.page.evaluate("Boolean(document.activeElement.closest('#decision-bar'))")
