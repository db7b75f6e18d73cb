"""From page pictures to a reading: the local engine's one entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import fmean

from PIL import Image

from ocr_providers.engine import models, thai
from ocr_providers.engine.health import health_evidence, read_health
from ocr_providers.engine.invoice import read_invoice
from ocr_providers.engine.kind import kind_by_words
from ocr_providers.engine.qr import read_qr
from ocr_providers.engine.seal import read_under_seals
from ocr_providers.engine.words import PageWords, read_words
from ocr_providers.exceptions import PictureUnreadable, UnknownDocument
from ocr_providers.results import HealthReport, Invoice, Kind, ReadingResult

LEGIBLE = 0.9
"""Mean score of the words of an invoice below which amounts are no longer read but guessed (measured)."""
SURE_OF_HEALTH = 0.5
"""Evidence from which on pages without Latin captions are a health-check report."""


def warm_up() -> None:
    """Loads everything once per process and runs it, so that the first page takes no longer than the next."""
    models.warm_up()
    thai.warm_up()


def read_pages(pages: Sequence[Image.Image], kind: Kind = Kind.AUTO) -> ReadingResult:
    """Reads one document from its page pictures (EXIF applied).

    A page that cannot be read leaves the result `partial`, with a message; raises `PictureUnreadable` when no page can
    be, and `UnknownDocument` when the words are of neither kind.
    """
    read, unreadable = _read_all(pages)
    result = replace(_result(pages, read, kind_of(read) if kind is Kind.AUTO else kind), messages=tuple(unreadable))
    if kind is Kind.AUTO and not holds_something(result.document):
        raise UnknownDocument("nothing of a medical invoice or a health-check report was found")
    return replace(result, partial=bool(unreadable))


def _result(pages: Sequence[Image.Image], read: Sequence[PageWords], kind: Kind) -> ReadingResult:
    if kind is Kind.HEALTH_CHECK:
        return ReadingResult(kind=kind, document=read_health(read), degree=read[0].degree)
    refuse_blurred(read)
    unsealed = [replace(read_under_seals(page), qr_code=read_qr(pages[page.index])) for page in read]
    return ReadingResult(kind=Kind.INVOICE, document=read_invoice(unsealed), degree=read[0].degree)


def holds_something(document: Invoice | HealthReport) -> bool:
    """Whether any result or any amount was read: a page about health is no report."""
    if isinstance(document, Invoice):
        return bool(document.total_cost or document.line_items or document.cost_categories or document.payments_info)
    return any(isinstance(value.value, Decimal) and value.key != "Age" for value in document.values)


def kind_of(pages: Sequence[PageWords]) -> Kind:
    """Raises `UnknownDocument` when the pages are neither an invoice nor a health-check report."""
    kind = kind_by_words(pages)
    if kind is None and health_evidence(pages) >= SURE_OF_HEALTH:
        kind = Kind.HEALTH_CHECK
    if kind is None:
        raise UnknownDocument("neither a medical invoice nor a health-check report")
    return kind


def refuse_blurred(pages: Sequence[PageWords]) -> None:
    """Raises `PictureUnreadable` when the recogniser was unsure of most of what it read: characters ran together."""
    scores = [word.score for page in pages for word in page.words if len(word.text) > 1]
    if not scores or fmean(scores) < LEGIBLE:
        raise PictureUnreadable("the text is too blurred to be read: take the picture again, closer")


def _read_all(pages: Sequence[Image.Image]) -> tuple[list[PageWords], list[str]]:
    """The pages that could be read, and a message for each other one."""
    read: list[PageWords] = []
    unreadable: list[str] = []
    for index, image in enumerate(pages):
        try:
            read.append(read_words(image, index))
        except PictureUnreadable as error:
            if len(pages) == 1:
                raise
            unreadable.append(f"page {index + 1}: {error}")
    if not read:
        raise PictureUnreadable("; ".join(unreadable) or "no page")
    return read, unreadable
