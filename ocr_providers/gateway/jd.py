"""The JD/DeepFinch protocol, served: same path, signature, limits, envelope, codes and status words.

Success comes in the gateway's envelope. A refusal carries the gateway's code and, beside it, the status word, reason
and request id of the document's error table, under the HTTP status of that table.
"""

from __future__ import annotations

import logging
import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from ocr_providers import documents
from ocr_providers.exact_json import storable
from ocr_providers.exceptions import AskAgainLater, FixTheRequest, OcrError, UnsupportedDocument
from ocr_providers.gateway import clients
from ocr_providers.gateway.models import GatewayClient
from ocr_providers.gateway.pictures import BadBody, BodyTooLarge, json_response, picture_of, read_in_house
from ocr_providers.providers.jd import JdProvider, signature
from ocr_providers.results import Invoice, Kind, ReadingResult
from ocr_providers.vendor_schema import invoice_to_json

log = logging.getLogger(__name__)

VALID_FOR = 5 * 60
"""Seconds that a timestamp is good for."""
MILLISECOND_DIGITS = 13
LIMITS = JdProvider.limits
MAX_BYTES = 5 * 1024 * 1024


@dataclass(eq=False)
class Refusal(Exception):
    """An answer that is no reading: HTTP status and status word of the document, code of the gateway, reason."""

    http_status: int
    word: str
    code: str
    reason: str


@csrf_exempt
def ocr_medical_invoice(request: HttpRequest) -> HttpResponse:
    """POST a signed picture, get the invoice."""
    client: GatewayClient | None = None
    try:
        client = _authenticated(request)
        _admit(client)
        result = _read(_checked_picture(request))
    except Refusal as refusal:
        return json_response(_refused(refusal, client), refusal.http_status)
    return json_response(_success(result, clients.charge(client), clients.remaining_seconds(client)), 200)


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """Any other path of the vendor."""
    return json_response(_refused(Refusal(404, "NOT_FOUND", "10030", "no such path"), None), 404)


def _unauthorized(code: str, reason: str) -> Refusal:
    return Refusal(401, "UNAUTHORIZED", code, reason)


def _invalid(reason: str) -> Refusal:
    return Refusal(400, "INVALID_ARGUMENT", "11010", reason)


# --- who asks --------------------------------------------------------------------------------------------------------


def _authenticated(request: HttpRequest) -> GatewayClient:
    """The client that signed the request. Raises `Refusal`."""
    if request.method != "POST":
        raise _invalid("the method has to be POST")
    client = _client(request.GET.get("appkey", ""))
    _check_signature(client, request.GET.get("timestamp", ""), request.GET.get("sign", ""))
    return client


def _admit(client: GatewayClient) -> None:
    """Whether the client may ask now. Raises `Refusal`."""
    if client.has_expired:
        raise Refusal(401, "KEY_EXPIRED", "10050", "the appkey has expired")
    if not client.may_read_invoices:
        raise Refusal(403, "NO_PERMISSION", "10048", "no permission for this service")
    try:
        clients.admit(client)
    except clients.TooMany as error:
        raise _too_many(error) from None


def _too_many(error: clients.TooMany) -> Refusal:
    if error.quota:
        return Refusal(403, "OUT_OF_QUOTA", "10040", "the day's calls are used up")
    return Refusal(403, "RATE_LIMIT_EXCEEDED", "10043", "too many calls a second")


def _client(appkey: str) -> GatewayClient:
    if not appkey:
        raise _unauthorized("10004", "appkey is empty")
    client = GatewayClient.objects.filter(appkey=storable(appkey)).first()
    if client is None:
        raise _unauthorized("10001", "wrong appkey")
    if not client.enabled:
        raise _unauthorized("10050", "the user is disabled")
    return client


def _check_signature(client: GatewayClient, timestamp: str, sign: str) -> None:
    if not timestamp:
        raise _unauthorized("10041", "timestamp is missing")
    if not sign:
        raise _unauthorized("10042", "sign is missing")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) == MILLISECOND_DIGITS):
        raise _unauthorized("10046", "timestamp has to be in milliseconds")
    if abs(int(timestamp) / 1000 - time.time()) > VALID_FOR:
        raise _unauthorized("10045", "timestamp is more than five minutes off")
    if not constant_time_compare(sign, signature(client.secret, timestamp)):
        raise _unauthorized("10047", "sign is wrong")


# --- what is asked ---------------------------------------------------------------------------------------------------


def _checked_picture(request: HttpRequest) -> bytes:
    """The picture, within the document's limits. Raises `Refusal`."""
    try:
        content = picture_of(request, JdProvider.body_key)
    except BadBody as error:
        raise _invalid(str(error)) from None
    except BodyTooLarge:
        raise _invalid("the picture is larger than 5 MB") from None
    if len(content) > MAX_BYTES:
        raise _invalid("the picture is larger than 5 MB")
    if documents.sniff(content) not in LIMITS.media_types:
        raise _invalid("the picture has to be JPG or PNG")
    _check_sides(content)
    return content


def _check_sides(content: bytes) -> None:
    try:
        (size,) = documents.inspect(content, documents.configured_limits()).sizes
    except UnsupportedDocument:
        raise _invalid("the picture cannot be decoded, or has too many pixels") from None
    if min(size) <= LIMITS.above_side or max(size) > LIMITS.max_side:
        raise _invalid("width and height have to be larger than 128px and at most 6000px")


def _read(content: bytes) -> ReadingResult:
    try:
        return read_in_house(content, Kind.INVOICE)
    except FixTheRequest:
        raise Refusal(400, "DETETION_FAILED", "11010", "no invoice was found in the picture") from None
    except AskAgainLater:
        raise Refusal(500, "INTERNAL_ERROR", "10020", "the system is busy") from None
    except OcrError as error:
        log.warning("the engine failed for a gateway client: %s", error.code)
        raise Refusal(500, "INTERNAL_ERROR", "11010", "internal error") from None


# --- how it is answered ----------------------------------------------------------------------------------------------


def _request_id() -> str:
    return f"TID{secrets.token_hex(16)}"


def _success(result: ReadingResult, remaining: int, seconds: int) -> dict[str, Any]:
    if not isinstance(result.document, Invoice):  # the engine was asked for an invoice
        raise TypeError(result.kind)
    return {
        "code": "10000",
        "charge": True,
        "remainTimes": remaining,
        "remainSeconds": seconds,
        "msg": "查询成功,扣费",
        "result": {
            "request_id": _request_id(),
            "status": "OK",
            "degree": result.degree,
            "medical_result": invoice_to_json(result.document),
        },
    }


def _refused(refusal: Refusal, client: GatewayClient | None) -> dict[str, Any]:
    return {
        "code": refusal.code,
        "charge": False,
        "remainTimes": clients.remaining_calls(client) if client else clients.UNLIMITED,
        "remainSeconds": clients.remaining_seconds(client) if client else clients.UNLIMITED,
        "msg": refusal.reason,
        "status": refusal.word,
        "reason": refusal.reason,
        "request_id": _request_id(),
    }
