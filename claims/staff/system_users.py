"""The parts of the desk that decide by themselves, as users: a decision always has somebody who made it."""

from __future__ import annotations

from django.contrib.auth.models import Permission as PermissionRow

from claims.models import User
from claims.permissions import Permission

STRAIGHT_THROUGH = "straight through"
"""With a space: no name that anybody could give to a person."""


def straight_through_user() -> User:
    """May decide and nothing else; has no password, and so never signs in. Made when first needed."""
    user, made = User.objects.get_or_create(
        username=STRAIGHT_THROUGH, defaults={"display_name": "Straight through", "password": "!"}
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        codename = Permission.DECIDE.partition(".")[2]
        user.user_permissions.add(PermissionRow.objects.get(content_type__app_label="claims", codename=codename))
    return user
