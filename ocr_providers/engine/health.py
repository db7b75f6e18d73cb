"""Health-check reports, Thai and English: words to the keys of the AIGEN document, and what is reported besides.

Nothing is invented: a value that was not read is `None` with its text kept, a reference range is never a result, and
what is computed (the body mass index where none is printed) says so in its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ocr_providers.engine.health_dates import read_dates
from ocr_providers.engine.health_labels import find_captions
from ocr_providers.engine.health_layout import Entry, entries_of
from ocr_providers.engine.health_measures import read_measures
from ocr_providers.engine.health_people import read_hospital, read_name
from ocr_providers.engine.health_reading import Reading
from ocr_providers.engine.rows import Cell, cells_of, rows_of
from ocr_providers.engine.thai import with_thai
from ocr_providers.engine.words import PageWords
from ocr_providers.results import HEALTH_KEYS, HealthReport, HealthValue, Source

ENOUGH_CAPTIONS = 6
"""So many different captions of a health-check report make a page one beyond doubt."""


def read_health(pages: Sequence[PageWords], today: date | None = None) -> HealthReport:
    """The report on `pages`. `today` (by default the machine's date) decides two-digit years printed without an era."""
    entries: list[Entry] = []
    rows: list[list[Cell]] = []
    for page in pages:
        page_rows = rows_of(cells_of(with_thai(page)))
        rows += page_rows
        entries += entries_of(page_rows)
    found: dict[str, Reading | None] = dict(read_measures(entries, rows))
    found |= read_dates(entries, rows, today or date.today())  # noqa: DTZ011 - the day where the paper is read
    return _report(found | {"Name": read_name(entries, rows), "Hospital_name": read_hospital(entries, rows)})


def health_evidence(pages: Sequence[PageWords]) -> float:
    """How much `pages`, Thai included, look like a health-check report: 0 (not at all) to 1 (beyond doubt)."""
    texts = (word.text for page in pages for word in with_thai(page).words)
    fields = {match.field for text in texts for match in find_captions(text)} - {""}
    return min(1.0, len(fields) / ENOUGH_CAPTIONS)


def _report(found: Mapping[str, Reading | None]) -> HealthReport:
    """The sixteen keys in the document's order, then the others that were found."""
    keys = [*HEALTH_KEYS, *(key for key, reading in found.items() if key not in HEALTH_KEYS and reading)]
    readings = [found.get(key) or Reading() for key in keys]
    return HealthReport(
        values=tuple(_value(key, reading) for key, reading in zip(keys, readings, strict=True)),
        sources={f"/{n}/value": reading.source for n, reading in enumerate(readings) if reading.source != Source()},
    )


def _value(key: str, reading: Reading) -> HealthValue:
    source = reading.source
    return HealthValue(
        key=key,
        value=reading.value,
        score=None if source.score is None or reading.value is None else Decimal(f"{source.score:.4f}"),
        found=reading.value is not None,
        rect=tuple(source.box.rect) if source.box else (),
        unit=reading.unit,
        reference=reading.reference,
        text=reading.text,
    )
