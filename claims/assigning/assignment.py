"""Who works on which claim: take, give, pass on, release. A lost race is told to the loser, not overwritten."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from claims import audit, locks
from claims.guards import Refused, Stale
from claims.intake import add_note
from claims.models import Claim, Role, User
from claims.permissions import Permission, require

PASSABLE = (Claim.Status.RECEIVED, Claim.Status.READY, Claim.Status.IN_REVIEW, Claim.Status.RETURNED)
"""Before there is a decision: one that waits for a second person waits for a senior already."""


class AlreadyTaken(Stale):
    """Somebody else took the claim in the meantime."""


def assign(*, claim: Claim, to: User | None, by: User | str, expected: User | None, reason: str = "") -> None:
    """Moves the claim from `expected` to `to` (`None`: nobody). `by`: a person, or a part of the desk by its name.

    Raises `AlreadyTaken` when the claim is no longer `expected`'s, no longer open, or somebody else is at work on it.
    """
    with transaction.atomic():
        as_seen = Claim.objects.filter(pk=claim.pk, assignee=expected, status__in=Claim.OPEN_STATUSES)
        person = by if isinstance(by, User) else None
        moved = as_seen.filter(locks.free_for(person)).update(assignee=to, locked_by=None, locked_until=None)
        if not moved and locks.holder(claim, person):
            raise AlreadyTaken(_("%(person)s is working on this claim.") % {"person": claim.locked_by})
        if not moved:
            raise AlreadyTaken(_("Claim %(number)s was taken or decided by somebody else.") % {"number": claim.number})
        claim.assignee = to
        audit.record(
            person=by,
            action="claim.assigned" if to else "claim.released",
            claim=claim,
            reason=reason,
            detail={"from": expected.get_username() if expected else "", "to": to.get_username() if to else ""},
        )


def pass_to_senior(*, claim: Claim, by: User, reason: str, version: int) -> User:
    """Gives the claim to the supervisor with the fewest open claims, and keeps the reason as a note.

    `version`: the claim's, as the person saw it. Raises `Stale`, `Refused` when there is no other supervisor or the
    claim is decided, `PermissionDenied`.
    """
    require(by, Permission.DECIDE)
    senior = _least_busy_senior(by)
    with transaction.atomic():
        seen = Claim.objects.filter(pk=claim.pk, version=version, status__in=PASSABLE)
        if not seen.update(version=F("version") + 1):
            raise Stale(_("The claim has changed since you looked. Look again, then pass it on."))
        claim.refresh_from_db(fields=["version", "status"])
        add_note(claim=claim, author=by, text=reason)
        assign(claim=claim, to=senior, by=by, expected=claim.assignee, reason=reason)
    return senior


def open_claims(people: Iterable[int]) -> dict[int, int]:
    """How many open claims each of these people has."""
    count = Count("assigned_claims", filter=Q(assigned_claims__status__in=Claim.OPEN_STATUSES))
    return dict(User.objects.filter(pk__in=people).annotate(open=count).values_list("pk", "open"))


def _least_busy_senior(by: User) -> User:
    """Not the person who asks, though they may be a supervisor themselves."""
    seniors = User.objects.filter(is_active=True, groups__name=Role.SUPERVISOR).exclude(pk=by.pk)
    open_claims = Count("assigned_claims", filter=Q(assigned_claims__status__in=Claim.OPEN_STATUSES))
    senior = seniors.annotate(open_claims=open_claims).order_by("open_claims", "pk").first()
    if senior is None:
        raise Refused(_("There is no other supervisor who could take this claim."))
    return senior
