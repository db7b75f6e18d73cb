"""What vendors have been seen to send, or might, over real sockets: every answer is a result or a named error."""

from __future__ import annotations

import gzip
import io
import json
import logging
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from PIL import Image

from ocr_providers.base import BaseProvider, Connection, RawAnswer, SourceDocument
from ocr_providers.exceptions import (
    AskAgainLater,
    FateUnknown,
    OcrError,
    RateLimited,
    TellAdministrator,
    UnexpectedAnswer,
)
from ocr_providers.providers.aigen import AigenProvider
from ocr_providers.providers.jd import JdProvider
from ocr_providers.results import Kind, ReadingResult
from tests.ocr_providers.contract import SECRET
from tests.ocr_providers.providers.test_jd import SAMPLE

GOOD = json.dumps({"code": "10000", "charge": True, "result": SAMPLE}).encode()
REPORT = json.dumps({"result": "Success", "data": [{"key": "Weight", "value": 73.1, "score": 0.9, "found": True}]})
PATIENT = "曲多多"


@contextmanager
def vendor(*pieces: bytes, pause: float = 0.0) -> Iterator[str]:
    """A server that takes one whole request after another and sends exactly these bytes, then hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _address = listening.accept()
                with connection, suppress(OSError):
                    _take_request(connection)
                    for piece in pieces:
                        connection.sendall(piece)
                        time.sleep(pause)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


def _take_request(connection: socket.socket) -> None:
    head, _, body = _until(connection, b"\r\n\r\n").partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)


def _until(connection: socket.socket, end: bytes) -> bytes:
    received = b""
    while end not in received:
        received += connection.recv(65536)
    return received


def head(*lines: str, status: str = "200 OK", version: str = "1.1") -> bytes:
    return "\r\n".join((f"HTTP/{version} {status}", *lines, "", "")).encode("latin-1")


def whole(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    return head(f"Content-Length: {len(body)}", *lines, status=status) + body


def chunked(body: bytes, size: int) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;extension=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"


def jd(url: str, **more: Any) -> JdProvider:
    credentials = {"appkey": "appkey-of-ours", "secretkey": SECRET}
    return JdProvider(Connection(account=id(url), endpoint=url, credentials=credentials, read_timeout=3.0, **more))


def aigen(url: str) -> AigenProvider:
    return AigenProvider(Connection(account=id(url), endpoint=url, credentials={"key": SECRET}, read_timeout=3.0))


@pytest.fixture
def picture() -> SourceDocument:
    buffer = io.BytesIO()
    Image.new("L", (200, 200), 255).save(buffer, "PNG")
    return SourceDocument(buffer.getvalue(), "image/png", Kind.AUTO)


def read(provider: BaseProvider, picture: SourceDocument) -> ReadingResult:
    return provider.read_answer(provider.call(provider.check(picture)))


DEFLATED = zlib.compressobj(wbits=-15)
HTTP_WAYS = {
    "chunked, with extensions and a trailer": head("Transfer-Encoding: chunked") + chunked(GOOD, 7),
    "chunked, one byte a chunk": head("Transfer-Encoding: chunked") + chunked(GOOD, 1),
    "gzip though none was asked for": whole(gzip.compress(GOOD), "Content-Encoding: gzip"),
    "gzip in pieces": whole(gzip.compress(GOOD[:50]) + gzip.compress(GOOD[50:]), "Content-Encoding: gzip"),
    "zlib": whole(zlib.compress(GOOD), "Content-Encoding: deflate"),
    "bare deflate": whole(DEFLATED.compress(GOOD) + DEFLATED.flush(), "Content-Encoding: deflate"),
    "HTTP/1.0, to the end of the connection": head(version="1.0") + GOOD,
    "no length, to the end of the connection": head("Connection: close") + GOOD,
    "after a 100": head(status="100 Continue") + whole(GOOD),
    "a web page's type": whole(GOOD, "Content-Type: text/html; charset=gbk"),
    "no reason": b"HTTP/1.1 200\r\nContent-Length: %d\r\n\r\n%s" % (len(GOOD), GOOD),
    "a byte order mark": whole(b"\xef\xbb\xbf" + GOOD),
    "blanks around it": whole(b"\r\n \t" + GOOD + b"\n\n"),
    "cookies and odd headers": whole(GOOD, "Set-Cookie: a=b", "X-\xe9: \xff", "Date: yesterday", "Retry-After: soon"),
    "201": whole(GOOD, status="201 Created"),
}


@pytest.mark.parametrize("name", HTTP_WAYS)
def test_a_good_answer_is_read_however_it_travels(name: str, picture: SourceDocument) -> None:
    with vendor(HTTP_WAYS[name]) as url:
        assert read(jd(url), picture).document.note_no == "401238134315"  # type: ignore[union-attr]


def test_an_answer_that_comes_slowly_but_in_time_is_read(picture: SourceDocument) -> None:
    answer = whole(GOOD)
    pieces = [answer[at : at + 100] for at in range(0, len(answer), 100)]
    with vendor(*pieces, pause=0.01) as url:
        assert read(jd(url), picture).document.note_no == "401238134315"  # type: ignore[union-attr]


BROKEN_WAYS = {
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "an empty line": b"\r\n",
    "an unheard-of version": b"HTTP/9.9 200 OK\r\n\r\n",
    "a status that is no number": b"HTTP/1.1 OK\r\n\r\n",
    "endless headers": head(*(f"X-{n}: {n}" for n in range(200))) + GOOD,
    "a header line without end": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000,
    "half the chunks": head("Transfer-Encoding: chunked") + chunked(GOOD, 50)[:300],
    "chunks of no size": head("Transfer-Encoding: chunked") + b"zz\r\nabc\r\n",
    "less than it promised": head("Content-Length: 100000") + GOOD,
    "gzip that is none": whole(GOOD, "Content-Encoding: gzip"),
    "gzip cut off": whole(gzip.compress(GOOD)[:-12], "Content-Encoding: gzip"),
}


@pytest.mark.parametrize("name", BROKEN_WAYS)
def test_a_broken_answer_is_of_unknown_fate_and_never_a_result(name: str, picture: SourceDocument) -> None:
    with vendor(BROKEN_WAYS[name]) as url, pytest.raises((FateUnknown, UnexpectedAnswer)):
        read(jd(url), picture)


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_swallowed(
    picture: SourceDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocr_providers.http.MAX_ANSWER_BYTES", 1_000_000)
    with vendor(whole(gzip.compress(b" " * 50_000_000), "Content-Encoding: gzip")) as url:
        answer = jd(url).call(picture)
    assert answer.cut_short
    assert len(answer.body) < 20_000_000


BODIES: dict[str, tuple[object, type[OcrError] | None]] = {
    "numbers as exponents": ({"code": 1e4, "result": {**SAMPLE, "degree": 9e1}}, None),
    "result as text": ({"code": "10000", "result": json.dumps(SAMPLE)}, None),
    "result as text in a text": ({"code": "10000", "result": json.dumps(json.dumps(SAMPLE))}, None),
    "medical_result as text in a text": (
        {"code": "10000", "result": {**SAMPLE, "medical_result": json.dumps(json.dumps(SAMPLE["medical_result"]))}},
        None,
    ),
    "status in lower case": ({"code": "10000", "result": {**SAMPLE, "status": "ok"}}, None),
    "result is empty text": ({"code": "10000", "result": ""}, UnexpectedAnswer),
    "result is a list": ({"code": "10000", "result": [SAMPLE]}, UnexpectedAnswer),
    "result is XML": ({"code": "10000", "result": "<xml/>"}, UnexpectedAnswer),
    "an array": ([SAMPLE], UnexpectedAnswer),
    "null": (None, UnexpectedAnswer),
    "a text": ("10000", UnexpectedAnswer),
    "no code that anybody knows": ({"code": "99999", "charge": False}, UnexpectedAnswer),
    "code null": ({"code": None, "result": SAMPLE}, None),
}


@pytest.mark.parametrize("name", BODIES)
def test_odd_bodies_of_jd(name: str, picture: SourceDocument) -> None:
    body, error = BODIES[name]
    with vendor(whole(json.dumps(body).encode())) as url:
        if error:
            with pytest.raises(error):
                read(jd(url), picture)
        else:
            assert read(jd(url), picture).document.note_no == "401238134315"  # type: ignore[union-attr]


RAW_BODIES = {
    "nothing": b"",
    "nested too deeply": b"[" * 200_000,
    "nested objects": b'{"a":' * 100_000,
    "cut in a character": GOOD[:-40],
    "UTF-16": GOOD.decode().encode("utf-16"),
    "GBK": json.dumps({"msg": "查询成功"}, ensure_ascii=False).encode("gbk"),
    "NaN": b"NaN",
    "a web page": b"<html><body>502 Bad Gateway</body></html>",
    "two documents": b'{"code": "10000"}{"code": "10000"}',
}


@pytest.mark.parametrize("name", RAW_BODIES)
@pytest.mark.parametrize("make", [jd, aigen])
def test_a_body_that_is_no_answer_is_unexpected(
    name: str, make: Callable[[str], BaseProvider], picture: SourceDocument
) -> None:
    with vendor(whole(RAW_BODIES[name])) as url, pytest.raises(UnexpectedAnswer):
        read(make(url), picture)


AIGEN_BODIES: dict[str, tuple[str, object, type[OcrError] | None]] = {
    "206 without data": ("206 Partial Content", {"result": "Success", "data": None}, UnexpectedAnswer),
    "206 with data": ("206 Partial Content", json.loads(REPORT), None),
    "204": ("204 No Content", None, UnexpectedAnswer),
    "302": ("302 Found", {}, TellAdministrator),
    "418": ("418 I'm a teapot", {}, OcrError),
    "599": ("599 Network", {}, AskAgainLater),
    "429, of rate": ("429 Too Many Requests", {"message": "Rate limit exceeded."}, RateLimited),
    "429, either": (
        "429 Too Many Requests",
        {"message": "Rate limit exceeded or API credit has run out."},
        RateLimited,
    ),
    "429, no body": ("429 Too Many Requests", None, RateLimited),
    "429, of credit": ("429 Too Many Requests", {"message": "Your API credit has run out."}, TellAdministrator),
    "429, of quota": ("429 Too Many Requests", {"error": [{"message": "Quota exhausted"}]}, TellAdministrator),
    "429, of credit, as text": ("429 Too Many Requests", {"error": "insufficient balance, top up"}, TellAdministrator),
}


@pytest.mark.parametrize("name", AIGEN_BODIES)
def test_odd_answers_of_aigen(name: str, picture: SourceDocument) -> None:
    status, body, error = AIGEN_BODIES[name]
    content = b"" if body is None else json.dumps(body).encode()
    with vendor(whole(content, "Location: http://127.0.0.1:1/", status=status)) as url:
        if error:
            with pytest.raises(error) as caught:
                read(aigen(url), picture)
            assert type(caught.value) is error or error is OcrError
        else:
            assert read(aigen(url), picture).partial


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("00120", 120.0),
        ("120.5", None),
        ("-5", None),
        ("1e3", None),
        ("٣", None),
        ("Sun Nov  6 08:49:37 1994", 0.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 0.0),
        ("Fri, 32 Dec 2027 23:59:59 GMT", None),
        ("", None),
    ],
)
def test_odd_times_to_wait(text: str, seconds: float | None) -> None:
    answer = RawAnswer(body=b"", status=503, headers={"retry-after": text, "date": "Sat, 28 Nov 2026 11:00:00 GMT"})
    with pytest.raises(AskAgainLater) as caught:
        aigen("http://vendor").read_answer(answer)
    assert caught.value.retry_after == seconds


def test_nothing_of_a_call_gets_into_a_log_or_an_error(
    picture: SourceDocument, caplog: pytest.LogCaptureFixture
) -> None:
    """Not the address (it carries the signature), no key, no value of the paper: whatever goes wrong."""
    said = []
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.WARNING)  # as the settings have it
    named = json.dumps({"code": "10047", "msg": PATIENT, "result": {"status": PATIENT}}).encode()
    for answer in (*BROKEN_WAYS.values(), whole(named), whole(GOOD[:-9]), whole(named, status="500 " + "x" * 9)):
        with vendor(answer) as url, pytest.raises(OcrError) as caught:
            read(jd(url), picture)
        error: BaseException | None = caught.value
        while error:
            said.append(f"{error} {error!r}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for text in (*said, caplog.text):
        for secret in ("sign=", "appkey-of-ours", SECRET, PATIENT, "127.0.0.1"):
            assert secret not in text
