"""The queue page, its live counts, and what can be done to several claims at once."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from claims import access, assignment, assignment_rules
from claims import queue as queue_of
from claims.models import Claim, Document, Plan, Role, User
from claims.permissions import Permission, may, require
from claims.views.types import signed_in

MAX_BULK = 200


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The list; an htmx request for more rows gets the rows alone."""
    user = signed_in(request)
    visible = access.claims_for(user)
    page = queue_of.page(queue_of.narrowed(visible, user, request.GET), request.GET.get("after", ""))
    parameters = request.GET.copy()
    parameters.pop("after", None)
    context = {"page": page, "list_query": parameters.urlencode(), "now_reading": _now_reading(visible)}
    if request.headers.get("HX-Request") and "after" in request.GET:
        return render(request, "claims/_queue_rows.html", context)
    return render(request, "claims/queue.html", context | _filters(request, user))


def _filters(request: HttpRequest, user: User) -> dict[str, object]:
    counts = queue_of.counts(access.claims_for(user), user)
    chosen = request.GET.get("view", "")
    chosen = chosen if chosen in queue_of.VIEWS_BY_NAME else queue_of.SAVED_VIEWS[0].name
    views = [
        {"name": view.name, "label": view.label, "count": counts[view.name], "chosen": view.name == chosen}
        for view in queue_of.SAVED_VIEWS
    ]
    return {
        "views": views,
        "count_cap": queue_of.COUNT_CAP,
        "filters": {name: request.GET.get(name, "") for name in queue_of.FILTERS},
        "is_filtered": any(request.GET.get(name) for name in queue_of.FILTERS),
        "kinds": [choice for choice in Document.Kind.choices if choice[0] != Document.Kind.AUTO],
        "plans": Plan.objects.all(),
        "colleagues": list(_colleagues()),
        "can_assign": may(user, Permission.DECIDE),
        "can_give": may(user, Permission.ASSIGN),
        "rules_wait": _waiting_for_rules() if may(user, Permission.ASSIGN) else 0,
    }


def _waiting_for_rules() -> int:
    """Claims that the assignment rules could give away; none where there are no rules."""
    return assignment_rules.waiting()[: queue_of.COUNT_CAP].count() if assignment_rules.in_use() else 0


def _colleagues() -> QuerySet[User]:
    """Whom a claim may be given to: those who decide."""
    return User.objects.filter(is_active=True, groups__name__in=(Role.REVIEWER, Role.SUPERVISOR)).distinct()


def _now_reading(visible: QuerySet[Claim]) -> int:
    waiting = Document.objects.filter(status__in=(Document.Status.QUEUED, Document.Status.READING))
    return waiting.filter(claim__in=visible)[: queue_of.COUNT_CAP].count()


@login_required
@require_GET
def now_reading(request: HttpRequest) -> HttpResponse:
    """The live count of documents being read; the page asks every few seconds."""
    visible = access.claims_for(signed_in(request))
    return render(request, "claims/_now_reading.html", {"now_reading": _now_reading(visible)})


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Takes, gives or releases the chosen claims; tells which of them somebody else had taken meanwhile."""
    user = signed_in(request)
    target = _bulk_target(request, user)
    numbers = request.POST.getlist("number")[:MAX_BULK]
    claims = list(access.claims_for(user).select_related("assignee").filter(number__in=numbers))
    missed = assignment.assign_many(claims=claims, to=target, by=user)
    _tell(request, done=len(claims) - len(missed), missed=missed)
    return redirect(_back(request))


@login_required
@require_POST
def assign_by_rules(request: HttpRequest) -> HttpResponse:
    """The supervisor has the assignment rules run over the claims that wait for somebody."""
    given, left = assignment_rules.assign_waiting(by=signed_in(request))
    _tell(request, done=given, missed=[])
    if left:
        said = ngettext("%(n)d claim fits no rule.", "%(n)d claims fit no rule.", left) % {"n": left}
        messages.warning(request, said)
    return redirect("claims:queue")


def _bulk_target(request: HttpRequest, user: User) -> User | None:
    """Whom the claims go to. Reviewers take and release; giving to somebody else is the supervisor's."""
    action = request.POST.get("action")
    require(user, Permission.DECIDE)
    if action == "take":
        return user
    if action == "give":
        require(user, Permission.ASSIGN)
        return get_object_or_404(_colleagues(), username=request.POST.get("to"))
    if action == "release":
        return None
    raise PermissionDenied


def _tell(request: HttpRequest, *, done: int, missed: list[Claim]) -> None:
    if done:
        messages.success(request, ngettext("%(n)d claim assigned.", "%(n)d claims assigned.", done) % {"n": done})
    if missed:
        numbers = ", ".join(claim.number for claim in missed)
        messages.warning(request, _("Taken or decided by somebody else meanwhile: %(numbers)s") % {"numbers": numbers})


def _back(request: HttpRequest) -> str:
    """The filtered list one came from."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else "/"
