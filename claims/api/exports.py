"""A claim as a file for other programs: the same files as on its page."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from claims.access import get_claim
from claims.api.requests import caller
from claims.exports.files import FORMS, export
from claims.exports.sending import attachment, desk_address
from claims.permissions import Permission, require

FILES = {(200, form.media_type.partition(";")[0]): OpenApiTypes.BINARY for form in FORMS.values()}


@extend_schema(
    parameters=[
        OpenApiParameter("form", str, OpenApiParameter.PATH, enum=sorted(FORMS)),
        OpenApiParameter("identity", str, enum=["full"], description="Identity numbers in full, for who may reveal."),
    ],
    responses={**FILES, 403: OpenApiResponse(), 404: OpenApiResponse()},
)
@api_view(["GET"])
def export_claim(request: Request, number: str, form: str) -> HttpResponse:
    """A claim as a file: `json`, `csv`, `xlsx`, or `fhir` (a FHIR R4 Bundle). On record."""
    user = caller(request)
    require(user, Permission.EXPORT)
    claim = get_claim(user, number)
    if form not in FORMS:
        raise NotFound(_("There is no such form of export."))
    in_full = request.query_params.get("identity") == "full"
    return attachment(export([claim], form=form, user=user, desk=desk_address(request), in_full=in_full))
