"""Content is erased when its time is over, or when a person asks for theirs (`recording.persons`); the chain of the log
stays whole.

What is due counts from the day the claim was decided or merged, or its policy ended, whichever is later. A legal hold
stops everything. Each claim is erased in one transaction with its log entry; its files are deleted after the commit,
or by the next `apply_retention` if the process dies in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit, holds, time_limits
from claims.guards import Refused
from claims.models import Claim, Erasure, TimeLimit, User
from claims.queueing import search
from claims.recording import append_only, erasing

CLOSED = (Claim.Status.DECIDED, Claim.Status.MERGED)


class What(StrEnum):
    """Each has its own time, and its column in `Erasure`."""

    PICTURES = "pictures"
    ANSWERS = "answers"
    VALUES = "values"


LIMITS = {
    What.PICTURES: TimeLimit.Code.KEEP_PICTURES,
    What.ANSWERS: TimeLimit.Code.KEEP_ANSWERS,
    What.VALUES: TimeLimit.Code.KEEP_VALUES,
}
EVERYTHING = tuple(What)


@dataclass(frozen=True, slots=True)
class Due:
    """What of a claim is over time."""

    claim: Claim
    what: tuple[What, ...]


# --- what is over time -----------------------------------------------------------------------------------------------


def due(today: date | None = None) -> Iterator[Due]:
    """Oldest claims first; those under a legal hold are left out."""
    day = today or timezone.localdate()
    over: dict[int, list[What]] = {}
    for what in What:
        for pk in _over(what, day).values_list("pk", flat=True):
            over.setdefault(pk, []).append(what)
    for pk in sorted(over):
        yield Due(Claim.objects.get(pk=pk), tuple(over[pk]))


def _over(what: What, day: date) -> QuerySet[Claim]:
    last = day - timedelta(days=time_limits.days(LIMITS[what]))
    decided = Max("decisions__decided_at", filter=Q(decisions__superseded_at=None))
    closed = Claim.objects.filter(status__in=CLOSED).annotate(closed=Coalesce(decided, Max("moves_away__moved_at")))
    old = closed.filter(Q(policy=None) | Q(policy__effective_until__lt=last), closed__date__lt=last)
    done = Erasure.objects.exclude(**{f"{what}_at": None}).values("claim")
    return old.exclude(pk__in=done).exclude(pk__in=holds.in_force(day).values("claim"))


# --- erasing ---------------------------------------------------------------------------------------------------------


def erase(*, claim: Claim, what: Sequence[What], by: User | str, reason: str) -> None:
    """Erases this content of a closed claim, all or nothing. Raises `Refused`: open, or under a legal hold."""
    with transaction.atomic():
        _hold(claim)
        with append_only.suspended():
            keys = _erase(claim, what)
        row = _noted(claim, what, keys)
        detail: audit.Detail = {"what": [one.value for one in what], "files": len(keys)}
        audit.record(person=by, action=audit.ERASED, claim=claim, reason=reason, detail=detail)
        transaction.on_commit(lambda: finish(row), robust=True)


def _hold(claim: Claim) -> None:
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    if problem := what_forbids(held):
        raise Refused(problem)


def what_forbids(claim: Claim) -> str:
    """Why nothing of this claim can be erased now; empty when it can."""
    if claim.status not in CLOSED:
        return _("Claim %(number)s is open: decide it first.") % {"number": claim.number}
    if holds.in_force().filter(claim=claim).exists():
        return _("Claim %(number)s is under a legal hold.") % {"number": claim.number}
    return ""


def _erase(claim: Claim, what: Sequence[What]) -> list[str]:
    keys: list[str] = []
    if What.ANSWERS in what:  # first: it asks which pictures other claims still have
        erasing.answers(claim)
    if What.PICTURES in what:
        keys += erasing.pictures(claim)
    if What.VALUES in what:
        keys += erasing.values(claim)
    return keys


def _noted(claim: Claim, what: Sequence[What], keys: list[str]) -> Erasure:
    row, _made = Erasure.objects.get_or_create(claim=claim)
    for one in what:
        setattr(row, f"{one}_at", timezone.now())
    row.files_left = [*row.files_left, *keys]
    row.save()
    return row


def finish(row: Erasure) -> None:
    """Deletes the files of an erasure that is committed."""
    erasing.delete_files(row.files_left)
    Erasure.objects.filter(pk=row.pk).update(files_left=[])


def finish_all() -> int:
    """Deletes what erasures have left behind; how many claims had something left."""
    left = list(Erasure.objects.exclude(files_left=[]))
    for row in left:
        finish(row)
    search.forget_deleted()
    return len(left)
