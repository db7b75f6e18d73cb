"""What a report is about: from when to when, in which steps, and perhaps of one plan or one provider only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import DateField, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.db.models.functions.datetime import TruncBase
from django.utils import timezone

from claims.models import Claim, Plan, Reading

DAYS = 60
"""Shown when nobody asks for another period."""
MOST_DAYS = 366 * 3
BY_DAY, BY_WEEK = 31, 210
"""Up to so many days a report goes by days, then by weeks, then by months."""


class Step(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


TRUNCATED: dict[Step, type[TruncBase]] = {Step.DAY: TruncDay, Step.WEEK: TruncWeek, Step.MONTH: TruncMonth}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """`first` and `last` are days of the desk's time zone, both included."""

    first: date
    last: date
    plan: Plan | None = None
    vendor: str = ""

    @classmethod
    def usual(cls) -> Scope:
        today = timezone.localdate()
        return cls(first=today - timedelta(days=DAYS - 1), last=today)

    def as_form(self) -> dict[str, Any]:
        """As the fields of the form that asks for a scope."""
        return {"first": self.first, "last": self.last, "plan": self.plan, "provider": self.vendor}

    @property
    def step(self) -> Step:
        days = (self.last - self.first).days + 1
        return Step.DAY if days <= BY_DAY else Step.WEEK if days <= BY_WEEK else Step.MONTH

    def begin_of(self, day: date) -> date:
        """The day that the step around `day` is named by."""
        if self.step == Step.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self.step == Step.MONTH else day

    @property
    def buckets(self) -> list[date]:
        """The steps of the period; the first and the last may lie in it only in part."""
        found, day = [], self.first
        while day <= self.last:
            begin = self.begin_of(day)
            found.append(begin)
            day = self._after(begin)
        return found

    def _after(self, begin: date) -> date:
        if self.step == Step.MONTH:
            return (begin + timedelta(days=32)).replace(day=1)
        return begin + timedelta(days=7 if self.step == Step.WEEK else 1)

    @property
    def labels(self) -> list[str]:
        written = "%Y-%m" if self.step == Step.MONTH else "%m-%d"
        return [day.strftime(written) for day in self.buckets]

    def within(self, field: str) -> dict[str, datetime]:
        """Conditions for a column of moments."""
        zone = timezone.get_current_timezone()
        begin = datetime.combine(self.first, time.min, zone)
        end = datetime.combine(self.last + timedelta(days=1), time.min, zone)
        return {f"{field}__gte": begin, f"{field}__lt": end}

    def bucket(self, field: str) -> TruncBase:
        return TRUNCATED[self.step](field, output_field=DateField())

    def claims(self) -> QuerySet[Claim]:
        """Of the plan and the provider, whenever they came."""
        claims = Claim.objects.all()
        if self.plan:
            claims = claims.filter(policy__plan=self.plan)
        if self.vendor:
            read = Reading.objects.filter(document__claim=OuterRef("pk"), vendor=self.vendor)
            claims = claims.filter(Exists(read))
        return claims

    def narrows(self) -> bool:
        return self.plan is not None or bool(self.vendor)

    def of(self, path: str = "claim") -> dict[str, Any]:
        """Conditions for rows that have a claim; empty where every claim counts."""
        return {f"{path}__in": self.claims().order_by().values("pk")} if self.narrows() else {}


def vendor_of(document: str) -> Subquery:
    """The vendor of a document's newest reading. `document`: where the row has the document's key."""
    newest = Reading.objects.filter(document=OuterRef(document)).order_by("-id")
    return Subquery(newest.values("vendor")[:1])
