"""How usual a number is in its column: what decides between repairs that the arithmetic cannot tell apart.

Logarithms, relative within a column. Background: quantities on outpatient receipts are small whole numbers, except of
cheap things counted in grams or pieces; shares of self-pay come in steps and follow the level.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from ocr_providers.arithmetic.money import ONE, ZERO, decimals

UNUSUAL = -3.0
CHEAP = Decimal(2)
"""Below this unit price, dozens are as usual as one."""
MANY = 30
"""Beyond so many pieces, quantities grow rare quickly."""
FRACTIONS = {0: 0.0, 1: -5.5, 2: -7.0}
"""Of a quantity, by its decimals; halves apart."""
HALF = -4.0
FEWER_DECIMALS = -9.0
LEVEL_RATIOS = {"甲": (ZERO, ZERO), "乙": (Decimal("0.01"), Decimal("0.99")), "丙": (ONE, ONE)}
USUAL_RATIOS = frozenset(map(Decimal, ("0", "0.03", "0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "1")))


def usualness(path: str, cells: Mapping[str, Decimal], levels: Mapping[str, str]) -> float:
    """0 for what is usual, less the rarer it is. `levels`: 甲/乙/丙 by the path of the ratio's cell."""
    row, _, name = path.rpartition("/")
    value = cells[path]
    if "/cost_detail_list/" not in path:
        # A zero payment is printed often, one of a few cents hardly ever.
        return UNUSUAL if ZERO < value < ONE or (not value and name != "amount") else 0.0
    if name == "amount":
        return _quantity(value, cells.get(f"{row}/unit_price"))
    if name == "selfpay_ratio":
        return _ratio(value, levels.get(path))
    if name == "selfpay":
        return 0.0 if decimals(value) <= 2 else UNUSUAL
    return UNUSUAL if not value or decimals(value) > 2 else 0.0


def _quantity(value: Decimal, unit_price: Decimal | None) -> float:
    if value <= 0:
        return FEWER_DECIMALS
    places = decimals(value)
    if places == 1 and value % ONE == Decimal("0.5"):
        return HALF
    if places:
        return FRACTIONS.get(places, FEWER_DECIMALS)
    cheap = unit_price is not None and unit_price <= CHEAP
    beyond = max(0.0, math.log(value / MANY))
    return -math.log(value) * (0.2 if cheap else 0.8) - 2 * beyond


def _ratio(value: Decimal, level: str | None) -> float:
    low, high = LEVEL_RATIOS.get(level or "", (ZERO, ONE))
    fitting = 0.0 if low <= value <= high else 2 * UNUSUAL
    return fitting + (0.0 if value in USUAL_RATIOS else UNUSUAL)


def judged_together(path: str) -> tuple[str, ...]:
    """Cells whose usualness depends on this one: a unit price tells how many pieces are usual."""
    row, _, name = path.rpartition("/")
    return (path, f"{row}/amount") if name == "unit_price" else (path,)
