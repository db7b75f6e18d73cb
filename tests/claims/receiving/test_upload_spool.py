"""What comes in stands on the disk only as far as it may be taken in, and only for people who are signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from claims.models import Document, User
from claims.receiving.upload_spool import BoundedUploadHandler

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


@pytest.fixture
def spooled(monkeypatch: pytest.MonkeyPatch) -> list[TemporaryUploadedFile]:
    made: list[TemporaryUploadedFile] = []
    begin = TemporaryUploadedFile.__init__

    def note(file: TemporaryUploadedFile, *args: Any, **options: Any) -> None:
        begin(file, *args, **options)
        made.append(file)

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", note)
    return made


def test_whoever_is_not_signed_in_fills_no_disk(client: Client, spooled: list[TemporaryUploadedFile]) -> None:
    form = {"login": "rui", "password": "x", "file": SimpleUploadedFile("a.jpg", b"x" * MEGABYTE)}
    assert client.post(reverse("account_login"), form).status_code == 200
    assert client.post("/api/v1/uploads/", {"files": SimpleUploadedFile("a.jpg", b"x")}).status_code == 401
    assert spooled == []


def test_what_is_beyond_the_limit_is_counted_and_not_kept(clerk: User, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = MEGABYTE
    request = RequestFactory().post("/")
    request.user = clerk
    handler = BoundedUploadHandler(request)
    handler.new_file("files", "a.jpg", "image/jpeg", 5 * MEGABYTE, None, {})
    for n in range(5):
        handler.receive_data_chunk(b"x" * MEGABYTE, n * MEGABYTE)
    file = handler.file_complete(5 * MEGABYTE)
    assert file
    assert file.size == 5 * MEGABYTE
    assert len(file.read()) <= 2 * MEGABYTE
    file.close()


def test_a_file_beyond_the_limit_is_refused_with_the_reason(
    clerk: User, signed_in: Callable[[User], Client], settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = MEGABYTE
    sent = {"files": SimpleUploadedFile("a.jpg", b"x" * 5 * MEGABYTE)}
    answer = signed_in(clerk).post("/api/v1/uploads/", sent).json()
    assert answer["results"][0]["code"] == "too-large"
    assert not Document.objects.exists()
