"""One request to a vendor, and what can be known about its fate.

One pooled session per account, every timeout set, no redirect, no proxy from the environment, no cookie, and no retry:
with a retry inside this layer one request becomes several charges. URLs carry signatures, so no error raised here
holds one, nor the library's error that does.
"""

from __future__ import annotations

import base64
import email.utils
import math
import os
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeAlias

import requests
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from ocr_providers.base import Connection, RawAnswer
from ocr_providers.exceptions import (
    AskAgainLater,
    FateUnknown,
    FixTheRequest,
    NotSent,
    OcrError,
    RateLimited,
    TellAdministrator,
)

KEPT_HEADERS = frozenset({"content-type", "date", "retry-after"})
MAX_ANSWER_BYTES = 16 * 1024 * 1024
"""An invoice of 500 lines is about 0.3 MB of JSON."""
READ_BYTES = 64 * 1024
ENCODED_AT_ONCE = 3 * 64 * 1024
"""Bytes of a picture turned into base64 at a time; a multiple of three, so that pieces fit together. Every piece is a
turn among the threads that send."""


@dataclass
class JsonPicture:
    """`{"<name>": "<base64 of the content>"}` as a body, encoded piece by piece while it is sent."""

    name: str
    content: bytes = field(repr=False)
    deadline: float = math.inf
    """Of `time.monotonic`: a vendor that takes the picture too slowly is given up."""
    left_whole: bool = False
    """Whether the last piece was handed to the network: until then the vendor cannot have the picture."""

    def __len__(self) -> int:
        return len(self._head) + (len(self.content) + 2) // 3 * 4 + len(b'"}')

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        view = memoryview(self.content)
        for start in range(0, len(view), ENCODED_AT_ONCE):
            if time.monotonic() > self.deadline:
                raise TimeoutError
            yield base64.b64encode(view[start : start + ENCODED_AT_ONCE])
        self.left_whole = True
        yield b'"}'

    @property
    def _head(self) -> bytes:
        return b'{"%s": "' % self.name.encode()


_sessions: dict[tuple[int, str, int], requests.Session] = {}
_sessions_lock = threading.Lock()
os.register_at_fork(after_in_child=_sessions.clear)  # a connection must not be shared by two processes


def session_for(connection: Connection) -> requests.Session:
    """The account's session; threads share it."""
    key = (connection.account, connection.endpoint, connection.max_in_flight)
    with _sessions_lock:
        if key not in _sessions:
            _sessions[key] = _new_session(connection.max_in_flight)
        return _sessions[key]


