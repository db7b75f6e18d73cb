"""Is this the same paper again? Found, linked and explained; never silently taken, never refused.

- the same bytes: known at once, when the file comes in;
- the same picture: a perceptual hash near another one, whichever way up. Two receipts on the same form look alike too,
  so the values read from them have a say;
- the same invoice number, or one that differs as misreadings do while amount or date agree;
- the same hospital, date and total under another number.

The last three are looked for when a document has been read, in the transaction that stores what was read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import digits
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from claims import audit
from claims.guards import Refused
from claims.models import Document, Duplicate, HealthValue, InvoiceHeader, Page, User
from claims.permissions import Permission, require
from ocr_providers.arithmetic.misreadings import CONFUSED

Reason = Duplicate.Reason

LETTERS = frozenset({"0O", "0Q", "0D", "1I", "1L", "2Z", "5S", "6G", "7T", "8B"})
"""Letters taken for digits in numbers that hold both."""
SHORTEST_NUMBER = 6
"""Shorter numbers are not told apart by one misread character."""
ALIKE_NAMES = 80
"""Ratio (rapidfuzz) from which two names of a hospital are the same: seals cover a character or two."""

NEWEST_PAGES = 20_000
"""How many pages a picture is compared with: constant work, however old the desk. Numbers are compared with all."""
NEAR_BITS = 56
"""Of 256: a re-photographed or slightly cropped paper, if its values agree (measured: 38 to 54)."""
SAME_BITS = 8
"""Of 256: the same picture, scaled or compressed anew, when there are no values to ask."""
KEY_VALUES = ("note_no", "total_cost", "billing_date", "patient_name", "hospital_name", "service_serial_number")

NUMBERS = ("note_no", "note_code", "total_cost", "billing_date", "hospital_name", "patient_name")
"""What is compared of two invoices."""
VISIT = ("billing_date", "total_cost")

Hashes: TypeAlias = Sequence[Sequence[str]]
"""See `pages.turned_hashes`."""


def link(document: Document, others: Iterable[int], reason: Duplicate.Reason, detail: str = "") -> list[Duplicate]:
    """Links each pair once, the newer document to the older one."""
    alike = [other for other in dict.fromkeys(others) if other != document.pk]
    if not alike:
        return []
    known = set(document.duplicates.filter(reason=reason).values_list("other_id", flat=True))
    fresh = [
        Duplicate(document=document, other_id=other, reason=reason, detail=detail[:200])
        for other in alike
        if other not in known
    ]
    return Duplicate.objects.bulk_create(fresh, ignore_conflicts=True)


def link_same_bytes(document: Document) -> list[Duplicate]:
    """Documents of other claims with the same bytes; those linked earlier as well."""
    same = Document.objects.filter(sha256=document.sha256).exclude(pk=document.pk)
    link(document, same.values_list("pk", flat=True), Reason.SAME_BYTES)
    return list(document.duplicates.filter(reason=Reason.SAME_BYTES).select_related("other__claim"))


def link_alike(read: Mapping[Document, Hashes]) -> None:
    """Everything that can be found once these documents have been read: one query for numbers, one for visits."""
    for document, hashes in read.items():
        link(document, _same_picture(document, hashes), Reason.SAME_PICTURE)
    papers = {document.pk: document for document in read}
    own = list(_headers().filter(pk__in=papers))
    for header, others in _same_numbers(own):
        link(papers[header.pk], others, Reason.SAME_NUMBER, detail=header.note_no)
    for header, others in _same_visits(own):
        link(papers[header.pk], others, Reason.SAME_VISIT)


def _headers() -> Any:
    """What is compared of invoices."""
    return InvoiceHeader.objects.values_list("pk", "document__sha256", *NUMBERS, named=True)


def _are_two(one: Any, other: Any) -> bool:
    """Two files. The same bytes are known already."""
    return bool(one.pk != other.pk and one.document__sha256 != other.document__sha256)


# --- numbers ---------------------------------------------------------------------------------------------------------


def plain(number: str) -> str:
    """Letters and digits only, upper case, without the caption that is read along with it."""
    return re.sub(r"[^0-9A-Z]", "", re.sub(r"^\s*(NO|№|N°)[.:：]?", "", number.upper()))


def misreadings(number: str) -> set[str]:
    """What may have been read for `number`, or printed where it was read: one character confused, lost, or too many."""
    found = {number[:place] + digit + number[place:] for place in range(len(number) + 1) for digit in digits}
    for place, character in enumerate(number):
        before, after = number[:place], number[place + 1 :]
        found.update(before + other + after for other in _taken_for(character))
        found.add(before + after)
    return found - {number}


def _taken_for(character: str) -> Iterator[str]:
    for pair in CONFUSED | LETTERS:
        if character in pair:
            yield pair.replace(character, "", 1)


def _same_numbers(own: Iterable[Any]) -> Iterator[tuple[Any, list[int]]]:
    wanted = {header: _numbers_like(header.note_no) for header in own}
    found = _by(("note_no",), _headers().filter(note_no__one_of=set().union(*wanted.values())))
    for header, numbers in wanted.items():
        others = [other for number in numbers for other in found[number,] if _are_two(header, other)]
        yield header, [other.pk for other in others if _is_same_number(header, other)]


def _numbers_like(note_no: str) -> set[str]:
    """How the number may stand on record for the same paper."""
    number = plain(note_no)
    return {number, note_no} | misreadings(number) if len(number) >= SHORTEST_NUMBER else set()


def _is_same_number(header: Any, other: Any) -> bool:
    if _codes_differ(header, other):
        return False
    if plain(header.note_no) == plain(other.note_no):
        return not (_differ(header.total_cost, other.total_cost) and _hospitals_differ(header, other))
    return _agree(header.total_cost, other.total_cost) or _agree(header.billing_date, other.billing_date)


def _same_visits(own: Iterable[Any]) -> Iterator[tuple[Any, list[int]]]:
    dated = [header for header in own if header.billing_date and header.total_cost and header.hospital_name]
    days, totals = ({getattr(header, name) for header in dated} for name in VISIT)
    found = _by(VISIT, _headers().filter(billing_date__in=days, total_cost__in=totals))
    for header in dated:
        others = [other for other in found[header.billing_date, header.total_cost] if _are_two(header, other)]
        yield header, [other.pk for other in others if _is_same_visit(header, other)]


def _is_same_visit(header: Any, other: Any) -> bool:
    return bool(other.hospital_name) and not _hospitals_differ(header, other) and not _people_differ(header, other)


def _by(columns: Sequence[str], rows: Iterable[Any]) -> Mapping[tuple[Any, ...], list[Any]]:
    grouped = defaultdict[tuple[Any, ...], list[Any]](list)
    for row in rows:
        grouped[tuple(getattr(row, column) for column in columns)].append(row)
    return grouped


def _agree(one: Any, other: Any) -> bool:
    return bool(one) and one == other


def _differ(one: Any, other: Any) -> bool:
    return bool(one) and bool(other) and one != other


def _codes_differ(one: Any, other: Any) -> bool:
    """票据代码: the same number under another code is another paper."""
    return _differ(plain(one.note_code), plain(other.note_code))


def _hospitals_differ(one: Any, other: Any) -> bool:
    names = one.hospital_name, other.hospital_name
    return all(names) and fuzz.ratio(*names) < ALIKE_NAMES


def _people_differ(one: Any, other: Any) -> bool:
    names = one.patient_name, other.patient_name
    return all(names) and fuzz.ratio(*names) < ALIKE_NAMES / 2


# --- pictures --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Alike:
    document: int
    bits: int


def _same_picture(document: Document, hashes: Hashes) -> Iterator[int]:
    nearest: dict[int, int] = {}
    for found in _near_pages(document, hashes):
        nearest[found.document] = min(found.bits, nearest.get(found.document, NEAR_BITS))
    if not nearest:
        return
    own = _values_of([document.pk]).get(document.pk, {})
    theirs = _values_of(list(nearest))
    for other, bits in nearest.items():
        agreement = _agreement(own, theirs.get(other, {}))
        if bits <= SAME_BITS if agreement is None else agreement >= 0.5:
            yield other


def _near_pages(document: Document, hashes: Hashes) -> Iterator[_Alike]:
    """Pages near any page of the document, whichever way up it is."""
    wanted = [int(turned, 16) for page in hashes for turned in page]
    if not wanted:
        return
    pages = (
        Page.objects.exclude(perceptual_hash="").exclude(document=document).exclude(document__sha256=document.sha256)
    )
    newest = pages.order_by("-id").values_list("document_id", "perceptual_hash")[:NEWEST_PAGES]
    for other, text in newest.iterator():
        bits = min((int(text, 16) ^ own).bit_count() for own in wanted)
        if bits <= NEAR_BITS:
            yield _Alike(other, bits)


def _values_of(documents: list[int]) -> dict[int, dict[str, object]]:
    """What identifies each paper: header values of an invoice, all values of a health check."""
    found: dict[int, dict[str, object]] = {}
    for row in InvoiceHeader.objects.filter(document__in=documents).values("pk", *KEY_VALUES):
        found[row.pop("pk")] = {name: value for name, value in row.items() if value}
    values = HealthValue.objects.filter(document__in=documents).filter(Q(number__isnull=False) | ~Q(value_text=""))
    for document, key, number, text in values.values_list("document", "key", "number", "value_text"):
        found.setdefault(document, {})[key] = number if number is not None else text
    return found


def _agreement(one: dict[str, object], other: dict[str, object]) -> float | None:
    """Share of equal values among those that both have; `None` when fewer than two can be compared."""
    common = one.keys() & other.keys()
    if len(common) < 2:
        return None
    return sum(one[key] == other[key] for key in common) / len(common)


# --- what people say -------------------------------------------------------------------------------------------------


def dismiss(*, duplicate: Duplicate, user: User, reason: str) -> None:
    """A person looked at both and says that they are two papers. Raises `Refused` when somebody said so before."""
    require(user, Permission.CORRECT)
    with transaction.atomic():
        open_still = Duplicate.objects.filter(pk=duplicate.pk, dismissed_by=None)
        if not open_still.update(dismissed_by=user, dismissed_reason=reason):
            raise Refused(_("Somebody has answered this already."))
        duplicate.refresh_from_db(fields=["dismissed_by", "dismissed_reason"])
        audit.record(
            person=user,
            action="duplicate.dismissed",
            document=duplicate.document,
            reason=reason,
            detail={"other": duplicate.other_id, "why": duplicate.reason},
        )
