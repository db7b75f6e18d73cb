"""How usual a number is in its column: what decides between repairs that the arithmetic cannot tell apart.

Logarithms, relative within a column. What is usual comes from the form itself where it has lines enough (a column of
unit prices has its own number of decimals; a quantity that other lines have is usual), and from background knowledge
otherwise: quantities on outpatient receipts are small whole numbers, except of cheap things counted in grams or pieces;
shares of self-pay come in steps and follow the level.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from itertools import islice

from ocr_providers.arithmetic.identities import Equations
from ocr_providers.arithmetic.money import ONE, ZERO, decimals
from ocr_providers.arithmetic.vocabulary import HERBS, SERVICES
from ocr_providers.arithmetic.written import FEWEST, column_of, is_money, is_quantity, places_of, written_places

UNUSUAL = -3.0
ODDLY_WRITTEN = -4.0
"""Of a number with other decimals than its column is printed with."""
KNOWN_LINES = 3.0
"""Background knowledge weighs as much as so many lines of the form."""

# Quantities: from one on, rarer by a power of the number of pieces that depends on what they are pieces of.
SLOWEST = 0.2
OF_SERVICES = 1.3
AT_TWO, PER_DECADE = 0.65, 0.35
"""The power for a unit price of 2, and by how much it grows for ten times as much."""
UNKNOWN_PRICE = 0.7
FEW, MANY = 7, 30
"""Up to a few every number is usual; beyond many, quantities grow rare quickly."""
ROUND = frozenset({9, 10, 12, 14, 15, 20, 21, 24, 28, 30, 40, 50, 60, 90, 100})
"""Quantities of packs, doses and days of treatment."""
UNEVEN = -0.7
"""Of others above a few."""
FRACTIONS = {1: -5.5, 2: -7.0}
"""Of a quantity, by its decimals; halves apart."""
HALF = -4.0
NO_QUANTITY = -9.0
SAME_SIZE = 0.1
"""What another line's quantity of the same size says, beside one that is the same."""

# Ratios of self-pay.
LEVEL_RATIOS = {"甲": (ZERO, ZERO), "乙": (Decimal("0.01"), Decimal("0.99")), "丙": (ONE, ONE)}
RATIO_STEP = Decimal("0.05")
USUAL_RATIOS = {
    Decimal("0.05"): 0.2, Decimal("0.1"): 0.3, Decimal("0.15"): 0.1, Decimal("0.2"): 0.15, Decimal("0.3"): 0.1,
    Decimal("0.01"): 0.02, Decimal("0.02"): 0.02, Decimal("0.03"): 0.02, Decimal("0.08"): 0.02,
}  # fmt: skip
"""Shares of the ratios of level 乙."""
ROUND_RATIO, RARE_RATIO = 0.015, 0.003
"""Of any other multiple of 5 %, and of any other ratio."""

# Amounts of money.
CENTS = 2
MOST_ROUNDING = Decimal("0.1")
"""A cash desk rounds to ten cents at most."""
UNIT_PRICE_DECIMALS = {0: 0.25, 1: 0.25, 2: 0.47, 3: 0.015, 4: 0.01}
"""Shares of unit prices by decimals that carry a value, where the form does not say otherwise."""
RARE_DECIMALS = 0.001
PER_DECIMAL = math.log(10)
"""With each decimal there are ten times as many prices that share what that many decimals have."""
PER_SIZE = 0.5
"""Prices of ten times the size are so many powers of ten rarer."""
EXPENSIVE = 100
"""Beyond this, prices of one piece grow rare quickly."""


