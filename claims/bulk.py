"""One thing done to several chosen claims, with a word about each: done, or refused and why.

Each claim is a transaction of its own: what one refuses is done to the others. The verbs are those of a single claim;
here is only which of them may be asked, by whom, and what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import access, holds
from claims.assigning import assignment
from claims.guards import Refused, Stale
from claims.models import Claim, Document, Role, User
from claims.permissions import Permission, require
from claims.processing import reading
from claims.receiving import claim_changes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 200
"""Claims at once."""


class Action(StrEnum):
    TAKE = "take"
    GIVE = "give"
    RELEASE = "release"
    DUE = "due"
    SENIOR = "senior"
    READ_AGAIN = "read-again"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked. Each action takes the parts that it needs."""

    action: Action
    to: User | None = None
    """Whom the claims are given to."""
    due_at: datetime | None = None
    until: date | None = None
    """Last day of the hold; `None`: until it is lifted."""
    reason: str = ""
    account: str = ""
    """Who reads again; empty: whoever would."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it for one claim. `why`: of a refusal."""

    number: str
    done: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    permission: Permission
    do: Callable[[Claim, User, Order], object]
    needs: Mapping[str, StrOrPromise] = field(default_factory=dict)
    """Parts of the order that must not be empty, and what to say when one is."""


class Unfinished(Refused):
    """The order lacks something: nothing was done to any claim."""


class NoColleague(LookupError):
    """Nobody of this name is given claims. `str(error)` says so."""


def colleagues() -> QuerySet[User]:
    """Whom a claim may be given to: those whose work it is. Of `permissions.deciders` the administrators are not:
    they may decide where they have to, but they run the desk and have no queue."""
    return User.objects.filter(is_active=True, groups__name__in=(Role.REVIEWER, Role.SUPERVISOR)).distinct()


def colleague(username: str | None) -> User:
    """Raises `NoColleague`."""
    found = colleagues().filter(username=username).first()
    if found is None:
        raise NoColleague(_("There is nobody of this name who decides claims."))
    return found


def carry_out(order: Order, *, numbers: Sequence[str], user: User) -> list[Result]:
    """In the order of `numbers`, each once. Raises `PermissionDenied`, and `Unfinished` for an order that lacks a part.

    A number that is no claim, or none that this person may see, is refused like the others.
    """
    work = WORK[order.action]
    require(user, work.permission)
    for name, lacking in work.needs.items():
        if not getattr(order, name):
            raise Unfinished(str(lacking))
    known = find(numbers, user=user)
    return [_one(number, known.get(number), work, user, order) for number in _each_once(numbers)]


def find(numbers: Iterable[str], *, user: User) -> dict[str, Claim]:
    """By number; only those that the person may see. Raises `Unfinished` when they are too many."""
    wanted = _each_once(numbers)
    if len(wanted) > MOST:
        raise Unfinished(_("At most %(most)d claims at once.") % {"most": MOST})
    claims = access.claims_for(user).select_related("assignee", "locked_by", "policy__plan")
    return {claim.number: claim for claim in claims.filter(number__in=wanted)}


def _each_once(numbers: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(numbers))


def _one(number: str, claim: Claim | None, work: _Work, user: User, order: Order) -> Result:
    if claim is None:
        return Result(number, done=False, why=_("There is no such claim."))
    try:
        with transaction.atomic():
            work.do(claim, user, order)
    except (Refused, reading.NotNow) as refusal:
        return Result(number, done=False, why=str(refusal))
    return Result(number, done=True)


# --- one claim -------------------------------------------------------------------------------------------------------


def _take(claim: Claim, user: User, order: Order) -> None:
    assignment.assign(claim=claim, to=user, by=user, expected=claim.assignee)


def _give(claim: Claim, user: User, order: Order) -> None:
    assignment.assign(claim=claim, to=order.to, by=user, expected=claim.assignee)


def _release(claim: Claim, user: User, order: Order) -> None:
    assignment.assign(claim=claim, to=None, by=user, expected=claim.assignee)


def _due(claim: Claim, user: User, order: Order) -> None:
    changes = {"due_at": order.due_at}
    if not claim_changes.change_claim(claim=claim, user=user, version=claim.version, changes=changes):
        raise Stale(_("The claim has changed meanwhile."))


def _senior(claim: Claim, user: User, order: Order) -> None:
    assignment.pass_to_senior(claim=claim, by=user, reason=order.reason, version=claim.version)


def _read_again(claim: Claim, user: User, order: Order) -> None:
    papers = list(Document.objects.filter(claim=claim).order_by("id"))
    if not papers:
        raise Refused(_("There is no document to read."))
    for document in papers:
        reading.read_again(document=document, user=user, account=order.account)


def _hold(claim: Claim, user: User, order: Order) -> None:
    holds.place(claim=claim, user=user, reason=order.reason, until=order.until)


WORK: Mapping[Action, _Work] = {
    Action.TAKE: _Work(Permission.DECIDE, _take),
    Action.GIVE: _Work(Permission.ASSIGN, _give, {"to": gettext_lazy("Choose whom the claims are given to.")}),
    Action.RELEASE: _Work(Permission.DECIDE, _release),
    Action.DUE: _Work(Permission.RECEIVE, _due, {"due_at": gettext_lazy("Choose the day.")}),
    Action.SENIOR: _Work(Permission.DECIDE, _senior, {"reason": gettext_lazy("Say why.")}),
    Action.READ_AGAIN: _Work(Permission.CORRECT, _read_again),
    Action.HOLD: _Work(Permission.HOLD, _hold, {"reason": gettext_lazy("Say why.")}),
}
