"""Which misread numbers explain the identities that fail, and what they should be.

A hypothesis is a small set of changed cells with which every identity that the cells touch holds. It is scored like
evidence: each identity that comes true speaks for it, each mistake it supposes speaks against it by its likelihood, and
"none of these" competes with all. One change is tried before two, two before three.

The search never enumerates numbers: what a cell would have to be follows from an identity that fails.
"""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice

from ocr_providers.arithmetic.identities import Cells, Equations, Identity, Sum, Truth
from ocr_providers.arithmetic.misreadings import (
    ANYTHING,
    PLAUSIBLE,
    SECOND_CHOICE,
    is_possible,
    likelihood,
    likelihood_as_written,
)
from ocr_providers.arithmetic.money import decimals
from ocr_providers.arithmetic.usual import Habits, judged_together
from ocr_providers.arithmetic.written import is_quantity

EVIDENCE = {Truth.FALSE: 0.0, Truth.WITHIN_TOLERANCE: 3.0, Truth.EXACT: 8.0}
"""What an equation says for the numbers in it. Exact is worth more than any usual slip costs over another one: an
exact repair goes before one within rounding."""
NONE_OF_THESE = -2.0
"""Score of the hypothesis that the truth is none of those found."""
CONVINCING = 0.0
"""From this score on, no hypothesis with more changes is looked for, if each change is a usual slip."""
ZERO_READ = -2.5
"""Where 0 is read, 0 is printed: forms are full of zero payments."""
WRITTEN_OTHERWISE = -2.5
"""That one number of a column came without the zeros that the others have."""
MOST_CHANGES = 3
MOST_PIVOTS = 4
MOST_TRIALS = 1500
"""A search that has tried so many values gives up: the document is misread as a whole."""
MOST_STEPS = 3_000_000
"""To solve a sum for one of its terms takes a step for each term: where there are tens of thousands, few are tried."""
USUAL_CELLS = 1000
"""A document of more numbers is searched less, so that the time for it stays bounded."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Values that would make everything true, and how well that is supported (a logarithm)."""

    changes: Mapping[str, Decimal]
    score: float


