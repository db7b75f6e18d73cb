"""The review screen as a test speaks of it: keys, cells by line and column, what stands in the issue bar."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

GRID = "table[data-list=line_items]"
ACTIVE = re.compile(r"\bactive\b")


@dataclass
class Screen:
    page: Page
    errors: list[str]
    """Console errors of all windows of the test; a test that makes the network fail on purpose clears them."""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def column(self, label: str) -> int:
        heads: list[str] = self.page.locator(f"{GRID} thead th").all_inner_texts()
        return heads.index(label)

    def cell(self, line: int, label: str) -> Locator:
        """The cell of a line (from 1) in the column with this heading."""
        return self.page.locator(f"{GRID} tbody tr").nth(line - 1).locator("> *").nth(self.column(label))

    def value(self, line: int, label: str) -> str:
        """The text of a cell at rest, as it was last painted."""
        text: str = self.cell(line, label).evaluate("cell => cell.firstChild.data")
        return text

    def expect_value(self, line: int, label: str, text: str) -> None:
        handle = self.cell(line, label)
        expect(handle).to_contain_text(text)

    def go(self, line: int, label: str) -> None:
        self.cell(line, label).click()

    def cursor(self) -> tuple[int, str]:
        """Line and heading of the active cell."""
        place = self.page.locator(f"{GRID} td.active").evaluate(
            "td => [td.parentNode.rowIndex, td.closest('table').tHead.rows[0].cells[td.cellIndex].innerText]"
        )
        return place[0], place[1]

    def expect_cursor(self, line: int, label: str) -> None:
        """The active cell, as soon as the screen has got there."""
        row = self.page.locator(f"{GRID} tbody tr").nth(line - 1)
        expect(row.locator("> *").nth(self.column(label))).to_have_class(ACTIVE)

    @property
    def lines(self) -> int:
        return self.page.locator(f"{GRID} tbody tr").count()

    @property
    def message(self) -> Locator:
        return self.page.locator("#issue-message")

    @property
    def status(self) -> Locator:
        return self.page.locator("#save-state")

    def expect_saved(self) -> None:
        expect(self.status).to_have_attribute("data-status", "saved")

    def expect_lines(self, count: int) -> None:
        expect(self.page.locator(f"{GRID} tbody tr")).to_have_count(count)

    def expect_open(self, errors: int, warnings: int) -> None:
        for severity, count in (("error", errors), ("warning", warnings)):
            expect(self.page.locator(f"#count-{severity} b")).to_have_text(str(count))

    def set_clipboard(self, text: str) -> None:
        """Pastes text as a spreadsheet hands it over."""
        self.page.evaluate(
            """text => {
              const data = new DataTransfer();
              data.setData('text/plain', text);
              const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
              document.activeElement.dispatchEvent(paste);
            }""",
            text,
        )
