"""The log: append-only, hash-chained, so that a changed, missing or reordered entry shows.

Each entry's digest covers the entry and the digest before it. `LogHead` holds the last digest: writers queue up behind
that row, so the chain has no fork, and entries cut off the end are missed. Whoever may rewrite the whole database can
rewrite a chain: keep the head that `verify_log` prints outside (docs/security.md).

`record` and `add` are best called last in a transaction: until its end, other writers of the log wait.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Claim, Document, LogEntry, LogHead, User
from ocr_providers import bulk

GENESIS = "0" * 64
"""What the first entry has before it."""
HEAD = 1
ERASED = "claim.erased"
"""The action of an erasure: it accounts for the missing reasons of the claim's entries before it."""
SYSTEM = "system"
"""The person of entries that no person caused."""

added = Signal()
"""Sent with the `entries` that were added, in their transaction: what follows from them is queued or gone with it."""

Detail = Mapping[str, "str | int | bool | list[str] | list[int] | None"]
"""No floats: the two databases write them differently, and a digest must not depend on that. No patient's values."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold, at which entry (`None`: at the end of the log)."""

    entry: int | None
    message: str

    def __str__(self) -> str:
        return self.message if self.entry is None else f"{self.entry}: {self.message}"


def entry(
    *,
    person: User | str,
    action: str,
    claim: Claim | None = None,
    document: Document | None = None,
    subject: str = "",
    reason: str = "",
    detail: Detail | None = None,
) -> LogEntry:
    """An entry for `add`. `person` is a member of staff, or a part of the system by name."""
    if claim is None and document is not None:
        claim = document.claim
    made = LogEntry(
        person=person if isinstance(person, str) else person.get_username(),
        action=action,
        claim_number=claim.number if claim else "",
        document_id=document.pk if document else None,
        subject=subject[:200],
        reason=reason,
        detail=dict(detail or {}),
    )
    if reason:
        made.reason_salt = secrets.token_hex(16)
        made.reason_sha256 = reason_digest(made)
    return made


def record(
    *,
    person: User | str,
    action: str,
    claim: Claim | None = None,
    document: Document | None = None,
    subject: str = "",
    reason: str = "",
    detail: Detail | None = None,
) -> LogEntry:
    """Adds one entry, in the caller's transaction."""
    made = entry(
        person=person, action=action, claim=claim, document=document, subject=subject, reason=reason, detail=detail
    )
    add([made])
    return made


@transaction.atomic
def add(entries: Sequence[LogEntry]) -> None:
    """Adds entries to the end of the chain, in the caller's transaction."""
    head = _locked_head()
    last = head.digest
    for each in entries:
        each.at, each.previous = timezone.now(), last
        last = each.digest = digest_of(each)
    bulk.insert_rows(entries)
    LogHead.objects.filter(pk=HEAD).update(digest=last, entries=head.entries + len(entries))
    added.send(sender=LogEntry, entries=entries)


def _locked_head() -> LogHead:
    heads = LogHead.objects.select_for_update()
    return heads.get_or_create(pk=HEAD, defaults={"digest": GENESIS})[0]


def reason_digest(entry: LogEntry) -> str:
    """Salted: a short text could be guessed from a bare digest once it is erased."""
    return hashlib.sha256((entry.reason_salt + entry.reason).encode()).hexdigest()


def digest_of(entry: LogEntry) -> str:
    """SHA-256 over the entry and the digest before it, the same on every database.

    Of the reason it covers the digest, so that an erasure may take the text; entries made before there was one cover
    the text itself.
    """
    parts = [
        entry.previous,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.person,
        entry.action,
        entry.claim_number,
        entry.document_id,
        entry.subject,
        entry.reason_sha256 or entry.reason,
        entry.detail,
    ]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_refuse)
    if _has_float(entry.detail):
        raise TypeError("The detail of a log entry holds no floats.")
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse(value: object) -> str:
    raise TypeError(
        f"The detail of a log entry holds texts, whole numbers and lists of them, not {type(value).__name__}."
    )


def _has_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_float, value))
    return isinstance(value, float)


def head() -> LogHead:
    """The end of the chain as it stands: worth keeping outside of this database."""
    return LogHead.objects.filter(pk=HEAD).first() or LogHead(pk=HEAD, digest=GENESIS, entries=0)


def verify(expected_digest: str = "") -> list[Problem]:
    """Reads the whole log. `expected_digest` is a head noted earlier: it must still be in the chain."""
    problems: list[Problem] = []
    last, count, expected_seen = GENESIS, 0, expected_digest in ("", GENESIS)
    without_reason: dict[str, int] = {}
    for entry in _entries():
        problems.extend(_problems_of(entry, last))
        _note_missing_reason(entry, without_reason)
        last, count = entry.digest, count + 1
        expected_seen = expected_seen or entry.digest == expected_digest
    missing = _("its reason is missing, and no erasure says so")
    problems.extend(Problem(pk, missing) for pk in without_reason.values())
    problems.extend(_problems_at_end(last, count))
    if not expected_seen:
        problems.append(Problem(None, _("the head noted earlier is no longer in the chain")))
    return problems


def _entries() -> Iterator[LogEntry]:
    """All, the oldest first, up to where the head stands still: people go on working while the log is read."""
    last, end = 0, None
    while (now := head().digest) != end:
        end = now
        for entry in LogEntry.objects.filter(pk__gt=last).order_by("id").iterator(chunk_size=2000):
            last = entry.pk
            yield entry


def _note_missing_reason(entry: LogEntry, without: dict[str, int]) -> None:
    """The first entry of each claim whose reason is gone, until the entry of an erasure accounts for it."""
    if entry.action == ERASED:
        without.pop(entry.claim_number, None)
    elif entry.reason_sha256 and not entry.reason:
        without.setdefault(entry.claim_number, entry.pk)


def _problems_of(entry: LogEntry, last: str) -> Iterator[Problem]:
    if entry.previous != last:
        yield Problem(entry.pk, _("does not follow the entry before it: entries are missing or were moved"))
    changed_reason = entry.reason and entry.reason_sha256 and reason_digest(entry) != entry.reason_sha256
    if changed_reason or digest_of(entry) != entry.digest:
        yield Problem(entry.pk, _("was changed"))


def _problems_at_end(last: str, count: int) -> Iterator[Problem]:
    end = head()
    if end.digest != last:
        yield Problem(None, _("the log does not end where its head says: its last entries are missing or were changed"))
    if end.entries != count:
        yield Problem(
            None, _("the log has %(found)d entries, its head says %(said)d") % {"found": count, "said": end.entries}
        )
