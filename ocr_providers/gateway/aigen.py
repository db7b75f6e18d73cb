"""The AIGEN protocol, served: same path, key header, envelope, statuses and error bodies."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ocr_providers import documents
from ocr_providers.exceptions import AskAgainLater, FixTheRequest, OcrError
from ocr_providers.gateway import clients
from ocr_providers.gateway.models import GatewayClient, digest_of
from ocr_providers.gateway.pictures import BadBody, BodyTooLarge, json_response, picture_of, read_in_house
from ocr_providers.providers.aigen import PARTIAL_CONTENT, AigenProvider
from ocr_providers.results import HEALTH_KEYS, HealthReport, Kind, ReadingResult
from ocr_providers.vendor_schema import health_to_json

log = logging.getLogger(__name__)

STATUSES: dict[int, tuple[str, str]] = {
    400: ("BAD_REQUEST", "The API cannot recognize the request with an unspecified cause."),
    401: ("UNAUTHORIZED", "Authentication credentials are missing or invalid. Verify your API key or token."),
    403: ("FORBIDDEN", "The authenticated user does not have permission to access this resource."),
    404: ("NOT_FOUND", "The requested resource or endpoint does not exist."),
    405: ("METHOD_NOT_ALLOWED", "The method has to be POST."),
    413: ("PAYLOAD_TOO_LARGE", "The uploaded file or request body exceeds the maximum allowed size limit."),
    415: ("UNSUPPORTED_MEDIA_TYPE", "The file format or content type is not supported by the OCR engine."),
    429: ("TOO_MANY_REQUESTS", "Rate limit exceeded or API credit has run out."),
    500: ("INTERNAL_SERVER_ERROR", "Internal server error."),
    503: ("SERVICE_UNAVAILABLE", "The server is temporarily unable to handle the request."),
}
"""The document's statuses, with its words."""

DOCUMENTED_MEMBERS = ("key", "value", "score", "found", "rect")


@dataclass(eq=False)
class Refusal(Exception):
    status: int
    retry_after: float | None = None
    message: str = ""


@csrf_exempt
def healthcheck_form(request: HttpRequest) -> HttpResponse:
    """POST a picture or a PDF with a key, get the sixteen values."""
    try:
        client = _authenticated(request)
        result = _read(_checked_picture(request))
    except Refusal as refusal:
        return _refused(refusal)
    clients.charge(client)
    return json_response(_success(result), PARTIAL_CONTENT if result.partial else 200)


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """Any other path of the vendor."""
    return _refused(Refusal(404))


def _authenticated(request: HttpRequest) -> GatewayClient:
    """The client whose key came with the request and that may ask now. Raises `Refusal`."""
    if request.method != "POST":
        raise Refusal(405)
    key = request.headers.get("x-aigen-key", "")
    client = GatewayClient.objects.filter(key_digest=digest_of(key), enabled=True).first() if key else None
    if client is None or client.has_expired:
        raise Refusal(401)
    if not client.may_read_health_checks:
        raise Refusal(403)
    try:
        clients.admit(client)
    except clients.TooMany as error:
        raise Refusal(429, retry_after=error.retry_after) from None
    return client


def _checked_picture(request: HttpRequest) -> bytes:
    try:
        content = picture_of(request, AigenProvider.body_key)
    except BadBody as error:
        raise Refusal(400, message=str(error)) from None
    except BodyTooLarge:
        raise Refusal(413) from None
    if len(content) > documents.configured_limits().max_bytes:
        raise Refusal(413)
    if documents.sniff(content) is None:
        raise Refusal(415)
    return content


def _read(content: bytes) -> ReadingResult:
    try:
        return read_in_house(content, Kind.HEALTH_CHECK)
    except FixTheRequest:
        raise Refusal(400) from None
    except AskAgainLater as error:
        raise Refusal(503, retry_after=error.retry_after) from None
    except OcrError as error:
        log.warning("the engine failed for a gateway client: %s", error.code)
        raise Refusal(500) from None


def _success(result: ReadingResult) -> dict[str, Any]:
    """The sixteen documented keys with their five members, and nothing else: that is what clients were written for."""
    if not isinstance(result.document, HealthReport):  # the engine was asked for a health-check report
        raise TypeError(result.kind)
    rows = health_to_json(result.document)[: len(HEALTH_KEYS)]
    return {"result": "Success", "data": [{name: row[name] for name in DOCUMENTED_MEMBERS} for row in rows]}


def _refused(refusal: Refusal) -> HttpResponse:
    word, message = STATUSES[refusal.status]
    body = {"status": word, "message": refusal.message or message}
    return json_response(body, refusal.status, refusal.retry_after)
