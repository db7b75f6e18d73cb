"""The queue: which claims a person sees, in which order, and how many stand in each view.

However many claims there are, a page costs the same, the first and the thousandth:

- A list is one or a few *lanes*, each an index range that is in order already (one status, say). A page takes the head
  of each lane and merges them; the cursor is the last row, compared as a whole: `(received_at, id) < (…, …)`.
- What no index serves (findings and plan and amount together) is looked for along the lanes, no further than `LOOK_AT`
  claims at a time. A page may come short then and says how far it looked; the next one goes on from there.
- Words are found by an index of their own (`search`) where they are rare, along the lanes where they are common.
- Counts stop at `COUNT_CAP`; nobody needs to know whether it is 41 733 or 41 734.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Prefetch, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from claims.models import Claim, Document, User
from claims.queueing.queue_filters import Asked, all_of
from claims.queueing.queue_order import Cursor, Order
from claims.queueing.queue_views import SAVED_VIEWS, Holder, SavedView

COUNT_CAP = 1000
PAGE_SIZE = 50
LOOK_AT = 5000
"""Claims of a lane that one page looks through for those that match."""
OF_PAPERS = ("claim", "kind", "status")
EVERY_STATUS = tuple(Claim.Status)


@dataclass(frozen=True, slots=True)
class Listing:
    """A filtered, sorted list. `lanes` are in order by an index; `condition` is looked for along them."""

    lanes: tuple[QuerySet[Claim], ...]
    order: Order
    condition: Q | None = None
    with_people: bool = True
    """Fetches who has each claim, and its policy, as the rows of a page show them."""

    def backwards(self) -> Listing:
        return replace(self, order=self.order.backwards())

    def rows(self, after: Cursor | None, stop: Cursor | None, limit: int) -> list[Claim]:
        """The first `limit` claims that match, after one cursor and up to the other. One query a lane."""
        heads = [self._head(lane, after, stop, limit) for lane in self.lanes]
        return list(heapq.merge(*heads, key=self.order.key, reverse=self.order.descending))[:limit]

    def _head(self, lane: QuerySet[Claim], after: Cursor | None, stop: Cursor | None, limit: int) -> list[Claim]:
        part = self.order.between(lane, after, stop)
        part = part.filter(self.condition) if self.condition else part
        part = part.select_related("assignee", "locked_by", "policy") if self.with_people else part
        return list(part.order_by(*self.order.by)[:limit])

    def horizon(self, after: Cursor | None) -> Cursor | None:
        """How far a page looks: the `LOOK_AT`-th claim of the lane where that comes first. `None`: to the end."""
        if self.condition is None:
            return None
        ends = [end for lane in self.lanes if (end := self._nth(lane, after))]
        first = max if self.order.descending else min
        return first(ends, key=Cursor.place, default=None)

    def _nth(self, lane: QuerySet[Claim], after: Cursor | None) -> Cursor | None:
        places = self.order.between(lane, after, None).order_by(*self.order.by).values_list(self.order.column, "pk")
        found = list(places[LOOK_AT - 1 : LOOK_AT])
        return Cursor(*found[0]) if found else None


@dataclass(frozen=True, slots=True)
class QueuePage:
    claims: list[Claim]
    next_cursor: Cursor | None
    looked_until: Cursor | None = None
    """Set where the page came short because it stopped looking: there may be more behind this claim."""


def listing(claims: QuerySet[Claim], user: User, asked: Asked) -> Listing:
    """The list that `asked` describes, of those `claims` that the person may see."""
    view, order, condition = asked.view, asked.order, asked.condition
    held = [part for part in (_held_by(view.holder, user), asked.held_by) if part]
    if asked.candidates is not None:
        few = claims.filter(pk__in=asked.candidates)
        if view.statuses:  # as an expression: no database shall begin with all claims of a status instead
            few = few.alias(standing=Coalesce("status", Value(""))).filter(standing__in=view.statuses)
        return Listing((few.filter(all_of(condition, asked.arrived, *held) or Q()),), order)
    statuses = view.statuses
    if order.column == "received_at":
        claims = claims.filter(asked.arrived or Q())
        if held:  # there is an index by assignee and status
            claims, statuses = claims.filter(held.pop()), statuses or EVERY_STATUS
    else:
        condition = all_of(condition, asked.arrived)
    lanes = tuple(claims.filter(status=status) for status in statuses) or (claims,)
    return Listing(lanes, order, all_of(condition, *held))


def _held_by(holder: Holder, user: User) -> Q | None:
    return {Holder.ANYBODY: None, Holder.ME: Q(assignee=user), Holder.NOBODY: Q(assignee=None)}[holder]


def page(wanted: Listing, after: str = "", size: int | None = None) -> QueuePage:
    """One page of the list after the cursor, of `PAGE_SIZE` claims if not told otherwise."""
    size = size or PAGE_SIZE
    cursor = wanted.order.parse(after)
    stop = wanted.horizon(cursor)
    rows = wanted.rows(cursor, stop, size + 1)
    if len(rows) > size:
        return QueuePage(rows[:size], wanted.order.cursor(rows[size - 1]))
    return QueuePage(rows, stop, looked_until=stop)


def with_papers(claims: list[Claim]) -> None:
    """Fetches what a row of the page shows of each claim's documents. One query."""
    prefetch_related_objects(claims, Prefetch("documents", Document.objects.order_by("id").only(*OF_PAPERS)))


def counts(claims: QuerySet[Claim], user: User) -> dict[str, int]:
    """How many claims stand in each saved view, never counting beyond `COUNT_CAP` + 1."""
    return {view.name: _in_view(claims, view, user).order_by()[: COUNT_CAP + 1].count() for view in SAVED_VIEWS}


def _in_view(claims: QuerySet[Claim], view: SavedView, user: User) -> QuerySet[Claim]:
    claims = claims.filter(_held_by(view.holder, user) or Q())
    return claims.filter(status__in=view.statuses) if view.statuses else claims


def neighbours(wanted: Listing, claim: Claim) -> tuple[Claim | None, Claim | None]:
    """The claims before and after `claim` in the list. Looks as far as a page does: `LOOK_AT` claims each way."""
    bare = replace(wanted, with_people=False)
    return next(_beside(bare.backwards(), claim), None), next(_beside(bare, claim), None)


def _beside(wanted: Listing, claim: Claim) -> Iterator[Claim]:
    cursor = wanted.order.cursor(claim)
    yield from wanted.rows(cursor, wanted.horizon(cursor), 1)
