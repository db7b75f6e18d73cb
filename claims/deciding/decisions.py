"""The decision about a claim: made by one person, above the plan's limit checked by another, reopened with a reason.

Every change of state is a conditional UPDATE on the claim's version: it happens to the claim as the person saw it, or
not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit, locks
from claims.calculating import savings, settlement
from claims.calculating.calculation import Calculation, Step, share_out
from claims.deciding import papers, selection
from claims.deciding.papers import Wanted
from claims.editing import late_values
from claims.guards import Refused, Stale
from claims.models import Claim, Decision, DecisionLine, Document, Erasure, Policy, User
from claims.models.decision import ReasonCode
from claims.permissions import Permission, may, require

Outcome: TypeAlias = Decision.Outcome
Status: TypeAlias = Claim.Status
DECIDABLE = (Status.RECEIVED, Status.READY, Status.IN_REVIEW, Status.RETURNED)
REOPENABLE = (Status.CHECKING, Status.DECIDED, Status.RETURNED)
PAYS = selection.PAYS
CENT, ZERO = Decimal("0.01"), Decimal(0)
NOTHING = Calculation(asked=ZERO, eligible=ZERO, approved=ZERO)
LINE_REASONS = {Step.CLASS_C: ReasonCode.CLASS_C, Step.CLASS_B: ReasonCode.CLASS_B}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person decides. `approved` of `None`: the amount calculated."""

    outcome: Outcome
    approved: Decimal | None = None
    reason_code: str = ""
    reason: str = ""
    override_reason: str = ""
    """Why it is paid although errors are open, or returned a second time."""
    wanted: Wanted | None = None
    """The list of a return; `None`: the reason names what is missing."""


class Incomplete(Exception):
    """The decision cannot be made like this. `errors`: (field, message) pairs."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("incomplete")
        self.errors = list(errors)


# --- deciding --------------------------------------------------------------------------------------------------------


def decide(*, claim: Claim, user: User, verdict: Verdict, version: int) -> Decision:
    """Records the decision with its calculation, and moves the claim on. `version`: the claim's, as the person saw it.

    Raises `Incomplete`, `Stale` when the claim changed since, `Refused`, `PermissionDenied`.
    """
    require(user, Permission.DECIDE)
    with transaction.atomic():
        _hold(claim, DECIDABLE, version=version, user=user)
        _hold_policy(claim)
        calculation = settlement.settle(claim) or NOTHING
        approved = _amount(verdict, calculation)
        errors = [
            *_missing(verdict),
            *_amount_errors(verdict, approved, calculation),
            *_not_ready(claim, user, verdict),
        ]
        if errors:
            raise Incomplete(errors)
        decision = _record(claim, user, verdict, approved, calculation)
        _move_on(claim, decision)
        locks.release(claim)
        audit.record(
            person=user,
            action="claim.decided",
            claim=claim,
            subject=decision.outcome,
            reason=verdict.override_reason or verdict.reason,
            detail={
                "decision": decision.pk,
                "needs_check": decision.needs_check,
                "check_why": [why["code"] for why in decision.check_why],
                "code": verdict.reason_code,
            },
        )
    return decision


def _hold(claim: Claim, statuses: Sequence[Status], *, version: int | None, user: User) -> None:
    """Counts the claim's version up, if it is as the person saw it. Everybody else waits until the transaction ends."""
    seen = Claim.objects.filter(locks.free_for(user), pk=claim.pk, status__in=statuses)
    if version is not None:
        seen = seen.filter(version=version)
    held = seen.update(version=F("version") + 1)
    claim.refresh_from_db(fields=["status", "version", "locked_by", "locked_until"])
    if not held and claim.status not in statuses:
        raise Refused(_("The claim is “%(status)s”: this cannot be done now.") % {"status": claim.get_status_display()})
    if not held and claim.is_locked_for(user):
        raise Refused(_("%(person)s is working on this claim.") % {"person": claim.locked_by})
    if not held:
        raise Stale(_("The claim has changed since you looked. Look again, then decide."))


def _hold_policy(claim: Claim) -> None:
    """Two claims of one policy are decided one after the other: the second sees what the first took of the year.

    Always after the claim, as everybody holds them.
    """
    if claim.policy_id:
        list(Policy.objects.select_for_update().filter(pk=claim.policy_id).values_list("pk"))


