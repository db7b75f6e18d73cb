"""The queue by keys: move, select, open; rows on demand have them too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from claims.models import Claim, User
from claims.queueing import queue
from tests.browser.conftest import OpenPage


@pytest.fixture
def list_of_three(open_page: OpenPage, reviewer: User, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Two rows of three; the third comes on demand."""
    monkeypatch.setattr(queue, "PAGE_SIZE", 2)
    for n in range(3):
        Claim.objects.create(number=f"Q-{n}", status=Claim.Status.READY)
    return open_page(reviewer, "/")


def test_chosen_rows_are_taken_together(list_of_three: Page) -> None:
    page = list_of_three
    expect(page.locator(".bulkbar")).to_be_hidden()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-chosen]")).to_have_text("2")
    page.get_by_role("button", name="Take", exact=True).click()
    expect(page.get_by_text("2 claims assigned.")).to_be_visible()
    assert Claim.objects.exclude(assignee=None).count() == 2


def test_more_rows_are_reached_by_the_same_keys(list_of_three: Page) -> None:
    page = list_of_three
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("tr[data-claim]")).to_have_count(3)
    for _row in range(3):
        page.keyboard.press("j")
    expect(page.locator("tr.current")).to_have_attribute("data-claim", "Q-0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Q-0")).to_be_visible()


def test_enter_in_the_bar_takes_nothing(list_of_three: Page) -> None:
    page = list_of_three
    for number in ("Q-2", "Q-1"):
        page.get_by_label(f"Select {number}").check()
    expect(page.locator("[data-chosen]")).to_have_text("2")
    page.locator(".bulkbar summary").click()
    page.get_by_label("Reason").fill("Three hospitals, one day.")
    page.get_by_label("Reason").press("Enter")
    page.get_by_label("Due on").fill("2030-05-31")
    page.get_by_role("button", name="Set the day").click()
    expect(page.get_by_text("2 claims have their day.")).to_be_visible()
    assert not Claim.objects.exclude(assignee=None).exists()


def test_a_list_is_kept_under_a_name(list_of_three: Page) -> None:
    page = list_of_three
    page.get_by_label("Order").select_option("oldest")
    page.locator("summary", has_text="Save this view").click()
    page.get_by_label("Name", exact=True).fill("Oldest first, please")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(page.url.partition("?")[0])
    page.get_by_role("link", name="Oldest first, please").click()
    expect(page.get_by_label("Order")).to_have_value("oldest")
