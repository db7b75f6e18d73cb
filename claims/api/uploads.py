"""Files in, and how far their reading is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from claims import access, intake
from claims.api.requests import caller, read
from claims.models import Claim, Document, Duplicate, User
from claims.permissions import Permission, require
from claims.receiving.uploads import CheckedFile, Received, UploadRefused, add_document, check_file

MOST_AT_ONCE = 500
"""Documents asked for in one request."""

DOCUMENT = inline_serializer(
    "DocumentProgress",
    {
        "id": serializers.IntegerField(),
        "url": serializers.CharField(help_text="Its review page."),
        "name": serializers.CharField(),
        "kind": serializers.ChoiceField(Document.Kind.choices),
        "status": serializers.ChoiceField(Document.Status.choices),
        "status_label": serializers.CharField(help_text="In the language of the request."),
        "failure_code": serializers.CharField(),
        "failure_reason": serializers.CharField(),
        "page_count": serializers.IntegerField(),
        "thumbnail": serializers.CharField(allow_null=True, help_text="Address of the first page's thumbnail."),
        "error_count": serializers.IntegerField(),
        "warning_count": serializers.IntegerField(),
    },
)
PROGRESS = inline_serializer("DocumentsProgress", {"results": serializers.ListField(child=DOCUMENT)})
DUPLICATE = inline_serializer(
    "SameFile",
    {"claim": serializers.CharField(), "url": serializers.CharField(), "reason": serializers.CharField()},
)
RESULT = inline_serializer(
    "UploadResult",
    {
        "name": serializers.CharField(),
        "accepted": serializers.BooleanField(),
        "is_new": serializers.BooleanField(required=False, help_text="False: the claim already had this file."),
        "document": DOCUMENT,
        "duplicates": serializers.ListField(child=DUPLICATE, required=False),
        "code": serializers.CharField(required=False),
        "reason": serializers.CharField(required=False, help_text="Why it was refused."),
    },
)


class UploadSerializer(serializers.Serializer[Any]):
    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), allow_empty=False)
    claim = serializers.CharField(
        allow_blank=True, default="", max_length=30, help_text="Its number; empty: a new claim for all files."
    )
    kind = serializers.ChoiceField(Document.Kind.choices, default=Document.Kind.AUTO.value)


@extend_schema(
    request={"multipart/form-data": UploadSerializer},
    responses={
        (200, "application/json"): inline_serializer(
            "UploadAnswer",
            {
                "claim": inline_serializer(
                    "ClaimLink",
                    {"number": serializers.CharField(), "url": serializers.CharField()},
                    allow_null=True,
                    help_text="Null when every file was refused and no claim was opened.",
                ),
                "results": serializers.ListField(child=RESULT),
            },
        )
    },
)
@api_view(["POST"])
@parser_classes([MultiPartParser])
def upload(request: Request) -> Response:
    """Takes files into a claim. Each file has its own result: one that is refused does not stop the others."""
    user = caller(request)
    require(user, Permission.RECEIVE)
    order = read(request, UploadSerializer)
    claim = access.get_claim(user, order["claim"]) if order["claim"] else None
    results = []
    for file in order["files"]:
        claim, result = _receive(file, claim, order["kind"], user)
        results.append(result)
    return Response({"claim": _claim_link(claim), "results": results})


def _receive(file: File[bytes], claim: Claim | None, kind: str, user: User) -> tuple[Claim | None, dict[str, Any]]:
    """One file. The first that is accepted opens the claim."""
    name = str(file.name)
    try:
        checked = check_file(file, name)
        claim, received = _add(claim, checked, kind, user)
    except UploadRefused as refusal:
        return claim, {"name": refusal.name, "accepted": False, "code": refusal.code, "reason": str(refusal)}
    return claim, {
        "name": checked.name,
        "accepted": True,
        "is_new": received.is_new,
        "document": progress_of(received.document),
        "duplicates": [_same_file(twin) for twin in received.duplicates],
    }


@transaction.atomic
def _add(claim: Claim | None, checked: CheckedFile, kind: str, user: User) -> tuple[Claim, Received]:
    """A claim that is opened for a file is not left empty."""
    claim = claim or intake.open_claim(user=user)
    return claim, add_document(claim=claim, checked=checked, user=user, kind=kind)


@extend_schema(
    parameters=[OpenApiParameter("id", int, many=True, required=True, description="Unknown ones are left out.")],
    responses={(200, "application/json"): PROGRESS},
)
@api_view(["GET"])
def documents_status(request: Request) -> Response:
    """How far these documents are: for pages and programs that wait."""
    wanted = [int(value) for value in request.query_params.getlist("id") if value.isdecimal() and len(value) < 19]
    found = access.documents_for(caller(request)).filter(pk__in=wanted[:MOST_AT_ONCE]).prefetch_related("pages")
    return Response({"results": [progress_of(document) for document in found]})


def progress_of(document: Document) -> dict[str, Any]:
    return {
        "id": document.pk,
        "url": reverse("claims:review", kwargs={"pk": document.pk}),
        "name": document.original_name,
        "kind": document.kind,
        "status": document.status,
        "status_label": document.get_status_display(),
        "failure_code": document.failure_code,
        "failure_reason": document.failure_reason,
        "page_count": document.page_count,
        "thumbnail": _thumbnail(document),
        "error_count": document.error_count,
        "warning_count": document.warning_count,
    }


def _thumbnail(document: Document) -> str | None:
    first: Iterable[Any] = document.pages.all()
    if not any(page.index == 0 for page in first):
        return None
    return reverse("claims:page-thumbnail", kwargs={"pk": document.pk, "index": 0})


def _same_file(twin: Duplicate) -> dict[str, Any]:
    return {
        "claim": twin.other.claim.number,
        "url": reverse("claims:review", kwargs={"pk": twin.other_id}),
        "reason": twin.get_reason_display(),
    }


def _claim_link(claim: Claim | None) -> dict[str, str] | None:
    if claim is None:
        return None
    return {"number": claim.number, "url": reverse("claims:claim", kwargs={"number": claim.number})}
