"""Amounts that nothing on the form proves, read a second time: two looks that differ make the value unsure.

Most amounts are proven by sums: lines and categories by the total, payments by what was paid. The few that are not
(自付一, 自费, a total without lines) are where a misread digit would pass unseen. They are looked at again with a
little more room around them, which moves every stroke on the recogniser's grid: a digit that was nearly another one
falls the other way. The first reading stays; its score and its alternatives say that there is another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ocr_providers.arithmetic.identities import Truth
from ocr_providers.arithmetic.invoice_identities import equations_of
from ocr_providers.arithmetic.paths import ROOT
from ocr_providers.engine.lines import ONE_OF_TWO
from ocr_providers.engine.text import AMOUNT, normal, squeezed
from ocr_providers.engine.words import PageWords, Word, look_again
from ocr_providers.results import Box, Invoice, Source

LOOKED_AT = re.compile(
    r"/total_cost|/cost_categories/\d+/cost|/payments_info/\d+/amount|/cost_detail_list/\d+/(?:unit_price|price|amount)"
)
ROOM = 0.12
"""How much room is added around a box for the second look, as a share of its height."""


def with_second_look(invoice: Invoice, pages: Sequence[PageWords]) -> Invoice:
    """The invoice with its unproven amounts looked at again; only scores and alternatives change."""
    by_index = {page.index: page for page in pages}
    unproven = _unproven(invoice)
    sources = dict(invoice.sources)
    for index, page in by_index.items():
        spots = [(at, word) for at in unproven if (word := _word_of(sources[at], page, index))]
        words = {id(word): word for _, word in spots}
        readings = look_again(page, [with_room(word.quad) for word in words.values()])
        second = dict(zip(words, readings, strict=True))
        for at, word in spots:
            sources[at] = _compared(sources[at], second[id(word)])
    return replace(invoice, sources=sources)


def _unproven(invoice: Invoice) -> list[str]:
    """Pointers of amounts that were read and are part of no sum or product that comes out exactly.

    Nothing is proven by values that are themselves in doubt: computed ones, and those of an equation that fails.
    """
    equations = equations_of(invoice)
    doubted = {f"{ROOT}{at}" for at, source in invoice.sources.items() if source.derived}
    for identity in equations.identities:
        if identity.is_fault(equations.cells):
            doubted.update(identity.paths)
    proven: set[str] = set()
    for identity in equations.identities:
        if identity.truth(equations.cells) is Truth.EXACT and doubted.isdisjoint(identity.paths):
            proven.update(identity.paths)
    return [
        at
        for at, source in invoice.sources.items()
        if LOOKED_AT.fullmatch(at) and source.box and not source.derived and f"{ROOT}{at}" not in proven
    ]


def _word_of(source: Source, page: PageWords, index: int) -> Word | None:
    """The word that an amount is part of."""
    box = source.box
    if box is None or box.page != index:
        return None
    text = squeezed(source.text)
    found = (word for word in page.words if _holds(word.box, box) and text in squeezed(word.text))
    return next(found, None)


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def with_room(quad: NDArray[np.float64], share: float = ROOM) -> NDArray[np.float64]:
    """The box, larger on all sides by a share of its height."""
    down = (quad[3] + quad[2] - quad[0] - quad[1]) / 2
    across = (quad[1] + quad[2] - quad[0] - quad[3]) / 2
    height = float(np.linalg.norm(down))
    along = across / max(float(np.linalg.norm(across)), 1e-6) * height
    return quad + share * np.array([-along - down, along - down, along + down, -along + down])


def _compared(source: Source, second: Word) -> Source:
    if _amounts(source.text) <= _amounts(normal(second.text)):
        return source
    score = min(source.score or 0.0, ONE_OF_TWO)
    return replace(source, score=score, alternatives=(*source.alternatives, normal(second.text)))


def _amounts(text: str) -> set[Decimal]:
    return {Decimal(match.replace(",", "")) for match in AMOUNT.findall(text)}
