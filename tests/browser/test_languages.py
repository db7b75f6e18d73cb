"""Input methods and keyboards: the live input takes what they write from the first keystroke."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen


def test_a_chinese_input_method_composes_in_a_cell(screen: Screen) -> None:
    screen.go(3, "Name")
    devtools = screen.page.context.new_cdp_session(screen.page)
    devtools.send("Input.imeSetComposition", {"text": "cigong", "selectionStart": 6, "selectionEnd": 6})
    devtools.send("Input.imeSetComposition", {"text": "磁共", "selectionStart": 2, "selectionEnd": 2})
    devtools.send("Input.insertText", {"text": "磁共振"})
    screen.press("Enter")
    screen.expect_value(3, "Name", "磁共振")
    screen.expect_cursor(4, "Name")


def test_thai_text_and_digits_are_typed(screen: Screen) -> None:
    screen.go(3, "Name")
    screen.type("พาราเซตามอล")
    screen.press("Enter")
    screen.expect_value(3, "Name", "พาราเซตามอล")
    screen.go(4, "Price")
    screen.type("๑๒๓.๕")
    screen.press("Enter")
    screen.expect_value(4, "Price", "123.50")


def test_a_date_may_be_typed_in_the_ways_people_write_it(screen: Screen) -> None:
    field = screen.page.locator("#field-billing_date")
    field.click()
    for typed, saved in (
        ("2025年3月9日", "2025-03-09"), ("๒๕๖๘/๓/๑๐", "2025-03-10"), ("20250311", "2025-03-11"),
        ("12/3/2568", "2025-03-12"), ("13 มี.ค. 2568", "2025-03-13"),
    ):  # fmt: skip
        field.fill(typed)
        screen.press("Enter")
        expect(field).to_have_value(saved)
    screen.expect_saved()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("１，２８０．５０", "1,280.50"), ("1280。50", "1,280.50"), ("￥1 280.50", "1,280.50"),
        ("1,280.50 บาท", "1,280.50"),
        ("RMB 1,280.5", "1,280.50"), ("153.80元整", "153.80"), ("-¥5", "-5.00"), ("(5)", "-5.00"),
    ],
)  # fmt: skip
def test_amounts_are_understood_as_spreadsheets_and_input_methods_write_them(
    screen: Screen, typed: str, shown: str
) -> None:
    screen.go(3, "Price")
    screen.set_clipboard(typed)
    screen.expect_value(3, "Price", shown)
    screen.expect_saved()


@pytest.mark.parametrize("typed", ["12 50", "5元50", "1,28", "1.280,50"])
def test_an_amount_that_could_be_two_is_never_guessed(screen: Screen, typed: str) -> None:
    screen.go(3, "Price")
    screen.set_clipboard(typed)
    expect(screen.message).to_contain_text("is not an amount")
    assert screen.value(3, "Price") == typed


def test_escape_ends_a_composition_and_not_the_question(screen: Screen) -> None:
    screen.press("F8", "Alt+Shift+a")
    reason = screen.page.locator("#reason")
    reason.evaluate(
        """input => input.dispatchEvent(
          new KeyboardEvent('keydown', {key: 'Escape', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    expect(reason).to_be_visible()
    screen.press("Escape")
    expect(reason).to_have_count(0)
