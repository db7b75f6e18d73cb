"""Where a reviewer goes from a document: to the next one of its claim, then along the filtered list they came from."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import QueryDict

from claims import links
from claims.access import claims_for
from claims.models import Claim, Document, User
from claims.queueing import queue, queue_filters


def around(document: Document, *, user: User, list_query: str) -> dict[str, str | None]:
    """Addresses of the previous and the next document, and of the list. `list_query`: the list's own query string."""
    before, after = queue.neighbours(_list(user, list_query), document.claim)
    claims = [claim.pk for claim in (before, document.claim, after) if claim]
    papers = Document.objects.filter(claim__in=claims).order_by("id").values_list("claim", "id")
    ids = {claim: [pk for owner, pk in papers if owner == claim] for claim in claims}
    own = ids[document.claim_id]
    place = own.index(document.pk)
    previous = links.review(own[place - 1]) if place else _address(before, ids, last=True)
    following = links.review(own[place + 1]) if place + 1 < len(own) else _address(after, ids)
    return {
        "previous": _with_list(previous, list_query),
        "next": _with_list(following, list_query),
        "list": f"{links.queue()}?{list_query}" if list_query else links.queue(),
    }


def next_claim(claim: Claim, *, user: User, list_query: str) -> str | None:
    """Where to go when this claim is done with."""
    _before, after = queue.neighbours(_list(user, list_query), claim)
    if after is None:
        return None
    papers = list(after.documents.order_by("id").values_list("id", flat=True)[:1])
    return _with_list(_address(after, {after.pk: papers}), list_query)


def _list(user: User, list_query: str) -> queue.Listing:
    return queue.listing(claims_for(user), user, queue_filters.asked(QueryDict(list_query)))


def _address(
    claim: Claim | None, papers: dict[int, Sequence[int]] | dict[int, list[int]], *, last: bool = False
) -> str | None:
    if claim is None:
        return None
    own = papers[claim.pk]
    return links.review(own[-1 if last else 0]) if own else links.claim(claim.number)


def _with_list(address: str | None, list_query: str) -> str | None:
    return f"{address}?{urlencode({'list': list_query})}" if address and list_query else address
