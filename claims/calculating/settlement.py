"""The calculation of a claim as it stands: its plan, its invoices, and what the year's other claims used already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Min
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.calculating.calculation import Calculation, Entry, Paper, Step, Terms, Used, calculate
from claims.models import Claim, Decision, Document, Plan, Policy
from claims.working_values.cells import number_text
from claims.working_values.values import WorkingValues, load_invoices

WITHOUT_PLAN = Terms(cover_class_b=True, cover_class_c=True)
"""No policy is known: what public funds have not paid, nothing taken away."""

STEP_LABELS = {
    Step.TOTAL: _("Total of the invoice"),
    Step.FUND: _("Paid by public funds"),
    Step.CLASS_C: _("Class C, not covered"),
    Step.CLASS_B: _("First share of class B, not covered"),
    Step.ELIGIBLE: _("Eligible"),
    Step.DEDUCTIBLE_VISIT: _("Deductible of the visit"),
    Step.DEDUCTIBLE_YEAR: _("Deductible of the year"),
    Step.RATIO: _("Ratio of the plan"),
    Step.LIMIT_VISIT: _("Above the limit of a visit"),
    Step.LIMIT_YEAR: _("Above what is left of the yearly limit"),
    Step.PAYABLE: _("Payable"),
}


def settle(claim: Claim, known: Mapping[int, WorkingValues] | None = None) -> Calculation | None:
    """`None` for a claim without invoices. `known`: values of documents that are loaded already.

    `claim.policy.plan` should be selected with the claim.
    """
    loaded = dict(known or {})
    invoices = Document.objects.filter(claim=claim).exclude(kind=Document.Kind.HEALTH_CHECK)
    pks = list(invoices.order_by("id").values_list("pk", flat=True))
    missing = [pk for pk in pks if pk not in loaded]
    if missing:
        loaded |= load_invoices(missing)
    papers = [Paper(document=pk, invoice=loaded[pk].invoice()) for pk in pks if loaded[pk].header]
    return calculate_for(claim, papers) if papers else None


def calculate_for(claim: Claim, papers: Sequence[Paper]) -> Calculation:
    """By the claim's plan, with what its year has left."""
    days = [paper.invoice.billing_date for paper in papers if paper.invoice.billing_date]
    used = used_before(claim, min(days, default=timezone.localdate()))
    return calculate(terms_of(claim.policy.plan) if claim.policy else WITHOUT_PLAN, papers, used)


def terms_of(plan: Plan) -> Terms:
    return Terms(
        cover_class_b=plan.cover_class_b,
        cover_class_c=plan.cover_class_c,
        deductible_per_visit=plan.deductible_per_visit,
        deductible_per_year=plan.deductible_per_year,
        ratio_insured=plan.ratio_insured,
        ratio_uninsured=plan.ratio_uninsured,
        limit_per_visit=plan.limit_per_visit,
        limit_per_year=plan.limit_per_year,
    )


def used_before(claim: Claim, day: date) -> Used:
    """What the policy's other claims took of its deductible and its limit in the insurance year of `day`.

    A claim belongs to the year of its first invoice; without a date, to the year of its decision.
    """
    if claim.policy is None:
        return Used()
    begin, end = insurance_year(claim.policy, day)
    visited = Coalesce(Min("claim__documents__invoice__billing_date"), TruncDate("decided_at"))
    paying = Decision.objects.filter(
        claim__policy=claim.policy,
        superseded_at=None,
        outcome__in=(Decision.Outcome.APPROVED, Decision.Outcome.PARTLY),
    )
    others = paying.exclude(claim=claim).annotate(visited=visited).filter(visited__gte=begin, visited__lt=end)
    decided = list(others.values_list("approved", "trace"))
    taken = [Decimal(entry["amount"]) for _approved, trace in decided for entry in trace if _is_yearly(entry)]
    return Used(deductible=-sum(taken, Decimal(0)), paid=sum((approved for approved, _trace in decided), Decimal(0)))


def _is_yearly(entry: Mapping[str, Any]) -> bool:
    return bool(entry["step"] == Step.DEDUCTIBLE_YEAR.value)


def insurance_year(policy: Policy, day: date) -> tuple[date, date]:
    """The year from one anniversary of the policy's first day to the next, around `day`."""
    first = _anniversary(policy.effective_from, day.year)
    begin = first if first <= day else _anniversary(policy.effective_from, day.year - 1)
    return begin, _anniversary(policy.effective_from, begin.year + 1)


def _anniversary(day: date, year: int) -> date:
    """29 February is celebrated on 1 March."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


# --- as JSON ---------------------------------------------------------------------------------------------------------


def trace_json(trace: tuple[Entry, ...]) -> list[dict[str, Any]]:
    """As a decision keeps it. Labels are in the active language; readers in other languages go by `step`."""
    return [
        {
            "step": entry.step.value,
            "label": step_label(entry.step, entry.ratio),
            "ratio": None if entry.ratio is None else number_text(entry.ratio),
            "amount": money(entry.amount),
            "sum": money(entry.sum),
            "document": entry.document,
        }
        for entry in trace
    ]


def step_label(step: Step, ratio: Decimal | None = None) -> str:
    label = str(STEP_LABELS[step])
    return label if ratio is None else f"{label} × {number_text(ratio * 100)} %"


def money(amount: Decimal) -> str:
    return number_text(amount, at_least=2)


def calculation_json(calculation: Calculation | None) -> dict[str, Any] | None:
    """As the page shows it (docs/review-api.md): the steps; the shares of lines are the decision's own."""
    if calculation is None:
        return None
    return {
        "asked": money(calculation.asked),
        "eligible": money(calculation.eligible),
        "approved": money(calculation.approved),
        "trace": trace_json(calculation.trace),
    }
