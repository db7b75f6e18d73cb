"""States other than an invoice as read: failed, held, partial, a health check, names that were not read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.editing import findings
from claims.models import Document, LineItem, User
from claims.working_values.values import store_reading
from ocr_providers.exact_json import loads
from ocr_providers.results import Kind, ReadingResult
from ocr_providers.vendor_schema import health_from_json
from tests.browser.conftest import MakeInvoice, OpenScreen
from tests.browser.paper import Paper
from tests.browser.test_accessibility import expect_accessible

HEALTH = """[{"key": "bp", "value": "146/91", "score": 0.99, "found": true, "rect": [40, 40, 200, 80]},
 {"key": "Weight", "value": 73.1, "score": 0.99, "found": true, "rect": []},
 {"key": "Height", "value": 179.5, "score": 0.99, "found": true, "rect": []},
 {"key": "BMI", "value": 27.69, "score": 0.93, "found": true, "rect": []},
 {"key": "FBS", "value": "n/a", "score": 0.0, "found": false, "rect": []},
 {"key": "BP-Systolic", "value": "146", "score": 0.99, "found": true, "rect": []},
 {"key": "BP-Diastolic", "value": "91", "score": 0.99, "found": true, "rect": []},
 {"key": "Date_reformatted", "value": "05/01/2023", "score": 0.99, "found": true, "rect": []}]"""
REASONS = {
    Document.Status.FAILED: "The picture is too blurred to read.",
    Document.Status.HELD: "The answer never came.",
}


@pytest.mark.parametrize("status", REASONS)
def test_a_paper_that_was_not_read_says_why_and_offers_ways_on(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User, status: Document.Status
) -> None:
    document = make_invoice(Paper())
    Document.objects.filter(pk=document.pk).update(status=status, failure_code=status, failure_reason=REASONS[status])
    screen = open_screen(document, reviewer)
    expect(screen.page.get_by_role("alert").get_by_text(REASONS[status])).to_be_visible()
    expect_accessible(screen)
    screen.page.get_by_role("link", name="Type by hand").click()
    expect(screen.page.locator("#fields")).to_be_visible()


def test_a_partial_reading_is_confirmed(open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User) -> None:
    document = make_invoice(Paper())
    Document.objects.filter(pk=document.pk).update(partial=True)
    screen = open_screen(document, reviewer)
    expect_accessible(screen)
    screen.page.get_by_role("button", name="I have compared it").click()
    expect(screen.page.locator("#partial-notice")).to_have_count(0)
    assert Document.objects.get().partial_confirmed


@pytest.fixture
def health_check(make_invoice: MakeInvoice) -> Document:
    document = make_invoice(Paper(lines=0))
    report = health_from_json(loads(HEALTH))
    store_reading(document=document, result=ReadingResult(kind=Kind.HEALTH_CHECK, document=report), by="local")
    findings.refresh(document)
    return document


def test_a_health_check_is_a_table_of_values(open_screen: OpenScreen, health_check: Document, reviewer: User) -> None:
    screen = open_screen(health_check, reviewer)
    values = screen.page.locator("table[data-list=health_values]")
    expect(values.locator("tbody tr")).to_have_count(8)
    expect(values).to_contain_text("18.5–22.9")
    for key in ("BP-Systolic", "BP-Diastolic"):
        expect(values.get_by_role("row").filter(has_text=key).get_by_text("Look")).to_be_visible()
    day = values.get_by_role("gridcell", name="05/01/2023")
    expect(day).to_have_css("text-align", "left")
    expect_accessible(screen)
    values.locator("tbody tr").nth(1).locator("td").nth(1).click()
    screen.type("80")
    screen.press("Enter")
    screen.expect_saved()
    assert str(health_check.health_values.get(key="Weight").number) == "80.0000"


def test_the_name_it_was_matched_with_stands_for_a_name_that_was_not_read(
    open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User
) -> None:
    document = make_invoice(Paper())
    LineItem.objects.filter(n=0).update(ocr_name="", name="阿莫西林胶囊")
    screen = open_screen(document, reviewer)
    assert screen.value(1, "Name") == "阿莫西林胶囊"
    screen.go(1, "Name")
    screen.type("Amoxicillin")
    screen.press("Enter")
    screen.expect_value(1, "Name", "Amoxicillin")


def test_a_conflict_is_accessible(open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User) -> None:
    screen = open_screen(make_invoice(Paper()), reviewer)
    line = LineItem.objects.get(n=4)
    line.sources["price"] = {**line.sources["price"], "revision": 99, "by": "sun.supervisor"}
    line.save()
    screen.go(5, "Price")
    screen.type("2")
    screen.press("Enter")
    expect(screen.status).to_have_attribute("data-status", "conflict")
    screen.go(5, "Price")
    expect_accessible(screen)
    screen.errors.clear()  # the browser reports the 409
