"""A claim as a file: JSON, CSV, XLSX, FHIR. Every export is on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from claims import audit
from claims.access import get_claim
from claims.exports.as_json import to_json
from claims.exports.gather import ClaimFile, gather
from claims.exports.spreadsheets import to_csv, to_xlsx
from claims.exports.tables import tables
from claims.masking import hide
from claims.permissions import Permission, require
from claims.views.types import signed_in
from ocr_providers.vendor_schema import dumps

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def export_json(request: HttpRequest, number: str) -> HttpResponse:
    """The vendors' schema, with corrections and the decision."""
    return _export(request, number, "json", "application/json", lambda file, mask: dumps(mask(to_json(file)), indent=1))


@login_required
@require_GET
def export_csv(request: HttpRequest, number: str) -> HttpResponse:
    return _export(request, number, "csv", "text/csv; charset=utf-8", lambda file, mask: to_csv(tables(file, mask)))


@login_required
@require_GET
def export_xlsx(request: HttpRequest, number: str) -> HttpResponse:
    return _export(request, number, "xlsx", XLSX, lambda file, mask: to_xlsx(tables(file, mask)))


Mask = Callable[[Any], Any]


def _export(
    request: HttpRequest, number: str, suffix: str, media_type: str, write: Callable[[ClaimFile, Mask], str | bytes]
) -> HttpResponse:
    """`?identity=full` writes identity numbers in full, for those who may reveal them; they are masked otherwise."""
    user = signed_in(request)
    require(user, Permission.EXPORT)
    in_full = request.GET.get("identity") == "full"
    if in_full:
        require(user, Permission.REVEAL)
    file = gather(get_claim(user, number))
    numbers = set() if in_full else file.identity_numbers()
    content = write(file, lambda value: hide(value, numbers))
    audit.record(person=user, action="claim.exported", claim=file.claim, subject=suffix, detail={"in_full": in_full})
    response = HttpResponse(content, content_type=media_type)
    name = f"claim-{file.claim.number}.{suffix}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
