"""All reports, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable

from claims.exports.tables import Table
from claims.reports import flow, money, passing, quality
from claims.reports.report import Report
from claims.reports.scope import Scope

REPORTS: dict[str, Callable[[Scope], Report]] = {
    "inflow": flow.inflow,
    "backlog": flow.backlog,
    "times": flow.times,
    "accuracy": quality.accuracy,
    "corrections": quality.corrections,
    "savings": money.savings,
    "costs": money.costs,
    "straight-through": passing.straight_through,
    "second-reviews": passing.second_reviews,
}
"""Name in addresses -> the report of a scope."""


def all_reports(scope: Scope) -> list[Report]:
    return [make(scope) for make in REPORTS.values()]


def as_table(report: Report) -> Table:
    """For a spreadsheet."""
    return Table(
        report.name, tuple(map(str, report.columns)), tuple(tuple(row) for row in (*report.rows, *report.totals))
    )