def _new_session(pool_size: int) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "claimdesk"})
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=pool_size, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def post_picture(
    connection: Connection,
    url: str,
    body: JsonPicture,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> RawAnswer:
    """Sends once. Raises `NotSent` when the picture cannot have arrived, `FateUnknown` when it may have."""
    return _request(
        connection,
        "POST",
        url,
        body=body,
        params=dict(query or {}),
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def probe(
    connection: Connection,
    method: str,
    url: str,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    data: bytes = b"",
) -> RawAnswer:
    """A request without a picture, for connection tests. Raises `NotSent` when no answer came."""
    try:
        return _request(connection, method, url, params=dict(query or {}), headers=dict(headers or {}), data=data)
    except FateUnknown as error:
        raise NotSent(str(error)) from None


def _request(
    connection: Connection, method: str, url: str, *, body: JsonPicture | None = None, **options: Any
) -> RawAnswer:
    started = time.monotonic()
    deadline = started + connection.total_timeout
    if body is not None:
        body.deadline = deadline
    try:
        answer = session_for(connection).request(
            method,
            url,
            **({"data": body, **options} if body is not None else options),
            timeout=(connection.connect_timeout, connection.read_timeout),
            allow_redirects=False,
            stream=True,
        )
    except (requests.RequestException, HTTPError, OSError) as error:
        raise _no_answer(error, body) from None
    with answer:
        content, cut_short = _read_body(answer, deadline)
    return RawAnswer(
        body=content,
        status=answer.status_code,
        headers={name.lower(): text for name, text in answer.headers.items() if name.lower() in KEPT_HEADERS},
        elapsed=time.monotonic() - started,
        clock_offset=clock_offset(answer.headers.get("date", ""), datetime.now(UTC)),
        cut_short=cut_short,
    )


def _no_answer(error: Exception, body: JsonPicture | None) -> FateUnknown | NotSent:
    """Sorts by the one fact that counts: whether the whole picture had left."""
    if body is None or not body.left_whole:
        return NotSent(_("The vendor could not be reached (%(reason)s).") % {"reason": _reason(error)})
    if isinstance(error, requests.Timeout):
        return FateUnknown(_("The picture was sent, and no answer came in time."))
    return FateUnknown(_("The picture was sent, and the connection broke before the answer came."))


REASONS: tuple[tuple[type[Exception], str], ...] = (
    (requests.ConnectTimeout, "connect timeout"),
    (requests.ReadTimeout, "timeout"),
    (requests.exceptions.SSLError, "TLS"),
    (requests.ConnectionError, "connection"),
)


def _reason(error: Exception) -> str:
    """A word of ours: the library's own text holds the URL."""
    return next((word for kind, word in REASONS if isinstance(error, kind)), type(error).__name__)


def _read_body(answer: requests.Response, deadline: float) -> tuple[bytes, str]:
    """The body as far as it came, and why it is not complete."""
    parts: list[bytes] = []
    size = 0
    try:
        while part := answer.raw.read1(READ_BYTES, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > MAX_ANSWER_BYTES:
                return b"".join(parts), _("The answer is larger than %(limit)d MB.") % {"limit": MAX_ANSWER_BYTES >> 20}
            if time.monotonic() > deadline:
                return b"".join(parts), _("The answer did not end in time.")
    except (requests.RequestException, HTTPError, OSError):
        return b"".join(parts), _("The connection broke in the middle of the answer.")
    return b"".join(parts), ""


def clock_offset(date: str, now: datetime) -> float | None:
    """Seconds that the clock behind this `Date` header is ahead of `now`; `None` when it names no time."""
    moment = _http_date(date)
    return None if moment is None else (moment - now).total_seconds()


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that `Retry-After` asks for, given in seconds or as a date (RFC 9110, 10.2.3); never negative."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return float(text)
    moment = _http_date(text)
    if moment is None:
        return None
    reference = _http_date(headers.get("date", "")) or now or datetime.now(UTC)  # the vendor's clock, if it says
    return max(0.0, (moment - reference).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Reason: TypeAlias = tuple[type[OcrError], str | Promise]
"""What a vendor's code stands for: the class that says what to do, and the words for it."""

STATUS_ERRORS: Mapping[int, Reason] = {
    400: (FixTheRequest, gettext_lazy("the vendor does not accept this document")),
    401: (TellAdministrator, gettext_lazy("the key is missing or wrong")),
    402: (TellAdministrator, gettext_lazy("the account has to be paid")),
    403: (TellAdministrator, gettext_lazy("the account has no permission for this service")),
    404: (TellAdministrator, gettext_lazy("the address is wrong")),
    405: (TellAdministrator, gettext_lazy("the address is wrong")),
    408: (AskAgainLater, gettext_lazy("the vendor waited too long for the picture")),
    413: (FixTheRequest, gettext_lazy("the file is too large for the vendor")),
    415: (FixTheRequest, gettext_lazy("the vendor does not support this format")),
    429: (RateLimited, gettext_lazy("the rate limit is reached, or the credit is spent")),
    500: (AskAgainLater, gettext_lazy("the vendor has an internal error")),
    503: (AskAgainLater, gettext_lazy("the vendor is overloaded or being maintained")),
    504: (AskAgainLater, gettext_lazy("the vendor's own service did not answer in time")),
}
"""What an HTTP status stands for, where the vendor's body has no better word."""


def error_for_status(title: str, answer: RawAnswer) -> OcrError:
    """The error that the answer's HTTP status stands for. Its code is the status; it holds nothing of the body."""
    status = answer.status
    kind, reason = STATUS_ERRORS.get(status) or _reason_for_class(status)
    return kind(
        f"{title}: {reason} (HTTP {status}).",
        code=str(status),
        retry_after=retry_after(answer.headers) if kind.retryable else None,
    )


def _reason_for_class(status: int) -> Reason:
    if 300 <= status < 400:
        return TellAdministrator, _("the address redirects to another")
    if status >= 500:
        return AskAgainLater, _("the vendor has an internal error")
    return FixTheRequest, _("the vendor refused the request")
