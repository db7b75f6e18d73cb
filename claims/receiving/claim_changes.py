"""What people and programs change about a claim itself: person, policy, priority, due time."""

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

CHANGEABLE = frozenset({"patient_name", "policy", "priority", "due_at"})
DECIDED_WITH = frozenset({"patient_name", "policy"})
"""What a decision rests on, and the yearly limits of a policy count."""


def change_claim(*, claim: Claim, user: User, version: int, changes: Mapping[str, Any]) -> bool:
    """Applies the changes if the claim still has this version; says whether it did.

    Another policy has another period, person and hospital list: the documents are checked again. Raises
    `PermissionDenied`; `Refused` for what a decision that is in force rests on.
    """
    require(user, Permission.RECEIVE)
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise ValueError(f"not to be changed: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        seen = Claim.objects.filter(pk=claim.pk, version=version)
        if changes.keys() & DECIDED_WITH and seen.exclude(status__in=EDITABLE).exists():
            raise Refused(_("This claim is decided or waits for a second person: reopen it before changing it."))
        if not seen.update(version=F("version") + 1, **changes):
            return False
        if "policy" in changes:
            _check_again(claim)
        search.refresh(claim.pk)
        audit.record(person=user, action="claim.changed", claim=claim, detail={"fields": sorted(changes)})
    return True


def _check_again(claim: Claim) -> None:
    read = Document.objects.filter(claim=claim, status=Document.Status.READ).select_related("claim__policy__plan")
    for document in read:
        findings.refresh(document)
