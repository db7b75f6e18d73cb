"""How sure a share is that was counted in a sample."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the limits of the true share (0 to 1). Without a sample it may be anything."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None


def share(hits: int, of: int, confidence: float = CONFIDENCE) -> Share:
    """With Wilson's score interval, which holds for small samples and for shares near 0 and 1.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212; NIST/SEMATECH e-Handbook of
    Statistical Methods, 7.2.4.1.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share")
    if not of:
        return Share(0, 0, 0.0, 1.0)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (hits + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * sqrt(hits * (of - hits) / of + z * z / 4)
    low = 0.0 if hits == 0 else max(0.0, middle - half)  # exactly, whatever the rounding
    high = 1.0 if hits == of else min(1.0, middle + half)
    return Share(hits, of, low, high)
