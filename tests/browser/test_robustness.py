"""No edit is ever lost: fast typing, whole spreadsheets, two windows, a server that comes and goes, a reload."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from claims.models import Document, LineItem, User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen


def prices(document: Document) -> list[str]:
    return [f"{line.price:.2f}" for line in LineItem.objects.filter(document=document).order_by("n")]


@pytest.fixture
def document(make_invoice: MakeInvoice) -> Document:
    return make_invoice(Paper(lines=20))


@pytest.fixture
def desk(open_screen: OpenScreen, document: Document, reviewer: User) -> Screen:
    return open_screen(document, reviewer)


def test_whoever_types_faster_than_the_server_answers_loses_nothing(desk: Screen, document: Document) -> None:
    desk.go(1, "Price")
    for n in range(20):
        desk.page.keyboard.insert_text(f"{100 + n}")
        desk.press("Enter")
    desk.expect_saved()
    assert prices(document) == [f"{100 + n}.00" for n in range(20)]


def test_the_same_value_typed_again_and_again_ends_as_it_was_typed_last(desk: Screen, document: Document) -> None:
    for n in range(8):
        desk.go(3, "Price")
        desk.page.keyboard.insert_text(f"{200 + n}")
        desk.press("Enter")
    desk.expect_saved()
    assert prices(document)[2] == "207.00"


def test_five_hundred_lines_of_a_spreadsheet_are_pasted(desk: Screen, document: Document) -> None:
    desk.go(1, "Quantity")
    desk.set_clipboard("".join(f"{n % 9 + 1}\t2.50\t{(n % 9 + 1) * 2.5:.2f}\n" for n in range(500)))
    desk.expect_lines(500)
    desk.expect_saved()
    assert prices(document) == [f"{(n % 9 + 1) * 2.5:.2f}" for n in range(500)]


def test_a_server_that_is_away_for_a_moment_gets_the_edits_when_it_is_back(desk: Screen, document: Document) -> None:
    """As while it is restarted: first no connection, then a gateway's error."""
    no_connection = 0
    answers = iter([no_connection, 502, 503])

    def restarting(route: Route) -> None:
        answer = next(answers, None)
        if answer is None:
            route.continue_()
        elif answer == no_connection:
            route.abort()
        else:
            route.fulfill(status=answer)

    desk.page.route("**/corrections/**", restarting)
    for line, price in ((2, "11"), (5, "12")):
        desk.go(line, "Price")
        desk.type(price)
        desk.press("Enter")
    expect(desk.status).to_have_attribute("data-status", "offline")
    desk.expect_saved()
    assert (prices(document)[1], prices(document)[4]) == ("11.00", "12.00")
    desk.errors.clear()


def test_an_answer_that_got_lost_does_no_harm_when_the_edit_is_sent_again(desk: Screen, document: Document) -> None:
    lost = iter([True])

    def losing(route: Route) -> None:
        if next(lost, False):
            route.fetch()  # the server has it; the answer does not arrive
            route.abort()
        else:
            route.continue_()

    desk.page.route("**/corrections/**", losing)
    desk.go(2, "Price")
    desk.type("11")
    desk.press("Enter")
    expect(desk.status).to_have_attribute("data-status", "offline")
    desk.expect_saved()
    assert prices(document)[1] == "11.00"
    desk.errors.clear()


def test_undo_reaches_back_over_a_reload(desk: Screen, document: Document) -> None:
    before = prices(document)
    desk.go(2, "Price")
    desk.type("11")
    desk.press("Enter")
    desk.expect_saved()
    desk.page.reload()
    desk.page.wait_for_selector("html[data-ready]", state="attached")
    desk.go(5, "Price")
    desk.press("Control+z")
    desk.expect_value(2, "Price", before[1])
    desk.expect_saved()
    assert prices(document) == before


def test_a_page_with_unsent_edits_asks_before_it_closes(desk: Screen) -> None:
    desk.page.context.set_offline(True)
    desk.go(2, "Price")
    desk.type("11")
    desk.press("Enter")
    expect(desk.status).to_have_attribute("data-status", "offline")
    with desk.page.expect_event("dialog") as asked:
        desk.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    desk.page.context.set_offline(False)
    desk.expect_saved()
    desk.errors.clear()


def test_two_windows_of_one_person_do_not_overwrite_each_other(
    open_screen: OpenScreen, document: Document, reviewer: User
) -> None:
    one, other = open_screen(document, reviewer), open_screen(document, reviewer)
    for window, line in ((one, 2), (other, 4)):
        window.go(line, "Price")
        window.type("11")
        window.press("Enter")
        window.expect_saved()
    assert (prices(document)[1], prices(document)[3]) == ("11.00", "11.00")
    other.go(2, "Price")
    other.type("12")
    other.press("Enter")
    other.expect_saved()
    one.errors.clear()


def test_a_session_that_ends_while_one_types_keeps_what_stands_in_the_cell(desk: Screen, document: Document) -> None:
    cookies: Any = desk.page.context.cookies()
    desk.go(2, "Price")
    desk.type("11")
    desk.page.context.clear_cookies()
    desk.press("Enter")
    expect(desk.page.locator("#session-expired")).to_be_visible()
    desk.page.context.add_cookies(cookies)  # signed in again, in another window
    desk.page.locator("#session-expired button").click()
    desk.expect_saved()
    assert prices(document)[1] == "11.00"
    desk.errors.clear()
