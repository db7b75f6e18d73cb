"""What passed without a person and how often that was wrong; whom the second review saw and what it found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Abs
from django.utils.translation import gettext as _

from claims.deciding.selection import AMOUNT, HOSPITAL, PERSON, PLAN, RANDOM
from claims.models import Decision, SampleDraw
from claims.proportions import share
from claims.reports.charts import Chart, Kind, Series
from claims.reports.flow import by_bucket, decided, in_force
from claims.reports.money import money
from claims.reports.report import Figure, Item, Report, percent, share_figure, share_items
from claims.reports.scope import Scope

COUNTS = ("passed", "sampled", "checked", "wrong")


def straight_through(scope: Scope) -> Report:
    """Two queries."""
    draws = {row["bucket"]: row for row in _draws(scope)}
    all_decided = by_bucket(scope, decided(scope), "decided_at")
    rows = [_row(day, draws.get(day, {}), all_decided.get(day, 0)) for day in scope.buckets]
    passed, held, checked, wrong = (sum(row.get(name, 0) for row in draws.values()) for name in COUNTS)
    everything = sum(all_decided.values())
    money_wrong = sum((money(row["difference"]) for row in draws.values()), Decimal(0))
    total: tuple[Item, ...] = (_("Together"), everything, passed, percent(passed / everything) if everything else None,
                               held, checked, wrong, *share_items(share(wrong, checked)))  # fmt: skip
    return Report(
        name="straight-through",
        title=_("Straight through"),
        explains=_(
            "Claims that passed without a person, and the sample held for one. An error: the person's decision pays "
            "another amount than would have passed. Limits: 95 %, Wilson."
        ),
        columns=(
            _("From"),
            _("Decided"),
            _("Passed"),
            _("Passed, %"),
            _("Sample"),
            _("Sample decided"),
            _("Errors"),
            _("Errors, %"),
            _("Lower limit, %"),
            _("Upper limit, %"),
        ),
        rows=rows,
        totals=[total],
        charts=[_chart(scope, draws, all_decided)],
        figures=[
            share_figure(_("Passed"), share(min(passed, everything), everything)),
            share_figure(_("Error in the sample"), share(wrong, checked)),
            Figure(_("Money wrong in the sample"), f"{money_wrong:,.2f}", _("Sum of the differences, either way")),
        ],
        is_empty=not passed and not held,
    )


def _draws(scope: Scope) -> Iterable[Any]:
    """Each draw with what a person decided afterwards."""
    final = Decision.objects.filter(in_force(), claim=OuterRef("claim"))
    drawn = SampleDraw.objects.filter(**scope.within("drawn_at"), **scope.of()).annotate(
        bucket=scope.bucket("drawn_at"), paid=Subquery(final.values("approved")[:1])
    )
    checked = Q(held=True, paid__isnull=False)
    wrong = checked & ~Q(paid=F("payable"))
    return (
        drawn.order_by()
        .values("bucket")
        .annotate(
            passed=Count("pk", filter=Q(held=False)),
            sampled=Count("pk", filter=Q(held=True)),
            checked=Count("pk", filter=checked),
            wrong=Count("pk", filter=wrong),
            difference=Sum(Abs(F("payable") - F("paid")), filter=wrong),
        )
    )


def _row(day: date, draws: dict[str, Any], everything: int) -> tuple[Item, ...]:
    passed, held, checked, wrong = (draws.get(name, 0) for name in COUNTS)
    part = percent(passed / everything) if everything else None
    return day, everything, passed, part, held, checked, wrong, *share_items(share(wrong, checked))


def _chart(scope: Scope, draws: dict[date, dict[str, Any]], everything: dict[date, int]) -> Chart:
    passed = [draws.get(day, {}).get("passed", 0) for day in scope.buckets]
    by_people = [max(0, everything.get(day, 0) - n) for day, n in zip(scope.buckets, passed, strict=True)]
    return Chart(
        name="straight-through",
        title=_("Claims decided, by whom"),
        kind=Kind.STACKED,
        labels=scope.labels,
        series=[Series(_("Passed without a person"), passed), Series(_("Decided by people"), by_people)],
    )


# --- the second person -----------------------------------------------------------------------------------------------


def second_reviews(scope: Scope) -> Report:
    """By the reason of the selection. One query; a decision with several reasons counts under each."""
    selected: Counter[str] = Counter()
    ended: Counter[tuple[str, str]] = Counter()
    checks = Decision.objects.filter(needs_check=True, **scope.within("decided_at"), **scope.of())
    for why, checker, superseded in checks.values_list("check_why", "checked_by", "superseded_at"):
        end = "agreed" if checker else "opened" if superseded else "waiting"
        for code in {reason["code"] for reason in why} or {AMOUNT}:
            selected[code] += 1
            ended[code, end] += 1
    labels = _labels()
    codes = [code for code in labels if selected[code]]
    ends = {"agreed": _("Agreed"), "opened": _("Opened again"), "waiting": _("Waiting")}
    chart = Chart(
        name="second-reviews", title=_("Decisions seen by a second person"), kind=Kind.LYING,
        labels=[labels[code] for code in codes],
        series=[Series(label, [ended[code, end] for code in codes]) for end, label in ends.items()],
    )  # fmt: skip
    return Report(
        name="second-reviews",
        title=_("Second reviews"),
        explains=_("Decisions of the period that a second person had to see, by why they were selected."),
        columns=(_("Why"), _("Selected"), *ends.values()),
        rows=[(labels[code], selected[code], *(ended[code, end] for end in ends)) for code in codes],
        charts=[chart],
        is_empty=not codes,
    )


def _labels() -> dict[str, str]:
    return {
        AMOUNT: _("Above the plan's amount"),
        RANDOM: _("Drawn at random"),
        PLAN: _("Unusual for the plan"),
        HOSPITAL: _("Unusual for the hospital"),
        PERSON: _("Unusual for the person"),
    }
