"""The queue page, its live counts, and what can be done to several claims at once."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from claims import access, bulk
from claims.assigning import assignment_rules
from claims.exports.files import SEVERAL
from claims.guards import Refused
from claims.models import Claim, Document, Plan, User
from claims.permissions import Permission, may
from claims.queueing import identity_search, own_views, queue_filters
from claims.queueing import queue as queue_of
from claims.queueing.queue_order import ORDERS
from claims.queueing.queue_views import EVERY_CLAIM, SAVED_VIEWS, SavedView
from claims.views.types import signed_in
from ocr_providers.models import ProviderAccount


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
    context = {"page": page, "list_query": parameters.urlencode(), "can_choose": _can_choose(user)}
    if request.headers.get("HX-Request") and "after" in request.GET:
        return render(request, "claims/_queue_rows.html", context)
    context |= {"now_reading": _now_reading(user), "view": asked.view, "order": asked.order}
    context |= _filters(request, user, asked.view) | _own_views(user, parameters.urlencode())
    return render(request, "claims/queue.html", context)


def _own_views(user: User, query: str) -> dict[str, object]:
    """Lists that this person keeps, and whether this one is worth keeping. One query."""
    kept = own_views.canonical(query)
    known = list(own_views.views_for(user))
    is_new = bool(kept) and kept not in {view.query for view in known if view.owner_id == user.pk}
    return {"own_views": known, "kept_query": kept, "can_save": is_new and may(user, Permission.SEE)}


def _can_choose(user: User) -> bool:
    """Whether there is anything that this person may do to several claims at once."""
    return any(may(user, permission) for permission in (Permission.DECIDE, Permission.RECEIVE, Permission.EXPORT))


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
        "colleagues": list(bulk.colleagues()),
        "can_give": may(user, Permission.ASSIGN),
        "export_forms": SEVERAL,
        "rules_wait": _waiting_for_rules() if may(user, Permission.ASSIGN) else 0,
    }


def _waiting_for_rules() -> int:
    """Claims that the assignment rules could give away; none where there are no rules."""
    return assignment_rules.waiting()[: queue_of.COUNT_CAP].count() if assignment_rules.in_use() else 0


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
def assign_by_rules(request: HttpRequest) -> HttpResponse:
    """The supervisor has the assignment rules run over the claims that wait for somebody."""
    given, left = assignment_rules.assign_waiting(by=signed_in(request))
    if given:
        messages.success(request, ngettext("%(n)d claim assigned.", "%(n)d claims assigned.", given) % {"n": given})
    if left:
        said = ngettext("%(n)d claim fits no rule.", "%(n)d claims fit no rule.", left) % {"n": left}
        messages.warning(request, said)
    return redirect("claims:queue")
