"""Claims that pass without a person: only where an administrator allows it, and never without a sample.

A claim may pass when it has just been read, nobody has touched or marked it, no finding and no possible duplicate is
open, every score is high enough, the plan pays less than the rule's amount, and no rule wants a second person. Then the
lot is drawn, once: the rule's share of such claims is held for a person all the same. What people decide about these
shows how often passing is wrong (`claims.reports.passing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from claims import audit, holds
from claims.calculating import settlement
from claims.deciding import decisions, sampling, selection
from claims.deciding.plan_rules import rule_for
from claims.models import Claim, Decision, Document, Duplicate, Move, Note, SampleDraw, StraightThroughRule, User
from claims.staff.system_users import straight_through_user
from claims.working_values.sources import is_doubtful
from claims.working_values.values import WorkingValues, load_invoices

CENT = Decimal("0.01")


def in_use() -> bool:
    """Whether any plan lets claims pass."""
    return StraightThroughRule.objects.filter(enabled=True).exists()


def consider(claim: Claim) -> SampleDraw | None:
    """Pays the claim, or holds it for the sample; `None` when it is not one that may pass.

    The draw stands in the same transaction as the decision: both happen, or neither.
    """
    rule = rule_for(StraightThroughRule, claim) if claim.policy else None
    if rule is None or not _is_untouched(claim):
        return None
    try:
        with transaction.atomic():
            payable = _payable(claim, rule)
            return _draw(claim, rule, payable) if payable is not None else None
    except decisions.Incomplete:  # the decision knows of something that was not looked at here, or not like this
        return None


def _is_untouched(claim: Claim) -> bool:
    """As the reading left it: nobody's, without a remark, a hold or a document that was moved.

    A claim that was drawn before is never drawn again.
    """
    return (
        claim.status == Claim.Status.READY
        and claim.assignee_id is None
        and not claim.is_locked_for(None)
        and not SampleDraw.objects.filter(claim=claim).exists()
        and not Decision.objects.filter(claim=claim).exists()
        and not _has_marks(claim)
    )


def _has_marks(claim: Claim) -> bool:
    """Somebody wrote, held or moved something: then somebody looks at it."""
    moved = Move.objects.filter(Q(from_claim=claim) | Q(to_claim=claim))
    marks = (Note.objects.filter(claim=claim), holds.in_force().filter(claim=claim), moved)
    return any(rows.exists() for rows in marks)


def _payable(claim: Claim, rule: StraightThroughRule) -> Decimal | None:
    """What the plan pays for it, if it may pass."""
    documents = Document.objects.filter(claim=claim)
    if _unfit(documents).exists() or Duplicate.objects.filter(document__claim=claim, dismissed_by=None).exists():
        return None
    values = load_invoices(documents.values_list("pk", flat=True))
    if any(is_unsure(paper, rule.lowest_score) for paper in values.values()):
        return None
    calculation = settlement.settle(claim, values)
    payable = calculation.approved.quantize(CENT, ROUND_HALF_UP) if calculation else Decimal(0)
    fits = 0 < payable < rule.pays_below
    return payable if fits and not selection.reasons(claim, Decision.Outcome.APPROVED, payable) else None


def _unfit(documents: QuerySet[Document]) -> QuerySet[Document]:
    whole = Q(kind=Document.Kind.INVOICE, status=Document.Status.READ, partial=False)
    return documents.exclude(whole & Q(error_count=0, warning_count=0))


def is_unsure(paper: WorkingValues, lowest_score: Decimal) -> bool:
    """Whether any value was read with a lower score or with another reading beside it.

    A provider that scores no values is judged by its score for the whole page; without any score nothing is sure.
    """
    if paper.header is None:
        return True
    rows = [paper.header, *(row for rows in paper.lists.values() for row in rows)]
    stored = [source for row in rows for source in row.sources.values()]
    scores: Iterable[Decimal] = [Decimal(str(source["score"])) for source in stored if "score" in source]
    scores = scores or [score for score in (paper.header.average_prob,) if score is not None]
    return not scores or min(scores) < lowest_score or any(is_doubtful(source) for source in stored)


def _draw(claim: Claim, rule: StraightThroughRule, payable: Decimal) -> SampleDraw:
    drawn = sampling.draw(sampling.Purpose.STRAIGHT_THROUGH, claim.number)
    held = drawn < rule.sample_share
    record = SampleDraw.objects.create(
        claim=claim, drawn=drawn, share=rule.sample_share, held=held, payable=payable, drawn_at=timezone.now()
    )
    user = straight_through_user()
    if not held:
        verdict = decisions.Verdict(outcome=Decision.Outcome.APPROVED)
        decision = decisions.decide(claim=claim, user=user, verdict=verdict, version=claim.version)
        if decision.approved != payable:  # another claim of the policy was decided meanwhile
            raise decisions.Incomplete([])
    _log(user, record, rule)
    return record


def _log(user: User, record: SampleDraw, rule: StraightThroughRule) -> None:
    audit.record(
        person=user,
        action="claim.held-for-sample" if record.held else "claim.passed-straight-through",
        claim=record.claim,
        detail={"rule": rule.pk, "drawn": str(record.drawn), "share": str(record.share)},
    )
