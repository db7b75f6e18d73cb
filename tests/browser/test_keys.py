"""Every key of the review screen (docs/review-screen.md)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.models import User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen


def test_typing_replaces_a_value_and_enter_saves_it_and_moves_down(screen: Screen) -> None:
    screen.go(3, "Price")
    screen.type("99.5")
    screen.press("Enter")
    screen.expect_cursor(4, "Price")
    screen.expect_value(3, "Price", "99.50")
    screen.expect_saved()


def test_enter_returns_to_the_column_where_tab_began(screen: Screen) -> None:
    screen.go(3, "Quantity")
    screen.type("2")
    screen.press("Tab")
    screen.type("6.20")
    screen.press("Tab", "Enter")
    screen.expect_cursor(4, "Quantity")


def test_arrows_home_and_end_move(screen: Screen) -> None:
    screen.go(3, "Price")
    screen.press("ArrowUp", "ArrowLeft")
    screen.expect_cursor(2, "Unit price")
    screen.press("Control+ArrowDown", "Home")
    screen.expect_cursor(8, "Name")
    screen.press("Control+Home", "End")
    assert screen.cursor()[0] == 1
    screen.press("PageDown")
    assert screen.cursor()[0] > 1


def test_f2_edits_inside_and_escape_takes_it_back(screen: Screen) -> None:
    screen.go(3, "Name")
    before = screen.value(3, "Name")
    screen.press("F2")
    screen.type(" forte")
    screen.press("ArrowLeft", "Escape")
    screen.expect_cursor(3, "Name")
    assert screen.value(3, "Name") == before


def test_a_second_escape_leaves_the_grid(screen: Screen) -> None:
    screen.go(3, "Name")
    screen.press("Escape")
    expect(screen.page.locator("#next-issue")).to_be_focused()


def test_tab_is_no_trap_at_the_last_cell(screen: Screen) -> None:
    screen.go(8, "Name")
    screen.press("End", "Tab")
    expect(screen.page.locator(".cell-editor").first).not_to_be_focused()


def test_f8_walks_through_the_issues_and_back(screen: Screen) -> None:
    screen.press("F8")
    expect(screen.message).not_to_be_empty()
    first = screen.message.inner_text()
    screen.press("F8")
    expect(screen.message).not_to_have_text(first)
    screen.press("Shift+F8")
    expect(screen.message).to_have_text(first)


def test_alt_enter_applies_the_first_suggestion_and_goes_on(screen: Screen) -> None:
    screen.press("F8")
    while screen.page.locator("#issue-actions .primary").count() == 0:
        screen.press("F8")
    offered = screen.page.locator("#issue-actions .primary").inner_text()
    screen.press("Alt+Enter")
    screen.expect_saved()
    screen.page.click("#tab-history")
    expect(screen.page.locator("#history")).to_contain_text(offered.split("→")[1].split("Alt")[0].strip())


def test_alt_a_accepts_with_a_reason_and_the_bar_says_who(screen: Screen) -> None:
    screen.press("F8")
    where = screen.page.locator("#issue-where").inner_text()
    screen.press("Alt+a")
    screen.type("Printed like this")
    screen.press("Enter")
    screen.expect_saved()
    screen.press("Shift+F8")
    expect(screen.page.locator("#issue-where")).not_to_have_text(where)


def test_ctrl_z_undoes_on_the_server_and_ctrl_y_does_it_again(screen: Screen) -> None:
    screen.go(3, "Price")
    screen.type("99.5")
    screen.press("Enter", "Control+z")
    screen.expect_value(3, "Price", "12.40")
    screen.expect_cursor(3, "Price")
    screen.press("Control+y")
    screen.expect_value(3, "Price", "99.50")


def test_keys_go_by_their_place_whatever_the_layout_writes(screen: Screen) -> None:
    """On a Thai layout Ctrl+Z arrives as ผ."""
    screen.go(3, "Price")
    screen.type("99.5")
    screen.press("Enter")
    screen.page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent(
             'keydown', {key: 'ผ', code: 'KeyZ', ctrlKey: true, bubbles: true, cancelable: true}))"""
    )
    screen.expect_value(3, "Price", "12.40")


def test_lines_are_added_duplicated_moved_and_deleted(screen: Screen) -> None:
    screen.go(3, "Name")
    screen.press("Alt+n")
    screen.expect_lines(9)
    screen.expect_cursor(4, "Name")
    screen.press("Control+Delete")
    screen.expect_lines(8)
    screen.go(3, "Name")
    screen.press("Alt+Shift+ArrowDown")
    screen.expect_lines(9)
    screen.press("Control+z")
    screen.expect_lines(8)
    name = screen.value(2, "Name")
    screen.go(2, "Name")
    screen.press("Alt+ArrowUp")
    expect(screen.cell(1, "Name")).to_contain_text(name)
    screen.expect_cursor(1, "Name")


def test_a_line_is_split_in_two(screen: Screen) -> None:
    screen.go(3, "Quantity")
    screen.press("Alt+/")
    screen.expect_lines(9)


