"""Periods, their steps, and what a person may ask for."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from claims.models import Claim, Plan, Policy
from claims.reports.flow import by_bucket
from claims.reports.forms import ScopeForm
from claims.reports.scope import Scope, Step

pytestmark = pytest.mark.django_db


def scope(first: str, last: str) -> Scope:
    return Scope(first=date.fromisoformat(first), last=date.fromisoformat(last))


@pytest.mark.parametrize(
    ("first", "last", "step", "buckets"),
    [
        ("2026-11-01", "2026-11-03", Step.DAY, ["2026-11-01", "2026-11-02", "2026-11-03"]),
        ("2026-11-22", "2026-11-22", Step.DAY, ["2026-11-22"]),
        ("2026-10-01", "2026-11-02", Step.WEEK,
         ["2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26", "2026-11-02"]),
    ],
)  # fmt: skip
def test_a_period_goes_by_days_or_weeks(first: str, last: str, step: Step, buckets: list[str]) -> None:
    asked = scope(first, last)
    assert (asked.step, [day.isoformat() for day in asked.buckets]) == (step, buckets)
    assert len(asked.labels) == len(buckets)


def test_a_long_period_goes_by_months() -> None:
    year = scope("2025-12-15", "2026-11-22")
    assert year.step == Step.MONTH
    assert [day.isoformat() for day in year.buckets][:2] == ["2025-12-01", "2026-01-01"]
    assert year.labels[-1] == "2026-11"


@pytest.mark.parametrize(("first", "last"), [("2026-11-01", "2026-11-20"), ("2026-09-01", "2026-11-20"),
                                             ("2026-01-01", "2026-11-20")])  # fmt: skip
def test_days_begin_at_midnight_of_the_desk_in_every_step(first: str, last: str) -> None:
    """The desk of the tests stands in Shanghai: 16:00 UTC is the next day there."""
    asked = scope(first, last)
    for number, moment in {
        "before": "2026-11-08T15:59:59Z", "after": "2026-11-08T16:00:00Z",
        "outside": "2026-11-20T16:00:00Z", "inside": "2026-11-20T15:59:59Z",
    }.items():  # fmt: skip
        Claim.objects.create(number=number, received_at=moment)
    counted = by_bucket(asked, Claim.objects.filter(**asked.within("received_at")), "received_at")
    expected: dict[date, int] = {}
    for day in (date(2026, 11, 8), date(2026, 11, 9), date(2026, 11, 20)):
        expected[asked.begin_of(day)] = expected.get(asked.begin_of(day), 0) + 1
    assert counted == expected
    assert set(counted) <= set(asked.buckets)


@time_machine.travel("2026-11-22T04:00:00Z")
def test_the_usual_period_is_sixty_days_up_to_today() -> None:
    assert Scope.usual() == scope("2026-09-24", "2026-11-22")
    assert ScopeForm(None).scope() == Scope.usual()
    assert ScopeForm({"provider": "jd"}).scope() == Scope(first=date(2026, 9, 24), last=date(2026, 11, 22), vendor="jd")


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"first": "2026-11-02", "last": "2026-11-01"}, {"last"}),
        ({"first": "2020-01-01", "last": "2026-11-01"}, {"first"}),
        ({"first": "yesterday"}, {"first"}),
        ({"provider": "nobody"}, {"provider"}),
        ({"plan": "none"}, {"plan"}),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(asked: dict[str, str], wrong: set[str]) -> None:
    form = ScopeForm(asked)
    assert form.scope() == Scope.usual()
    assert set(form.errors) == wrong


def test_a_plan_narrows_the_claims(plan: Plan, policy: Policy) -> None:
    Claim.objects.create(number="with", policy=policy)
    Claim.objects.create(number="without")
    asked = ScopeForm({"plan": plan.code}).scope()
    assert [claim.number for claim in asked.claims()] == ["with"]
