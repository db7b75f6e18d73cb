"""Exceptions of the verbs as answers of the API."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from claims.deciding.decisions import Incomplete
from claims.editing.corrections import Invalid
from claims.guards import Refused
from claims.processing.reading import NotNow


def handle(problem: Exception, context: dict[str, Any]) -> Response | None:
    """`Refused` is 409 with its reason; `Invalid` and `Incomplete` are 400 with a message for every cell or field."""
    if isinstance(problem, Refused | NotNow):
        return Response({"detail": str(problem)}, status.HTTP_409_CONFLICT)
    if isinstance(problem, Invalid):
        errors = [{"cell": cell, "message": message} for cell, message in problem.errors]
        return Response({"errors": errors}, status.HTTP_400_BAD_REQUEST)
    if isinstance(problem, Incomplete):
        errors = [{"field": field, "message": message} for field, message in problem.errors]
        return Response({"errors": errors}, status.HTTP_400_BAD_REQUEST)
    return exception_handler(problem, context)
