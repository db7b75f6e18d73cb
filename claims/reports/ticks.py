"""Round numbers for an axis (P. S. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990)."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor, log10

STEPS = (1, 2, 5, 10)


def ticks(low: float, high: float, wanted: int = 5) -> list[Decimal]:
    """About `wanted` round numbers from one at or below `low` to one at or above `high`. Zero is always within: a
    length that does not begin at zero lies."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = 1.0
    step = _round_step((high - low) / max(1, wanted - 1) or 1.0)  # what is nearly nothing, divided, is nothing
    return [step * n for n in range(floor(Decimal(low) / step), ceil(Decimal(high) / step) + 1)]


def _round_step(rough: float) -> Decimal:
    """The smallest of 1, 2, 5 times a power of ten that is not below `rough`."""
    magnitude = Decimal(1).scaleb(floor(log10(rough)))
    factor = next(step for step in STEPS if step * magnitude >= Decimal(rough) * Decimal("0.999999"))
    return factor * magnitude


def tick_text(value: Decimal, unit: str = "") -> str:
    """With thousands separated and no more decimals than the number has."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"{plain:,.{places}f}{unit}"
