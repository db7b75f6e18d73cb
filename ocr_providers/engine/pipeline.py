"""From page pictures to a reading: the local engine's one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import fmean

from PIL import Image

from ocr_providers.engine import models, thai
from ocr_providers.engine.health import health_evidence, read_health
from ocr_providers.engine.invoice import read_invoice
from ocr_providers.engine.kind import kind_by_words
from ocr_providers.engine.places import Places, Value, find_places
from ocr_providers.engine.qr import read_qr
from ocr_providers.engine.seal import read_under_seals
from ocr_providers.engine.second_look import with_second_look
from ocr_providers.engine.words import PageWords, read_words
from ocr_providers.exceptions import PictureUnreadable, UnknownDocument
from ocr_providers.results import HealthReport, Invoice, Kind, ReadingResult, Source

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
    found = kind_of(read) if kind is Kind.AUTO else kind
    if found is Kind.INVOICE:
        refuse_blurred(read)
    document = _understood(read, pages, found)
    if kind is Kind.AUTO and not holds_something(document):
        raise UnknownDocument("nothing of a medical invoice or a health-check report was found")
    return ReadingResult(
        kind=found,
        document=document,
        partial=bool(unreadable),
        degree=read[0].degree,
        messages=tuple(unreadable),
    )


def holds_something(document: Invoice | HealthReport) -> bool:
    """Whether any result or any amount was read: a page about health is no report."""
    if isinstance(document, Invoice):
        return bool(document.total_cost or document.line_items or document.cost_categories or document.payments_info)
    return any(isinstance(value.value, Decimal) and value.key != "Age" for value in document.values)


def places_of(values: Mapping[str, Value], pages: Sequence[Image.Image], kind: Kind) -> Places:
    """Where values that another provider read stand on the pages (`places.find_places`).

    Raises `PictureUnreadable` when no page can be read.
    """
    words, read = look_at(pages, kind)
    return find_places(values, read, words)


def look_at(pages: Sequence[Image.Image], kind: Kind) -> tuple[list[PageWords], Mapping[str, Source]]:
    """The words of the pages, and where this engine's own reading of them comes from (`sources_of`)."""
    words, _unreadable = _read_all(pages)
    return words, sources_of(_understood(words, pages, kind))


def sources_of(document: Invoice | HealthReport) -> Mapping[str, Source]:
    """By pointer; those of a health check by their keys, which two providers may list in different orders."""
    if isinstance(document, Invoice):
        return document.sources
    keys = [entry.key for entry in document.values]
    return {f"/{keys[int(at.split('/')[1])]}/value": source for at, source in document.sources.items()}


def _understood(read: Sequence[PageWords], pages: Sequence[Image.Image], kind: Kind) -> Invoice | HealthReport:
    if kind is Kind.HEALTH_CHECK:
        return read_health(read)
    words = [replace(read_under_seals(page), qr_code=read_qr(pages[page.index])) for page in read]
    return with_second_look(read_invoice(words), words)


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
