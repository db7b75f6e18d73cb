"""To what a form rounds its prices: to the cent, or to ten cents (角) as some cash desks do."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ocr_providers.arithmetic.money import CENT, HALF_CENT, decimals
from ocr_providers.results import LineItem

TEN_CENTS = Decimal("0.1")
FEWEST_LINES = 3
"""A column of fewer lines shows no habit."""
MOST_ODD = 10
"""One price in so many may be misread and show cents all the same."""


def price_step(lines: Sequence[LineItem]) -> Decimal:
    """0.1 where the column of prices has no cents though its products would have them; otherwise 0.01."""
    rounded = sum(map(_is_rounded, lines))
    prices = [item.price for item in lines if item.price is not None]
    if not rounded or len(prices) < FEWEST_LINES:
        return CENT
    with_cents = sum(map(_keeps_cents, lines))
    return TEN_CENTS if not with_cents or (with_cents <= len(prices) // MOST_ODD and with_cents < rounded) else CENT


def _is_rounded(item: LineItem) -> bool:
    """The price is the product to ten cents, and not to the cent."""
    off = _off(item)
    return off is not None and HALF_CENT < off <= TEN_CENTS / 2 and not _has_cents(item.price)


def _keeps_cents(item: LineItem) -> bool:
    """A price with cents that its line does not contradict."""
    off = _off(item)
    return _has_cents(item.price) and (off is None or off <= HALF_CENT)


def _has_cents(price: Decimal | None) -> bool:
    return price is not None and decimals(price) > 1


def _off(item: LineItem) -> Decimal | None:
    if item.quantity is None or item.unit_price is None or item.price is None:
        return None
    return abs(item.quantity * item.unit_price - item.price)
