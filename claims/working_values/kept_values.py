"""Working values kept in this process between two requests, so that the next keystroke need not load them again.

Kept are values as some transaction has committed them, under the document's revision. Everything that changes values
raises the revision, so whoever finds it raised gets nothing here and loads them. One caller at a time owns the values:
`take` gives them away, `keep` takes them back; a caller who fails keeps nothing.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from django.conf import settings

from claims.models import Document
from claims.working_values.values import WorkingValues, load_values

LONGEST_SECONDS = 600
"""Nobody's values stay in memory for much longer than somebody works with them."""


@dataclass(frozen=True, slots=True)
class _Kept:
    revision: int
    kind: str
    rows: int
    values: WorkingValues
    since: float = field(default_factory=time.monotonic)


_kept: OrderedDict[int, _Kept] = OrderedDict()
"""By document, the latest used last."""
_lock = Lock()


def take(document: Document, *, revision: int | None = None) -> WorkingValues:
    """The values of a document, whose own they are from now on: kept ones, or loaded (as `load_values`).

    `revision`: the one to be changed, for a caller who has raised the document's already.
    """
    wanted = document.revision if revision is None else revision
    with _lock:
        found = _kept.pop(document.pk, None)
    if found is None or (found.revision, found.kind) != (wanted, document.kind) or _is_old(found):
        return load_values(document)
    return found.values


def keep(document: Document, values: WorkingValues) -> None:
    """Hands values back, as they are committed under the document's revision. The caller has done with them."""
    rows = sum(map(len, values.lists.values()))
    with _lock:
        newer = _kept.get(document.pk)
        if newer is None or newer.revision < document.revision:
            _kept[document.pk] = _Kept(document.revision, document.kind, rows, values)
        _kept.move_to_end(document.pk)
        _make_room()


def forget() -> None:
    """Everything."""
    with _lock:
        _kept.clear()


def _is_old(kept: _Kept) -> bool:
    return time.monotonic() - kept.since > LONGEST_SECONDS


def _make_room() -> None:
    for pk in [pk for pk, kept in _kept.items() if _is_old(kept)]:
        del _kept[pk]
    while _kept and sum(kept.rows for kept in _kept.values()) > settings.REVIEW_ROWS_KEPT:
        _kept.popitem(last=False)
    if not settings.REVIEW_ROWS_KEPT:
        _kept.clear()
