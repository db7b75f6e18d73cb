"""The reports as JSON, and the assignment rules run at a supervisor's word."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.requests import caller
from claims.assigning import assignment_rules
from claims.permissions import Permission, require
from claims.reports.catalogue import REPORTS
from claims.reports.forms import ScopeForm

SCOPE = [
    OpenApiParameter("first", str, description="First day, YYYY-MM-DD; without it 60 days before the last."),
    OpenApiParameter("last", str, description="Last day; without it today."),
    OpenApiParameter("plan", str, description="Code of a plan."),
    OpenApiParameter("provider", str, description="jd, aigen or local."),
    OpenApiParameter("name", str, OpenApiParameter.PATH, enum=sorted(REPORTS)),
]


@extend_schema(parameters=SCOPE, responses={"200": dict, "400": dict, "403": dict, "404": dict})
@api_view(["GET"])
def report(request: Request, name: str) -> Response:
    """One report: columns, rows and totals. Amounts and shares are strings."""
    require(caller(request), Permission.AUDIT)
    if name not in REPORTS:
        raise Http404(_("There is no such report."))
    form = ScopeForm(request.query_params or None)
    if form.is_bound and not form.is_valid():
        return Response({"errors": form.errors}, status.HTTP_400_BAD_REQUEST)
    scope = form.scope()
    made = REPORTS[name](scope)
    answer: dict[str, Any] = {
        "name": made.name,
        "first": scope.first.isoformat(),
        "last": scope.last.isoformat(),
        "columns": [str(column) for column in made.columns],
        "rows": [list(row) for row in made.rows],
        "totals": [list(row) for row in made.totals],
    }
    return Response(answer)


@extend_schema(request=None, responses={"200": dict, "403": dict})
@api_view(["POST"])
def assign_by_rules(request: Request) -> Response:
    """Runs the assignment rules over at most 200 claims that wait for somebody."""
    given, left = assignment_rules.assign_waiting(by=caller(request))
    return Response({"assigned": given, "left": left})
