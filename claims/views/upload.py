"""The upload page. The files themselves go to the API, one request each: each has its own progress and result."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from claims import access
from claims.models import Claim, Document, User
from claims.permissions import Permission, require
from claims.views.types import signed_in

ACCEPTED = "image/jpeg,image/png,image/webp,image/tiff,image/heic,image/heif,application/pdf,.heic,.heif,.tif,.tiff"


@login_required
@require_GET
def upload(request: HttpRequest) -> HttpResponse:
    """Drop zone for a new claim or the one named in the query; one that is not there is said beside its field."""
    user = signed_in(request)
    require(user, Permission.RECEIVE)
    number = request.GET.get("claim", "").strip()
    claim = _claim(user, number) if number else None
    is_unknown = bool(number) and claim is None
    context = {
        "claim": claim,
        "number": number,
        "is_unknown": is_unknown,
        "kinds": Document.Kind.choices,
        "accepted": ACCEPTED,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_megabytes": settings.UPLOAD_MAX_BYTES // 1024 // 1024,
        "max_pages": settings.UPLOAD_MAX_PAGES,
    }
    return render(request, "claims/upload.html", context, status=404 if is_unknown else 200)


def _claim(user: User, number: str) -> Claim | None:
    try:
        return access.get_claim(user, number)
    except Http404:
        return None
