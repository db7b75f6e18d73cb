"""Input methods and keyboards: the live input takes what they write from the first keystroke."""

from __future__ import annotations

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
    for typed, saved in (("2025年3月9日", "2025-03-09"), ("๒๕๖๘/๓/๑๐", "2025-03-10"), ("20250311", "2025-03-11")):
        field.fill(typed)
        screen.press("Enter")
        expect(field).to_have_value(saved)
    screen.expect_saved()
