"""What the calls of a day came to, per account: for the ledger's page in the admin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from ocr_providers.models import ProviderCall

MOST_CALLS = 20_000
"""Calls that are looked at; the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    """One account on one day."""

    day: date
    account: str
    calls: int
    charged: int
    cost: Decimal
    currency: str
    errors: tuple[tuple[str, int], ...]
    """Class of error and how often, the most frequent first."""
    latency: tuple[int, int, int] | None
    """Milliseconds: half, nine tenths and 99 of 100 answers came within these."""
    remaining: int | None
    """As the vendor said last."""


def totals_of(calls: QuerySet[ProviderCall]) -> list[DayTotal]:
    """Newest day first, accounts by name."""
    newest = calls.select_related("account").defer("answer", "answer_headers").order_by("-started_at")[:MOST_CALLS]
    ordered = sorted(newest, key=lambda call: (-_day(call).toordinal(), call.account.name))  # stable: newest first
    return [
        _total(day, list(group)) for (day, _name), group in groupby(ordered, key=lambda c: (_day(c), c.account.name))
    ]


def _day(call: ProviderCall) -> date:
    return timezone.localdate(call.started_at)


def _total(day: date, calls: Sequence[ProviderCall]) -> DayTotal:
    said = (call.remaining_calls for call in calls if call.remaining_calls is not None)
    return DayTotal(
        day=day,
        account=calls[0].account.name,
        calls=len(calls),
        charged=sum(1 for call in calls if call.charged),
        cost=sum((call.cost for call in calls), Decimal(0)),
        currency=calls[0].account.currency,
        errors=tuple(Counter(call.error_class for call in calls if call.error_class).most_common()),
        latency=percentiles(call.latency_ms for call in calls if call.latency_ms is not None),
        remaining=next(said, None),
    )


def percentiles(values: Iterable[int]) -> tuple[int, int, int] | None:
    """The 50th, 90th and 99th by nearest rank; `None` of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    half, most, nearly_all = (ordered[-(-len(ordered) * share // 100) - 1] for share in (50, 90, 99))
    return half, most, nearly_all
