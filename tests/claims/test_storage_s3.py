"""The same store on S3: against a server that speaks its API, in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from claims import storage
from claims.filing import pages
from claims.models import Claim, Document, User
from claims.receiving.uploads import receive_file
from config import environment

pytestmark = pytest.mark.django_db
BUCKET = "claimdesk"
ACCESS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    wait_for(address)
    boto3.client("s3", endpoint_url=address, **ACCESS).create_bucket(Bucket=BUCKET)
    yield address
    process.kill()
    process.wait()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            requests.get(address, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the S3 server did not start")


@pytest.fixture(autouse=True)
def bucket(server: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The desk with the environment that an operator sets."""
    monkeypatch.setenv("S3_BUCKET", BUCKET)
    monkeypatch.setenv("S3_ENDPOINT_URL", server)
    monkeypatch.setenv("S3_REGION", "us-east-1")
    monkeypatch.setenv("S3_ACCESS_KEY", "key")
    monkeypatch.setenv("S3_SECRET_KEY", "secret")
    settings.STORAGES = {**settings.STORAGES, "default": environment.file_store(tmp_path)}


@pytest.fixture
def shown(claim: Claim, picture: Callable[..., bytes]) -> Document:
    content = picture()
    document = receive_file(claim=claim, file=content, name="发票.jpg", user=None).document
    pages.make_pages(document, content)
    return document


def test_files_are_stored_once_and_read_back(picture: Callable[..., bytes]) -> None:
    key = storage.original_key("cd" * 32)
    storage.put(key, b"by")
    storage.put(key, b"bytes")  # the first writer was killed half way
    storage.put(key, b"bytes")
    assert storage.read(key) == b"bytes"
    storage.delete(key)
    assert not storage.exists(key)
    with pytest.raises(storage.FileDamaged):
        storage.read(key)


def test_an_original_is_handed_over_by_a_short_lived_address_after_the_check(
    shown: Document, reviewer: User, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    address = reverse("claims:original", kwargs={"pk": shown.pk})
    assert signed_in(stranger).get(address).status_code == 404
    response = signed_in(reviewer).get(address)
    assert response.status_code == 302
    signed = parse_qs(urlsplit(response["Location"]).query)
    assert int(signed["X-Amz-Expires"][0]) <= 300
    got = requests.get(response["Location"], timeout=10)
    assert got.content == storage.read(storage.original_key(shown.sha256))
    assert got.headers["Content-Type"] == "image/jpeg"
    assert got.headers["Content-Disposition"].startswith("attachment")


def test_page_pictures_are_streamed_by_the_desk(
    shown: Document, reviewer: User, signed_in: Callable[[User], Client]
) -> None:
    response = signed_in(reviewer).get(reverse("claims:page-picture", kwargs={"pk": shown.pk, "index": 0}))
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8\xff")  # type: ignore[attr-defined]
