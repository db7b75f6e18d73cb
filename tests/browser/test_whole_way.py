"""The whole way of one invoice, on the desk as `./run` starts it: web server, worker, engine, hashed files, policy.

Nothing is replaced: a new user's first ten minutes. The desk is started once and stopped as Ctrl+C would.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import collect_errors
from tests.browser.screen import Screen

ROOT: Path = settings.BASE_DIR
PHOTO = ROOT / "demo" / "pictures" / "single-13-photo.jpg"
PASSWORD = "correct horse battery"
READING_MILLISECONDS = 240_000
COLUMNS = {"name": "Name", "level": "Level", "amount": "Quantity", "unit_price": "Unit price", "price": "Price"}
"""The vendor's name of a value of a line, and the heading of its column."""

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not (ROOT / ".venv").exists(), reason="the desk was not set up here (./run setup)"),
]
exact = partial(json.loads, parse_float=Decimal, parse_int=Decimal)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a desk that was started with `./run --no-demo` and has one administrator."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")}
    environment |= {
        "CLAIMDESK_DATA_DIR": str(tmp_path_factory.mktemp("desk")),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    run = [sys.executable, str(ROOT / "run")]
    subprocess.run([*run, "setup"], env=environment, check=True)
    make_admin = ["manage", "createsuperuser", "--noinput", "--username", "mei", "--email", "mei@desk.invalid"]
    subprocess.run([*run, *make_admin], env=environment, check=True)
    port = free_port()
    served = subprocess.Popen([*run, "--no-demo", "--port", str(port)], env=environment)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/healthz", served)
        yield f"http://127.0.0.1:{port}"
    finally:
        served.send_signal(signal.SIGINT)
        assert served.wait(60) == 0


def wait_until_it_answers(address: str, served: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        assert served.poll() is None, "the desk stopped while it was starting"
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the desk did not answer within a minute")


@pytest.fixture
def window(browser: Browser, browser_context_args: dict[str, Any], console_errors: list[str]) -> Iterator[Page]:
    """A browser that has never been here. A console error, and so a violation of the policy, fails the test."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    collect_errors(page, console_errors)
    yield page
    context.close()
    assert console_errors == []


def sign_in(page: Page, desk: str) -> None:
    page.goto(desk)
    page.get_by_label("Username").fill("mei")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk}/")


def upload_and_open(page: Page, errors: list[str]) -> Screen:
    """The review screen of the photo, once it was read."""
    page.get_by_role("link", name="Upload", exact=True).click()
    page.locator("#files").set_input_files(PHOTO)
    review = page.get_by_role("link", name="Review", exact=True)
    expect(review).to_be_visible(timeout=READING_MILLISECONDS)
    review.click()
    page.wait_for_selector("html[data-ready]", state="attached")
    return Screen(page, errors)


def lines_on_screen(screen: Screen) -> list[dict[str, Any]]:
    return [{name: screen.value(n, label) for name, label in COLUMNS.items()} for n in range(1, screen.lines + 1)]


def as_shown(line: dict[str, Any]) -> dict[str, str]:
    """A line of the truth as the screen writes it: money with two decimals, a quantity plainly."""
    money = {name: f"{line[name]:,.2f}" for name in ("unit_price", "price")}
    return {"name": line["name"], "level": line["level"], "amount": f"{line['amount'].normalize():f}", **money}


def comparable(line: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: line.get(name) or "" for name in names}


def break_and_mend_a_price(screen: Screen, price: str) -> None:
    """A wrong price is found with its sum, and the first proposal puts it right."""
    screen.go(2, "Price")
    screen.type("99.99")
    screen.press("Enter")
    screen.expect_saved()
    screen.go(2, "Price")
    expect(screen.message).to_contain_text("99.99")
    expect(screen.message).to_contain_text(price)
    screen.press("Alt+Enter")
    screen.expect_value(2, "Price", price)
    screen.expect_saved()
    screen.go(2, "Price")
    expect(screen.message).not_to_contain_text("99.99")


def decide(screen: Screen) -> None:
    screen.press("Control+Enter")
    expect(screen.page.locator("#decide")).to_be_visible()
    screen.press("Control+Enter")
    expect(screen.page.locator("#decision-words")).to_contain_text("Approved")


def download_json(page: Page, folder: Path) -> Any:
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSON").click()
    waiting.value.save_as(folder / "claim.json")
    return exact((folder / "claim.json").read_text(encoding="utf-8"))


def test_a_photo_becomes_a_decision_and_a_file(
    desk: str, window: Page, console_errors: list[str], tmp_path: Path
) -> None:
    truth = exact(PHOTO.with_suffix(".truth.json").read_text(encoding="utf-8"))["medical_result"]
    lines = truth["cost_detail_list"]
    sign_in(window, desk)
    screen = upload_and_open(window, console_errors)
    assert lines_on_screen(screen) == [as_shown(line) for line in lines]

    break_and_mend_a_price(screen, as_shown(lines[1])["price"])
    screen.expect_open(errors=0, warnings=0)
    decide(screen)

    window.locator("a[href^='/claims/']").first.click()
    exported = download_json(window, tmp_path)
    [document] = exported["documents"]
    names = set(lines[0])
    assert [comparable(line, names) for line in document["medical_result"]["cost_detail_list"]] == [
        comparable(line, names) for line in lines
    ]
    assert document["medical_result"]["total_cost"] == truth["total_cost"]
    assert [(record["why"], record["new"]) for record in document["corrections"]] == [
        ("typed", "99.99"),
        ("suggestion", str(lines[1]["price"])),
    ]
    assert exported["decision"]["outcome"] == "approved"
    assert exported["decision"]["decided_by"] == "mei"
    assert exported["claim"]["status"] == "decided"
