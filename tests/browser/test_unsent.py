"""Changes that could not be sent outlive the page: sealed, offered again, gone at sign-out."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from claims.models import Document, LineItem, User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen

KEPT = """async () => {
  const opening = indexedDB.open('claimdesk.drafts', 1);
  await new Promise(done => { opening.onsuccess = done; });
  const store = opening.result.transaction('drafts').objectStore('drafts');
  const all = store.getAll();
  await new Promise(done => { all.onsuccess = done; });
  return all.result.map(({sealed}) => new TextDecoder('latin1').decode(sealed));
}"""


@pytest.fixture
def document(make_invoice: MakeInvoice) -> Document:
    return make_invoice(Paper(lines=4))


@pytest.fixture
def desk(open_screen: OpenScreen, document: Document, reviewer: User) -> Screen:
    return open_screen(document, reviewer)


def price(document: Document, n: int) -> str:
    return f"{LineItem.objects.get(document=document, n=n).price:.2f}"


def crash_with_unsent_price(desk: Screen, text: str, *, line: int = 2) -> Page:
    """Types without a connection, and the window is gone; returns a fresh one of the same browser."""
    context = desk.page.context
    desk.page.route("**/corrections/**", lambda route: route.abort())
    desk.go(line, "Price")
    desk.type(text)
    desk.press("Enter")
    expect(desk.page.locator("html")).to_have_attribute("data-kept", "1")
    desk.page.close()
    desk.errors.clear()
    return context.new_page()


def sign_in_as(user: User, page: Page, url: str) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def open_again(page: Page, desk: Screen) -> Screen:
    page.goto(desk.page.url)
    page.wait_for_selector("html[data-ready]", state="attached")
    return Screen(page, desk.errors)


def test_what_was_not_sent_before_a_crash_is_offered_and_sent(desk: Screen, document: Document) -> None:
    again = open_again(crash_with_unsent_price(desk, "11"), desk)
    expect(again.page.locator("#drafts-notice")).to_contain_text("1 change")
    again.page.get_by_role("button", name="Send them now").click()
    again.expect_value(2, "Price", "11.00")
    expect(again.page.locator("html")).to_have_attribute("data-kept", "0")
    assert price(document, 1) == "11.00"
    third = open_again(again.page.context.new_page(), again)
    expect(third.page.locator("#drafts-notice")).to_be_hidden()


def test_what_was_not_sent_can_be_thrown_away(desk: Screen, document: Document) -> None:
    before = price(document, 1)
    again = open_again(crash_with_unsent_price(desk, "11"), desk)
    again.page.get_by_role("button", name="Throw them away").click()
    expect(again.page.locator("html")).to_have_attribute("data-kept", "0")
    assert again.page.evaluate(KEPT) == []
    assert price(document, 1) == before


def test_what_arrived_although_its_answer_got_lost_is_not_done_twice(desk: Screen, document: Document) -> None:
    context = desk.page.context

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    desk.page.route("**/corrections/**", lose_the_answer)
    desk.go(2, "Price")
    desk.type("11")
    desk.press("Enter")
    expect(desk.page.locator("html")).to_have_attribute("data-kept", "1")
    desk.page.close()
    desk.errors.clear()
    again = open_again(context.new_page(), desk)
    again.page.get_by_role("button", name="Send them now").click()
    expect(again.page.locator("html")).to_have_attribute("data-kept", "0")
    assert price(document, 1) == "11.00"
    assert document.corrections.count() == 1


def test_a_value_that_somebody_changed_meanwhile_is_a_conflict(
    desk: Screen, document: Document, supervisor: User, open_screen: OpenScreen
) -> None:
    page = crash_with_unsent_price(desk, "11")
    other = open_screen(document, supervisor)
    other.go(2, "Price")
    other.type("12")
    other.press("Enter")
    other.expect_saved()
    again = open_again(page, desk)
    again.page.get_by_role("button", name="Send them now").click()
    expect(again.page.locator("#count-conflict b")).to_have_text("1")
    assert price(document, 1) == "12.00"
    again.errors.clear()


def test_the_browser_holds_nothing_that_can_be_read(desk: Screen) -> None:
    page = crash_with_unsent_price(desk, "77.31")
    again = open_again(page, desk)
    (sealed,) = again.page.evaluate(KEPT)
    assert "77.31" not in sealed
    assert "line_items" not in sealed


def test_another_person_at_the_same_machine_is_offered_nothing(
    desk: Screen, supervisor: User, live_server: LiveServer
) -> None:
    page = crash_with_unsent_price(desk, "11")
    sign_in_as(supervisor, page, live_server.url)
    theirs = open_again(page, desk)
    theirs.go(2, "Price")  # the page works, and what it could have offered it has looked for
    expect(theirs.page.locator("html")).to_have_attribute("data-drafts", "none")
    expect(theirs.page.locator("#drafts-notice")).to_be_hidden()


def test_signing_out_takes_away_what_was_kept(desk: Screen) -> None:
    again = open_again(crash_with_unsent_price(desk, "11"), desk)
    expect(again.page.locator("#drafts-notice")).to_be_visible()
    again.page.get_by_label("Signed in as").click()
    again.page.get_by_role("button", name="Sign out", exact=True).click()
    again.page.wait_for_url("**/login/**")
    assert again.page.evaluate(KEPT) == []


def test_signing_out_leaves_what_was_kept_for_another_person(
    desk: Screen, supervisor: User, live_server: LiveServer
) -> None:
    page = crash_with_unsent_price(desk, "11")
    sign_in_as(supervisor, page, live_server.url)
    theirs = open_again(page, desk)
    theirs.page.get_by_label("Signed in as").click()
    theirs.page.get_by_role("button", name="Sign out", exact=True).click()
    theirs.page.wait_for_url("**/login/**")
    assert len(theirs.page.evaluate(KEPT)) == 1


def test_edits_under_another_persons_name_are_refused(
    desk: Screen, document: Document, supervisor: User, reviewer: User, live_server: LiveServer
) -> None:
    """Somebody else signed in in another window of the same browser."""
    sign_in_as(supervisor, desk.page, live_server.url)
    desk.go(2, "Price")
    desk.type("11")
    desk.press("Enter")
    expect(desk.page.locator("#session-expired")).to_be_visible()
    assert not document.corrections.exists()
    sign_in_as(reviewer, desk.page, live_server.url)
    desk.page.locator("#session-expired button").click()
    desk.expect_saved()
    assert document.corrections.get().person == reviewer.username
    desk.errors.clear()
