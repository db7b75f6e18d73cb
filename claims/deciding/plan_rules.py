"""Which row of a rule holds for a claim: its plan's own, else that of all other plans."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import F, Q

from claims.models import Claim
from claims.models.desk_rules import PlanRule

Row = TypeVar("Row", bound=PlanRule)


def rule_for(model: type[Row], claim: Claim) -> Row | None:
    """`None` when there is none, or when it is switched off: a plan's own row also takes the plan out. One query."""
    plan = claim.policy.plan_id if claim.policy else None
    rows = model._default_manager.filter(Q(plan=plan) | Q(plan=None)).order_by(F("plan").desc(nulls_last=True))
    row = rows.first()
    return row if row is not None and row.enabled else None
