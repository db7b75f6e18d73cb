"""Queue, upload and claim: accessible, and nothing too small or too wide on the narrowest phone."""

from __future__ import annotations

import pytest

from claims.models import Claim, Document, User
from tests.browser.conftest import MakeInvoice, OpenPage, OpenScreen
from tests.browser.paper import Paper
from tests.browser.screen import Screen
from tests.browser.test_accessibility import expect_accessible

PAGES = ("/", "/upload/", "/claims/2026-000001/")
NARROW = {"width": 320, "height": 640}
SMALL = """() => [...document.querySelectorAll('button, summary, select, a.button, [role=tab]')]
  .filter(node => node.checkVisibility({visibilityProperty: true}) && !node.closest('.visually-hidden'))
  .map(node => [node, node.getBoundingClientRect()])
  .filter(([, {width, height}]) => Math.min(width, height) < 23.5)
  .map(([node, {width, height}]) => `${node.id || node.className} ${node.innerText}: ${width} × ${height}`)"""
"""Targets under 24 pixels (WCAG 2.2, 2.5.8)."""


@pytest.fixture
def desk(make_invoice: MakeInvoice) -> Document:
    document = make_invoice(Paper(mistakes={(1, "price"): "78.00"}))
    Claim.objects.update(status=Claim.Status.READY)
    return document


def expect_room(screen: Screen) -> None:
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert screen.page.evaluate(SMALL) == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible(
    open_page: OpenPage, console_errors: list[str], desk: Document, reviewer: User, path: str
) -> None:
    expect_accessible(Screen(open_page(reviewer, path), console_errors))


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_a_narrow_phone(
    open_page: OpenPage, console_errors: list[str], desk: Document, reviewer: User, path: str
) -> None:
    screen = Screen(open_page(reviewer, path, viewport=NARROW), console_errors)
    expect_accessible(screen)
    expect_room(screen)


def test_the_review_screen_fits_a_narrow_phone(open_screen: OpenScreen, desk: Document, reviewer: User) -> None:
    expect_room(open_screen(desk, reviewer, viewport=NARROW))
