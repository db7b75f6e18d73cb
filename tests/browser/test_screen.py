"""What the screen shows: source of a value, picture and values tied together, preferences, phones."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.models import User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import COLUMNS, HEIGHT, STEP, TOP, WIDTH, Paper
from tests.browser.screen import GRID, Screen


def test_the_issue_bar_shows_the_sum_the_source_and_the_paper(screen: Screen) -> None:
    screen.go(2, "Price")
    expect(screen.message).to_contain_text("18.00")
    expect(screen.page.locator("#issue-source")).to_contain_text("Read by local as “78.00”")
    assert screen.page.locator("#crop image").get_attribute("href")
    rule = screen.page.get_by_role("link", name="LIN-PRICE")
    expect(rule).to_have_attribute("href", "/help/#rule-LIN-PRICE")
    screen.go(3, "Price")
    expect(rule).to_be_hidden()


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_click_on_the_paper_goes_to_the_cell_read_there(screen: Screen, turns: int) -> None:
    screen.page.locator("[data-view=fit-page]").click()
    for _ in range(turns):
        screen.press("Alt+r")
    box = screen.page.locator(".sheet").bounding_box()
    assert box
    x, y = (COLUMNS["unit_price"] + 20) / WIDTH, (TOP + 2 * STEP + 15) / HEIGHT
    for _ in range(turns):
        x, y = 1 - y, x
    screen.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    screen.expect_cursor(3, "Unit price")


def test_the_active_value_is_framed_on_the_paper(screen: Screen) -> None:
    screen.go(3, "Price")
    frame = screen.page.locator(".overlay .value")
    expect(frame).to_have_attribute("visibility", "visible")
    expect(frame).to_have_attribute("x", str(COLUMNS["price"] - 4))


def test_totals_follow_an_edit_at_once(screen: Screen) -> None:
    before = screen.page.locator("#totals-list").inner_text()
    screen.go(2, "Price")
    screen.type("18")
    screen.press("Enter")
    expect(screen.page.locator("#totals-list")).not_to_have_text(before)


def test_history_names_the_person_and_takes_a_change_back(screen: Screen) -> None:
    screen.go(3, "Price")
    screen.type("99")
    screen.press("Enter")
    screen.expect_saved()
    screen.page.click("#tab-history")
    entry = screen.page.locator("#history li").first
    expect(entry).to_contain_text("rui.reviewer")
    entry.get_by_role("button", name="Take back").click()
    screen.page.click("#tab-lines")
    screen.expect_value(3, "Price", "12.40")


def test_the_providers_answer_can_be_read(screen: Screen) -> None:
    screen.page.click("#tab-answer")
    expect(screen.page.locator("#answer")).to_contain_text("cost_detail_list")


def test_columns_are_chosen_and_remembered(screen: Screen) -> None:
    screen.page.locator(".columns-menu summary").click()
    screen.page.get_by_label("Name as printed").check()
    screen.page.reload()
    expect(screen.page.locator("thead").first).to_contain_text("Name as printed")


def test_the_splitter_moves_with_the_arrows_and_stays(screen: Screen) -> None:
    splitter = screen.page.locator("#splitter")
    splitter.focus()
    screen.press("ArrowRight", "ArrowRight")
    expect(splitter).to_have_attribute("aria-valuenow", "46")
    screen.page.reload()
    expect(splitter).to_have_attribute("aria-valuenow", "46")


def test_an_identity_number_is_masked_until_it_is_revealed(screen: Screen) -> None:
    field = screen.page.locator("#field-social_security_card_number")
    assert "*" in field.input_value()
    screen.page.locator(".reveal").click()
    expect(field).to_have_value("11010519491231002X")


def test_whoever_may_not_correct_reads_only(open_screen: OpenScreen, make_invoice: MakeInvoice, auditor: User) -> None:
    screen = open_screen(make_invoice(Paper()), auditor)
    screen.go(3, "Price")
    screen.type("99")
    screen.press("Enter")
    assert screen.value(3, "Price") == "12.40"
    expect(screen.page.get_by_text("Read only for your role.")).to_be_visible()


def test_five_hundred_lines_stay_reachable(open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User) -> None:
    screen = open_screen(make_invoice(Paper(lines=500, mistakes={(480, "price"): "1.00"})), reviewer)
    screen.go(1, "Name")
    screen.press("Control+ArrowDown")
    screen.expect_cursor(500, "Name")
    expect(screen.page.locator(f"{GRID} td.active")).to_be_in_viewport()


def test_phones_show_a_card_per_line(open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User) -> None:
    paper = Paper(mistakes={(1, "price"): "78.00"})
    screen = open_screen(make_invoice(paper), reviewer, viewport={"width": 390, "height": 844}, has_touch=True)
    width = screen.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    screen.page.locator("#next-issue").tap()
    expect(screen.message).to_contain_text("18.00")
    expect(screen.page.locator("#issue")).to_be_in_viewport()


def top_of(screen: Screen, selector: str) -> float:
    top: float = screen.page.locator(selector).evaluate("each => each.getBoundingClientRect().top")
    return top


def bottom_of(screen: Screen, selector: str) -> float:
    bottom: float = screen.page.locator(selector).evaluate("each => each.getBoundingClientRect().bottom")
    return bottom


def test_on_a_phone_the_next_issue_is_at_the_thumb_and_no_keyboard_comes(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User
) -> None:
    paper = Paper(mistakes={(1, "price"): "78.00", (6, "amount"): "7"})
    screen = open_screen(
        make_invoice(paper), reviewer, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    following = screen.page.locator("#issue-next")
    for line in (2, 7):
        following.tap()
        expect(screen.page.locator("#issue-where")).to_contain_text(f"Line {line} ")
        active = screen.page.locator(f"{GRID} td.active")
        expect(active).to_be_in_viewport(ratio=1)
        assert bottom_of(screen, "#picture-pane") <= top_of(screen, f"{GRID} td.active")
        assert bottom_of(screen, f"{GRID} td.active") <= top_of(screen, "#issue")
    assert screen.page.evaluate("document.activeElement.matches('input')") is False
    active.tap()
    expect(active.locator("input")).to_be_focused()
