"""Who works on a claim right now. The lock is on deciding and assigning; values may be corrected by two at once.

Opening the review of a claim that is one's own, or nobody's, locks it; the page's heartbeat keeps the lock, silence
ends it. Whoever opens it meanwhile is told. A supervisor, or the person whose claim it is, takes the work over with a
reason.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit
from claims.guards import EDITABLE, Refused
from claims.models import Claim, User
from claims.permissions import Permission, may, require

LASTS = timedelta(minutes=2)
"""After the last sign of life. A page gives one every few seconds; a browser slows pages in the background down."""


def free_for(user: User | None) -> Q:
    """A condition on claims: nobody else holds it. `None`: a part of the desk itself, which never holds one."""
    return Q(locked_by=None) | Q(locked_by=user) | Q(locked_until__lte=timezone.now())


def keep(claim: Claim, user: User) -> None:
    """A sign of life from somebody who has the claim open: theirs from now on, if it may be. At most one statement."""
    if not _may_hold(claim, user) or claim.is_locked_for(user) or _is_fresh(claim, user):
        return
    until = timezone.now() + LASTS
    held = Claim.objects.filter(free_for(user), pk=claim.pk, status__in=EDITABLE)
    if held.update(locked_by=user, locked_until=until):
        claim.locked_by, claim.locked_until = user, until


def _may_hold(claim: Claim, user: User) -> bool:
    """Looking at a colleague's claim does not keep them from it."""
    return claim.status in EDITABLE and claim.assignee_id in (None, user.pk) and may(user, Permission.DECIDE)


def _is_fresh(claim: Claim, user: User) -> bool:
    until = claim.locked_until
    return claim.locked_by_id == user.pk and until is not None and until > timezone.now() + LASTS / 2


def release(claim: Claim) -> None:
    """Nobody works on it any more: it was decided or given away."""
    Claim.objects.filter(pk=claim.pk).update(locked_by=None, locked_until=None)
    claim.locked_by = claim.locked_until = None


def holder(claim: Claim, user: User | None) -> User | None:
    """Who else works on it."""
    return claim.locked_by if claim.is_locked_for(user) else None


def may_take_over(claim: Claim, user: User) -> bool:
    is_theirs = claim.assignee_id == user.pk and may(user, Permission.DECIDE)
    return claim.is_locked_for(user) and (is_theirs or may(user, Permission.ASSIGN))


def take_over(*, claim: Claim, user: User, reason: str) -> None:
    """The work goes on with this person. Raises `PermissionDenied`; `Refused` without a reason or without a lock."""
    if claim.assignee_id != user.pk:
        require(user, Permission.ASSIGN)
    require(user, Permission.DECIDE)
    if not reason.strip():
        raise Refused(_("Say why you take the work over."))
    with transaction.atomic():
        was = Claim.objects.select_for_update(of=("self",)).select_related("locked_by").get(pk=claim.pk)
        if was.locked_by is None or not was.is_locked_for(user):
            raise Refused(_("Nobody else is working on this claim any more."))
        claim.locked_by, claim.locked_until = user, timezone.now() + LASTS
        claim.save(update_fields=["locked_by", "locked_until"])
        audit.record(
            person=user,
            action="lock.taken-over",
            claim=claim,
            reason=reason.strip(),
            detail={"from": was.locked_by.get_username()},
        )
