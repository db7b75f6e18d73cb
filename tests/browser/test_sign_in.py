"""Signing in as staff do it: name and password, a second factor, its loss, a forgotten-by-heart number of tries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.models import Claim, LogEntry, Role, RoleRule, User
from tests.browser.conftest import collect_errors
from tests.second_factor import code_now

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def no_tries_remembered() -> None:
    """Those of another test."""
    cache.clear()


@pytest.fixture
def visitor(browser: Browser, gated_server: LiveServer, console_errors: list[str]) -> Iterator[Page]:
    """A window in which nobody is signed in."""
    context = browser.new_context(base_url=gated_server.url, locale="en")
    page = context.new_page()
    collect_errors(page, console_errors)
    yield page
    context.close()
    assert console_errors == []


def sign_in(page: Page, user: User, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def expect_queue(page: Page) -> None:
    """Signed in; the queue is there with its keys, which its modules bind before the page counts as loaded."""
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    page.wait_for_load_state("load")


def confirm(page: Page) -> None:
    """What concerns the account itself asks for the password again."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def enrol(page: Page) -> str:
    """Types what the app shows; the secret."""
    confirm(page)
    secret = page.locator("#authenticator_secret").input_value()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.locator("input[name=code]").fill(code_now(secret))
    page.get_by_role("button", name="Switch on").click()
    return secret


def answer(page: Page, code: str) -> None:
    page.locator("input[name=code]").fill(code)
    page.get_by_role("main").get_by_role("button", name="Sign In").click()


def sign_out(page: Page) -> None:
    page.get_by_label("Signed in as").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("main").get_by_role("button", name="Sign in")).to_be_visible()


def test_a_second_factor_is_set_up_asked_for_and_replaced_by_a_recovery_code(visitor: Page, reviewer: User) -> None:
    page = visitor
    sign_in(page, reviewer)
    expect_queue(page)
    page.goto("/accounts/2fa/totp/activate/")
    secret = enrol(page)
    expect(page.get_by_text("recovery codes", exact=False).first).to_be_visible()
    page.goto("/accounts/2fa/recovery-codes/")
    codes = page.locator("textarea").input_value().split()
    sign_out(page)

    sign_in(page, reviewer)
    expect(page.locator("input[name=code]")).to_be_visible()
    answer(page, "000000")
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    answer(page, codes[0])
    expect_queue(page)
    sign_out(page)

    sign_in(page, reviewer)
    answer(page, codes[0])  # each recovery code works once
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    answer(page, code_now(secret))
    expect_queue(page)
    assert LogEntry.objects.filter(person=reviewer.username, action="person.two-factor-on").exists()


def test_who_must_have_a_second_factor_is_led_there_and_then_to_work(visitor: Page, supervisor: User) -> None:
    RoleRule.objects.create(role=Role.SUPERVISOR, requires_two_factor=True)
    sign_in(visitor, supervisor)
    expect(visitor.get_by_role("heading", name="Confirm Access")).to_be_visible()
    visitor.goto("/")
    expect(visitor.get_by_role("heading", name="Confirm Access")).to_be_visible()
    enrol(visitor)
    expect(visitor.get_by_text("recovery codes").first).to_be_visible()
    visitor.goto("/")
    expect_queue(visitor)


def test_eight_wrong_passwords_lock_the_name_for_a_while(
    visitor: Page, reviewer: User, console_errors: list[str]
) -> None:
    for _try in range(8):
        sign_in(visitor, reviewer, "wrong")
    sign_in(visitor, reviewer)
    expect(visitor.get_by_text("Too many sign-ins failed")).to_be_visible()
    console_errors.clear()  # the browser reports the 429


def test_a_new_password_is_the_one_that_works(visitor: Page, reviewer: User) -> None:
    sign_in(visitor, reviewer)
    visitor.goto("/accounts/password/change/")
    visitor.get_by_label("Current Password").fill(PASSWORD)
    visitor.get_by_label("New Password", exact=True).fill("battery staple 9")
    visitor.get_by_label("New Password (again)").fill("battery staple 9")
    visitor.get_by_role("main").get_by_role("button", name="Change Password").click()
    expect(visitor.get_by_text("Password successfully changed.")).to_be_visible()
    sign_out(visitor)
    sign_in(visitor, reviewer, "battery staple 9")
    expect_queue(visitor)


def test_signing_out_everywhere_ends_the_other_window(
    visitor: Page, browser: Browser, gated_server: LiveServer, reviewer: User
) -> None:
    other = browser.new_context(base_url=gated_server.url, locale="en").new_page()
    for page in (visitor, other):
        sign_in(page, reviewer)
        expect_queue(page)
    visitor.get_by_label("Signed in as").click()
    visitor.get_by_role("button", name="Sign out everywhere").click()
    expect(visitor.get_by_text("You are signed out everywhere.")).to_be_visible()
    other.reload()
    expect(other.get_by_role("main").get_by_role("button", name="Sign in")).to_be_visible()
    other.context.close()


def test_the_box_in_the_bar_finds_a_claim_by_a_part_of_a_name(visitor: Page, reviewer: User) -> None:
    from claims.queueing import search

    claim = Claim.objects.create(number="C2026-000001", patient_name="王建国", status=Claim.Status.READY)
    search.refresh(claim.pk)
    sign_in(visitor, reviewer)
    expect_queue(visitor)
    visitor.keyboard.press("/")
    visitor.keyboard.type("建国")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("tr[data-claim]")).to_have_count(1)
    expect(visitor.locator(".chip")).to_contain_text("建国")