def test_ctrl_d_fills_a_block_down(screen: Screen) -> None:
    screen.go(2, "Level")
    screen.type("乙")
    screen.press("Enter", "ArrowUp", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    screen.expect_value(4, "Level", "乙")
    screen.press("Control+z")
    screen.expect_value(4, "Level", "甲")


def test_delete_empties_a_block(screen: Screen) -> None:
    screen.go(3, "Unit price")
    screen.press("Shift+ArrowRight", "Delete")
    expect(screen.cell(3, "Price")).to_have_text("")
    screen.press("Control+z")
    screen.expect_value(3, "Price", "12.40")


def test_a_block_from_a_spreadsheet_is_pasted_and_adds_lines(screen: Screen) -> None:
    screen.go(8, "Quantity")
    screen.set_clipboard("1\t10.5\t10.50\n2\t๑๐\t１，０００\n")
    screen.expect_lines(9)
    screen.expect_value(9, "Unit price", "10.00")
    screen.expect_value(9, "Price", "1,000.00")
    screen.expect_saved()


def test_a_block_is_copied_for_a_spreadsheet(screen: Screen) -> None:
    screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    screen.go(1, "Unit price")
    screen.press("Shift+ArrowRight", "Shift+ArrowDown", "Control+c")
    assert screen.page.evaluate("navigator.clipboard.readText()") == "12.50\t25.00\n18.00\t78.00"


def test_f6_goes_round_the_parts_of_the_screen(screen: Screen) -> None:
    seen = []
    for _ in range(5):
        screen.press("F6")
        seen.append(screen.page.evaluate("document.activeElement.closest('section, [id]')?.id"))
    assert len(set(seen)) == 5


def test_the_picture_is_zoomed_turned_and_fitted(screen: Screen) -> None:
    level = screen.page.locator("#zoom-level")
    before = level.inner_text()
    screen.press("Alt+Equal")
    expect(level).not_to_have_text(before)
    screen.press("Alt+0")
    expect(screen.page.locator("[data-view=fit-width]")).to_have_attribute("aria-pressed", "true")
    screen.press("Alt+r")
    assert "rotate(90deg)" in (screen.page.locator(".sheet-inner").get_attribute("style") or "")


@pytest.mark.parametrize("key", ["?", "F1"])
def test_the_table_of_keys_opens(screen: Screen, key: str) -> None:
    screen.page.locator("#next-issue").focus()
    screen.press(key)
    expect(screen.page.locator("#help")).to_be_visible()
    screen.press("Escape")
    expect(screen.page.locator("#help")).to_be_hidden()


def test_text_that_is_no_amount_stays_marked_until_it_is_mended(screen: Screen) -> None:
    screen.go(3, "Price")
    screen.type("abc")
    screen.press("Enter", "ArrowUp")
    expect(screen.message).to_contain_text("is not an amount")
    screen.type("12.40")
    screen.press("Enter", "ArrowUp")
    expect(screen.message).not_to_contain_text("is not an amount")


def test_ctrl_z_in_a_field_at_rest_undoes_on_the_server(screen: Screen) -> None:
    number = screen.page.get_by_label("Invoice number")
    before = number.input_value()
    number.focus()
    screen.type("777")
    screen.press("Enter")
    screen.expect_saved()
    screen.press("Control+z")
    expect(number).to_be_focused()
    expect(number).to_have_value(before)
    screen.press("Control+y")
    expect(number).to_have_value("777")


def test_ctrl_z_takes_back_what_could_not_be_saved_and_no_more(screen: Screen) -> None:
    screen.go(2, "Price")
    screen.type("19")
    screen.press("Enter")
    screen.type("abc")
    screen.press("Enter", "ArrowUp")
    expect(screen.message).to_contain_text("is not an amount")
    screen.press("Control+z")
    screen.expect_value(3, "Price", "12.40")
    screen.expect_value(2, "Price", "19.00")
    expect(screen.message).not_to_contain_text("is not an amount")


def test_alt_n_begins_an_empty_list_and_its_last_line_leaves_the_focus_in_sight(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User
) -> None:
    screen = open_screen(make_invoice(Paper(lines=0)), reviewer)
    screen.press("Alt+n")
    screen.expect_cursor(1, "Name")
    screen.press("Control+Delete")
    screen.expect_lines(0)
    expect(screen.page.locator("#next-issue")).to_be_focused()


def test_a_document_without_issues_opens_at_its_first_value(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User
) -> None:
    screen = open_screen(make_invoice(Paper()), reviewer)
    screen.expect_open(errors=0, warnings=0)
    screen.expect_cursor(1, "Name")


def test_blocks_are_chosen_by_pages_and_to_the_corners(screen: Screen) -> None:
    chosen = screen.page.locator("td[aria-selected=true]")
    screen.go(2, "Quantity")
    screen.press("Control+Shift+End")
    expect(chosen).to_have_count(7 * 5)
    screen.press("Control+Shift+Home")
    expect(chosen).to_have_count(2 * 5)
    screen.press("Shift+PageDown")
    screen.expect_cursor(8, "Name")


def test_a_line_out_of_sight_is_not_deleted(screen: Screen) -> None:
    screen.go(2, "Price")
    screen.page.locator("#tab-sums").click()
    screen.page.locator("#row-delete").click()
    screen.page.locator("#tab-lines").click()
    screen.expect_lines(8)


def test_f8_held_down_stays_in_the_document(open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User) -> None:
    document, following = make_invoice(Paper()), make_invoice(Paper())
    screen = open_screen(document, reviewer)
    screen.page.keyboard.down("F8")
    screen.page.keyboard.down("F8")  # pressed again without a release: a repeat
    screen.page.keyboard.up("F8")
    expect(screen.page.locator("#toast")).to_contain_text("F8 again")
    screen.press("F8")
    screen.page.wait_for_url(f"**/documents/{following.pk}/review/**")


def test_ctrl_s_saves_what_stands_in_the_cell(screen: Screen) -> None:
    screen.go(3, "Price")
    screen.type("99")
    screen.press("Control+s")
    screen.expect_value(3, "Price", "99.00")
    screen.expect_saved()
