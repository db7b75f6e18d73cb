"""Dates of a health-check report against each other and against the age (DOMAIN notes 4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ocr_providers.arithmetic.findings import Finding
from ocr_providers.arithmetic.health_paths import path_of, paths_of
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.remarks import propose, remark
from ocr_providers.arithmetic.thai_dates import (
    BUDDHIST_ERA,
    FIRST_BUDDHIST_YEAR,
    OLDEST_AGE,
    age_at,
    find_date,
    parse_birth_date,
    parse_thai_date,
)
from ocr_providers.results import HealthReport

AGE_TOLERANCE = Decimal(1)
"""Years: an age may be given as of another day."""
REFORMATTED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\s*")


def check_dates(report: HealthReport, today: date, years_off: Decimal = AGE_TOLERANCE) -> Iterator[Finding]:
    """HC-DATE and HC-AGE."""
    printed, reformatted = _text(report, "Date"), _text(report, "Date_reformatted")
    visit = parse_thai_date(printed, received=today) if printed else None
    iso = parse_reformatted(reformatted) if reformatted else None
    if reformatted and iso is None:
        cell = path_of(report, "Date_reformatted")
        suggestions = propose(cell, f"{visit:%d/%m/%Y}") if visit else ()
        yield remark(
            "HC-DATE", [cell], gettext_noop("Date_reformatted is not a date that exists"), suggestions=suggestions
        )
    elif visit and iso and visit != iso:
        yield _conflict(report, visit, iso)
    day = visit or iso
    if day and day > today:
        at = paths_of(report, "Date", "Date_reformatted")
        yield remark("HC-DATE", at, gettext_noop("The report's date %(date)s lies in the future"), {"date": day})
    if day:
        yield from _age(report, day, years_off)


def parse_reformatted(text: str) -> date | None:
    """dd/mm/yyyy of the common era, as the service documents it; a Buddhist year is converted."""
    match = REFORMATTED.fullmatch(text)
    if not match:
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year - BUDDHIST_ERA if year >= FIRST_BUDDHIST_YEAR else year, month, day)
    except ValueError:
        return None


def _text(report: HealthReport, key: str) -> str | None:
    entry = report.get(key)
    return entry.value if entry and isinstance(entry.value, str) else None


def _conflict(report: HealthReport, visit: date, iso: date) -> Finding:
    at = paths_of(report, "Date_reformatted", "Date")
    template = gettext_noop("Date reads %(visit)s, but Date_reformatted says %(reformatted)s")
    values = {"visit": visit, "reformatted": iso}
    return remark("HC-DATE", at, template, values, suggestions=propose(at[0], f"{visit:%d/%m/%Y}"))


def _age(report: HealthReport, day: date, allowed: Decimal) -> Iterator[Finding]:
    printed, age = _text(report, "DOB"), report.number("Age")
    if not printed:
        return
    yield from _not_yet_born(report, printed, day)
    whole = int(age) if age is not None else None
    born = parse_birth_date(printed, age=whole, visit=day)
    if born is None or whole is None or abs(age_at(born, day) - whole) <= allowed:
        return
    at = paths_of(report, "Age", "DOB", "Date")
    template = gettext_noop("From %(born)s to %(date)s are %(years)s years, age printed %(age)s")
    years = age_at(born, day)
    values = {"born": born, "date": day, "years": years, "age": whole}
    yield remark("HC-AGE", at, template, values, suggestions=propose(at[0], years) if years <= OLDEST_AGE else ())


def _not_yet_born(report: HealthReport, printed: str, day: date) -> Iterator[Finding]:
    found = find_date(printed)
    readings = found.readings() if found else ()
    if readings and min(readings) > day:
        template = gettext_noop("Born on %(born)s, after the report of %(date)s")
        yield remark("HC-DATE", paths_of(report, "DOB", "Date"), template, {"born": min(readings), "date": day})
