"""The upload page: each file has its own result, and a bad one does not stop the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from claims.models import Claim, Document, User
from tests.browser.conftest import OpenPage


@pytest.fixture
def files(tmp_path: Path, picture: Callable[..., bytes]) -> list[Path]:
    """Two pictures, and between them a text that is named like one."""
    contents = {"first.jpg": picture("one"), "text.jpg": b"Dear insurer, ...", "second.jpg": picture("two")}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


@pytest.fixture
def upload(open_page: OpenPage, clerk: User) -> Page:
    return open_page(clerk, "/upload/")


def row(page: Page, name: str) -> Locator:
    return page.locator(".file-row", has=page.get_by_text(name, exact=True))


def test_a_bad_file_is_refused_with_its_reason_and_the_others_go_on(upload: Page, files: list[Path]) -> None:
    upload.locator("#files").set_input_files(files)
    for name in ("first.jpg", "second.jpg"):
        expect(row(upload, name).locator("[data-state]")).to_have_text("Waiting to be read")
    expect(row(upload, "text.jpg").locator("[data-state]")).to_have_text("Refused")
    expect(row(upload, "text.jpg").locator("[data-text]")).to_contain_text("JPEG")
    claim = Claim.objects.get()
    assert sorted(claim.documents.values_list("original_name", flat=True)) == ["first.jpg", "second.jpg"]

    Document.objects.filter(original_name="first.jpg").update(status=Document.Status.READ)
    expect(row(upload, "first.jpg").get_by_role("link", name="Review")).to_be_visible()
    expect(row(upload, "second.jpg").get_by_role("link", name="Review")).to_have_count(0)
    row(upload, "second.jpg").get_by_role("link", name=claim.number).click()
    expect(upload).to_have_url(re.compile(f"/claims/{claim.number}/$"))


def test_every_file_may_have_a_claim_of_its_own(upload: Page, files: list[Path]) -> None:
    upload.get_by_label("A new claim for every file").check()
    upload.locator("#files").set_input_files([files[0], files[2]])
    for file in (files[0], files[2]):
        expect(row(upload, file.name).locator("[data-state]")).to_have_text("Waiting to be read")
    assert Claim.objects.count() == 2


def test_a_file_that_did_not_arrive_is_sent_again(upload: Page, files: list[Path], console_errors: list[str]) -> None:
    upload.context.set_offline(True)
    upload.locator("#files").set_input_files(files[:1])
    expect(row(upload, "first.jpg").locator("[data-text]")).to_contain_text("Nothing was lost")
    upload.context.set_offline(False)
    upload.get_by_role("button", name="Try again").click()
    expect(row(upload, "first.jpg").locator("[data-state]")).to_have_text("Waiting to be read")
    console_errors.clear()  # the browser reports the lost request
