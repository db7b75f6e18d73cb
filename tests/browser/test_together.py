"""Two reviewers on one document, a lost connection, an expired session."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from claims.models import Document, User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen


@pytest.fixture
def shared(make_invoice: MakeInvoice) -> Document:
    return make_invoice(Paper())


@pytest.fixture
def two(open_screen: OpenScreen, shared: Document, reviewer: User, supervisor: User) -> tuple[Screen, Screen]:
    return open_screen(shared, reviewer), open_screen(shared, supervisor)


def change_price(screen: Screen, line: int, price: str) -> None:
    screen.go(line, "Price")
    screen.type(price)
    screen.press("Enter")


def test_the_second_to_open_a_document_sees_the_first(two: tuple[Screen, Screen]) -> None:
    _, second = two
    expect(second.page.locator("#presence .avatar")).to_have_count(1)


def test_different_values_merge(two: tuple[Screen, Screen]) -> None:
    first, second = two
    change_price(first, 3, "111")
    change_price(second, 4, "222")
    first.expect_saved()
    second.expect_saved()
    expect(first.cell(4, "Price")).to_contain_text("222.00")
    second.expect_value(3, "Price", "111.00")


@pytest.mark.parametrize(("way_out", "result"), [("Take theirs", "1.00"), ("Keep mine", "2.00")])
def test_the_same_value_asks_whose_stands(two: tuple[Screen, Screen], way_out: str, result: str) -> None:
    first, second = two
    change_price(first, 5, "1")
    first.expect_saved()
    change_price(second, 5, "2")
    expect(second.status).to_have_attribute("data-status", "conflict")
    second.errors.clear()  # the browser reports the 409
    second.go(5, "Price")
    expect(second.message).to_contain_text("wrote “1.00” while you wrote “2.00”")
    second.page.get_by_role("button", name=way_out).click()
    second.expect_value(5, "Price", result)
    second.expect_saved()


@pytest.mark.parametrize(("way_out", "lines"), [("Take theirs", 7), ("Keep mine", 8)])
def test_a_line_that_the_other_one_removed_can_be_kept(two: tuple[Screen, Screen], way_out: str, lines: int) -> None:
    first, second = two
    second.page.context.set_offline(True)
    change_price(second, 5, "2")
    first.go(5, "Price")
    first.press("Control+Delete")
    first.expect_lines(7)
    first.expect_saved()
    second.page.context.set_offline(False)
    expect(second.status).to_have_attribute("data-status", "conflict")
    second.press("F8")
    expect(second.message).to_contain_text("removed this line")
    second.page.get_by_role("button", name=way_out).click()
    second.expect_lines(lines)
    second.expect_saved()
    if lines == 8:
        second.expect_value(5, "Price", "2.00")
    second.errors.clear()  # the browser reports the lost requests and the 409


def test_after_a_line_is_deleted_the_bar_speaks_of_the_next(screen: Screen) -> None:
    screen.go(4, "Price")
    screen.press("Control+Delete")
    screen.expect_lines(7)
    expect(screen.page.locator("#issue-where")).to_have_text("Line 4 · Price")
    expect(screen.page.locator("#issue-source")).to_contain_text("Read by local")


def test_edits_made_offline_are_kept_and_sent(screen: Screen) -> None:
    screen.page.context.set_offline(True)
    change_price(screen, 3, "9")
    expect(screen.status).to_have_attribute("data-status", "offline")
    change_price(screen, 4, "8")
    screen.page.context.set_offline(False)
    screen.expect_saved()
    screen.errors.clear()  # the browser reports the lost requests
    screen.page.reload()
    screen.expect_value(3, "Price", "9.00")
    screen.expect_value(4, "Price", "8.00")


def test_an_expired_session_keeps_the_edits_until_one_is_back(screen: Screen) -> None:
    cookies: Any = screen.page.context.cookies()
    screen.page.context.clear_cookies(name="sessionid")
    change_price(screen, 3, "9")
    expect(screen.page.locator("#session-expired")).to_be_visible()
    screen.page.context.add_cookies(cookies)  # signed in again in another window
    screen.page.locator("#session-expired button").click()
    screen.expect_saved()
    screen.errors.clear()  # the browser reports the 401
    screen.page.reload()
    screen.expect_value(3, "Price", "9.00")
