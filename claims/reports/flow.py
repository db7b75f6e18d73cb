"""What comes in, what goes out, what lies there and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.deciding.selection import FINAL
from claims.models import Claim, Correction, Decision, Document, SampleDraw
from claims.reports.charts import Chart, Kind, Series
from claims.reports.report import Item, Report
from claims.reports.scope import Scope

AGES = (1, 3, 7, 14, 30)
"""Days: the upper ends of the classes of age; what is older has no upper end."""
NEWEST = 10_000
"""Decisions that medians are taken over, at most."""


def decided(scope: Scope) -> QuerySet[Decision]:
    """The decisions of the period that are in force and final."""
    return Decision.objects.filter(in_force(), **scope.within("decided_at"), **scope.of())


def in_force(path: str = "") -> Q:
    """Of decisions: not superseded, checked where that was needed, and not a request for papers. Asks no claim.

    `path`: where the row has its decisions, with a trailing `__`.
    """
    checked = Q(**{f"{path}needs_check": False}) | Q(**{f"{path}checked_by__isnull": False})
    final = Q(**{f"{path}outcome__in": FINAL, f"{path}superseded_at": None})
    return final & checked


def by_bucket(scope: Scope, rows: QuerySet[Any], moment: str) -> dict[date, int]:
    """How many rows each step of the period has. One query."""
    counted = rows.order_by().annotate(bucket=scope.bucket(moment)).values("bucket").annotate(n=Count("pk"))
    return dict(counted.values_list("bucket", "n"))


def inflow(scope: Scope) -> Report:
    received = by_bucket(scope, scope.claims().filter(**scope.within("received_at")), "received_at")
    done = by_bucket(scope, decided(scope), "decided_at")
    counts = [(received.get(day, 0), done.get(day, 0)) for day in scope.buckets]
    series = [
        Series(_("Came in"), [came for came, _went in counts]),
        Series(_("Decided"), [went for _came, went in counts]),
    ]
    return Report(
        name="inflow",
        title=_("Came in and decided"),
        explains=_("Claims by the day they came and by the day of the decision in force."),
        columns=(_("From"), _("Came in"), _("Decided"), _("Difference")),
        rows=[(day, came, went, came - went) for day, (came, went) in zip(scope.buckets, counts, strict=True)],
        totals=[(_("Together"), *_inflow_sums(counts))],
        charts=[
            Chart(
                name="inflow",
                title=_("Claims that came in and were decided"),
                kind=Kind.BARS,
                labels=scope.labels,
                series=series,
            )
        ],
        is_empty=not any(came or went for came, went in counts),
    )


def _inflow_sums(counts: list[tuple[int, int]]) -> tuple[int, int, int]:
    came, went = (sum(column) for column in zip(*counts, strict=True))
    return came, went, came - went


# --- what lies there -------------------------------------------------------------------------------------------------


def backlog(scope: Scope) -> Report:
    """Now, whatever the period. One query."""
    now = timezone.now()
    ends = [now - timedelta(days=days) for days in AGES]
    starts = [None, *ends]
    classes = {
        f"age{n}": Count("pk", filter=_between(older, newer))
        for n, (newer, older) in enumerate(zip(starts, [*ends, None], strict=True))
    }
    overdue = Count("pk", filter=Q(due_at__lt=now))
    grouped = (
        scope.claims()
        .filter(status__in=Claim.OPEN_STATUSES)
        .order_by()
        .values("status")
        .annotate(**classes, overdue=overdue)
    )
    found: dict[str, dict[str, Any]] = {row["status"]: dict(row) for row in grouped}
    statuses = [status for status in Claim.OPEN_STATUSES if status in found]
    counts = [_backlog_counts(found[status], list(classes)) for status in statuses]
    rows: list[tuple[Item, ...]] = [(str(status.label), *row) for status, row in zip(statuses, counts, strict=True)]
    series = [Series(status.label, [found[status][name] for name in classes]) for status in statuses]
    chart = Chart(
        name="backlog", title=_("Open claims by age in days"), kind=Kind.STACKED, labels=age_labels(), series=series
    )
    return Report(
        name="backlog",
        title=_("Backlog by age"),
        explains=_("Open claims as they stand now, by days since they came; the period does not matter here."),
        columns=(_("Status"), *age_labels(), _("Together"), _("Overdue")),
        rows=rows,
        totals=[(_("Together"), *(sum(column) for column in zip(*counts, strict=True)))],
        charts=[chart],
        is_empty=not rows,
    )


def _between(older: Any, newer: Any) -> Q:
    condition = Q() if older is None else Q(received_at__gt=older)
    return condition if newer is None else condition & Q(received_at__lte=newer)


def _backlog_counts(found: Mapping[str, Any], classes: list[str]) -> list[int]:
    """By age, together, overdue."""
    by_age = [int(found[name]) for name in classes]
    return [*by_age, sum(by_age), int(found["overdue"])]


def age_labels() -> list[str]:
    ends = [f"{low}–{high}" for low, high in zip((0, *AGES), AGES, strict=False)]
    return [*ends, f"> {AGES[-1]}"]


# --- how long it takes -----------------------------------------------------------------------------------------------


def times(scope: Scope) -> Report:
    """Medians over the newest decisions. One query."""
    waits: dict[date, list[float]] = {day: [] for day in scope.buckets}
    works: dict[date, list[float]] = {day: [] for day in scope.buckets}
    rows = list(_moments(scope))
    for day, received_at, first, decided_at, documents in rows:
        if day in waits:
            waits[day].append((decided_at - received_at).total_seconds() / 3600)
        if day in works and first is not None and first <= decided_at:
            works[day].append((decided_at - first).total_seconds() / 60 / max(1, documents))
    minutes = [_median(works[day]) for day in scope.buckets]
    hours = [_median(waits[day]) for day in scope.buckets]
    chart = Chart(
        name="times",
        title=_("Minutes of review for a document, median"),
        kind=Kind.LINES,
        labels=scope.labels,
        series=[Series(_("Minutes"), minutes)],
    )
    return Report(
        name="times",
        title=_("Time per document"),
        explains=_(
            "From the first correction to the decision, shared among the claim's documents; and from arrival to the "
            "decision. Medians; claims without a correction have no time of review."
        ),
        columns=(
            _("From"),
            _("Claims decided"),
            _("With corrections"),
            _("Minutes of review"),
            _("Hours to the decision"),
        ),
        rows=[
            (day, len(waits[day]), len(works[day]), work, wait)
            for day, work, wait in zip(scope.buckets, minutes, hours, strict=True)
        ],
        charts=[chart],
        note=_("Over the newest %(n)d decisions.") % {"n": NEWEST} if len(rows) == NEWEST else "",
        is_empty=not rows,
    )


def _moments(scope: Scope) -> Any:
    """Bucket, arrival, first correction, decision, number of documents."""
    corrections = Correction.objects.filter(document__claim=OuterRef("claim"), user__isnull=False).order_by("made_at")
    papers = Document.objects.filter(claim=OuterRef("claim")).order_by().values("claim").annotate(n=Count("pk"))
    passed = SampleDraw.objects.filter(claim=OuterRef("claim"), held=False)
    found = decided(scope).filter(~Exists(passed))
    return found.order_by("-decided_at").annotate(
        bucket=scope.bucket("decided_at"),
        first=Subquery(corrections.values("made_at")[:1]),
        documents=Coalesce(Subquery(papers.values("n")), 1),
    ).values_list("bucket", "claim__received_at", "first", "decided_at", "documents")[:NEWEST]  # fmt: skip


def _median(values: list[float]) -> Decimal | None:
    return Decimal(median(values)).quantize(Decimal("0.1")) if values else None
