"""Who has a document open. A page says so every few seconds; whoever was silent for a minute is gone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from claims import locks
from claims.models import Document, Presence, User

GONE_AFTER = timedelta(minutes=1)
BEYOND_LATIN = "\u0250"
"""The first letter after Latin and its extensions."""


def touch(document: Document, user: User) -> None:
    """This person is here now, and works on the claim if nobody else does. One statement, or two."""
    Presence.objects.bulk_create(
        [Presence(document=document, user=user, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["document", "user"],
        update_fields=["seen_at"],
    )
    locks.keep(document.claim, user)


def others(document: Document, user: User) -> list[User]:
    """Everybody else who has it open, by name. One query."""
    since = timezone.now() - GONE_AFTER
    here = document.presences.filter(seen_at__gte=since).exclude(user=user).select_related("user")
    return sorted((presence.user for presence in here), key=str)


def initials(user: User) -> str:
    """Two letters of one script for the round mark: Sarah Park is SP, 陈静 Chen Jing is 陈静, reviewer is RE."""
    words = str(user).split()
    is_latin = words[0] < BEYOND_LATIN
    return (words[0][0] + words[-1][0] if is_latin and len(words) > 1 else words[0][:2]).upper()
