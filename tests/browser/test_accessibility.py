"""WCAG 2.2 AA, checked by axe in the states a reviewer meets, in both themes."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from claims.models import User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def expect_accessible(screen: Screen) -> None:
    result = Axe().run(screen.page, options={"runOnly": LEVELS})
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_at_an_issue_in_the_grid(screen: Screen, scheme: Literal["light", "dark"]) -> None:
    screen.page.emulate_media(color_scheme=scheme)
    screen.go(2, "Price")
    expect_accessible(screen)


def test_while_editing(screen: Screen) -> None:
    screen.go(2, "Price")
    screen.press("F2")
    expect_accessible(screen)


def test_while_asking_for_a_reason(screen: Screen) -> None:
    screen.press("F8", "Alt+a")
    expect_accessible(screen)


@pytest.mark.parametrize("tab", ["sums", "answer", "history"])
def test_in_every_tab(screen: Screen, tab: str) -> None:
    screen.go(3, "Price")
    screen.type("99")
    screen.press("Enter")
    screen.expect_saved()
    screen.page.click(f"#tab-{tab}")
    expect_accessible(screen)


def test_with_the_table_of_keys(screen: Screen) -> None:
    screen.press("F1")
    expect_accessible(screen)


def test_with_the_decision_open(screen: Screen) -> None:
    screen.press("Control+Enter")
    expect_accessible(screen)


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone(open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User, width: int) -> None:
    paper = Paper(mistakes={(1, "price"): "78.00"})
    screen = open_screen(make_invoice(paper), reviewer, viewport={"width": width, "height": 844})
    screen.press("F8")
    expect_accessible(screen)
