"""The story of a claim as its page tells it: what was done, by whom, with the values that changed.

The log keeps addresses and codes; here they are put into words for the one who reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.editing.history import shown_value
from claims.models import Correction, Decision, LogEntry
from claims.working_values.cells import Cell, column_of

PAGE = 50
MOST_CHANGES = 6
"""Of one action; the review screen's history has them all."""


class Topic(TextChoices):
    """What the reader of a story may be after."""

    VALUES = "values", gettext_lazy("Values")
    PAPERS = "papers", gettext_lazy("Papers")
    DECISION = "decision", gettext_lazy("Work and decision")
    ACCESS = "access", gettext_lazy("Who looked")


LOOKING = ("claim.exported", "document.original-opened", "value.revealed")
FAMILIES = {
    Topic.VALUES: ("values.", "finding.", "value.pinned"),
    Topic.PAPERS: ("document.", "documents.", "duplicate.", "note.", "letter.", "papers."),
    Topic.DECISION: ("claim.", "decision."),
    Topic.ACCESS: LOOKING,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value, before and after; `None` is nothing."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the log, in words. `more`: how many changes are not shown."""

    entry: LogEntry
    subject: str
    changes: tuple[Change, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """One page of it, newest first. `older`: the entry before which the next page starts, or none."""

    events: tuple[Event, ...]
    topic: str
    older: int | None


def story(claim_number: str, *, topic: str = "", before: int | None = None) -> Story:
    """Two queries, however long the story is. An unknown topic is none."""
    chosen = Topic(topic) if topic in Topic.values else None
    entries = LogEntry.objects.filter(claim_number=claim_number)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    page = list(_about(entries, chosen).order_by("-id")[: PAGE + 1])
    shown = page[:PAGE]
    corrections = _corrections(shown)
    events = tuple(_event(entry, corrections.get(entry.detail.get("batch", ""), [])) for entry in shown)
    return Story(events, chosen or "", shown[-1].pk if len(page) > PAGE else None)


def _about(entries: QuerySet[LogEntry], topic: Topic | None) -> QuerySet[LogEntry]:
    if topic is None:
        return entries
    wanted = Q()
    for family in FAMILIES[topic]:
        wanted |= Q(action__startswith=family)
    return entries.filter(wanted) if topic is Topic.ACCESS else entries.filter(wanted).exclude(action__in=LOOKING)


def _corrections(entries: Iterable[LogEntry]) -> Mapping[str, list[Correction]]:
    batches = [entry.detail["batch"] for entry in entries if entry.detail.get("batch")]
    found: defaultdict[str, list[Correction]] = defaultdict(list)
    for correction in Correction.objects.filter(batch__in=batches).order_by("id"):
        found[str(correction.batch)].append(correction)
    return found


def _event(entry: LogEntry, corrections: list[Correction]) -> Event:
    changes = tuple(_change(item) for item in corrections[:MOST_CHANGES])
    return Event(entry, "" if changes else _subject(entry), changes, max(0, len(corrections) - MOST_CHANGES))


def _change(item: Correction) -> Change:
    return Change(item.label, shown_value(item.cell, item.old), shown_value(item.cell, item.new))


def _subject(entry: LogEntry) -> str:
    if entry.action == "claim.decided" and entry.subject in Decision.Outcome.values:
        return str(Decision.Outcome(entry.subject).label)
    if entry.action in ("claim.assigned", "claim.released"):
        return _person_moved(entry.detail)
    if entry.action.startswith("value"):
        return _cells(entry.subject)
    return entry.subject


def _person_moved(detail: Mapping[str, Any]) -> str:
    if detail.get("from") and detail.get("to"):
        return _("from %(one)s to %(other)s") % {"one": detail["from"], "other": detail["to"]}
    return str(detail.get("to") or detail.get("from") or "")


def _cells(addresses: str) -> str:
    """The columns' names; what is no address is shown as it is."""
    return ", ".join(_cell(address) for address in addresses.split(", "))


def _cell(address: str) -> str:
    try:
        return str(column_of(Cell.parse(address)).label)
    except (ValueError, KeyError):
        return address
