"""Who has a document open. A page says so every few seconds; whoever was silent for a minute is gone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from claims import locks
from claims.models import Document, Presence, User

GONE_AFTER = timedelta(minutes=1)


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
    """Two letters of a name, or its first two characters where it has no spaces (李敏)."""
    words = str(user).split()
    return (words[0][:1] + words[-1][:1] if len(words) > 1 else str(user)[:2]).upper()
