"""What is known about a request's fate, and what the vendor's headers say."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_providers.base import Connection
from ocr_providers.exceptions import NotSent
from ocr_providers.http import ENCODED_AT_ONCE, JsonPicture, post_picture, retry_after

NOW = datetime(2025, 1, 1, tzinfo=UTC)


@given(st.integers(0, 7), st.sampled_from([0, 1, ENCODED_AT_ONCE - 1, ENCODED_AT_ONCE, 2 * ENCODED_AT_ONCE]))
def test_the_streamed_body_is_exactly_the_json_of_its_length(more: int, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256 + more)
    body = JsonPicture("image", content)
    written = b"".join(body)
    assert len(written) == len(body)
    assert base64.b64decode(json.loads(written)["image"]) == content


def test_the_picture_counts_as_sent_only_when_its_last_piece_was_asked_for() -> None:
    body = JsonPicture("image", bytes(3 * ENCODED_AT_ONCE))
    pieces = iter(body)
    for _piece in range(4):  # head and three pieces of picture
        next(pieces)
        assert not body.left_whole
    next(pieces)
    assert body.left_whole


@pytest.fixture
def hangs_up_early() -> Iterator[str]:
    """A server that reads a little of the picture and resets the connection."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            connection, _address = server.accept()
            connection.recv(1000)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_a_picture_that_left_only_in_part_was_not_sent(hangs_up_early: str) -> None:
    body = JsonPicture("image", bytes(20_000_000))
    with pytest.raises(NotSent):
        post_picture(Connection(endpoint=hangs_up_early), hangs_up_early, body)


def test_a_vendor_that_takes_the_picture_too_slowly_is_given_up() -> None:
    body = JsonPicture("image", bytes(20_000_000), deadline=time.monotonic() - 1)
    with pytest.raises(TimeoutError):
        list(body)
    assert not body.left_whole


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0), ("120", 120.0), (" 7 ", 7.0), ("Wed, 01 Jan 2025 00:01:00 GMT", 60.0),
        ("Tue, 31 Dec 2024 23:00:00 GMT", 0.0), ("-5", None), ("1.5", None), ("soon", None), ("", None),
        ("9" * 20, None),
    ],
)  # fmt: skip
def test_retry_after_in_seconds_or_as_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_breaks_the_parser(text: str) -> None:
    wait = retry_after({"retry-after": text, "date": text}, NOW)
    assert wait is None or wait >= 0