def _amount(verdict: Verdict, calculation: Calculation) -> Decimal:
    if verdict.outcome not in PAYS:
        return ZERO
    chosen = calculation.approved if verdict.approved is None else verdict.approved
    return chosen.quantize(CENT, ROUND_HALF_UP)


def _missing(verdict: Verdict) -> Iterator[tuple[str, str]]:
    if verdict.outcome in (Outcome.PARTLY, Outcome.REJECTED) and not verdict.reason_code:
        yield "reason_code", _("Choose a reason.")
    if verdict.outcome in (Outcome.REJECTED, Outcome.RETURNED) and not verdict.reason.strip():
        yield "reason", _("Say why; the letter quotes it.")
    if verdict.outcome == Outcome.RETURNED and verdict.wanted:
        yield from verdict.wanted.problems()


def _amount_errors(verdict: Verdict, approved: Decimal, calculation: Calculation) -> Iterator[tuple[str, str]]:
    """What is paid lies between nothing and what is eligible; another amount than calculated has its reason."""
    if verdict.outcome not in PAYS:
        return
    if approved <= 0:
        yield "approved", _("Nothing would be paid: reject the claim instead.")
    elif approved > calculation.eligible:
        yield "approved", _("At most %(eligible)s is eligible.") % {"eligible": settlement.money(calculation.eligible)}
    elif verdict.outcome == Outcome.APPROVED and approved != calculation.approved:
        yield (
            "approved",
            _("The calculation gives %(amount)s: for another amount, pay a part and say why.")
            % {"amount": settlement.money(calculation.approved)},
        )
    elif approved > calculation.approved and not verdict.reason.strip():
        yield "reason", _("Say why more is paid than calculated.")


def _not_ready(claim: Claim, user: User, verdict: Verdict) -> Iterator[tuple[str, str]]:
    if verdict.outcome in PAYS:
        yield from _not_ready_to_pay(claim, verdict)
    if verdict.outcome == Outcome.RETURNED and was_returned(claim):
        if not may(user, Permission.REOPEN):
            yield "outcome", _("Papers were asked for once already. Only a supervisor may ask again.")
        elif not verdict.override_reason.strip():
            yield "override_reason", _("Papers were asked for once already. Say why again.")


def was_returned(claim: Claim) -> bool:
    """Papers are asked for once, with the whole list (policy wordings)."""
    return Decision.objects.filter(claim=claim, outcome=Outcome.RETURNED).exists()


def _not_ready_to_pay(claim: Claim, verdict: Verdict) -> Iterator[tuple[str, str]]:
    documents = Document.objects.filter(claim=claim)
    reading = documents.filter(status__in=(Document.Status.QUEUED, Document.Status.READING))
    if reading.exists():
        yield "documents", _("A document is still being read.")
    if documents.filter(partial=True, partial_confirmed=False).exists():
        yield "documents", _("A document was read only in part: confirm it first.")
    still_open = documents.aggregate(errors=Sum("error_count"))["errors"] or 0
    if still_open and not verdict.override_reason.strip():
        yield (
            "override_reason",
            _("%(count)d errors are open. Correct or acknowledge them, or say why it may be paid all the same.")
            % {"count": still_open},
        )


def _record(claim: Claim, user: User, verdict: Verdict, approved: Decimal, calculation: Calculation) -> Decision:
    now = timezone.now()
    Decision.objects.filter(claim=claim, superseded_at=None).update(
        superseded_at=now, superseded_reason=_("Decided after papers were asked for.")
    )
    papers.withdraw(claim)
    check_why = selection.reasons(claim, verdict.outcome, approved)
    decision = Decision.objects.create(
        claim=claim,
        outcome=verdict.outcome,
        asked=calculation.asked.quantize(CENT, ROUND_HALF_UP),
        eligible=calculation.eligible.quantize(CENT, ROUND_HALF_UP),
        approved=approved,
        trace=settlement.trace_json(calculation.trace),
        reason_code=verdict.reason_code,
        reason=verdict.reason.strip(),
        override_reason=verdict.override_reason.strip(),
        decided_by=user,
        decided_at=now,
        needs_check=bool(check_why),
        check_why=check_why,
        saved_by_corrections=savings.saved_by_corrections(claim, calculation),
    )
    DecisionLine.objects.bulk_create(_lines(decision, verdict, calculation))
    if decision.outcome == Outcome.RETURNED:
        papers.ask(decision=decision, wanted=verdict.wanted or Wanted(other=decision.reason))
    return decision


