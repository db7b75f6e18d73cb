"""The queue page, its live counts, and what can be done to several claims at once."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from claims import access, assignment, assignment_rules, identity_search, queue_filters
from claims import queue as queue_of
from claims.guards import Refused
from claims.models import Claim, Document, Plan, Role, User
from claims.permissions import Permission, may, require
from claims.queue_order import ORDERS
from claims.queue_views import EVERY_CLAIM, SAVED_VIEWS, SavedView
from claims.views.types import signed_in
from ocr_providers.models import ProviderAccount

MAX_BULK = 200


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The list; an htmx request for more rows gets the rows alone."""
    user = signed_in(request)
    asked = queue_filters.asked(request.GET)
    wanted = queue_of.listing(access.claims_for(user), user, asked)
    page = queue_of.page(wanted, request.GET.get("after", ""))
    queue_of.with_papers(page.claims)
    parameters = request.GET.copy()
    parameters.pop("after", None)
    context = {"page": page, "list_query": parameters.urlencode(), "can_assign": may(user, Permission.DECIDE)}
    if request.headers.get("HX-Request") and "after" in request.GET:
        return render(request, "claims/_queue_rows.html", context)
    context |= {"now_reading": _now_reading(user), "view": asked.view, "order": asked.order}
    return render(request, "claims/queue.html", context | _filters(request, user, asked.view))


def _filters(request: HttpRequest, user: User, chosen: SavedView) -> dict[str, object]:
    counts = queue_of.counts(access.claims_for(user), user)
    return {
        "views": [{"view": view, "count": counts[view.name], "chosen": view == chosen} for view in SAVED_VIEWS],
        "count_cap": queue_of.COUNT_CAP,
        "filters": {name: request.GET.get(name, "") for name in queue_filters.FILTERS},
        "is_filtered": any(request.GET.get(name) for name in queue_filters.FILTERS),
        "orders": ORDERS,
        "statuses": [choice for choice in Claim.Status.choices if choice[0] in chosen.statuses or not chosen.statuses],
        "kinds": [choice for choice in Document.Kind.choices if choice[0] != Document.Kind.AUTO],
        "plans": Plan.objects.all(),
        "providers": ProviderAccount.objects.order_by("name").values_list("name", flat=True),
        "colleagues": list(_colleagues()),
        "can_give": may(user, Permission.ASSIGN),
        "rules_wait": _waiting_for_rules() if may(user, Permission.ASSIGN) else 0,
    }


def _waiting_for_rules() -> int:
    """Claims that the assignment rules could give away; none where there are no rules."""
    return assignment_rules.waiting()[: queue_of.COUNT_CAP].count() if assignment_rules.in_use() else 0


def _colleagues() -> QuerySet[User]:
    """Whom a claim may be given to: those who decide."""
    return User.objects.filter(is_active=True, groups__name__in=(Role.REVIEWER, Role.SUPERVISOR)).distinct()


def _now_reading(user: User) -> int:
    waiting = (Document.Status.QUEUED, Document.Status.READING)
    return access.documents_for(user).filter(status__in=waiting)[: queue_of.COUNT_CAP].count()


@login_required
@require_GET
def now_reading(request: HttpRequest) -> HttpResponse:
    """The live count of documents being read; the page asks every few seconds."""
    return render(request, "claims/_now_reading.html", {"now_reading": _now_reading(signed_in(request))})


@login_required
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """The box in the top bar: goes on to the filtered queue. An identity number never gets into an address."""
    words = request.POST.get("q", "").strip()
    asked = {"view": EVERY_CLAIM.name, "q": words}
    if identity_search.is_identity_number(words):
        try:
            numbers = identity_search.find(number=words, user=signed_in(request))
        except Refused as error:
            messages.warning(request, str(error))
            return redirect("claims:queue")
        if not numbers:
            messages.info(request, _("No claim has this identity number."))
            return redirect("claims:queue")
        asked = {"view": EVERY_CLAIM.name, "numbers": ",".join(numbers)}
    return redirect(f"{reverse('claims:queue')}?{urlencode(asked)}")


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Takes, gives or releases the chosen claims; tells which of them somebody else had taken meanwhile."""
    user = signed_in(request)
    target = _bulk_target(request, user)
    numbers = request.POST.getlist("number")[:MAX_BULK]
    claims = list(access.claims_for(user).select_related("assignee").filter(number__in=numbers))
    missed = assignment.assign_many(claims=claims, to=target, by=user)
    _tell(request, done=len(claims) - len(missed), missed=missed, released=target is None)
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


def _tell(request: HttpRequest, *, done: int, missed: list[Claim], released: bool = False) -> None:
    if done and released:
        messages.success(request, ngettext("%(n)d claim released.", "%(n)d claims released.", done) % {"n": done})
    elif done:
        messages.success(request, ngettext("%(n)d claim assigned.", "%(n)d claims assigned.", done) % {"n": done})
    if missed:
        numbers = ", ".join(claim.number for claim in missed)
        messages.warning(request, _("Taken or decided by somebody else meanwhile: %(numbers)s") % {"numbers": numbers})


def _back(request: HttpRequest) -> str:
    """The filtered list one came from."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else "/"
