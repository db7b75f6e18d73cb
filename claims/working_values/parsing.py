"""What a person typed, as a value: exact, and never guessed. What can be meant in two ways is refused with the reason.

Input methods leave full-width digits and Chinese punctuation, spreadsheets leave thousands separators and currency
signs, Thai keyboards leave Thai digits: all of these are understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Context, Decimal

from django.utils.translation import gettext as _

from claims.working_values.cells import Column, Value, ValueType
from ocr_providers.arithmetic.thai_dates import parse_thai_date

MAX_TEXT = 500
MAX_INTEGER_DIGITS = 11
MAX_DECIMALS = 4
"""The columns hold fifteen digits, four of them decimals (`models.values.number_field`)."""
EXACT = Context(prec=10_000)
"""More digits than a request carries: none is rounded away before it is counted."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
BUDDHIST_ERA = 543
FIRST_BUDDHIST_YEAR = 2400

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
SIGNS = str.maketrans({"−": "-", "–": "-", "。": ".", "､": ",", "、": ","})
CURRENCY = re.compile(r"^(?:¥|￥|฿|\$|RMB|CNY|THB|人民币)\s*|\s*(?:元整?|圆整?|บาท|฿|RMB|CNY|THB)$", re.IGNORECASE)

PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d*)?", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
THAI_ORDER = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](2[4-9]\d\d)", re.ASCII)
"""The day first: only with a Buddhist year can nothing else be meant."""
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
THAI = re.compile(r"[\u0e00-\u0e7f]")


class NotUnderstood(ValueError):
    """The typed text is no value of this cell. `str(error)` says why, in the person's language."""


def parse(text: str | None, column: Column, kind: ValueType) -> Value:
    """The value of a cell; empty text gives `None`. Raises `NotUnderstood`."""
    if text is None or not text.strip():
        return None
    if kind is ValueType.CHOICE:
        return parse_choice(text, column)
    return PARSERS[kind](text)


def parse_text(text: str) -> str:
    """One line of text; control characters and repeated white space become one space."""
    kept = "".join(" " if unicodedata.category(char) == "Cc" else char for char in unicodedata.normalize("NFC", text))
    line = " ".join(kept.split())
    if len(line) > MAX_TEXT:
        raise NotUnderstood(_("The text is too long: %(limit)d characters at most.") % {"limit": MAX_TEXT})
    return line


def parse_number(text: str) -> Decimal:
    """A decimal number with a point: "1,234.50", "１２３．４", "¥ 12。5", "๑๒.๕"."""
    plain = CURRENCY.sub("", _narrow(text)).strip()
    if PLAIN.fullmatch(plain):
        return _bounded(Decimal(plain))
    if GROUPED.fullmatch(plain):
        return _bounded(Decimal(re.sub("[, ]", "", plain)))
    if "," in plain and re.fullmatch(r"[+-]?[\d., ]+", plain):
        raise NotUnderstood(_("Write decimals with a point, thousands with a comma: 1,234.50."))
    raise NotUnderstood(_("This is not a number."))


def parse_measure(text: str) -> Decimal | str:
    """A number where it is one, a word otherwise: "98", "negative", "<5.0"."""
    try:
        return parse_number(text)
    except NotUnderstood:
        return parse_text(text)


def parse_ratio(text: str) -> Decimal:
    """A share of one: "0.1" or "10%"."""
    plain = _narrow(text).strip()
    if plain.endswith("%"):
        return _bounded(parse_number(plain[:-1]) / 100)
    return parse_number(plain)


def parse_date(text: str) -> date:
    """A day, the year first ("2025-03-01", "2025年3月1日", "20250301"), or a Thai date: "1 มี.ค. 2568", "1/3/2568"."""
    plain = THAI_ORDER.sub(r"\3-\2-\1", _narrow(text).strip())
    match = YEAR_FIRST.fullmatch(plain) or COMPACT.fullmatch(plain)
    if match:
        year, month, day = (int(part) for part in match.groups())
        return _day(year - BUDDHIST_ERA if year >= FIRST_BUDDHIST_YEAR else year, month, day)
    if THAI.search(plain):
        found = parse_thai_date(plain)
        if found is None:
            raise NotUnderstood(_("There is no such day."))
        return _day(found.year, found.month, found.day)
    raise NotUnderstood(_("Write the year first: 2025-03-01."))


def parse_choice(text: str, column: Column) -> int:
    plain = _narrow(text).strip()
    known = {str(value): value for value, _label in column.choices}
    if plain not in known:
        raise NotUnderstood(_("Choose one of the values offered."))
    return known[plain]


def _no_flag(text: str) -> Value:
    raise NotUnderstood(_("The provider's own checks cannot be changed."))


PARSERS: Mapping[ValueType, Callable[[str], Value]] = {
    ValueType.TEXT: parse_text,
    ValueType.MONEY: parse_number,
    ValueType.NUMBER: parse_number,
    ValueType.RATIO: parse_ratio,
    ValueType.DATE: parse_date,
    ValueType.FLAG: _no_flag,
    ValueType.MEASURE: parse_measure,
}


def _narrow(text: str) -> str:
    """Full-width, Thai and typographic characters as plain ones; every kind of space as one space."""
    narrow = unicodedata.normalize("NFKC", text).translate(THAI_DIGITS).translate(SIGNS)
    return " ".join(narrow.split())


def _bounded(number: Decimal) -> Decimal:
    plain = EXACT.normalize(number)
    exponent = plain.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MAX_DECIMALS:
        raise NotUnderstood(_("Too many decimals: %(limit)d at most.") % {"limit": MAX_DECIMALS})
    if plain and plain.adjusted() >= MAX_INTEGER_DIGITS:
        raise NotUnderstood(_("The number is too large."))
    return number


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise NotUnderstood(_("There is no such day.")) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotUnderstood(
            _("The year must be between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return found
