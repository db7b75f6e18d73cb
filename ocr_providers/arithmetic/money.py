"""Amounts as people write them. All arithmetic is exact (`Decimal`); rounding is half up, as on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
HALF_CENT = Decimal("0.005")
ZERO = Decimal(0)
ONE = Decimal(1)

SHOWN_TERMS = 12
"""A sum is written out up to this many terms; a longer one shows its beginning, its length and its result."""


WIDE = Context(prec=80, rounding=ROUND_HALF_UP)
"""Room for any product of two numbers that the parsers let through."""


def rounded(number: Decimal, places: int) -> Decimal:
    """Half up to so many decimals."""
    return number.quantize(Decimal(1).scaleb(-places), context=WIDE)


def cents(amount: Decimal) -> Decimal:
    """Half up to 0.01."""
    return amount.quantize(CENT, context=WIDE)


def decimals(number: Decimal) -> int:
    """Digits after the point that carry a value: 2 for 12.50 is 1, since JSON drops zeros at the end."""
    text = digits_of(number)
    point = text.find(".")
    return len(text.rstrip("0")) - point - 1 if point >= 0 else 0


def digits_of(number: Decimal) -> str:
    """Never with an exponent. Text is the cheapest way to a number's digits: a document asks thousands of times."""
    text = str(number)
    return f"{number:f}" if "E" in text else text


def money_text(amount: Decimal) -> str:
    """At least two decimals: 40 -> "40.00", 0.1234 -> "0.1234"."""
    return f"{amount:.{max(2, decimals(amount))}f}"


def plain_text(number: Decimal) -> str:
    """Without zeros at the end: 3.0 -> "3", 0.10 -> "0.1"."""
    return f"{number:.{decimals(number)}f}"


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def sum_text(amounts: Sequence[Decimal]) -> str:
    """ "10.00 + 20.00 = 30.00"; of a long sum the first terms, and how many follow."""
    shown = " + ".join(money_text(amount) for amount in amounts[:SHOWN_TERMS])
    more = f" + … ({len(amounts)})" if len(amounts) > SHOWN_TERMS else ""
    return f"{shown}{more} = {money_text(total(amounts))}"
