"""To what a form rounds its prices: to the cent, or to ten cents (角) as some cash desks do."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ocr_providers.arithmetic.money import CENT, HALF_CENT, decimals
from ocr_providers.results import LineItem

TEN_CENTS = Decimal("0.1")
FEWEST_ROUNDED = 2
"""One line that is off by a few cents is misread; several, in a column without cents, are rounded."""
MOST_ODD = 10
"""One price in so many may be misread and show cents all the same."""


def price_step(lines: Sequence[LineItem]) -> Decimal:
    """0.1 where the column of prices has no cents and several products would have them; otherwise 0.01."""
    rounded = sum(map(_is_rounded, lines))
    if rounded < FEWEST_ROUNDED:
        return CENT
    prices = [item.price for item in lines if item.price is not None]
    with_cents = sum(decimals(price) > 1 for price in prices)
    most = max(1, len(prices) // MOST_ODD)
    return TEN_CENTS if with_cents <= most and with_cents < rounded else CENT


def _is_rounded(item: LineItem) -> bool:
    """The price is the product to ten cents, and not to the cent."""
    if item.quantity is None or item.unit_price is None or item.price is None:
        return False
    return HALF_CENT < abs(item.quantity * item.unit_price - item.price) <= TEN_CENTS / 2
