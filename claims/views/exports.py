"""A claim as a file for its page: JSON, CSV, XLSX, FHIR. `?identity=full` for identity numbers in full."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from claims.access import get_claim
from claims.exports.files import export
from claims.exports.sending import attachment, desk_address
from claims.permissions import Permission, require
from claims.views.types import signed_in


@login_required
@require_GET
def export_json(request: HttpRequest, number: str) -> HttpResponse:
    """The vendors' schema, with corrections and the decision."""
    return _export(request, number, "json")


@login_required
@require_GET
def export_csv(request: HttpRequest, number: str) -> HttpResponse:
    return _export(request, number, "csv")


@login_required
@require_GET
def export_xlsx(request: HttpRequest, number: str) -> HttpResponse:
    return _export(request, number, "xlsx")


@login_required
@require_GET
def export_fhir(request: HttpRequest, number: str) -> HttpResponse:
    """A FHIR R4 Bundle."""
    return _export(request, number, "fhir")


def _export(request: HttpRequest, number: str, form: str) -> HttpResponse:
    user = signed_in(request)
    require(user, Permission.EXPORT)
    claim = get_claim(user, number)
    in_full = request.GET.get("identity") == "full"
    return attachment(export([claim], form=form, user=user, desk=desk_address(request), in_full=in_full))
