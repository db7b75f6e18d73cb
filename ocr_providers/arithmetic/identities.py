"""Equations between the printed numbers of a document, over a plain mapping of cells.

An identity can say how far it is from true, and what one of its cells would have to be for it to hold. What it does not
know: which form it came from. `invoice_identities` builds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from itertools import count, takewhile
from typing import TypeAlias

from ocr_providers.arithmetic.misreadings import slips
from ocr_providers.arithmetic.money import CENT, HALF_CENT, ONE, ZERO, cents, decimals, rounded, total

NEAR = Decimal("0.05")
"""Factors farther from the quotient than this cannot be rounding."""

Cells: TypeAlias = Mapping[str, Decimal]
"""Numbers by path. A cell that was not read is not there."""


class Truth(IntEnum):
    """How well an identity holds; differences count as evidence in `repair`."""

    FALSE = 0
    WITHIN_TOLERANCE = 1
    EXACT = 2


class Identity:
    """Base of the two kinds. `soft`: counts as evidence, but is no fault by itself (regional conventions differ)."""

    open_ended = False
    """A part may not be printed: what would make it exact is no value to propose unless a reader slips so."""

    __slots__ = ("code", "paths", "soft")

    def __init__(self, code: str, paths: tuple[str, ...], *, soft: bool = False) -> None:
        self.code = code
        self.paths = paths
        self.soft = soft

    def residual(self, cells: Cells) -> Decimal:
        """By how much the printed side exceeds the computed side."""
        raise NotImplementedError

    def tolerance(self, cells: Cells) -> Decimal:
        """The largest residual that rounding explains."""
        raise NotImplementedError

    def solve(self, path: str, cells: Cells) -> Iterator[Decimal]:
        """Values of one cell that make the identity true while the others stay, the most natural one first."""
        raise NotImplementedError

    def truth(self, cells: Cells) -> Truth:
        off = abs(self.residual(cells))
        if not off:
            return Truth.EXACT
        return Truth.WITHIN_TOLERANCE if off <= self.tolerance(cells) else Truth.FALSE

    def is_fault(self, cells: Cells) -> bool:
        """False in a way that accuses its cells."""
        return not self.soft and self.truth(cells) is Truth.FALSE


class Sum(Identity):
    """`Σ printed = Σ terms`: a printed total, or a printed partition, against what it is made of."""

    __slots__ = ("allowed", "printed", "terms")

    def __init__(
        self, code: str, printed: tuple[str, ...], terms: tuple[str, ...], allowed: Decimal, *, soft: bool = False
    ) -> None:
        super().__init__(code, printed + terms, soft=soft)
        self.printed = printed
        self.terms = terms
        self.allowed = allowed

    def residual(self, cells: Cells) -> Decimal:
        return total([cells[path] for path in self.printed]) - total([cells[path] for path in self.terms])

    def moved(self, path: str, by: Decimal) -> Decimal:
        """By how much the residual changes with one of the cells: a long sum is not added up again for it."""
        return by if path in self.printed else -by

    def tolerance(self, cells: Cells) -> Decimal:
        return self.allowed

    def truth_at(self, residual: Decimal) -> Truth:
        """`truth`, where the residual is known."""
        if not residual:
            return Truth.EXACT
        return Truth.WITHIN_TOLERANCE if abs(residual) <= self.allowed else Truth.FALSE

    def is_fault_at(self, residual: Decimal) -> bool:
        """`is_fault`, where the residual is known."""
        return not self.soft and abs(residual) > self.allowed

    def truth(self, cells: Cells) -> Truth:
        return self.truth_at(self.residual(cells))

    def is_fault(self, cells: Cells) -> bool:
        return self.is_fault_at(self.residual(cells))

    def solve(self, path: str, cells: Cells) -> Iterator[Decimal]:
        return self.solve_at(self.residual(cells), path, cells)

    def solve_at(self, residual: Decimal, path: str, cells: Cells) -> Iterator[Decimal]:
        """`solve`, where the residual is known."""
        exact = cells[path] - self.moved(path, residual)
        return map(exact.__add__, _around(self.allowed))


@lru_cache(maxsize=64)
def _around(allowed: Decimal) -> tuple[Decimal, ...]:
    """Nothing, and all cents that rounding may add or take, the least first."""
    steps = takewhile(lambda step: step <= allowed, (CENT * n for n in count(1)))
    return (ZERO, *(part for step in steps for part in (step, -step)))


class PartialSum(Sum):
    """A sum of which terms may be missing: short, it accuses nobody; terms that exceed the whole do."""

    open_ended = True

    def is_fault_at(self, residual: Decimal) -> bool:
        return not self.soft and residual < -self.allowed


class Product(Identity):
    """`product = first × second`, rounded; how far rounding reaches is the subclass's knowledge."""

    __slots__ = ("first", "product", "second")

    def __init__(self, code: str, product: str, first: str, second: str, *, soft: bool = False) -> None:
        super().__init__(code, (product, first, second), soft=soft)
        self.product = product
        self.first = first
        self.second = second

    def residual(self, cells: Cells) -> Decimal:
        return cells[self.product] - cells[self.first] * cells[self.second]

    def truth(self, cells: Cells) -> Truth:
        # A product that was rounded once is as exact as print can be.
        off = abs(self.residual(cells))
        if off <= HALF_CENT or off <= self.exactness(cells):
            return Truth.EXACT
        return Truth.WITHIN_TOLERANCE if off <= self.tolerance(cells) else Truth.FALSE

    def exactness(self, cells: Cells) -> Decimal:
        """What rounding the product alone explains."""
        return HALF_CENT

    def nearest(self, product: Decimal) -> Decimal:
        """As the form would print it."""
        return cents(product)

    def solve(self, path: str, cells: Cells) -> Iterator[Decimal]:
        if path == self.product:
            yield self.nearest(cells[self.first] * cells[self.second])
            return
        other = cells[self.second if path == self.first else self.first]
        if other:
            yield from self._factors(path, cells[self.product] / other, cells)

    def _factors(self, path: str, quotient: Decimal, cells: Cells) -> Iterator[Decimal]:
        """The quotient with as few decimals as make the identity true; then usual slips of the reader that do."""
        candidates = [rounded(quotient, places) for places in range(5)]
        near = (value for value in slips(cells[path]) if abs(value - quotient) <= abs(quotient) * NEAR)
        for factor in dict.fromkeys((*candidates, *near)):
            if self.truth({**{at: cells[at] for at in self.paths}, path: factor}) is not Truth.FALSE:
                yield factor


