"""Hypotheses of a search as proposals for people: per cause, with the share of the evidence each has."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ocr_providers.arithmetic.findings import CLEAR_SHARE, Change, Suggestion
from ocr_providers.arithmetic.identities import Identity
from ocr_providers.arithmetic.money import decimals, rounded
from ocr_providers.arithmetic.paths import field_of
from ocr_providers.arithmetic.repair import NONE_OF_THESE, Hypothesis, Search

MOST_SHOWN = 5
LEAST_SHARE = 0.2
"""A candidate is shown from this part of the best one's evidence on."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause: the identities that it breaks, the suspected cells, and how to mend it, best first."""

    broken: tuple[Identity, ...]
    suspects: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]


Part = tuple[tuple[str, Decimal], ...]


def causes(hypotheses: Sequence[Hypothesis], search: Search, rival: float = NONE_OF_THESE) -> list[Cause]:
    """The causes in the best hypothesis, each with every proposal that mends the same identities.

    `rival`: score of "none of these".
    """
    if not hypotheses:
        return []
    weights = [math.exp(item.score - hypotheses[0].score) for item in hypotheses]
    whole = sum(weights) + math.exp(rival - hypotheses[0].score)
    shares: defaultdict[Part, float] = defaultdict(float)
    for item, weight in zip(hypotheses, weights, strict=True):
        for part in search.parts(item.changes):
            shares[tuple(sorted(part.items()))] += weight / whole
    mended = {part: search.mended(dict(part)) for part in shares}
    best = [tuple(sorted(part.items())) for part in search.parts(hypotheses[0].changes)]
    return [_cause(part, shares, mended, search) for part in best]


def _cause(
    part: Part, shares: Mapping[Part, float], mended: Mapping[Part, frozenset[Identity]], search: Search
) -> Cause:
    """Proposals must be slips of a reader unless several equations leave no other: else it is only a calculation."""
    rivals = [other for other in shares if mended[other] & mended[part]]
    rivals.sort(key=lambda other: -shares[other])
    grounded = [other for other in rivals if search.is_slip(dict(other)) or search.is_certain(dict(other))]
    shown = [_suggestion(other, len(mended[other]), shares[other]) for other in grounded[:MOST_SHOWN]]
    if shown and shown[0].share >= CLEAR_SHARE:
        shown = shown[:1]
    suspects = tuple(path for path, _ in part)
    least = LEAST_SHARE * shown[0].share if shown else 0.0
    return Cause(tuple(mended[part]), suspects, tuple(item for item in shown if item.share >= least))


def _suggestion(part: Part, explains: int, share: float) -> Suggestion:
    return Suggestion(tuple(Change(path, neat(path, value)) for path, value in part), explains, share)


def neat(path: str, value: Decimal) -> Decimal:
    """With two decimals or as many as it needs; quantities and ratios without zeros at the end."""
    money = field_of(path) != "selfpay_ratio" and not (field_of(path) == "amount" and "/cost_detail_list/" in path)
    places = max(2, decimals(value)) if money else decimals(value)
    return rounded(value, places)
