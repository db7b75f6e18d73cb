"""A value that the provider gave no place for is pinned to the paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.models import LineItem, User
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import COLUMNS, HEIGHT, STEP, TOP, WIDTH, Paper
from tests.browser.screen import Screen

LINE = 2
LEFT, TOP_EDGE = COLUMNS["price"], TOP + (LINE - 1) * STEP
CORNERS = ((LEFT, TOP_EDGE), (LEFT + 80, TOP_EDGE + 30))


@pytest.fixture
def silent(open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User) -> Screen:
    """An invoice of a provider that gives no boxes; the cursor stands at a price."""
    document = make_invoice(Paper())
    for line in LineItem.objects.all():
        line.sources = {name: {k: v for k, v in source.items() if k != "rect"} for name, source in line.sources.items()}
        line.save()
    screen = open_screen(document, reviewer)
    screen.page.locator("[data-view=fit-page]").click()
    screen.go(LINE, "Price")
    expect(screen.page.locator(".overlay .value")).to_have_attribute("visibility", "hidden")
    return screen


def on_screen(screen: Screen, x: int, y: int) -> tuple[float, float]:
    box = screen.page.locator(".sheet").bounding_box()
    assert box
    return box["x"] + x / WIDTH * box["width"], box["y"] + y / HEIGHT * box["height"]


@pytest.mark.parametrize("way", ["drag", "two clicks"])
def test_a_box_is_drawn_around_the_active_value(silent: Screen, way: str) -> None:
    mouse = silent.page.mouse
    silent.page.locator("#pin").click()
    for n, corner in enumerate(CORNERS):
        mouse.move(*on_screen(silent, *corner))
        if way == "two clicks":
            mouse.click(*on_screen(silent, *corner))
        elif n == 0:
            mouse.down()
        else:
            mouse.up()
    expect(silent.page.locator(".overlay .value")).to_have_attribute("visibility", "visible")
    expect(silent.page.locator("#issue-source")).to_contain_text("Place shown by a reader")
    rect = LineItem.objects.get(n=LINE - 1).sources["price"]["rect"]
    assert abs(rect[0] - CORNERS[0][0]) <= 3
    assert abs(rect[3] - CORNERS[1][1]) <= 3


def test_escape_leaves_it(silent: Screen) -> None:
    silent.page.locator("#pin").click()
    silent.press("Escape")
    expect(silent.page.locator("#pin")).to_have_attribute("aria-pressed", "false")