class LinePrice(Product):
    """`price = unit_price × amount`. `step`: to what the form rounds its prices."""

    __slots__ = ("fixed", "step")

    def __init__(
        self, product: str, quantity: str, unit_price: str, fixed: Decimal | None = None, step: Decimal = CENT
    ) -> None:
        super().__init__("LIN-PRICE", product, quantity, unit_price)
        self.fixed = fixed
        self.step = step

    def tolerance(self, cells: Cells) -> Decimal:
        """Half a cent (or ten) for the price, and half the last printed place of the unit price for each piece.

        Exactly one piece leaves nothing to round: both numbers are the same one.
        """
        if self.fixed is not None:
            return self.fixed
        quantity = abs(cells[self.first])
        places = max(2, decimals(cells[self.second]))
        if quantity == ONE and places == 2 and self.step == CENT:
            return HALF_CENT
        return max(CENT, self.step / 2 + quantity * Decimal(5).scaleb(-places - 1))

    def exactness(self, cells: Cells) -> Decimal:
        return self.step / 2

    def nearest(self, product: Decimal) -> Decimal:
        return rounded(product, decimals(self.step))


class LineSelfpay(Product):
    """`selfpay = price × selfpay_ratio`; the ratio may have been rounded to four decimals (DOMAIN notes, I5).

    Nothing or all of the price leaves nothing to round. More than the ratio's share, up to the price, may be a price
    limit (限价): doubt, not fault.
    """

    __slots__ = ("fixed",)

    def __init__(self, product: str, price: str, ratio: str, fixed: Decimal | None = None) -> None:
        super().__init__("LIN-SELFPAY", product, price, ratio)
        self.fixed = fixed

    def is_fault(self, cells: Cells) -> bool:
        share, selfpay, price = cells[self.first] * cells[self.second], cells[self.product], cells[self.first]
        over_limit = 0 <= share < selfpay <= price or price <= selfpay < share <= 0
        return not over_limit and super().is_fault(cells)

    def tolerance(self, cells: Cells) -> Decimal:
        if self.fixed is not None:
            return self.fixed
        return HALF_CENT if cells[self.second] in (ZERO, ONE) else CENT + self._ratio_rounding(cells)

    def exactness(self, cells: Cells) -> Decimal:
        return HALF_CENT + self._ratio_rounding(cells)

    def _ratio_rounding(self, cells: Cells) -> Decimal:
        """None where the ratio has few decimals: it is the contract's, and was not derived from the amounts."""
        derived = decimals(cells[self.second]) > CONTRACT_DECIMALS
        return RATIO_ROUNDING * abs(cells[self.first]) if derived else ZERO


RATIO_ROUNDING = Decimal("0.00005")
CONTRACT_DECIMALS = 2


@dataclass(slots=True)
class Equations:
    """The numbers of a document by path, what must hold between them, and what is known about them besides."""

    cells: dict[str, Decimal]
    identities: list[Identity]
    fixed: frozenset[str] = frozenset()
    """Cells that no proposal changes: the amount in capitals is text."""
    second_choices: Mapping[str, frozenset[Decimal]] = field(default_factory=dict)
    """The OCR engine's own second choices, where the reading has them."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """甲, 乙 or 丙 by the path of the line's `selfpay_ratio`."""
    categories: Mapping[str, str] = field(default_factory=dict)
    """The line's charge category by the path of its quantity."""
    rounding: frozenset[str] = frozenset()
    """Cells of rounding categories (舍入费): a few cents."""
    _truths: dict[Identity, Truth] | None = field(default=None, init=False)
    _touching: Mapping[str, list[Identity]] | None = field(default=None, init=False)

    def truths(self) -> Mapping[Identity, Truth]:
        """How well each identity holds, in their order; computed once."""
        if self._truths is None:
            self._truths = {identity: identity.truth(self.cells) for identity in self.identities}
        return self._truths

    def touching(self) -> Mapping[str, list[Identity]]:
        """The identities that each cell stands in; computed once."""
        if self._touching is None:
            self._touching = defaultdict(list)
            for identity in self.identities:
                for path in identity.paths:
                    self._touching[path].append(identity)
        return self._touching

    def corrected(self, changes: Mapping[str, Decimal]) -> Equations:
        """The same document with other numbers in some cells."""
        now = replace(self, cells={**self.cells, **changes})
        touched = {identity for path in changes for identity in self.touching()[path]}
        now._truths = {**self.truths(), **{identity: identity.truth(now.cells) for identity in touched}}
        now._touching = self.touching()
        return now
