"""What a claim, its policy and the other invoices say, for the rules that need more than the paper itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from claims.calculating import settlement
from claims.calculating.calculation import Standing
from claims.models import Claim, Document, InvoiceHeader, Plan
from claims.working_values.values import WorkingValues
from ocr_providers.arithmetic import ClaimContext, OtherInvoice

MOST_OTHERS = 200
"""Other invoices looked at; whoever has more of them has a duplicate among these."""

COMPARED = ("note_no", "note_code", "hospital_name", "billing_date", "total_cost", "patient_name")
COLUMNS = ("pk", "document__claim", "document__claim__policy", "document__claim__number", *COMPARED)


def contexts_of(invoices: Mapping[Document, WorkingValues]) -> dict[int, ClaimContext]:
    """By document id. Up to three queries for the other invoices; a plan with deductibles or limits asks up to six more
    for what they leave."""
    headers = {document.pk: values.header for document, values in invoices.items()}
    others = others_of(list(invoices), {pk: header.note_no if header else "" for pk, header in headers.items()})
    return {each.pk: _context(each, values, others[each.pk]) for each, values in invoices.items()}


def _context(document: Document, values: WorkingValues, others: tuple[OtherInvoice, ...]) -> ClaimContext:
    """A claim without a policy has no period, no hospital list, no limits and no insured person to compare."""
    claim = document.claim
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


def others_of(documents: Sequence[Document], numbers: Mapping[int, str]) -> dict[int, tuple[OtherInvoice, ...]]:
    """By document id: invoices of the same claim or policy, and those with the same number anywhere."""
    found = _found(documents, {number for number in numbers.values() if number})
    if found is None:  # too many to tell whether each document got all of its own
        each = (others_of([document], numbers) for document in documents)
        return {pk: others for one in each for pk, others in one.items()}
    return {document.pk: _of(document, numbers[document.pk], found) for document in documents}


def _of(document: Document, number: str, found: Sequence[Any]) -> tuple[OtherInvoice, ...]:
    others = {
        row.pk: _other(row)
        for row in found
        if row.pk != document.pk and (_are_family(document.claim, row) or (number and row.note_no == number))
    }
    return tuple(others.values())


def _are_family(claim: Claim, row: Any) -> bool:
    if claim.policy_id is None:
        return bool(row.document__claim == claim.pk)
    return bool(row.document__claim__policy == claim.policy_id)


def _other(row: Any) -> OtherInvoice:
    compared = {name: getattr(row, name) for name in COMPARED}
    known = {name: None if value == "" else value for name, value in compared.items()}
    return OtherInvoice(claim=row.document__claim__number, **known)


def _found(documents: Sequence[Document], numbers: Collection[str]) -> list[Any] | None:
    """Rows of all documents together, only the columns compared; `None` for several documents with too many of them."""
    policies = {document.claim.policy_id for document in documents} - {None}
    claims = {document.claim_id for document in documents if document.claim.policy_id is None}
    asked = {"document__claim__in": claims, "document__claim__policy__in": policies, "note_no__in": numbers}
    found: list[Any] = []
    for condition, among in asked.items():
        if among:
            rows = InvoiceHeader.objects.filter(**{condition: among}).order_by("-pk").values_list(*COLUMNS, named=True)
            found += rows[: MOST_OTHERS + len(documents)]
            if len(documents) > 1 and len(found) >= MOST_OTHERS:
                return None
    return found
