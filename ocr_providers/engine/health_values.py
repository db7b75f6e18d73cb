"""Values of health-check reports out of text: numbers with their units and references, pressures, names. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ocr_providers.arithmetic.thai_dates import THAI_DIGITS

MG_PER_MMOL = {"FBS": Decimal("18.02"), "Cholesterol": Decimal("38.67"), "HDL": Decimal("38.67"),
               "LDL": Decimal("38.67"), "Triglyceride": Decimal("88.57")}  # fmt: skip
"""mg/dL for 1 mmol/L (DOMAIN.md §4.1; triglyceride: molar mass 885.7 g/mol)."""
PLAUSIBLE: dict[str, tuple[int, int]] = {
    "Weight": (2, 400), "Height": (40, 250), "BMI": (7, 100), "BP-Systolic": (40, 300), "BP-Diastolic": (20, 200),
    "FBS": (20, 1000), "Cholesterol": (40, 800), "HDL": (5, 200), "LDL": (5, 700),
    "Triglyceride": (10, 10000), "Age": (0, 120),
}  # fmt: skip
"""Hard limits (DOMAIN.md §4.1): what lies outside was misread, or is another number."""
MMOL_BELOW = {"FBS": 30, "Cholesterol": 15, "HDL": 5, "LDL": 5, "Triglyceride": 10}
"""Without a printed unit, a value below this can only be mmol/L."""
MMOL = re.compile(r"m\s?mo[l1I]|มิลลิโมล", re.IGNORECASE)
MMHG = re.compile(r"mm\s?/?\s?hg|มม\.?\s?ปรอท", re.IGNORECASE)
UNIT = re.compile(
    r"mm?o?[l1I]?\s?/\s?[lL1I]|[mµu]?g\s?/?\s?[dm]\s?[lL1I]|mm\s?/?\s?hg|มม\.?\s?ปรอท|kg\s?/\s?m\S?|กก\.?\s?/\s?ม\S*|k[gq]s?\.?|กก\.?"
    r"|กิโลกรัม|cm\.?|ซม\.?|เซนติเมตร|[uU]\s?/\s?[lL]|%|ปี|years?(?: old)?|yrs?\.?|เมตร|bpm|ครั้ง/นาที",
    re.IGNORECASE,
)
COMPARED = r"(?:[<>≤≥=]+|น้อยกว่า|มากกว่า|ไม่เกิน|not over|less than|more than|up to)\s*\d+(?:[.,]\d+)?(?:\s*/\s*\d+)?"
SPAN = r"\d+(?:[.,]\d+)?\s*(?:[-–~—]|ถึง|to)\s*\d+(?:[.,]\d+)?"
REFERENCE = re.compile(rf"{COMPARED}|{SPAN}", re.IGNORECASE)
REFERENCE_WORD = re.compile(r"(?:ค่า|เกณฑ์)(?:ปกติ|อ้างอิง|มาตรฐาน)|\bnormal\b|\bref(?:erence)?\b", re.IGNORECASE)
BRACKETED_NUMBER = re.compile(r"\([^()]*\d[^()]*\)?")
NUMBER = re.compile(
    r"(?<![\w.,/])[*HL]?\s?(?P<number>(?>\d{1,5}(?:[.,]\d{1,3})?))(?![\d/])"
    r"(?:(?=\s?(?:m[gm]|kg|cm|g/|%|m\b|y(?:ea)?rs?\b|bpm))|[*HL]?(?![A-Za-z\d]))"
)
"""Whole or not at all: 52.7 is never 52. A flag (H, L, *) or a unit may touch it, no other letter."""
PRESSURE = re.compile(r"(?<![\d.<>/])(\d{2,3})\s*[/|\\]\s*(\d{2,3})(?![\d/])")
LOOKALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
MIXED_NUMBER = re.compile(r"(?<![A-Za-z\d])(?=[\dOolI|]*\d)[\dOolI|]{2,4}(?:\.[\dOolI|]{1,2})?(?![A-Za-z\d])")


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with what stands around it."""

    number: Decimal
    """In the key's own unit."""
    start: int
    """Where its characters stand in the text."""
    end: int
    unit: str | None
    """As printed."""
    reference: str | None
    """As printed."""


@dataclass(frozen=True, slots=True)
class Pressure:
    """A blood pressure and where it stands in its text."""

    upper: Decimal
    lower: Decimal
    start: int
    end: int
    unit: str | None


def plain(text: str) -> str:
    """Arabic digits for Thai ones, digits for letters that stand among digits; the length does not change."""
    return MIXED_NUMBER.sub(lambda match: match.group().translate(LOOKALIKES), text.translate(THAI_DIGITS))


def references(text: str) -> list[tuple[int, int]]:
    """Where reference ranges stand: comparisons, spans, and brackets or words that speak of normal values."""
    ranges = [match.span() for match in REFERENCE.finditer(text)]
    words = [(match.start(), len(text)) for match in REFERENCE_WORD.finditer(text)]
    brackets = [match.span() for match in BRACKETED_NUMBER.finditer(text)]
    return ranges + words + brackets


def reference_of(text: str) -> str | None:
    """The first range printed, without the words around it."""
    match = REFERENCE.search(text)
    return match.group().strip() if match else None


def measure(key: str, text: str, *, aside: str = "") -> Measured | None:
    """The result for `key` in the text after its caption; a reference range is never taken for it.

    `aside`: more text about it, of another column, where the unit may stand.
    """
    clean = plain(text)
    taken = references(clean)
    for match in NUMBER.finditer(clean):
        start, end = match.span("number")
        if any(begin < end and start < stop for begin, stop in taken):
            continue
        printed = Decimal(clean[start:end].replace(",", "."))
        unit = _unit(clean, end)
        number = in_own_unit(key, printed, f"{clean} {aside}")
        if plausible(key, number):
            reference = reference_of(f"{clean[:start]} {clean[end:]}")
            return Measured(number, start, end, unit or _unit(aside, 0), reference)
    return None


def _unit(text: str, end: int) -> str | None:
    """The unit after the number, else the first in the text."""
    match = UNIT.match(text, end + (len(text[end:]) - len(text[end:].lstrip(" .:")))) or UNIT.search(text)
    return match.group().strip() if match else None


def in_own_unit(key: str, number: Decimal, unit: str) -> Decimal:
    """mmol/L to mg/dL, metres to centimetres; one decimal, which is more than the paper's own precision."""
    factor = MG_PER_MMOL.get(key)
    if factor and (MMOL.search(unit) or (number < MMOL_BELOW[key] and not re.search(r"mg", unit, re.IGNORECASE))):
        return (number * factor).quantize(Decimal("0.1"))
    if key == "Height" and Decimal("1.2") <= number <= Decimal("2.2"):
        return number * 100
    return number


def plausible(key: str, number: Decimal) -> bool:
    low, high = PLAUSIBLE.get(key, (0, 100_000))
    return low <= number <= high


def pressure(text: str) -> Pressure | None:
    """The first pressure that is no reference."""
    clean = plain(text)
    word = REFERENCE_WORD.search(clean)
    for match in PRESSURE.finditer(clean, 0, word.start() if word else len(clean)):
        compared = re.search(r"[<>≤≥]\s*$", clean[: match.start()])
        upper, lower = Decimal(match[1]), Decimal(match[2])
        if not compared and plausible("BP-Systolic", upper) and plausible("BP-Diastolic", lower):
            return Pressure(upper, lower, match.start(), match.end(), _unit(clean, match.end()))
    return None
