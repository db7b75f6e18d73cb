"""The queue: which claims a person sees, in which order, and how many stand in each view.

Pages are cursor pages over `(-received_at, -id)`: the same few milliseconds at the first and at the thousandth page,
and a fixed number of queries. Counts stop at `COUNT_CAP`; nobody needs to know whether it is 41 733 or 41 734.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Document, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COUNT_CAP = 1000
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class SavedView:
    """A tab of the queue."""

    name: str
    label: StrOrPromise
    narrow: Callable[[QuerySet[Claim], User], QuerySet[Claim]]


SAVED_VIEWS: tuple[SavedView, ...] = (
    SavedView("todo", _("To do"), lambda claims, user: claims.filter(status__in=("ready", "in-review"))),
    SavedView(
        "mine",
        _("Mine"),
        lambda claims, user: claims.filter(assignee=user, status__in=("ready", "in-review", "checking")),
    ),
    SavedView(
        "unassigned",
        _("Unassigned"),
        lambda claims, user: claims.filter(assignee=None, status__in=("ready", "in-review")),
    ),
    SavedView("checking", _("Second person"), lambda claims, user: claims.filter(status="checking")),
    SavedView("returned", _("Returned"), lambda claims, user: claims.filter(status="returned")),
    SavedView("reading", _("Being read"), lambda claims, user: claims.filter(status="received")),
    SavedView("decided", _("Decided"), lambda claims, user: claims.filter(status="decided")),
    SavedView("all", _("All"), lambda claims, user: claims),
)
VIEWS_BY_NAME = {view.name: view for view in SAVED_VIEWS}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of the page before: `received_at` and `id`."""

    received_at: datetime
    pk: int

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """From `2026-11-22T08:00:00+00:00_17`; anything else is no cursor."""
        moment, _separator, pk = text.rpartition("_")
        try:
            received_at = parse_datetime(moment)
        except ValueError:
            return None
        return cls(received_at, int(pk)) if received_at and timezone.is_aware(received_at) and pk.isdecimal() else None

    def __str__(self) -> str:
        return f"{self.received_at.isoformat()}_{self.pk}"


@dataclass(frozen=True, slots=True)
class QueuePage:
    claims: list[Claim]
    next_cursor: Cursor | None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal("1e12") else None


def _by_findings(claims: QuerySet[Claim], value: str) -> QuerySet[Claim]:
    conditions = {"errors": Q(error_count__gt=0), "warnings": Q(warning_count__gt=0)}
    clean = Q(error_count=0, warning_count=0)
    return claims.filter(conditions.get(value, clean)) if value in {*conditions, "clean"} else claims


def _by_kind(claims: QuerySet[Claim], value: str) -> QuerySet[Claim]:
    return claims.filter(documents__kind=value).distinct() if value in Document.Kind.values else claims


def _above(claims: QuerySet[Claim], value: str) -> QuerySet[Claim]:
    amount = _amount(value)
    return claims if amount is None else claims.filter(amount_asked__gte=amount)


def _older_than(claims: QuerySet[Claim], value: str) -> QuerySet[Claim]:
    if not value.isdecimal() or len(value) > 4:
        return claims
    return claims.filter(received_at__lte=timezone.now() - timedelta(days=int(value)))


def _by_assignee(claims: QuerySet[Claim], value: str) -> QuerySet[Claim]:
    return claims.filter(assignee__username=value)


def _by_plan(claims: QuerySet[Claim], value: str) -> QuerySet[Claim]:
    return claims.filter(policy__plan__code=value)


def _by_words(claims: QuerySet[Claim], value: str) -> QuerySet[Claim]:
    """Claim number, person, policy, invoice number, hospital. Numbers by their beginning, names anywhere."""
    return claims.filter(
        Q(number__istartswith=value)
        | Q(patient_name__icontains=value)
        | Q(policy__number__istartswith=value)
        | Q(policy__insured_name__icontains=value)
        | Q(pk__in=Document.objects.filter(invoice__note_no__startswith=value).values("claim"))
        | Q(pk__in=Document.objects.filter(invoice__hospital_name__icontains=value).values("claim"))
    )


FILTERS: dict[str, Callable[[QuerySet[Claim], str], QuerySet[Claim]]] = {
    "findings": _by_findings,
    "kind": _by_kind,
    "above": _above,
    "older": _older_than,
    "assignee": _by_assignee,
    "plan": _by_plan,
    "q": _by_words,
}
"""Query parameter of the page -> how it narrows the list. A value that makes no sense narrows nothing."""


def narrowed(claims: QuerySet[Claim], user: User, parameters: Mapping[str, str]) -> QuerySet[Claim]:
    """`claims` after the saved view and the filters in `parameters`."""
    view = VIEWS_BY_NAME.get(parameters.get("view", ""), SAVED_VIEWS[0])
    claims = view.narrow(claims, user)
    for name, narrow in FILTERS.items():
        value = parameters.get(name, "").strip()
        if value:
            claims = narrow(claims, value)
    return claims


def page(claims: QuerySet[Claim], after: str = "") -> QueuePage:
    """One page of the queue, newest first, after the cursor."""
    cursor = Cursor.parse(after)
    if cursor:
        claims = claims.filter(
            Q(received_at__lt=cursor.received_at) | Q(received_at=cursor.received_at, pk__lt=cursor.pk)
        )
    rows = list(
        claims.select_related("assignee", "policy__plan")
        .prefetch_related("documents")
        .order_by("-received_at", "-id")[: PAGE_SIZE + 1]
    )
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return QueuePage(rows, Cursor(rows[-1].received_at, rows[-1].pk) if more else None)


def counts(claims: QuerySet[Claim], user: User) -> dict[str, int]:
    """How many claims stand in each saved view, never counting beyond `COUNT_CAP` + 1."""
    return {view.name: view.narrow(claims, user).order_by()[: COUNT_CAP + 1].count() for view in SAVED_VIEWS}


def neighbours(claims: QuerySet[Claim], claim: Claim) -> tuple[Claim | None, Claim | None]:
    """The claims before and after `claim` in a filtered list, in the order of the queue."""
    before = Q(received_at__gt=claim.received_at) | Q(received_at=claim.received_at, pk__gt=claim.pk)
    after = Q(received_at__lt=claim.received_at) | Q(received_at=claim.received_at, pk__lt=claim.pk)
    return (
        claims.filter(before).order_by("received_at", "id").first(),
        claims.filter(after).order_by("-received_at", "-id").first(),
    )
