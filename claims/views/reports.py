"""The reports: one page with charts and tables, and each table as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims import audit
from claims.exports.spreadsheets import to_csv
from claims.permissions import Permission, require
from claims.reports.catalogue import REPORTS, all_reports, as_table
from claims.reports.forms import ScopeForm
from claims.reports.scope import Scope
from claims.views.types import signed_in

PERIODS = (30, 60, 180, 365)
"""Days offered at one click."""


@login_required
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Everything at once. A period that makes no sense is said beside its field, and the usual one is shown."""
    require(signed_in(request), Permission.AUDIT)
    form = ScopeForm(request.GET or None, initial=Scope.usual().as_form(), label_suffix="")
    scope = form.scope()
    made = all_reports(scope)
    context = {
        "form": form,
        "scope": scope,
        "reports": made,
        "is_empty": all(report.is_empty for report in made),
        "periods": list(_periods(request, scope)),
        "query": request.GET.urlencode(),
    }
    return render(request, "claims/reports.html", context)


def _periods(request: HttpRequest, scope: Scope) -> Iterator[dict[str, Any]]:
    """Links to the usual periods, with the other filters kept."""
    today = timezone.localdate()
    kept = {name: request.GET[name] for name in ("plan", "provider") if request.GET.get(name)}
    for days in PERIODS:
        first = today - timedelta(days=days - 1)
        yield {
            "days": days,
            "query": urlencode({"first": first.isoformat(), "last": today.isoformat(), **kept}),
            "chosen": (scope.first, scope.last) == (first, today),
        }


@login_required
@require_GET
def report_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The table of one report. On record, like every export."""
    user = signed_in(request)
    require(user, Permission.AUDIT)
    if name not in REPORTS:
        raise Http404(_("There is no such report."))
    form = ScopeForm(request.GET or None)
    if form.is_bound and not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    scope = form.scope()
    content = to_csv([as_table(REPORTS[name](scope))])
    span = {"first": scope.first.isoformat(), "last": scope.last.isoformat()}
    audit.record(person=user, action="report.exported", subject=name, detail=span)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    file = f"{name}-{scope.first}-{scope.last}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
