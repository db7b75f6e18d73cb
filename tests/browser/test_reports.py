"""The reports as a supervisor sees them: readable in both themes and on a phone, with charts that the policy allows."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import expect

from claims.deciding import decisions
from claims.models import Claim, Decision, Document, User
from claims.reports.catalogue import REPORTS
from tests.browser.conftest import MakeInvoice, OpenPage
from tests.browser.paper import Paper
from tests.browser.screen import Screen
from tests.browser.test_accessibility import expect_accessible
from tests.browser.test_pages import NARROW, expect_room


@pytest.fixture
def decided(make_invoice: MakeInvoice, reviewer: User) -> Document:
    document = make_invoice(Paper())
    Claim.objects.update(status=Claim.Status.READY)
    verdict = decisions.Verdict(outcome=Decision.Outcome.REJECTED, reason_code="period", reason="Too late.")
    claim = Claim.objects.get(pk=document.claim_id)
    decisions.decide(claim=claim, user=reviewer, verdict=verdict, version=claim.version)
    return document


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_reports_are_accessible(
    open_page: OpenPage,
    console_errors: list[str],
    decided: Document,
    supervisor: User,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_page(supervisor, "/reports/")
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(".reports section")).to_have_count(len(REPORTS))
    expect(page.locator("#inflow .wide svg")).to_be_visible()
    expect_accessible(Screen(page, console_errors))


def test_a_phone_gets_charts_of_its_own(
    open_page: OpenPage, console_errors: list[str], decided: Document, supervisor: User
) -> None:
    screen = Screen(open_page(supervisor, "/reports/", viewport=NARROW), console_errors)
    expect(screen.page.locator("#inflow .narrow svg")).to_be_visible()
    expect(screen.page.locator("#inflow .wide svg")).to_be_hidden()
    expect_accessible(screen)
    expect_room(screen)


def test_the_empty_page_says_what_to_do(
    open_page: OpenPage, console_errors: list[str], claim: Claim, supervisor: User
) -> None:
    Claim.objects.all().delete()
    page = open_page(supervisor, "/reports/")
    expect(page.get_by_role("heading", name="Nothing to report yet")).to_be_visible()
    expect_accessible(Screen(page, console_errors))
