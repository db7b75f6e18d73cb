"""What both benchmarks that kill workers at random find out: nothing lost, nothing charged twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of `papers` that were given to the workers, how many were read, and how many are held for a person."""

    papers: int
    kills: int
    read: int
    held: int
    charged_twice: int

    @property
    def lost(self) -> int:
        return self.papers - self.read - self.held


def twice(charges: Iterable[int]) -> int:
    """How many papers were charged more than once. `charges`: of each paper."""
    return sum(count > 1 for count in charges)
