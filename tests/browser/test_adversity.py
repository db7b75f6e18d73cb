"""What goes wrong in a shift: servers that break, lines that vanish, decisions meanwhile, missing pictures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from claims.models import Claim, Decision, Document, LineItem, Page, User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen

NEWS = "() => dispatchEvent(new Event('focus'))"
"""What a window does that is looked at again: it asks for news."""


@pytest.fixture
def document(make_invoice: MakeInvoice) -> Document:
    return make_invoice(Paper(lines=6))


@pytest.fixture
def desk(open_screen: OpenScreen, document: Document, reviewer: User) -> Screen:
    return open_screen(document, reviewer)


def price(document: Document, n: int) -> str:
    return f"{LineItem.objects.get(document=document, n=n).price:.2f}"


def type_price(screen: Screen, line: int, text: str) -> None:
    screen.go(line, "Price")
    screen.type(text)
    screen.press("Enter")


def breaking(value: str) -> Callable[[Route], None]:
    """The server breaks over every request that carries this value, and over no other."""

    def answer(route: Route) -> None:
        if f'"{value}"' in (route.request.post_data or ""):
            route.fulfill(status=500)
        else:
            route.continue_()

    return answer


def test_an_edit_that_breaks_the_server_does_not_hold_up_the_others(desk: Screen, document: Document) -> None:
    desk.page.route("**/corrections/**", breaking("13.00"))
    type_price(desk, 2, "13")
    type_price(desk, 3, "14")
    expect(desk.status).to_have_attribute("data-status", "saved", timeout=30_000)
    assert price(document, 2) == "14.00"
    desk.expect_value(2, "Price", "13.00")  # what was typed stands there still, marked
    expect(desk.cell(2, "Price")).to_have_attribute("data-severity", "error")
    desk.errors.clear()


def test_servers_that_come_and_go_lose_nothing(desk: Screen, document: Document) -> None:
    answers = iter([503, 0, 500, 502, 0, 504])

    def flapping(route: Route) -> None:
        status = next(answers, None)
        if status is None:
            route.continue_()
        elif status:
            route.fulfill(status=status)
        else:
            route.abort()

    desk.page.route("**/corrections/**", flapping)
    for line in (1, 2, 3):
        type_price(desk, line, f"2{line}")
        desk.page.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.status).to_have_attribute("data-status", "saved", timeout=60_000)
    assert [price(document, n) for n in range(3)] == ["21.00", "22.00", "23.00"]
    desk.errors.clear()


def test_the_cursor_stays_at_its_line_when_somebody_removes_one_above(
    desk: Screen, open_screen: OpenScreen, document: Document, supervisor: User
) -> None:
    other = open_screen(document, supervisor)
    desk.go(4, "Price")
    other.go(1, "Price")
    other.press("Control+Delete")
    other.expect_lines(5)
    desk.page.evaluate(NEWS)
    desk.expect_lines(5)
    assert desk.cursor() == (3, "Price")
    desk.type("31")
    desk.press("Enter")
    desk.expect_saved()
    assert LineItem.objects.get(document=document, price=31).n == 2


def test_what_one_types_stays_when_somebody_adds_a_line_above(
    desk: Screen, open_screen: OpenScreen, document: Document, supervisor: User
) -> None:
    other = open_screen(document, supervisor)
    desk.go(4, "Price")
    desk.type("3")
    other.go(1, "Price")
    other.press("Alt+n")
    other.expect_lines(7)
    desk.page.evaluate(NEWS)
    desk.expect_lines(7)
    desk.type("1")
    desk.press("Enter")
    desk.expect_saved()
    assert price(document, 4) == "31.00"


def test_a_line_that_vanishes_under_ones_fingers_says_so(
    desk: Screen, open_screen: OpenScreen, document: Document, supervisor: User
) -> None:
    other = open_screen(document, supervisor)
    desk.go(4, "Price")
    desk.type("31")
    other.go(4, "Price")
    other.press("Control+Delete")
    other.expect_lines(5)
    desk.page.evaluate(NEWS)
    desk.expect_lines(5)
    expect(desk.page.locator("#toast")).to_contain_text("31")
    assert not LineItem.objects.filter(document=document, price=31).exists()


def test_a_claim_decided_meanwhile_keeps_what_was_typed_in_sight(
    desk: Screen, document: Document, supervisor: User
) -> None:
    before = price(document, 1)
    Claim.objects.filter(pk=document.claim_id).update(status=Claim.Status.DECIDED)
    amounts = dict.fromkeys(("asked", "eligible", "approved"), 90)
    Decision.objects.create(claim=document.claim, outcome=Decision.Outcome.APPROVED, decided_by=supervisor, **amounts)
    type_price(desk, 2, "31")
    desk.expect_value(2, "Price", "31.00")
    desk.go(2, "Price")
    expect(desk.message).to_contain_text("This claim is decided")
    expect(desk.page.locator("#decision-made")).to_be_visible()
    assert price(document, 1) == before
    desk.errors.clear()


def test_a_document_moved_to_another_claim_says_where(desk: Screen, document: Document) -> None:
    other = Claim.objects.create(number="2026-MOVED", status=Claim.Status.READY)
    Document.objects.filter(pk=document.pk).update(claim=other, revision=document.revision + 5)
    desk.page.evaluate(NEWS)
    notice = desk.page.locator("#document-changed")
    expect(notice).to_contain_text("2026-MOVED")
    notice.get_by_role("button").click()
    expect(desk.page.get_by_role("heading", name="2026-MOVED")).to_be_visible()


def test_a_picture_that_cannot_be_had_is_asked_for_again(
    open_screen: OpenScreen, document: Document, reviewer: User
) -> None:
    picture = Page.objects.get(document=document).picture
    Page.objects.update(picture="gone")
    desk = open_screen(document, reviewer)
    problem = desk.page.locator(".sheet-problem")
    expect(problem).to_be_visible()
    Page.objects.update(picture=picture)
    problem.get_by_role("button").click()
    expect(problem).to_be_hidden()
    desk.errors.clear()


def test_a_document_without_pages_can_be_worked_on(open_screen: OpenScreen, document: Document, reviewer: User) -> None:
    Page.objects.all().delete()
    desk = open_screen(document, reviewer)
    expect(desk.page.locator("#pages")).to_contain_text("There is no picture of this paper.")
    desk.press("Alt+r", "Alt+=", "Alt+PageDown", "F8")
    type_price(desk, 2, "31")
    desk.expect_saved()
    assert price(document, 1) == "31.00"


def test_a_key_that_is_held_down_does_not_decide(desk: Screen, document: Document) -> None:
    desk.page.keyboard.down("Control")
    desk.page.keyboard.down("Enter")
    expect(desk.page.locator("#decide")).to_be_visible()
    desk.page.keyboard.down("Enter")  # the keyboard repeats it
    desk.page.keyboard.down("Enter")
    desk.page.keyboard.up("Enter")
    desk.page.keyboard.up("Control")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#decide")).to_be_hidden()
    assert not Decision.objects.exists()


def test_a_decision_waits_for_the_edit_that_is_on_its_way_and_is_made_once(desk: Screen) -> None:
    held: list[Route] = []
    desk.page.route("**/corrections/**", lambda route: held.append(route))
    with desk.page.expect_request("**/corrections/**"):
        desk.go(2, "Name")
        desk.type("药")
        desk.press("Enter")
    desk.press("Control+Enter")
    expect(desk.page.locator("#decide")).to_be_visible()
    desk.press("Control+Enter", "Control+Enter")
    held[0].continue_()
    expect(desk.page.locator("#decision-words")).to_contain_text("Approved")
    assert Decision.objects.count() == 1


def test_an_error_that_an_edit_brings_asks_for_its_reason_in_the_open_dialog(desk: Screen) -> None:
    held: list[Route] = []
    desk.page.route("**/corrections/**", lambda route: held.append(route))
    with desk.page.expect_request("**/corrections/**"):
        type_price(desk, 2, "31")
    desk.press("Control+Enter")
    expect(desk.page.locator("#override-field")).to_be_hidden()
    held[0].continue_()
    expect(desk.page.locator("#override-field")).to_be_visible()


NAMES = ["超长" * 100, "مرحبا بالعالم", "👩🏽‍⚕️ 药品", "é̂́̃ค้ำน้ำ", "<img src=x onerror=alert(1)>", "\u202eright\u202c"]


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_no_name_breaks_the_page(open_screen: OpenScreen, document: Document, reviewer: User, width: int) -> None:
    for line, name in zip(LineItem.objects.filter(document=document), NAMES, strict=True):
        LineItem.objects.filter(pk=line.pk).update(ocr_name=name, spec=name, level=name, category=name)
    Claim.objects.update(patient_name=NAMES[1] * 8)
    desk = open_screen(document, reviewer, viewport={"width": width, "height": 900})
    assert [desk.value(n + 1, "Name") for n in range(6)] == NAMES
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_way_back_in_the_browser_shows_the_values_of_now(desk: Screen, document: Document) -> None:
    other = desk.page.context.new_page()
    other.goto(desk.page.url)
    desk.page.goto(f"{desk.page.url.split('/documents/')[0]}/claims/{document.claim.number}/")
    other.wait_for_selector("html[data-ready]", state="attached")
    second = Screen(other, desk.errors)
    type_price(second, 2, "31")
    second.expect_saved()
    desk.page.go_back()
    desk.page.wait_for_selector("html[data-ready]", state="attached")
    desk.expect_value(2, "Price", "31.00")


def test_a_printed_document_lists_its_issues(screen: Screen) -> None:
    screen.page.evaluate("print = () => { document.documentElement.dataset.printed = 'true'; }")
    screen.page.locator("summary[aria-label='Export and print']").click()
    screen.page.get_by_role("button", name="Print").click()
    screen.page.wait_for_selector("html[data-printed]", state="attached")
    screen.page.emulate_media(media="print")
    expect(screen.page.locator("#print-findings li").first).to_be_visible()
    expect(screen.page.locator("#print-findings")).to_contain_text("78.00")