def _lines(decision: Decision, verdict: Verdict, calculation: Calculation) -> Iterator[DecisionLine]:
    """Each line with its share of the amount; the calculation's shares where the amount is the calculated one."""
    shares = [line.approved for line in calculation.lines]
    if decision.approved != sum(shares, ZERO):
        shares = share_out(decision.approved, [line.eligible for line in calculation.lines])
    rejected = verdict.reason_code if decision.outcome == Outcome.REJECTED else ""
    for n, (line, share) in enumerate(zip(calculation.lines, shares, strict=True)):
        yield DecisionLine(
            decision=decision,
            document_id=line.document,
            n=n,
            name=line.name,
            asked=line.asked.quantize(CENT, ROUND_HALF_UP),
            eligible=line.eligible.quantize(CENT, ROUND_HALF_UP),
            approved=share,
            reason_code=rejected or (LINE_REASONS[line.reason] if line.reason else ""),
        )


def _move_on(claim: Claim, decision: Decision) -> None:
    if not decision.is_final:
        claim.status, claim.amount_approved = Status.CHECKING, None
    elif decision.outcome == Outcome.RETURNED:
        claim.status, claim.amount_approved = Status.RETURNED, None
    else:
        claim.status, claim.amount_approved = Status.DECIDED, decision.approved
    claim.save(update_fields=["status", "amount_approved"])


# --- the second person, and opening again ----------------------------------------------------------------------------


def current(claim: Claim) -> Decision | None:
    """The decision in force, with its people."""
    found = claim.decisions.filter(superseded_at=None).select_related("decided_by", "checked_by")
    return found.first()


def check(*, claim: Claim, user: User, agree: bool, reason: str = "", version: int | None = None) -> Decision:
    """A second person agrees, and the decision is final; or disagrees with a reason, and the claim is open again.

    Raises `Refused` also for the person who decided: the database refuses that too.
    """
    require(user, Permission.CHECK)
    if not agree and not reason.strip():
        raise Incomplete([("reason", _("Say why you disagree."))])
    with transaction.atomic():
        _hold(claim, (Status.CHECKING,), version=version, user=user)
        decision = _waiting(claim)
        if decision.decided_by_id == user.pk:
            raise Refused(_("A second person checks the decision, not the one who made it."))
        if agree:
            decision.checked_by, decision.checked_at = user, timezone.now()
            decision.save(update_fields=["checked_by", "checked_at"])
            _move_on(claim, decision)
        else:
            _supersede(claim, decision, reason)
        action = "decision.agreed" if agree else "decision.disagreed"
        audit.record(person=user, action=action, claim=claim, reason=reason, detail={"decision": decision.pk})
    return decision


def reopen(*, claim: Claim, user: User, reason: str, version: int | None = None) -> Decision:
    """Takes the decision out of force, with a reason; the claim is in review again."""
    require(user, Permission.REOPEN)
    if not reason.strip():
        raise Incomplete([("reason", _("Say why the claim is opened again."))])
    with transaction.atomic():
        _hold(claim, REOPENABLE, version=version, user=user)
        if Erasure.objects.filter(claim=claim).exists():
            raise Refused(_("What this claim was decided on has been erased: it cannot be opened again."))
        decision = _waiting(claim)
        _supersede(claim, decision, reason)
        audit.record(person=user, action="claim.reopened", claim=claim, reason=reason, detail={"decision": decision.pk})
    return decision


def _waiting(claim: Claim) -> Decision:
    decision = current(claim)
    if decision is None:
        raise Refused(_("There is no decision about this claim."))
    return decision


def _supersede(claim: Claim, decision: Decision, reason: str) -> None:
    decision.superseded_at, decision.superseded_reason = timezone.now(), reason.strip()
    decision.save(update_fields=["superseded_at", "superseded_reason"])
    papers.withdraw(claim)
    claim.status, claim.amount_approved = Status.IN_REVIEW, None
    claim.save(update_fields=["status", "amount_approved"])
    late_values.take_up(claim)
