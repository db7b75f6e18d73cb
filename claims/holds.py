"""Legal holds: while one is in force, nothing of the claim is erased."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit
from claims.guards import Refused
from claims.models import Claim, LegalHold, User
from claims.permissions import Permission, require


def in_force(today: date | None = None) -> QuerySet[LegalHold]:
    day = today or timezone.localdate()
    return LegalHold.objects.filter(Q(until=None) | Q(until__gte=day), lifted_at=None)


@transaction.atomic
def place(*, claim: Claim, user: User, reason: str, until: date | None = None) -> LegalHold:
    """`until` of `None`: until somebody lifts it. Several may be in force. Raises `Refused`."""
    require(user, Permission.HOLD)
    if not reason.strip():
        raise Refused(_("Say why nothing of this claim may be erased."))
    if until and until < timezone.localdate():
        raise Refused(_("Choose a day in the future."))
    # An erasure that is under way ends before the hold begins.
    Claim.objects.select_for_update().get(pk=claim.pk)
    hold = LegalHold.objects.create(claim=claim, reason=reason.strip(), until=until, placed_by=user)
    detail = {"hold": hold.pk, "until": until.isoformat() if until else None}
    audit.record(person=user, action="hold.placed", claim=claim, reason=hold.reason, detail=detail)
    return hold


@transaction.atomic
def lift(*, hold: LegalHold, user: User, reason: str) -> None:
    """Raises `Refused` without a reason, or when it is lifted already."""
    require(user, Permission.HOLD)
    if not reason.strip():
        raise Refused(_("Say why the hold is lifted."))
    lifted = LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(
        lifted_at=timezone.now(), lifted_by=user, lifted_reason=reason.strip()
    )
    if not lifted:
        raise Refused(_("This hold is lifted already."))
    audit.record(person=user, action="hold.lifted", claim=hold.claim, reason=reason.strip(), detail={"hold": hold.pk})
