"""Which decisions a second person sees, and why: above the plan's amount, drawn at random, unusual for the year.

A decision is unusual when it approves more than so many times the average that was approved in the last 365 days: of
the plan, of the hospital, of the insured person (`SecondReviewRule` says which, and how often). Averages are taken over
the newest thousand claims at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Avg, Count, QuerySet
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.calculating import settlement
from claims.deciding import sampling
from claims.deciding.plan_rules import rule_for
from claims.models import Claim, Decision, InvoiceHeader, Plan, SecondReviewRule
from claims.models.values import COMPARED_LENGTH
from claims.working_values.cells import number_text

Why: TypeAlias = dict[str, Any]
"""As `Decision.check_why` keeps it: `{"code": …, "values": {name: text}}`."""

AMOUNT, RANDOM, PLAN, HOSPITAL, PERSON = "amount", "random", "unusual-plan", "unusual-hospital", "unusual-person"
TEXTS = {
    AMOUNT: gettext_lazy("Above %(limit)s, which the plan lets one person decide."),
    RANDOM: gettext_lazy("Drawn at random, as %(percent)s %% of all decisions are."),
    PLAN: gettext_lazy("%(times)s times the plan's average of the last year (%(average)s over %(count)s claims)."),
    HOSPITAL: gettext_lazy(
        "%(times)s times the hospital's average of the last year (%(average)s over %(count)s claims)."
    ),
    PERSON: gettext_lazy("%(times)s times the person's average of the last year (%(average)s over %(count)s claims)."),
}
PAYS = (Decision.Outcome.APPROVED, Decision.Outcome.PARTLY)
FINAL = (*PAYS, Decision.Outcome.REJECTED)
YEAR = timedelta(days=365)
MOST_COMPARED = 1000


@dataclass(frozen=True, slots=True)
class Average:
    amount: Decimal
    count: int


def reasons(claim: Claim, outcome: str, approved: Decimal) -> list[Why]:
    """Why a second person must see this decision; empty when nobody must. At most six queries."""
    found = list(_above_limit(claim, approved))
    rule = rule_for(SecondReviewRule, claim) if outcome in FINAL else None
    if rule is not None:
        found += [*_drawn(claim, rule), *_unusual(claim, rule, approved)]
    return found


def text(why: Why) -> str:
    """In the active language; a code of a later version is shown as it is."""
    return str(TEXTS[why["code"]]) % why["values"] if why["code"] in TEXTS else str(why["code"])


def check_limit(claim: Claim) -> Decimal:
    """A decision above this amount needs a second person; without a plan, a plan's default."""
    if claim.policy:
        return claim.policy.plan.check_above
    default: Decimal = Plan._meta.get_field("check_above").get_default()
    return default


def _above_limit(claim: Claim, approved: Decimal) -> Iterator[Why]:
    limit = check_limit(claim)
    if approved > limit:
        yield {"code": AMOUNT, "values": {"limit": settlement.money(limit)}}


def _drawn(claim: Claim, rule: SecondReviewRule) -> Iterator[Why]:
    """By the claim's number: deciding again draws no other lot."""
    if sampling.draw(sampling.Purpose.SECOND_REVIEW, claim.number) < rule.random_share:
        yield {"code": RANDOM, "values": {"percent": number_text(rule.random_share * 100)}}


def _unusual(claim: Claim, rule: SecondReviewRule, approved: Decimal) -> Iterator[Why]:
    year = Decision.objects.filter(
        superseded_at=None,
        outcome__in=PAYS,
        claim__status=Claim.Status.DECIDED,
        claim__currency=claim.currency,
        decided_at__gte=timezone.now() - YEAR,
    ).exclude(claim=claim)
    if claim.policy and rule.factor_plan:
        yield from _compared(PLAN, year.filter(claim__policy__plan=claim.policy.plan), rule, rule.factor_plan, approved)
    if rule.factor_hospital and (hospital := _hospital(claim)):
        of_hospital = year.filter(claim__in=_claims_of(hospital))
        yield from _compared(HOSPITAL, of_hospital, rule, rule.factor_hospital, approved)
    if claim.policy and rule.factor_person:
        yield from _compared(PERSON, year.filter(claim__policy=claim.policy), rule, rule.factor_person, approved)


def _compared(
    code: str, others: QuerySet[Decision], rule: SecondReviewRule, factor: Decimal, approved: Decimal
) -> Iterator[Why]:
    average = _average(others)
    if average.count < rule.at_least or approved <= factor * average.amount:
        return
    values = {
        "times": number_text((approved / average.amount).quantize(Decimal("0.1"))),
        "average": settlement.money(average.amount),
        "count": str(average.count),
    }
    yield {"code": code, "values": values}


def _average(decisions: QuerySet[Decision]) -> Average:
    newest = decisions.order_by("-decided_at").values("approved")[:MOST_COMPARED]
    found = newest.aggregate(mean=Avg("approved"), count=Count("*"))
    return Average(Decimal(found["mean"] or 0).quantize(Decimal("0.01")), found["count"])


def _hospital(claim: Claim) -> str:
    headers = InvoiceHeader.objects.filter(document__claim=claim).exclude(hospital_name="")
    return headers.order_by("document").values_list("hospital_name", flat=True).first() or ""


def _claims_of(hospital: str) -> QuerySet[InvoiceHeader, Any]:
    """By the beginning of the name, which has an index."""
    named = InvoiceHeader.objects.alias(compared=Left("hospital_name", COMPARED_LENGTH))
    return named.filter(compared=hospital[:COMPARED_LENGTH]).values("document__claim")


def texts(decision: Decision) -> list[str]:
    """Why a second person sees this decision, in words. Decisions of long ago have the plan's amount alone."""
    said = [text(why) for why in decision.check_why]
    return said or ([_("Above the plan's amount.")] if decision.needs_check else [])
