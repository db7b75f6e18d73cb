"""What a claim, its policy and the other invoices say, for the rules that need more than the paper itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from claims.calculating import settlement
from claims.calculating.calculation import Standing
from claims.models import Document, InvoiceHeader, Plan
from claims.working_values.values import WorkingValues
from ocr_providers.arithmetic import ClaimContext, OtherInvoice

MOST_OTHERS = 200
"""Other invoices looked at; whoever has more of them has a duplicate among these."""

COMPARED = ("note_no", "note_code", "hospital_name", "billing_date", "total_cost", "patient_name")


def context_of(document: Document, values: WorkingValues) -> ClaimContext:
    """A claim without a policy has no period, no hospital list, no limits and no insured person to compare.

    A fixed number of queries: three for the other invoices; with deductibles or limits, up to six for what they leave.
    """
    claim = document.claim
    others = tuple(_others(document, values.header)) if values.header else ()
    if claim.policy is None:
        return ClaimContext(others=others)
    policy, plan = claim.policy, claim.policy.plan
    standing = _standing(document, values, plan)
    return ClaimContext(
        insured_name=policy.insured_name,
        policy_begins=policy.effective_from,
        policy_ends=policy.effective_until,
        waiting_days=plan.waiting_days,
        hospitals=tuple(str(name) for name in plan.hospitals),
        covers_class_c=plan.cover_class_c,
        needs_public_settlement=_needs_public_settlement(plan),
        others=others,
        **_amounts(standing),
    )


def _standing(document: Document, values: WorkingValues, plan: Plan) -> Standing | None:
    """`None` where the plan takes nothing away and limits nothing."""
    limits = (plan.limit_per_visit, plan.limit_per_year)
    if not (plan.deductible_per_visit or plan.deductible_per_year) and limits == (None, None):
        return None
    calculation = settlement.settle(document.claim, {document.pk: values})
    standings = calculation.standings if calculation else ()
    return next((standing for standing in standings if standing.document == document.pk), None)


def _amounts(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return {}
    return {
        "eligible": standing.eligible,
        "deductible_left": standing.deductible_left,
        "payable": standing.before_limits,
        "sum_insured_left": standing.limit_left,
    }


def _needs_public_settlement(plan: Plan) -> bool:
    """A plan that pays less without public insurance expects it to settle first."""
    return plan.ratio_uninsured < plan.ratio_insured


def _others(document: Document, header: InvoiceHeader) -> Iterator[OtherInvoice]:
    """Invoices with the same number anywhere, and all others of this claim or policy."""
    claim = document.claim
    invoices = InvoiceHeader.objects.exclude(document=document)
    family = Q(document__claim__policy=claim.policy_id) if claim.policy_id else Q(document__claim=claim.pk)
    found = dict(_first(invoices.filter(family)))
    if header.note_no:
        found |= dict(_first(invoices.filter(note_no=header.note_no)))
    yield from found.values()


def _first(invoices: QuerySet[InvoiceHeader]) -> Iterator[tuple[int, OtherInvoice]]:
    """By document. Only the columns that are compared: every reading asks this."""
    for pk, number, *values in invoices.order_by("-pk").values_list("pk", "document__claim__number", *COMPARED)[
        :MOST_OTHERS
    ]:
        compared = {name: None if value == "" else value for name, value in zip(COMPARED, values, strict=True)}
        yield pk, OtherInvoice(claim=number, **compared)
