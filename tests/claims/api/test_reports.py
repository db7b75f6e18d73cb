"""Reports and the assignment rules for other programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from claims.models import AssignmentRule, Claim, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("who", "report", "assign"),
    [("clerk", 403, 403), ("reviewer", 403, 403), ("supervisor", 200, 200), ("auditor", 200, 403),
     ("administrator", 200, 200), ("stranger", 403, 403)],
)  # fmt: skip
def test_who_may_read_reports_and_run_the_rules(
    people: dict[str, User], signed_in: SignIn, who: str, report: int, assign: int
) -> None:
    client = signed_in(people[who])
    assert client.get("/api/v1/reports/inflow/").status_code == report
    assert client.post("/api/v1/assignment/run/").status_code == assign
    assert Client().get("/api/v1/reports/inflow/").status_code == 401


def test_a_report_says_its_period_columns_and_rows(auditor: User, signed_in: SignIn) -> None:
    answer = signed_in(auditor).get("/api/v1/reports/inflow/?first=2026-01-01&last=2026-01-02").json()
    assert answer == {
        "name": "inflow",
        "first": "2026-01-01",
        "last": "2026-01-02",
        "columns": ["From", "Came in", "Decided", "Difference"],
        "rows": [["2026-01-01", 0, 0, 0], ["2026-01-02", 0, 0, 0]],
        "totals": [["Together", 0, 0, 0]],
    }


def test_what_makes_no_sense_is_said_by_field(auditor: User, signed_in: SignIn) -> None:
    client = signed_in(auditor)
    wrong = client.get("/api/v1/reports/inflow/?first=2026-01-02&last=2026-01-01")
    assert (wrong.status_code, wrong.json()) == (400, {"errors": {"last": ["The period ends before it begins."]}})
    assert client.get("/api/v1/reports/nothing/").status_code == 404


def test_the_rules_say_what_they_gave_and_left(supervisor: User, reviewer: User, signed_in: SignIn) -> None:
    AssignmentRule.objects.create(order=1, name="Thai", language="th").people.add(reviewer)
    Claim.objects.create(number="th", status=Claim.Status.READY, currency="THB")
    Claim.objects.create(number="zh", status=Claim.Status.READY)
    assert signed_in(supervisor).post("/api/v1/assignment/run/").json() == {"assigned": 1, "left": 1}
