"""What a person asks of the queue: saved view, order, filters, words. From the parameters of a page or of the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import and_

from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import Exact
from django.utils import timezone

from claims.models import Claim, Document, Plan, Policy
from claims.queueing import grams, search
from claims.queueing.claim_figures import one
from claims.queueing.queue_order import ORDERS, ORDERS_BY_NAME, Order
from claims.queueing.queue_views import SAVED_VIEWS, VIEWS_BY_NAME, SavedView

MOST_NUMBERS = 200
Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """When the claims came: from `after` on, until `before` without it. `None`: open."""

    after: datetime | None = None
    before: datetime | None = None

    def condition(self) -> Q | None:
        given = {"received_at__gte": self.after, "received_at__lt": self.before}
        parts = {name: moment for name, moment in given.items() if moment}
        return Q(**parts) if parts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the parameters mean."""

    view: SavedView
    order: Order
    condition: Q | None = None
    """What has to hold besides, over columns of the claim itself."""
    held_by: Q | None = None
    arrived: Q | None = None
    """A part of the list itself where it is in order of arrival, else a condition like the others."""
    candidates: list[int] | None = None
    """The few claims that can match at all, where an index has named them."""


def amount_of(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal("1e12") else None


# --- one filter each: None where the value makes no sense -------------------------------------------------------------

FINDINGS = {
    "errors": Q(error_count__gt=0),
    "warnings": Q(warning_count__gt=0),
    "clean": Q(error_count=0, warning_count=0),
}


def _kind(value: str) -> Q | None:
    return Q(kinds__contains=one(value)) if value in Document.Kind.values else None


def _status(value: str) -> Q | None:
    return Q(status=value) if value in Claim.Status.values else None


def _due(value: str) -> Q | None:
    """Of the claims that are still open: what is late, or has to be decided until tomorrow at this time."""
    limits = {"overdue": timedelta(0), "soon": timedelta(days=1)}
    if value not in limits:
        return None
    return Q(sort_due__lt=timezone.now() + limits[value]) & ~Q(status=Claim.Status.DECIDED)


def _above(value: str) -> Q | None:
    amount = amount_of(value)
    return None if amount is None else Q(amount_asked__gte=amount)


def _below(value: str) -> Q | None:
    amount = amount_of(value)
    return None if amount is None else Q(amount_asked__lte=amount)


def _older(value: str) -> datetime | None:
    if not (value.isascii() and value.isdecimal()) or len(value) > 4:
        return None
    return timezone.now() - timedelta(days=int(value))


def _plan(value: str) -> Q | None:
    """Asked of each claim in turn, by one look at its policy. As a join, a database may begin with all policies of
    the plan. The plan itself is looked up once."""
    of_claim = Policy.objects.filter(pk=OuterRef("policy_id")).order_by().values("plan_id")[:1]
    wanted = Plan.objects.filter(code=value).order_by().values("pk")[:1]
    return Q(Exact(Subquery(of_claim), Subquery(wanted)))


CONDITIONS: dict[str, Callable[[str], Q | None]] = {
    "status": _status,
    "findings": FINDINGS.get,
    "due": _due,
    "kind": _kind,
    "provider": lambda value: Q(providers__contains=one(value)),
    "plan": _plan,
    "above": _above,
    "below": _below,
}
FILTERS = (*CONDITIONS, "older", "assignee", "numbers", "q")
"""Query parameters of the page. A value that makes no sense narrows nothing."""


def asked(parameters: Parameters, *besides: Q, arrived: Arrival | None = None) -> Asked:
    """One query where words are asked for, one where numbers are, none otherwise. `besides`: further conditions."""
    given = {name: value for name in FILTERS if (value := parameters.get(name, "").strip())}
    words = grams.words_of(given.get("q", ""))
    candidates = search.find(words) if words else None
    if "numbers" in given:
        candidates = _numbered(given["numbers"])
    own = [CONDITIONS[name](given[name]) for name in CONDITIONS if name in given]
    held_by = Q(assignee__username=given["assignee"]) if "assignee" in given else None
    return Asked(
        view=VIEWS_BY_NAME.get(parameters.get("view", ""), SAVED_VIEWS[0]),
        order=ORDERS_BY_NAME.get(parameters.get("sort", ""), ORDERS[0]),
        condition=all_of(*besides, *own, search.holds(words) if words else None),
        held_by=held_by,
        arrived=all_of(
            *(part.condition() for part in (arrived, Arrival(before=_older(given.get("older", "")))) if part)
        ),
        candidates=candidates,
    )


def all_of(*parts: Q | None) -> Q | None:
    """One condition of several; `None` of none."""
    given = [part for part in parts if part]
    return reduce(and_, given) if given else None


def _numbered(text: str) -> list[int]:
    numbers = [number.strip() for number in text.split(",")[:MOST_NUMBERS]]
    return list(Claim.objects.filter(number__in=numbers).values_list("pk", flat=True))
