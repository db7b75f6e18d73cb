"""What is done about people's accounts, besides the admin's forms."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit
from claims.guards import Refused
from claims.models import Role, User
from claims.permissions import Permission, require


@transaction.atomic
def sign_out_everywhere(*, person: User, by: User, reason: str = "") -> None:
    """Ends every session of `person`, on every machine. Somebody else's: an administrator, with a reason.

    API tokens are no sessions: an administrator deletes them. Raises `Refused`, `PermissionDenied`.
    """
    if person.pk != by.pk:
        require(by, Permission.ADMINISTER)
        if not reason.strip():
            raise Refused(_("Say why."))
    person.signed_out_at = timezone.now()
    person.save(update_fields=["signed_out_at"])
    audit.record(person=by, action="person.signed-out", subject=person.get_username(), reason=reason.strip())


def end_sessions_of_role(role: Role | str, *, by: User, reason: str) -> int:
    """A stricter rule holds at once: who has the role signs in again. How many people."""
    people = list(User.objects.filter(groups__name=role, is_active=True).exclude(pk=by.pk))
    for person in people:
        sign_out_everywhere(person=person, by=by, reason=reason)
    return len(people)
