"""Lists of the queue that people keep under names of their own; a supervisor may share one with everybody."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from claims.guards import Refused
from claims.models import QueueView, User
from claims.permissions import Permission, may, require
from claims.queueing.queue_filters import FILTERS

KEPT = ("view", "sort", *(name for name in FILTERS if name not in ("numbers", "q")))
"""Parts of a list's address. Words and chosen numbers are not kept: they may name a person, and would outlive them."""
LONGEST_NAME, LONGEST_QUERY = 60, 1000
"""As the columns are."""
MOST = 30
"""Of one person."""


def views_for(user: User) -> QuerySet[QueueView]:
    """A person's own, and those that are shared."""
    if not may(user, Permission.SEE):
        return QueueView.objects.none()
    return QueueView.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")


def save(*, user: User, name: str, query: str, shared: bool = False) -> QueueView:
    """Keeps the list that `query` describes. Raises `Refused`; `PermissionDenied` for sharing."""
    require(user, Permission.SEE)
    if shared:
        require(user, Permission.ASSIGN)
    name, kept = " ".join(name.split()), canonical(query)
    if not name or len(name) > LONGEST_NAME:
        raise Refused(_("Give the view a name, of at most 60 characters."))
    if len(kept) > LONGEST_QUERY:
        raise Refused(_("This list has too long an address to be kept."))
    if QueueView.objects.filter(owner=user).count() >= MOST:
        raise Refused(_("You keep %(most)d views already: forget one first.") % {"most": MOST})
    try:
        with transaction.atomic():
            return QueueView.objects.create(owner=user, name=name, query=kept, shared=shared)
    except IntegrityError:
        raise Refused(_("You have a view of this name already.")) from None


def canonical(query: str) -> str:
    """Only what describes a list, in a fixed order: the same list has the same address."""
    given = QueryDict(query)
    return urlencode([(name, value) for name in KEPT if (value := given.get(name, "").strip())])


def forget(*, user: User, view: QueueView) -> None:
    """One's own; a shared one is forgotten by whoever may share."""
    if view.owner_id != user.pk:
        require(user, Permission.ASSIGN)
    view.delete()