class Habits:
    """How usual the numbers of one form are."""

    def __init__(self, equations: Equations) -> None:
        self.cells = cells = equations.cells
        self.levels = equations.levels
        self.categories = equations.categories
        self.rounding = equations.rounding
        self.written = written_places(cells)

    @cached_property
    def columns(self) -> Mapping[str, Counter[Decimal]]:
        """The numbers of the lines, by the name of their column."""
        found: dict[str, list[Decimal]] = {"amount": [], "unit_price": [], "selfpay_ratio": []}
        for path, value in self.cells.items():
            name = column_of(path)
            if name in found:
                found[name].append(value)
        return {name: Counter(values) for name, values in found.items()}

    @cached_property
    def places(self) -> Counter[int]:
        """How many unit prices have so many decimals."""
        return Counter(decimals(price) for price in self.columns["unit_price"].elements())

    def usualness(self, path: str, cells: Mapping[str, Decimal]) -> float:
        """0 for what is usual, less the rarer it is."""
        odd = cells[path] == self.cells[path] and self._is_odd(path)
        return self._usualness(path, cells) + (ODDLY_WRITTEN if odd else 0.0)

    def _is_odd(self, path: str) -> bool:
        """With other decimals than its column; of a quantity, with zeros behind the point that no other shows."""
        value = self.cells[path]
        if is_quantity(path):
            return self._plain_quantities and places_of(value) > decimals(value)
        return path in self.written and places_of(value) != self.written[path]

    @cached_property
    def _plain_quantities(self) -> bool:
        """Whether quantities are printed without zeros behind the point: then 1.0 was 10."""
        quantities = [value for path, value in self.cells.items() if is_quantity(path)]
        with_zeros = sum(places_of(value) > decimals(value) for value in quantities)
        return (len(quantities) - with_zeros) >= FEWEST * max(1, with_zeros)

    def _usualness(self, path: str, cells: Mapping[str, Decimal]) -> float:
        row, _, name = path.rpartition("/")
        value = cells[path]
        if path in self.rounding:
            return 0.0 if abs(value) < MOST_ROUNDING else 3 * UNUSUAL
        if "/cost_detail_list/" not in path:
            # A zero payment is printed often, one of a few cents hardly ever.
            return UNUSUAL if ZERO < value < ONE or (not value and name != "amount") else 0.0
        if name == "amount":
            decline = _decline(self.categories.get(path, ""), cells.get(f"{row}/unit_price"))
            return max(_quantity(value, decline), self._alike(path, value))
        if name == "selfpay_ratio":
            return self._ratio(path, value)
        if name == "unit_price":
            return self._unit_price(path, value)
        return UNUSUAL if (not value and name != "selfpay") or decimals(value) > 2 else 0.0

    def never_zero(self, path: str) -> bool:
        """Whether a 0 in this cell must be misread: no line has no pieces, pieces without a price, or level 乙 and no
        share."""
        if path.endswith("/selfpay_ratio"):
            return self.levels.get(path, "甲") != "甲"
        return path.endswith(("/amount", "/unit_price", "/price")) and "/cost_detail_list/" in path

    def has_odd_decimals(self, path: str) -> bool:
        """An amount with a third decimal, the only one of the form: no amount is printed so."""
        fine = (at for at, value in self.cells.items() if is_money(at) and decimals(value) > CENTS)
        return list(islice(fine, 2)) == [path]

    def _others(self, path: str) -> int:
        """How many other lines have a number in this column."""
        return self.columns[path.rpartition("/")[2]].total() - (path in self.cells)

    def _ratio(self, path: str, value: Decimal) -> float:
        """Level 甲 has no share, 丙 all of it; between them the form's own shares are usual, and those of contracts."""
        low, high = LEVEL_RATIOS.get(self.levels.get(path, ""), (ZERO, ONE))
        if not low <= value <= high:
            return 2 * UNUSUAL
        if value in (ZERO, ONE):
            return 0.0
        shares = {at: count for at, count in self.columns["selfpay_ratio"].items() if ZERO < at < ONE}
        own = self.cells.get(path)
        same = shares.get(value, 0) - (own == value)
        others = sum(shares.values()) - (own in shares)
        known = USUAL_RATIOS.get(value, ROUND_RATIO if not value % RATIO_STEP else RARE_RATIO)
        return math.log((same + KNOWN_LINES * known) / (others + KNOWN_LINES))

    def _alike(self, path: str, quantity: Decimal) -> float:
        """The share of other lines with the same quantity, and a little for each with one of that size."""
        own = self.cells.get(path)
        others = self.columns["amount"].items()
        weights = (count - (other == own) for other, count in others if other == quantity)
        near = (count - (other == own) for other, count in others if quantity <= 2 * other <= 4 * quantity)
        weight = sum(weights) + SAME_SIZE * sum(near) * (quantity == quantity.to_integral_value())
        return math.log(weight / self._others(path)) if weight > 0 else -math.inf

    def _unit_price(self, path: str, value: Decimal) -> float:
        if not value:
            return UNUSUAL
        places = decimals(value)
        own = self.cells.get(path)
        same = self.places[places] - (own is not None and decimals(own) == places)
        known = UNIT_PRICE_DECIMALS.get(places, RARE_DECIMALS)
        share = (same + KNOWN_LINES * known) / (self._others(path) + KNOWN_LINES)
        beyond = max(0.0, math.log(abs(value) / EXPENSIVE))
        return math.log(share) - places * PER_DECIMAL - PER_SIZE * math.log(abs(value)) - beyond**2 / 2


def _quantity(value: Decimal, decline: float) -> float:
    if value <= 0:
        return NO_QUANTITY
    places = decimals(value)
    if places == 1 and value % ONE == Decimal("0.5"):
        return HALF
    if places:
        return FRACTIONS.get(places, NO_QUANTITY)
    beyond = max(0.0, math.log(value / MANY))
    uneven = value > FEW and value not in ROUND
    return -math.log(value) * decline - 2 * beyond + (UNEVEN if uneven else 0.0)


def _decline(category: str, unit_price: Decimal | None) -> float:
    """How quickly quantities grow rarer: of herbs and cheap things, dozens are nearly as usual as one."""
    if category in SERVICES:
        return OF_SERVICES
    if category == HERBS:
        return SLOWEST
    if unit_price is None or unit_price <= 0:
        return UNKNOWN_PRICE
    return min(OF_SERVICES, max(SLOWEST, AT_TWO + PER_DECADE * math.log10(unit_price / 2)))


def is_of_contract(ratio: Decimal) -> bool:
    """A share of self-pay that insurers agree on, not one computed from amounts."""
    return ratio in USUAL_RATIOS or not ratio % RATIO_STEP


def judged_together(path: str) -> tuple[str, ...]:
    """Cells whose usualness depends on this one: a unit price tells how many pieces are usual."""
    row, _, name = path.rpartition("/")
    return (path, f"{row}/amount") if name == "unit_price" else (path,)
