"""What may be changed now, and by whom: the same guard before every change of a document."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext as _

from claims.models import Claim, Document, User
from claims.permissions import Permission, require

EDITABLE = (Claim.Status.RECEIVED, Claim.Status.READY, Claim.Status.IN_REVIEW, Claim.Status.RETURNED)


class Refused(Exception):
    """The state of things does not allow it. `str(error)` tells the person why."""


class Stale(Refused):
    """Somebody else changed it since the person looked."""


def open_for_edits(document: Document, *, user: User) -> None:
    """Inside a transaction: checks the person, holds claim and document until its end, counts their versions up.

    Both are held in this order by everybody, so that no two people wait for each other. Raises `PermissionDenied`, or
    `Refused` for a claim that is decided.
    """
    require(user, Permission.CORRECT)
    held = Claim.objects.filter(pk=document.claim_id, status__in=EDITABLE).update(version=F("version") + 1)
    if not held:
        raise Refused(_("This claim is decided or waits for a second person: reopen it before changing values."))
    mine = Document.objects.filter(pk=document.pk, claim=document.claim_id)
    if not mine.update(revision=F("revision") + 1):
        raise Stale(_("The document has moved to another claim. Open it again."))
    document.refresh_from_db(fields=["revision", "error_count", "warning_count"])
