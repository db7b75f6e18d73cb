"""Missing papers: asked for with a list and a deadline, reminded of, and noticed when they come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit, time_limits
from claims.guards import Refused
from claims.models import Claim, Decision, Paper, PaperRequest, TimeLimit, User
from claims.permissions import Permission, require


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asks for. `until` of `None`: the desk's usual time."""

    papers: tuple[str, ...] = ()
    """Codes of `models.Paper`."""
    other: str = ""
    """One paper a line, in the person's own words."""
    until: date | None = None

    def problems(self) -> Iterable[tuple[str, str]]:
        """(field, message) pairs."""
        if not self.papers and not self.other.strip():
            yield "papers", _("Choose the papers that are missing, or name them.")
        if set(self.papers) - set(Paper.values):
            yield "papers", _("One of these papers is not on the list.")
        if self.until and self.until <= timezone.localdate():
            yield "papers_until", _("Choose a day in the future.")


def ask(*, decision: Decision, wanted: Wanted) -> PaperRequest:
    """Keeps the list of a return, in the transaction that decides it. An older request is withdrawn before."""
    asked_at = decision.decided_at
    until = wanted.until or time_limits.day_after(asked_at, TimeLimit.Code.PAPERS)
    # The reminder leaves a day at least, however short the deadline.
    remind_on = min(time_limits.day_after(asked_at, TimeLimit.Code.REMINDER), until - timedelta(days=1))
    return PaperRequest.objects.create(
        claim=decision.claim,
        decision=decision,
        papers=[paper for paper in Paper.values if paper in wanted.papers],
        other=wanted.other.strip(),
        asked_at=asked_at,
        remind_on=remind_on,
        until=until,
    )


def still_open() -> QuerySet[PaperRequest]:
    return PaperRequest.objects.filter(received_at=None, withdrawn_at=None)


def withdraw(claim: Claim) -> None:
    """The claim goes on without the papers."""
    still_open().filter(claim=claim).update(withdrawn_at=timezone.now())


def came(claim: Claim, *, user: User | None) -> bool:
    """A document came into the claim, which is held: if it waits for papers, it goes back into the queue by itself."""
    back = Claim.objects.filter(pk=claim.pk, status=Claim.Status.RETURNED).update(status=Claim.Status.RECEIVED)
    if not back:
        return False
    claim.status = Claim.Status.RECEIVED
    still_open().filter(claim=claim).update(received_at=timezone.now())
    audit.record(person=user or audit.SYSTEM, action="papers.received", claim=claim)
    return True


def reminded(*, request: PaperRequest, user: User) -> None:
    """Notes that a reminder was sent. Raises `Refused` when nothing is waited for any more."""
    require(user, Permission.DECIDE)
    with transaction.atomic():
        if not still_open().filter(pk=request.pk).update(reminded_at=timezone.now()):
            raise Refused(_("Nothing is waited for any more."))
        request.refresh_from_db()
        audit.record(person=user, action="papers.reminded", claim=request.claim)


def waiting(claims: QuerySet[Claim], state: str = "") -> QuerySet[PaperRequest]:
    """Open requests of these claims, the most urgent first; only those in one `State` where it is named."""
    today = timezone.localdate()
    named = {
        PaperRequest.State.OVERDUE: Q(until__lt=today),
        PaperRequest.State.REMINDED: Q(until__gte=today, reminded_at__isnull=False),
        PaperRequest.State.REMINDER_DUE: Q(until__gte=today, reminded_at=None, remind_on__lte=today),
        PaperRequest.State.WAITING: Q(until__gte=today, reminded_at=None, remind_on__gt=today),
    }
    chosen = next((condition for name, condition in named.items() if name == state), Q())
    found = still_open().filter(chosen, claim__in=claims)
    return found.select_related("claim__assignee", "claim__policy")
