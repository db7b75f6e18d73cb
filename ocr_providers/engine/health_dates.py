"""The dates of a health-check report: birth and visit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from rapidfuzz.distance import Levenshtein

from ocr_providers.arithmetic.thai_dates import LONG_MONTHS, SHORT_MONTHS, find_date, parse_thai_date
from ocr_providers.engine.health_labels import MARKS, SECOND_DATE
from ocr_providers.engine.health_layout import Entry, row_of
from ocr_providers.engine.health_reading import Reading
from ocr_providers.engine.rows import Cell, source_of

DAY_MONTH_YEAR = re.compile(
    r"(?<!\d)(\d{1,2}|[๐-๙]{1,2})([\s.,]*[ก-๎][^\d๐-๙:]{1,16}?)(\d{4}|\d{2}|[๐-๙]{4}|[๐-๙]{2})(?![\d๐-๙])"
)
STROKE_AS_ONE = re.compile(r"(?<!\d)([0-3]\d)[/1lI|]([01]\d)[/1lI|]((?:24|25|19|20)\d\d)(?!\d)")
"""07108/2507 can only be 07/08/2507."""
ERA = re.compile(r"(?:พ\.?\s?ศ|ค\.?\s?ศ)\.?\s*$")
LOST_POINT = r"[^\d๐-๙]*[.,]"
"""A short month is printed with both points or none: with one, the other was not read."""


def read_dates(entries: Sequence[Entry], rows: Sequence[Sequence[Cell]], today: date) -> dict[str, Reading]:
    """`DOB` and `Date` as printed, `Date_reformatted` as dd/mm/yyyy of the common era."""
    found: dict[str, Reading] = {}
    if born := _first_date(entry for entry in entries if entry.field == "DOB"):
        found["DOB"] = born
    visit = _first_date(entry for field in ("Date", SECOND_DATE) for entry in entries if entry.field == field)
    if visit is None or visit.value is None:
        visit = _only_other_date(entries, rows) or visit
    if visit is None:
        return found
    found["Date"] = visit
    day = parse_thai_date(visit.value, today) if isinstance(visit.value, str) else None
    if day:
        found["Date_reformatted"] = Reading(f"{day:%d/%m/%Y}", replace(visit.source, derived=True))
    return found


def _first_date(entries: Iterable[Entry]) -> Reading | None:
    """The first date among the entries; where none is legible, the first text."""
    unread: Reading | None = None
    for entry in entries:
        text = with_mended_month(entry.value.text)
        if printed := find_date(text):
            return Reading(tidy(printed.text), source_of(_date_cells(entry, text, printed.text)))
        unread = unread or Reading(source=source_of(entry.value.cells), text=entry.value.text)
    return unread


def _only_other_date(entries: Sequence[Entry], rows: Sequence[Sequence[Cell]]) -> Reading | None:
    """A date whose caption was not read, when it is the only one that belongs to no caption."""
    known = {id(cell.word) for entry in entries if entry.field in ("", "DOB") for cell in entry.value.cells}
    lines = [row_of([cell for cell in row if id(cell.word) not in known]) for row in rows]
    entries = [Entry("Date", (), line) for line in lines if find_date(line.text)]
    return _first_date(entries) if len(entries) == 1 else None


def _date_cells(entry: Entry, text: str, printed: str) -> tuple[Cell, ...]:
    if text != entry.value.text:
        return entry.value.cells
    start = text.find(printed)
    return entry.value.cells_in(start, start + len(printed))


def with_mended_month(text: str) -> str:
    """A misread Thai month replaced by the only one it can be; where two are as near, the text stays as it is.

    Only letters count, not the marks above and below: those are lost first. ตุด. can only be ต.ค., but กต. could be
    ก.ค. as well as ก.พ. and ก.ย., and stays.
    """
    text = text if find_date(text) else STROKE_AS_ONE.sub(r"\1/\2/\3", text)
    match = DAY_MONTH_YEAR.search(text)
    if match is None or find_date(text):
        return text
    era = ERA.search(match[2])
    middle = match[2][: era.start()] if era else match[2]
    month = nearest_month(middle)
    return (
        text
        if month is None
        else text[: match.start(2)] + f" {month} " + (era[0] if era else "") + text[match.end(2) :]
    )


def nearest_month(text: str) -> str | None:
    """The month that is nearer than all others; letters count before the marks above and below them."""
    ranked = sorted((_distance(text, month), month) for month in (*SHORT_MONTHS, *LONG_MONTHS))
    ((letters, marks), month), ((second, _), _) = ranked[:2]
    clear = letters < second or (letters == 0 and (letters, marks) < ranked[1][0])
    return month if clear and letters <= max(1, len(month) // 4) else None


def _distance(text: str, month: str) -> tuple[int, int]:
    plain, wanted = (re.sub(r"[\s.,]", "", each) for each in (text, month))
    return (
        Levenshtein.distance(MARKS.sub("", plain), MARKS.sub("", wanted)),
        Levenshtein.distance(plain, wanted),
    )


def tidy(printed: str) -> str:
    """The date with its blanks and points as printed: single blanks, none beside a stroke, ก.ค. with both points."""
    text = re.sub(r"\s*([/-])\s*", r"\1", re.sub(r"\s+", " ", printed))
    for month in SHORT_MONTHS:
        first, second, _ = month.split(".")
        text = re.sub(rf"(?<=[\d๐-๙])\s?(?={LOST_POINT}){first}[ .,]*{second}[ .,]*(?=[\d๐-๙พค])", f" {month} ", text)
    return re.sub(r"\s+", " ", text).strip()
