"""Dates as Thai reports print them: Buddhist years, Thai months and digits, two-digit years (DOMAIN.md §4.2).

A printed date may allow several readings ("02/07/25" is 2025 of the common era, or 2525 of the Buddhist one).
`find_date` keeps them apart; `parse_thai_date` and `parse_birth_date` choose by what else is known, and give `None`
rather than guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

BUDDHIST_ERA = 543
"""Years of the Buddhist era minus years of the common era."""
FIRST_BUDDHIST_YEAR = 2400
"""A year of four digits from here on is Buddhist: no report is of the common era's 25th century."""
COMMON_YEARS = range(1900, 2101)
VISIT_YEARS = 5
"""A visit lies at most so many years before its report is received: this decides between two readings."""
OLDEST_AGE = 120

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

SHORT_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
LONG_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def _thai_month(n: int) -> str:
    """A pattern for month `n`, from 0: in full, without its ending (คม, ยน, พันธ์), or short with dots or without."""
    long = LONG_MONTHS[n]
    ending = next(end for end in ("พันธ์", "คม", "ยน") if long.endswith(end))
    first, second, _ = SHORT_MONTHS[n].split(".")
    return rf"{long.removesuffix(ending)}(?:{ending})?|{first}\s*[.,]?\s*{second}\s?[.,]?(?![ก-ฮ])"


_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4}|\d{2})(?!\d)"
_ERA = r"(?P<era>พ\s?\.?\s?ศ\s?\.?|ค\s?\.?\s?ศ\s?\.?|B\.?\s?E\.?|A\.?\s?D\.?|C\.?\s?E\.?)?"
_THAI = "|".join(f"(?P<t{n}>{_thai_month(n)})" for n in range(12))
_ENGLISH = "|".join(
    rf"(?P<e{n}>{name[:3]}(?:{name[3:]}|{name[3:4]})?\.?(?![a-z]))" for n, name in enumerate(ENGLISH_MONTHS)
)
_GAP = r"[\s\-/.,]*"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}{_GAP}(?:เดือน\s*)?(?:{_THAI}){_GAP}(?:ปี\s*)?{_ERA}\s*{_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th)?{_GAP}(?:{_ENGLISH}){_GAP}{_ERA}\s*{_YEAR}",
        rf"(?<![a-z])(?:{_ENGLISH})\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+{_ERA}\s*{_YEAR}",
        r"(?<!\d)(?P<year>\d{4})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<day>\d{1,2})(?!\d)",
        rf"{_DAY}\s?(?P<gap>[-/.])\s?(?P<month>\d{{1,2}})\s?(?P=gap)\s?{_YEAR}",
    )
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date found in a text: its parts, before the era is decided."""

    text: str
    """The date as printed, nothing around it."""
    day: int
    month: int
    year: int
    """As printed: 68, 2568 or 2025."""
    buddhist: bool | None
    """Whether the print says so: by the era's name, a Thai month or Thai digits. `None`: it does not say."""

    def readings(self) -> tuple[date, ...]:
        """Every date this print can mean, the likeliest first; empty for a day that does not exist."""
        return tuple(day for year in self._years() if (day := _date_or_none(year, self.month, self.day)))

    def _years(self) -> Iterator[int]:
        if self.year >= FIRST_BUDDHIST_YEAR:
            yield self.year - BUDDHIST_ERA
        elif self.year in COMMON_YEARS:
            yield self.year
        elif self.year < 100:
            if self.buddhist is not True:
                yield from (2000 + self.year, 1900 + self.year)
            if self.buddhist is not False:
                yield from (2500 + self.year - BUDDHIST_ERA, 2400 + self.year - BUDDHIST_ERA)


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_date(text: str) -> PrintedDate | None:
    """The first date in `text`, named months before bare numbers; `None` when there is none."""
    plain = text.translate(THAI_DIGITS)  # one character for one: positions stay
    match = next((found for pattern in _PATTERNS if (found := pattern.search(plain))), None)
    if match is None:
        return None
    groups = match.groupdict()
    named = next((name for name, part in groups.items() if part and name[0] in "te" and name[1:].isdigit()), None)
    return PrintedDate(
        text=text[match.start() : match.end()].strip(),
        day=int(groups["day"]),
        month=int(named[1:]) + 1 if named else int(groups["month"]),
        year=int(groups["year"]),
        buddhist=_buddhist(groups.get("era"), named, text[match.start() : match.end()]),
    )


def _buddhist(era: str | None, named: str | None, printed: str) -> bool | None:
    if era:
        return era[0] in "พBb"
    if (named and named[0] == "t") or printed != printed.translate(THAI_DIGITS):
        return True
    return None


def parse_thai_date(text: str, received: date | None = None) -> date | None:
    """The day of a visit or a report. `None`: no date, a day that does not exist, or an era that cannot be decided.

    Two-digit years printed with a Thai month, Thai digits or พ.ศ. are Buddhist (68 is 2568, 2025 of the common era).
    Without such a sign both eras are tried, and the date is given only when exactly one of them lies within five years
    before `received`.
    """
    printed = find_date(text)
    if printed is None:
        return None
    readings = printed.readings()
    if printed.year >= 100 or printed.buddhist:
        return readings[0] if readings and _century_fits(printed, readings[0]) else None
    if received is None:
        return None
    fitting = [day for day in readings if day <= received and received.year - day.year <= VISIT_YEARS]
    return fitting[0] if len(fitting) == 1 else None


def _century_fits(printed: PrintedDate, day: date) -> bool:
    """A leap day missing in 2568 must not become the one of 2468: only this century's reading counts for a visit."""
    return printed.year >= 100 or day.year == 2500 + printed.year - BUDDHIST_ERA


def parse_birth_date(text: str, *, age: int | None = None, visit: date | None = None) -> date | None:
    """The day of birth. Where the print allows several readings, the one that gives `age` at the `visit`; else `None`.

    Without an age a single reading in the past is taken, and several are left to a person.
    """
    printed = find_date(text)
    if printed is None:
        return None
    readings = printed.readings()
    if visit is not None:
        readings = tuple(day for day in readings if day <= visit and visit.year - day.year <= OLDEST_AGE)
        if age is not None and len(readings) > 1:
            readings = tuple(day for day in readings if abs(age_at(day, visit) - age) <= 1)
    return readings[0] if len(readings) == 1 else None


def age_at(birth: date, day: date) -> int:
    """Completed years of life on `day`."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
