"""An export as the answer to a request."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from claims.exports.files import Written


def desk_address(request: HttpRequest) -> str:
    """Where the desk is to be found: what an export names its own numbers by."""
    return request.build_absolute_uri("/").rstrip("/")


def attachment(written: Written) -> HttpResponse:
    """To be saved; in no cache."""
    response = HttpResponse(written.content, content_type=written.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=written.name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
