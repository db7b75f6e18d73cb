"""What the review page asks of the server. The JSON is described in docs/review-api.md."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims.access import get_document
from claims.api.requests import caller, known_revision, read
from claims.editing import corrections, findings, rows, undo
from claims.editing.actions import Action, AlreadyDone, Conflict
from claims.guards import Stale
from claims.models import Correction, Document, Finding
from claims.reviewing import review

STATE = {"200": dict, "404": dict}
CHANGED = {"200": dict, "400": dict, "403": dict, "404": dict, "409": dict}
KNOWN = OpenApiParameter("revision", int, description="Revision of the lists that the page has: only news of them.")
MOST_ROWS = 2000
"""Added at once: what a spreadsheet pastes."""
KEY = OpenApiParameter(
    "Idempotency-Key", uuid.UUID, OpenApiParameter.HEADER, description="Names the action: the same one is done once."
)
CHOSEN = (Correction.Why.TYPED, Correction.Why.SUGGESTION, Correction.Why.BULK)


class ChangeSerializer(serializers.Serializer[corrections.Edit]):
    """One cell, what was typed there, and the revision of its value on the person's screen."""

    cell = serializers.CharField(max_length=120)
    value = serializers.CharField(allow_null=True, allow_blank=True, trim_whitespace=False, max_length=2000)
    seen = serializers.IntegerField(min_value=0, default=0, allow_null=True)


class CorrectionsSerializer(serializers.Serializer[Any]):
    changes = ChangeSerializer(many=True, allow_empty=False)
    why = serializers.ChoiceField([value.value for value in CHOSEN], default=Correction.Why.TYPED.value)
    finding = serializers.IntegerField(allow_null=True, default=None)
    reason = serializers.CharField(allow_blank=True, default="", max_length=2000)


class RowsSerializer(serializers.Serializer[Any]):
    list = serializers.CharField(max_length=40)
    action = serializers.ChoiceField([what.value for what in rows.RowAction])
    row = serializers.IntegerField(allow_null=True, default=None)
    n = serializers.IntegerField(allow_null=True, default=None, min_value=0)
    count = serializers.IntegerField(default=1, min_value=1, max_value=MOST_ROWS)


class UndoSerializer(serializers.Serializer[Any]):
    batch = serializers.UUIDField(allow_null=True, default=None)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


@extend_schema(
    responses=STATE,
    parameters=[
        OpenApiParameter("since", str, description="Tag or revision that the page knows: 204 when unchanged."),
        KNOWN,
    ],
)
@api_view(["GET"])
def state(request: Request, pk: int) -> Response:
    """Everything the review page shows."""
    document = get_document(request.user, pk)
    since = request.query_params.get("since")
    if since and review.unchanged(document, user=caller(request), since=since):
        return Response(status=status.HTTP_204_NO_CONTENT)
    return Response(review.state(document, user=caller(request), known=known_revision(request)))


@extend_schema(responses=STATE)
@api_view(["GET"])
def answer(request: Request, pk: int) -> Response:
    """The newest provider's answer as it came, for the tab that shows it."""
    return Response(review.answer(get_document(request.user, pk)))


@extend_schema(request=CorrectionsSerializer, responses=CHANGED, parameters=[KNOWN, KEY])
@api_view(["POST"])
def correct(request: Request, pk: int) -> Response:
    """Changes values: all of them, or none when one is refused (400) or was changed by somebody else (409)."""
    document = get_document(request.user, pk)
    body = read(request, CorrectionsSerializer)
    edits = [corrections.Edit(item["cell"], item["value"], item["seen"] or 0) for item in body["changes"]]
    return _act(
        request,
        document,
        lambda key: corrections.correct(
            document=document,
            user=caller(request),
            edits=edits,
            why=Correction.Why(body["why"]),
            finding_code=_finding_code(document, body["finding"]),
            reason=body["reason"],
            key=key,
        ),
    )


def _finding_code(document: Document, pk: int | None) -> str:
    """The rule behind an accepted suggestion; its finding may be gone by now."""
    found = document.findings.filter(pk=pk).values_list("code", flat=True).first() if pk else None
    return found or ""


@extend_schema(request=RowsSerializer, responses=CHANGED, parameters=[KNOWN, KEY])
@api_view(["POST"])
def change_rows(request: Request, pk: int) -> Response:
    """Adds, duplicates, splits, moves or removes a line."""
    document = get_document(request.user, pk)
    body = read(request, RowsSerializer)
    return _act(
        request,
        document,
        lambda key: rows.change_rows(
            document=document,
            user=caller(request),
            table=body["list"],
            what=rows.RowAction(body["action"]),
            row=body["row"],
            n=body["n"],
            count=body["count"],
            key=key,
        ),
    )


@extend_schema(request=UndoSerializer, responses=CHANGED, parameters=[KNOWN, KEY])
@api_view(["POST"])
def undo_action(request: Request, pk: int) -> Response:
    """Takes back the caller's latest action, or the one named."""
    document = get_document(request.user, pk)
    batch = read(request, UndoSerializer)["batch"]
    return _act(request, document, lambda key: undo.undo(document=document, user=caller(request), batch=batch, key=key))


@extend_schema(request=None, responses=CHANGED, parameters=[KNOWN, KEY])
@api_view(["POST"])
def redo_action(request: Request, pk: int) -> Response:
    """Does again what the caller took back last."""
    document = get_document(request.user, pk)
    return _act(request, document, lambda key: undo.redo(document=document, user=caller(request), key=key))


@extend_schema(request=ReasonSerializer, responses=CHANGED, parameters=[KNOWN])
@api_view(["POST"])
def acknowledge(request: Request, pk: int, finding: int) -> Response:
    """The finding may stay, for the reason given."""
    found = _finding(request, pk, finding)
    findings.acknowledge(finding=found, user=caller(request), reason=read(request, ReasonSerializer)["reason"])
    return Response(review.current(found.document, user=caller(request), known=known_revision(request)))


@extend_schema(request=None, responses=CHANGED, parameters=[KNOWN])
@api_view(["POST"])
def reopen_finding(request: Request, pk: int, finding: int) -> Response:
    """Takes an acknowledgement back."""
    found = _finding(request, pk, finding)
    findings.reopen(finding=found, user=caller(request))
    return Response(review.current(found.document, user=caller(request), known=known_revision(request)))


def _finding(request: Request, pk: int, finding: int) -> Finding:
    document = get_document(request.user, pk)
    found = document.findings.filter(pk=finding).first()
    if found is None:
        raise Stale(_("This finding is gone: the values it was about have changed."))
    found.document = document
    return found


def _act(request: Request, document: Document, do: Callable[[uuid.UUID | None], Action]) -> Response:
    """Does it once: a request that comes again under the same `Idempotency-Key` gets how things stand."""
    try:
        work = do(_key(request))
    except Conflict as conflict:
        return _conflict(document, request, conflict)
    except AlreadyDone:
        return Response(review.current(document, user=caller(request), known=known_revision(request)))
    return Response(review.after(work, user=caller(request), known=known_revision(request)))


def _key(request: Request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError:
        return None


def _conflict(document: Document, request: Request, conflict: Conflict) -> Response:
    cells = [clash.cell for clash in conflict.clashes]
    changed_at = dict(document.corrections.filter(cell__in=cells).order_by("id").values_list("cell", "made_at"))
    clashes = [{**asdict(clash), "at": changed_at.get(clash.cell)} for clash in conflict.clashes]
    body = {"conflicts": clashes, **review.current(document, user=caller(request), known=known_revision(request))}
    return Response(body, status.HTTP_409_CONFLICT)