class Search:
    """One document's cells and identities, prepared for questions about repairs.

    What a question needs is computed when it is asked: on most documents only a line or two are doubtful.
    """

    def __init__(self, equations: Equations, read: Cells | None = None) -> None:
        self.equations = equations
        self.cells: dict[str, Decimal] = equations.cells
        self.read: Cells = equations.cells if read is None else read
        """As they are printed in messages: `cells` may have corrections in them."""
        self.fixed = equations.fixed
        self.second_choices = equations.second_choices
        self.truth = equations.truths()
        self._residuals: dict[Sum, Decimal] = {}

    def corrected(self, changes: Mapping[str, Decimal]) -> Search:
        """The same document with these numbers."""
        return Search(self.equations.corrected(changes), read=self.read)

    @cached_property
    def habits(self) -> Habits:
        return Habits(self.equations)

    @cached_property
    def touching(self) -> Mapping[str, list[Identity]]:
        return self.equations.touching()

    @cached_property
    def count(self) -> Counter[str]:
        """How many identities there are of each rule."""
        return Counter(identity.code for identity in self.truth)

    @cached_property
    def exact(self) -> Counter[str]:
        """How many of them are exactly true."""
        return Counter(identity.code for identity, truth in self.truth.items() if truth is Truth.EXACT)

    def explain(self, wrong: Sequence[Identity], most: int = MOST_CHANGES) -> tuple[Hypothesis, ...]:
        """Hypotheses with few changes that make all of `wrong` exact or tolerable, best first; empty when none."""
        self.trials_left = MOST_TRIALS * USUAL_CELLS // max(USUAL_CELLS, len(self.cells))
        self.wanted = frozenset(identity for identity in wrong if not identity.is_fault(self.cells))
        found: dict[tuple[tuple[str, Decimal], ...], Hypothesis] = {}
        for changes in range(1, most + 1):
            found |= {tuple(sorted(item.changes.items())): item for item in self._search(wrong, {}, changes)}
            if any(item.score >= CONVINCING and self.is_slip(item.changes) for item in found.values()):
                break
        return tuple(sorted(found.values(), key=lambda item: -item.score))

    def _search(self, wrong: Sequence[Identity], changed: dict[str, Decimal], left: int) -> Iterator[Hypothesis]:
        if not wrong:
            yield self._weigh(changed)
        elif left:
            for path, pivot in islice(self._suspects(wrong, changed, left), MOST_STEPS // (1 + len(self.cells))):
                for value in self._values(path, pivot, changed, final=left == 1):
                    self.trials_left -= 1
                    if self.trials_left < 0:
                        return
                    trial = {**changed, path: value}
                    yield from self._search(self._still_wrong(wrong, trial, path), trial, left - 1)

    def _suspects(
        self, wrong: Sequence[Identity], changed: Mapping[str, Decimal], left: int
    ) -> Iterator[tuple[str, Identity]]:
        """Cells worth changing, each with the identity to solve for it. A last change has to mend all that is wrong."""
        pivots = sorted(wrong, key=lambda identity: len(identity.paths))
        if left == 1:
            shared = set(pivots[0].paths).intersection(*(identity.paths for identity in pivots[1:]))
            candidates = [(path, pivots[0]) for path in pivots[0].paths if path in shared]
        else:
            candidates = [(path, pivot) for pivot in pivots[:MOST_PIVOTS] for path in pivot.paths]
        return (pair for pair in candidates if pair[0] not in changed and pair[0] not in self.fixed)

    def _values(self, path: str, pivot: Identity, changed: Mapping[str, Decimal], *, final: bool) -> Iterator[Decimal]:
        """What the cell would have to be: the exact solution, and others within rounding where a reader slips so."""
        read = self.cells[path]
        for position, value in enumerate(self._solve(pivot, path, changed)):
            if value < 0 <= read and isinstance(pivot, Sum) and value < -pivot.allowed:
                return  # and so are those around it
            if value == read or value < 0 <= read:
                continue
            if (final and position == 0 and not pivot.open_ended) or self._likelihood(path, value) > ANYTHING:
                yield value

    def _solve(self, pivot: Identity, path: str, changed: Mapping[str, Decimal]) -> Iterator[Decimal]:
        if isinstance(pivot, Sum):
            return pivot.solve_at(self._residual(pivot, changed), path, self.cells)
        return pivot.solve(path, self._of(pivot, changed))

    def _of(self, identity: Identity, changed: Mapping[str, Decimal]) -> Cells:
        """The cells of one identity, with the changes."""
        return {path: changed[path] if path in changed else self.cells[path] for path in identity.paths}

    def _residual(self, identity: Sum, changed: Mapping[str, Decimal]) -> Decimal:
        """Of a sum after changes, from what it is without them."""
        if identity not in self._residuals:
            self._residuals[identity] = identity.residual(self.cells)
        off = self._residuals[identity]
        for path, value in changed.items():
            if identity in self.touching[path]:
                off += identity.moved(path, value - self.cells[path])
        return off

    def _truth(self, identity: Identity, changed: Mapping[str, Decimal]) -> Truth:
        if isinstance(identity, Sum):
            return identity.truth_at(self._residual(identity, changed))
        return identity.truth(self._of(identity, changed))

    def _is_fault(self, identity: Identity, changed: Mapping[str, Decimal]) -> bool:
        if isinstance(identity, Sum):
            return identity.is_fault_at(self._residual(identity, changed))
        return identity.is_fault(self._of(identity, changed))

    def _still_wrong(self, wrong: Sequence[Identity], trial: Mapping[str, Decimal], path: str) -> list[Identity]:
        """Faults left or made, and doubts that were to be explained."""
        touched = self.touching[path]
        kept = [identity for identity in wrong if identity not in touched]
        return kept + [identity for identity in touched if self._is_wrong(identity, trial)]

    def _is_wrong(self, identity: Identity, changed: Mapping[str, Decimal]) -> bool:
        if self._truth(identity, changed) is not Truth.FALSE:
            return False
        return identity in self.wanted or self._is_fault(identity, changed)

    def _weigh(self, changed: dict[str, Decimal]) -> Hypothesis:
        now = ChainMap(changed, self.cells)
        touched = {identity for path in changed for identity in self.touching[path]}
        gained = (EVIDENCE[self._truth(identity, changed)] - EVIDENCE[self.truth[identity]] for identity in touched)
        evidence = sum(gained)
        mistakes = sum(self._likelihood(path, value) for path, value in changed.items())
        judged = {at for path in changed for at in judged_together(path) if at in self.cells}
        usual = sum(self.habits.usualness(at, now) - self.habits.usualness(at, self.cells) for at in judged)
        return Hypothesis(dict(changed), evidence + mistakes + usual)

    def mended(self, changes: Mapping[str, Decimal]) -> frozenset[Identity]:
        """Identities that hold better with these changes than without."""
        touched = {identity for path in changes for identity in self.touching[path]}
        return frozenset(identity for identity in touched if self._truth(identity, changes) > self.truth[identity])

    def parts(self, changes: Mapping[str, Decimal]) -> list[dict[str, Decimal]]:
        """Changes that touch a common identity belong together; others are causes of their own."""
        groups: list[tuple[set[Identity], dict[str, Decimal]]] = []
        for path, value in changes.items():
            touched = set(self.touching[path])
            joined = [group for group in groups if not group[0].isdisjoint(touched)]
            groups = [group for group in groups if group not in joined]
            merged = {at: new for group in joined for at, new in group[1].items()} | {path: value}
            groups.append((touched.union(*(group[0] for group in joined)), merged))
        return [merged for _, merged in groups]

    def is_slip(self, changes: Mapping[str, Decimal]) -> bool:
        """Each change is one usual slip of a reader, none a mere calculation."""
        return all(self._likelihood(path, value) >= PLAUSIBLE for path, value in changes.items())

    def is_certain(self, changes: Mapping[str, Decimal]) -> bool:
        """What the changes mend accuses these cells and no other: several equations, and no doubt of which number."""
        mended = self.mended(changes)
        if len(mended) < 2:
            return False
        fewest = min(mended, key=lambda identity: len(identity.paths))
        shared = (path for path in fewest.paths if mended.issubset(self.touching[path]))
        others = (path for path in shared if path not in changes and path not in self.fixed)
        return not any(mended.issuperset(self.touching[path]) for path in others)

    def _likelihood(self, path: str, value: Decimal) -> float:
        if value in self.second_choices.get(path, ()):
            return SECOND_CHOICE
        read = self.cells[path]
        zero = 0.0 if read or self.habits.never_zero(path) else ZERO_READ
        if not is_possible(read, value):
            return ANYTHING + zero
        places = self.habits.written.get(path)
        chance = likelihood(read, value, whole=is_quantity(path))
        if places is not None and decimals(value) <= places:
            as_written = likelihood_as_written(f"{read:f}", f"{value:.{places}f}")
            chance = max(as_written, chance + WRITTEN_OTHERWISE)
        return chance + zero
