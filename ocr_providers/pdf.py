"""PDF pages as pictures, made by a child process that can be killed.

A PDF is a program: a file of 3 KB can keep a renderer busy for minutes, and PDFium is not thread-safe. So each file is
handled by a process of its own (`pdf_child`), with limits on CPU and memory, and a clock here.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from PIL import Image

from ocr_providers.exceptions import UnsupportedDocument

CHILD = Path(__file__).with_name("pdf_child.py")
PAGE_SECONDS = 20.0
"""Wall clock that a page may take; the child's own CPU limit is the same."""
DOTS_PER_INCH = 300
"""Six-point type of an electronic receipt is then about 25 pixels high."""
MAX_SIDE = 6000
"""Pixels of the longer side; larger sheets are rendered more coarsely."""

REASONS = {
    "password": gettext_lazy("The PDF is protected by a password."),
    "damaged": gettext_lazy("The PDF is damaged and cannot be opened."),
    "empty": gettext_lazy("The PDF has no pages."),
    "size": gettext_lazy("A page of the PDF has no usable size."),
}


def too_many_pages(limit: int) -> str:
    return ngettext(
        "The file has more than %(limit)d page, the limit.", "The file has more than %(limit)d pages, the limit.", limit
    ) % {"limit": limit}


def page_sizes(content: bytes, max_pages: int) -> list[tuple[int, int]]:
    """Width and height in pixels of every page, as `page_pictures` renders them. Raises `UnsupportedDocument`."""
    with _child("sizes", content, max_pages, None) as output:
        return [(int(note["width"]), int(note["height"])) for note in _notes(output)]


def page_pictures(content: bytes, max_pages: int, *, only: int | None = None) -> Iterator[Image.Image]:
    """Each page rendered, RGB; or only the page with that index (from 0)."""
    with _child("pictures", content, max_pages, only) as output:
        for note in _notes(output):
            size = (int(note["width"]), int(note["height"]))
            yield Image.frombytes("RGB", size, _read_exactly(output, size[0] * size[1] * 3))


@contextmanager
def _child(task: str, content: bytes, max_pages: int, only: int | None) -> Iterator[IO[bytes]]:
    """The child's output; the child is gone when the block ends, however it ends."""
    order = {"task": task, "max_pages": max_pages, "only": only, "dpi": DOTS_PER_INCH, "side": MAX_SIDE,
             "seconds": PAGE_SECONDS}  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
        [sys.executable, "-I", str(CHILD), json.dumps(order)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    if process.stdin is None or process.stdout is None:  # for the type checker: both were asked for
        raise AssertionError
    feeder = threading.Thread(target=_feed, args=(process.stdin, content), daemon=True)
    feeder.start()
    try:
        yield process.stdout
    finally:
        process.kill()
        process.wait()
        feeder.join()
        process.stdout.close()


def _feed(pipe: IO[bytes], content: bytes) -> None:
    with suppress(BrokenPipeError), pipe:
        pipe.write(content)


def _notes(output: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The child's lines, one per page, until it says that it is through."""
    while True:
        note = json.loads(_read_line(output))
        if "error" in note:
            raise UnsupportedDocument(_reason(note))
        if "end" in note:
            return
        yield note


def _reason(note: dict[str, Any]) -> str:
    if note["error"] == "pages":
        return too_many_pages(int(note["limit"]))
    return str(REASONS[note["error"]])


def _read_line(output: IO[bytes]) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        line += _read_exactly(output, 1)
    return bytes(line)


def _read_exactly(output: IO[bytes], count: int) -> bytes:
    """`count` bytes, in time. A child that died (CPU, memory) or dawdles makes the file unsupported."""
    parts: list[bytes] = []
    deadline = time.monotonic() + PAGE_SECONDS
    while count:
        ready, _writable, _failed = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
        part = output.read1(count) if ready else b""  # type: ignore[attr-defined]  # a BufferedReader
        if not part:
            raise UnsupportedDocument(_("The PDF is too costly to render, or damaged."))
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
