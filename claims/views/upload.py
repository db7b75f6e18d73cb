"""The upload page. The files themselves go to the API, one request each: each has its own progress and result."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from claims import access
from claims.models import Document
from claims.permissions import Permission, require
from claims.views.types import signed_in

ACCEPTED = "image/jpeg,image/png,image/webp,image/tiff,image/heic,image/heif,application/pdf,.heic,.heif,.tif,.tiff"


@login_required
@require_GET
def upload(request: HttpRequest) -> HttpResponse:
    """Drop zone for a new claim, or for the claim named in the query."""
    user = signed_in(request)
    require(user, Permission.RECEIVE)
    number = request.GET.get("claim", "")
    context = {
        "claim": access.get_claim(user, number) if number else None,
        "kinds": Document.Kind.choices,
        "accepted": ACCEPTED,
        "max_megabytes": settings.UPLOAD_MAX_BYTES // 1024 // 1024,
        "max_pages": settings.UPLOAD_MAX_PAGES,
    }
    return render(request, "claims/upload.html", context)
