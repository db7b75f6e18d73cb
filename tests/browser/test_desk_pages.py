"""Pages of the desk in the hand: nothing jumps, one key does what it says, each page reads well in both themes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from claims.models import Claim, Document, User
from tests.browser.conftest import MakeInvoice, OpenPage
from tests.browser.paper import Paper
from tests.browser.screen import Screen
from tests.browser.test_accessibility import expect_accessible
from tests.browser.test_pages import NARROW, SMALL

CLAIM = "/claims/2026-000001/"
READ_BY_A_SUPERVISOR = (
    "/?view=all", "/?view=returned", "/?view=all&q=nobody", "/papers/", "/reports/", "/help/", "/claims/new/",
    f"/upload/?claim={CLAIM[8:-1]}", f"{CLAIM}move/", f"{CLAIM}return/", "/accounts/2fa/",
    "/accounts/password/change/", "/accounts/password/reset/",
)  # fmt: skip
WIDE: Any = {"width": 1440, "height": 900}


@pytest.fixture
def desk(make_invoice: MakeInvoice) -> Document:
    document = make_invoice(Paper(mistakes={(1, "price"): "78.00"}))
    Claim.objects.update(status=Claim.Status.READY)
    return document


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible(
    open_page: OpenPage, console_errors: list[str], desk: Document, supervisor: User, viewport: Any, scheme: str
) -> None:
    page = open_page(supervisor, "/", viewport=viewport, color_scheme=scheme)
    home = page.url.rstrip("/")
    for path in READ_BY_A_SUPERVISOR:
        page.goto(f"{home}{path}")
        expect_accessible(Screen(page, console_errors))
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        assert page.evaluate(SMALL) == [], path


@pytest.mark.parametrize("path", ["/nothing/", "/reports/"])
def test_a_page_that_is_refused_is_accessible(
    open_page: OpenPage, console_errors: list[str], desk: Document, clerk: User, path: str
) -> None:
    page = open_page(clerk, path, viewport=NARROW)
    expect(page.get_by_role("link", name="To the queue")).to_be_visible()
    expect_accessible(Screen(page, console_errors))
    console_errors.clear()  # the browser reports the 404 and the 403


@pytest.fixture
def queue(open_page: OpenPage, reviewer: User) -> Page:
    for n in range(3):
        Claim.objects.create(number=f"Q-{n}", status=Claim.Status.READY)
    return open_page(reviewer, "/")


def test_the_bar_of_the_chosen_rows_moves_no_row(queue: Page) -> None:
    row = queue.locator("tr[data-claim=Q-0]")
    before = row.bounding_box()
    queue.get_by_label("Select Q-0").check()
    expect(queue.locator(".bulkbar")).to_be_visible()
    assert row.bounding_box() == before


def test_all_rows_are_chosen_at_once_and_let_go_by_escape(queue: Page) -> None:
    every = queue.get_by_label("Select all on this page")
    every.check()
    expect(queue.locator("[data-chosen]")).to_have_text("3")
    queue.get_by_label("Select Q-1").uncheck()
    expect(queue.locator("[data-chosen]")).to_have_text("2")
    expect(every).not_to_be_checked()
    queue.keyboard.press("Escape")
    expect(queue.locator(".bulkbar")).to_be_hidden()
    expect(queue.get_by_label("Select Q-2")).not_to_be_checked()


def test_an_escape_that_closes_a_menu_lets_nothing_go(queue: Page) -> None:
    queue.get_by_label("Select Q-0").check()
    queue.get_by_label("Language").click()
    queue.keyboard.press("Escape")
    expect(queue.locator(".menu[open]")).to_have_count(0)
    expect(queue.locator("[data-chosen]")).to_have_text("1")


def test_the_search_takes_the_bar_of_a_phone_while_it_has_the_focus(open_page: OpenPage, supervisor: User) -> None:
    page = open_page(supervisor, "/help/", viewport={"width": 320, "height": 640})
    field = page.get_by_label("Search claims")
    closed = field.bounding_box()
    field.focus()
    opened = field.bounding_box()
    assert closed is not None
    assert opened is not None
    assert closed["width"] < 40
    assert opened["width"] > 280
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()


def test_the_question_mark_opens_the_help_with_its_keys(queue: Page) -> None:
    queue.keyboard.press("?")
    expect(queue.get_by_role("heading", name="Keys")).to_be_visible()
    expect(queue.get_by_text("Next, previous claim")).to_be_visible()


def test_what_a_claim_gives_away_is_in_one_menu(open_page: OpenPage, desk: Document, reviewer: User) -> None:
    page = open_page(reviewer, CLAIM)
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")


@override_settings(UPLOAD_MAX_BYTES=1000)
def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    open_page: OpenPage, clerk: User, tmp_path: Path
) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(b"\xff\xd8" + bytes(2000))
    page = open_page(clerk, "/upload/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("#files").set_input_files(large)
    expect(page.locator("[data-state]")).to_have_text("Refused")
    expect(page.locator("[data-text]")).to_have_text("The file is too large.")
    assert sent == []
