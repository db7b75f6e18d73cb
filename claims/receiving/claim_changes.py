"""What people and programs change about a claim itself: person, policy, priority, due time, currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from claims import audit
from claims.editing import findings
from claims.guards import EDITABLE, Refused
from claims.models import Claim, Document, User
from claims.permissions import Permission, require
from claims.queueing import search

CHANGEABLE = frozenset({"patient_name", "policy", "priority", "due_at", "currency"})
CHECKED_AGAIN = frozenset({"policy", "currency"})
"""Another policy has another period, person and hospital list; sums in another currency meet other limits."""


def change_claim(*, claim: Claim, user: User, version: int, changes: Mapping[str, Any], reason: str = "") -> bool:
    """Applies the changes if the claim still has this version; says whether it did.

    Raises `Refused` for a claim that is decided, waits for a second person, or was merged: the decision was made for
    this person under this policy. `PermissionDenied` for who takes no claims in.
    """
    require(user, Permission.RECEIVE)
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise ValueError(f"not to be changed: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        seen = Claim.objects.filter(pk=claim.pk, version=version, status__in=EDITABLE)
        if not seen.update(version=F("version") + 1, **changes):
            _refuse_closed(claim)
            return False
        if CHECKED_AGAIN & changes.keys():
            _check_again(claim)
        search.refresh(claim.pk)
        audit.record(
            person=user, action="claim.changed", claim=claim, reason=reason, detail={"fields": sorted(changes)}
        )
    return True


def _refuse_closed(claim: Claim) -> None:
    """Also for whoever saw an older version: no newer one can be changed either."""
    now = Claim.objects.get(pk=claim.pk)
    if now.status not in EDITABLE:
        raise Refused(
            _("The claim is “%(status)s”: it can be changed only after it was opened again.")
            % {"status": now.get_status_display()}
        )


def _check_again(claim: Claim) -> None:
    read = Document.objects.filter(claim=claim, status=Document.Status.READ).select_related("claim__policy__plan")
    for document in read:
        findings.refresh(document)
