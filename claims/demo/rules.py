"""The demo desk's own rules: one plan's small claims pass, some decisions are looked at twice, papers find readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from claims.models import AssignmentRule, Plan, SecondReviewRule, StraightThroughRule, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    name: str
    people: tuple[str, ...]
    language: str = ""
    amount_from: Decimal | None = None
    due_hours: int | None = None


ASSIGNMENTS = (
    Assignment(name="泰文体检报告 Thai papers", people=("supervisor",), language="th", due_hours=120),
    Assignment(name="大额 Large amounts", people=("supervisor",), amount_from=Decimal(1500), due_hours=48),
    Assignment(name="门诊发票 Invoices", people=("reviewer", "supervisor"), language="zh"),
)


def make_rules(plans: Mapping[str, Plan], people: Mapping[str, User]) -> None:
    """What is there already stays as somebody has set it."""
    StraightThroughRule.objects.get_or_create(
        plan=plans["CITY-PLUS"],
        defaults={"enabled": True, "pays_below": Decimal("500.00"), "sample_share": Decimal("0.2500")},
    )
    SecondReviewRule.objects.get_or_create(
        plan=None,
        defaults={"enabled": True, "random_share": Decimal("0.0500"), "factor_plan": Decimal(3),
                  "factor_hospital": Decimal("2.5"), "at_least": 8},
    )  # fmt: skip
    for order, wanted in enumerate(ASSIGNMENTS, start=1):
        rule, made = AssignmentRule.objects.get_or_create(
            name=wanted.name,
            defaults={"order": order * 10, "language": wanted.language, "amount_from": wanted.amount_from,
                      "due_hours": wanted.due_hours},
        )  # fmt: skip
        if made:
            rule.people.set(people[name] for name in wanted.people)
