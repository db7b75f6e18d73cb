"""Names of items against a catalogue that the customer imported; none ships with the product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from rapidfuzz import fuzz, process

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Change, Finding, Suggestion
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.remarks import remark
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules, tolerance
from ocr_providers.arithmetic.vocabulary import plain
from ocr_providers.results import Invoice

SIMILAR = Decimal("0.85")
"""From this similarity (0..1) on, a name counts as found."""
WORTH_SHOWING = Decimal("0.5")
SHOWN = 3


@lru_cache(maxsize=8)
def _plain_names(catalogue: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(name) for name in catalogue)


@lru_cache(maxsize=4096)
def _nearest(name: str, catalogue: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """The same lines come back with every key that is pressed: what was found is remembered."""
    known = _plain_names(catalogue)
    found = process.extract(name, known, scorer=fuzz.ratio, limit=SHOWN, score_cutoff=100 * float(WORTH_SHOWING))
    return tuple((catalogue[at], score / 100) for _, score, at in found)


def matches(name: str, catalogue: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """The three most similar names of the catalogue with their similarity 0..1, best first."""
    return _nearest(plain(name), tuple(catalogue))


def is_known(name: str, catalogue: Sequence[str], similarity: Decimal = SIMILAR) -> bool:
    near = matches(name, catalogue)
    return bool(near) and near[0][1] >= float(similarity)


def check_names(invoice: Invoice, catalogue: Sequence[str], rules: Rules = DEFAULT_RULES) -> Iterator[Finding]:
    """LIN-NAME: names that the catalogue does not have, with the three nearest."""
    if not catalogue:
        return
    similarity = tolerance(rules, "LIN-NAME", SIMILAR)
    for index, item in enumerate(invoice.line_items):
        name = item.ocr_name or item.name or item.origin_ocr_name
        if name and not is_known(name, catalogue, similarity):
            field = "ocr_name" if item.ocr_name else "name" if item.name else "origin_ocr_name"
            yield _unknown(paths.line(index, field), index, name, matches(name, catalogue))


def _unknown(path: str, index: int, name: str, near: Sequence[tuple[str, float]]) -> Finding:
    whole = sum(score for _, score in near) or 1
    suggestions = tuple(Suggestion((Change(path, known),), 1, score / whole) for known, score in near)
    template = gettext_noop("Line %(line)s: %(name)s is not in the catalogue")
    return remark("LIN-NAME", [path], template, {"line": index + 1, "name": name}, suggestions=suggestions)
