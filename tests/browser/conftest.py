"""The review screen in headless Chromium. Every test fails on a console error, and so on a violation of the policy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_socket import enable_socket, socket_allow_hosts

from claims import storage
from claims.editing import findings
from claims.models import Claim, Document, Reading, User
from claims.models import Page as PageRow
from claims.working_values.values import store_reading
from ocr_providers.exact_json import dumps
from ocr_providers.results import Kind, ReadingResult
from ocr_providers.vendor_schema import invoice_from_json
from tests.browser.gate import gate_before
from tests.browser.paper import HEIGHT, WIDTH, Paper
from tests.browser.screen import Screen

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs an event loop in the test's thread
PATIENCE_MILLISECONDS = 30_000
"""Longer than any answer takes on a busy machine. Whatever comes sooner is not waited for."""
expect.set_options(timeout=PATIENCE_MILLISECONDS)
BACKGROUND_OFF = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine (set CHROMIUM to its path)"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(BACKGROUND_OFF)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "locale": "en", "color_scheme": "light"}


@pytest.fixture(autouse=True)
def only_loopback() -> None:
    """The desk is really served here, so sockets open; still nobody talks to the world."""
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


MakeInvoice = Callable[[Paper], Document]


@pytest.fixture
def make_invoice(live_server: LiveServer, claim: Claim) -> MakeInvoice:
    """A document as it is after reading: picture, values with boxes, findings."""

    def make(paper: Paper) -> Document:
        document = Document.objects.create(
            claim=claim,
            sha256=f"{Document.objects.count():064x}",
            media_type="image/jpeg",
            byte_size=1000,
            original_name="receipt.jpg",
            kind=Document.Kind.INVOICE,
            status=Document.Status.READ,
        )
        _store_page(document, paper)
        _store_answer(document, paper)
        return document

    return make


def _store_page(document: Document, paper: Paper) -> None:
    key = storage.derived_key(document.sha256, "test", "0.jpg")
    storage.put(key, paper.picture())
    PageRow.objects.create(document=document, index=0, width=WIDTH, height=HEIGHT, picture=key, thumbnail=key)


def _store_answer(document: Document, paper: Paper) -> None:
    now, parsed = timezone.now(), paper.answer()
    Reading.objects.create(
        document=document,
        vendor="local",
        account_name="local",
        kind=Kind.INVOICE,
        answer=dumps({"medical_result": parsed}),
        started_at=now,
        finished_at=now,
    )
    result = ReadingResult(kind=Kind.INVOICE, document=invoice_from_json(parsed))
    store_reading(document=document, result=result, by="local")
    findings.refresh(document)


OpenPage = Callable[..., Page]
OpenScreen = Callable[..., Screen]


@pytest.fixture
def console_errors() -> list[str]:
    """Of all windows of the test; a test that makes the network fail on purpose clears them."""
    return []


@pytest.fixture
def gated_server(live_server: LiveServer, transactional_db: None) -> Iterator[LiveServer]:
    """The live server, empty of requests before the tables are emptied."""
    with gate_before(live_server):
        yield live_server


@pytest.fixture
def open_page(
    browser: Browser, gated_server: LiveServer, browser_context_args: dict[str, Any], console_errors: list[str]
) -> Iterator[OpenPage]:
    """`open_page(user, "/upload/")` opens a page as that person, in a window of its own."""
    contexts: list[BrowserContext] = []

    def open_one(user: User, path: str, **options: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **options})
        contexts.append(context)
        context.add_cookies([_session(user, gated_server.url)])
        page = context.new_page()
        collect_errors(page, console_errors)
        page.goto(f"{gated_server.url}{path}")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert console_errors == []


@pytest.fixture
def open_screen(open_page: OpenPage, console_errors: list[str]) -> OpenScreen:
    """`open_screen(document, user)` opens the review screen as that person, in a window of its own."""

    def open_one(document: Document, user: User, query: str = "", **options: Any) -> Screen:
        page = open_page(user, f"/documents/{document.pk}/review/{query}", **options)
        page.wait_for_selector("html[data-ready]", state="attached")
        return Screen(page, console_errors)

    return open_one


def _session(user: User, url: str) -> Any:
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


def collect_errors(page: Page, errors: list[str]) -> None:
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))


@pytest.fixture
def screen(open_screen: OpenScreen, make_invoice: MakeInvoice, reviewer: User) -> Screen:
    """An invoice of eight lines with two misread values, open before a reviewer."""
    paper = Paper(mistakes={(1, "price"): "78.00", (4, "amount"): "7"})
    return open_screen(make_invoice(paper), reviewer)
