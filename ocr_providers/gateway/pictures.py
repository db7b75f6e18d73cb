"""What both protocols have in common: a base64 picture in, a reading of the house's engine out."""

from __future__ import annotations

import base64
import binascii
import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from ocr_providers.accounts import default_local_account
from ocr_providers.base import SourceDocument
from ocr_providers.documents import sniff
from ocr_providers.exact_json import dumps, loads
from ocr_providers.exceptions import AskAgainLater, OcrError, UnexpectedAnswer
from ocr_providers.ledger import read_with_account
from ocr_providers.results import Kind, ReadingResult

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds that a request waits for the engine before it is told to come back."""
BUSY_RETRY = 5.0

_engine = threading.BoundedSemaphore(1)
"""One page at a time in each process: the engine itself uses all cores."""


class BadBody(Exception):
    """The request's body is not what the document asks for; the text says why, in the vendor's language."""


class BodyTooLarge(Exception):
    """More bytes than are read at all."""


def picture_of(request: HttpRequest, name: str) -> bytes:
    """The bytes of the base64 in this member of the JSON body. Raises `BadBody`, `BodyTooLarge`."""
    try:
        body = loads(request.body)
    except RequestDataTooBig:
        raise BodyTooLarge from None
    except UnreadablePostError:
        raise BadBody("the body broke off") from None
    except ValueError:
        raise BadBody("the body is not JSON") from None
    text = body.get(name) if isinstance(body, dict) else None
    if not isinstance(text, str) or not text:
        raise BadBody(f"must specify '{name}' argument")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadBody(f"'{name}' is not base64") from None


def read_in_house(content: bytes, kind: Kind) -> ReadingResult:
    """Read by the engine, through the ledger. Raises `OcrError`; `AskAgainLater` when too many are waiting."""
    account = default_local_account()
    document = SourceDocument(content=content, media_type=sniff(content) or "", kind=kind)
    try:
        with _turn():
            return read_with_account(account, document)
    except OcrError:
        raise
    except Exception as error:  # noqa: BLE001 - the boundary: the client hears it in the vendor's form
        where = "".join(traceback.format_tb(error.__traceback__))  # its text may hold values of the document
        log.error("the engine crashed for a gateway client: %s\n%s", type(error).__name__, where)  # noqa: TRY400
        raise UnexpectedAnswer("the engine crashed") from None


@contextmanager
def _turn() -> Iterator[None]:
    if not _engine.acquire(timeout=PATIENCE):
        raise AskAgainLater("the engine is busy", retry_after=BUSY_RETRY)
    try:
        yield
    finally:
        _engine.release()


def json_response(body: object, status: int, retry_after: float | None = None) -> HttpResponse:
    response = HttpResponse(dumps(body), status=status, content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if retry_after is not None:
        response["Retry-After"] = str(max(1, round(retry_after)))
    return response
