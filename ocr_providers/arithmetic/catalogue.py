"""Names of items against a catalogue that the customer imported; none ships with the product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Change, Finding, Suggestion
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.remarks import remark
from ocr_providers.arithmetic.vocabulary import plain
from ocr_providers.results import Invoice

SIMILAR = 0.85
"""From this similarity (0..1) on, a name counts as found."""
WORTH_SHOWING = 0.5
SHOWN = 3


def matches(
    name: str, catalogue: Sequence[str], *, least: float = SIMILAR, most: int = SHOWN
) -> list[tuple[str, float]]:
    """The most similar names of the catalogue with their similarity 0..1, best first."""
    found = process.extract(
        plain(name), catalogue, scorer=fuzz.ratio, processor=plain, limit=most, score_cutoff=100 * least
    )
    return [(known, score / 100) for known, score, _ in found]


def check_names(invoice: Invoice, catalogue: Sequence[str]) -> Iterator[Finding]:
    """LIN-NAME: names that the catalogue does not have, with the three nearest."""
    if not catalogue:
        return
    known = {plain(name) for name in catalogue}
    for index, item in enumerate(invoice.line_items):
        name = item.ocr_name or item.name or item.origin_ocr_name
        if name and plain(name) not in known:
            field = "ocr_name" if item.ocr_name else "name" if item.name else "origin_ocr_name"
            yield _unknown(paths.line(index, field), index, name, matches(name, catalogue, least=WORTH_SHOWING))


def _unknown(path: str, index: int, name: str, near: Sequence[tuple[str, float]]) -> Finding:
    whole = sum(score for _, score in near) or 1
    suggestions = tuple(Suggestion((Change(path, known),), 1, score / whole) for known, score in near)
    template = gettext_noop("Line %(line)s: %(name)s is not in the catalogue")
    return remark("LIN-NAME", [path], template, {"line": index + 1, "name": name}, suggestions=suggestions)
