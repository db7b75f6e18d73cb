"""The numbers of a health-check report: measures, laboratory values, blood pressure, the body mass index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ocr_providers.engine.health_labels import CAPTIONS
from ocr_providers.engine.health_layout import Entry, chunks, row_of
from ocr_providers.engine.health_reading import Reading
from ocr_providers.engine.health_values import MMHG, measure, pressure, reference_of
from ocr_providers.engine.rows import Cell, source_of
from ocr_providers.results import TEXT_HEALTH_KEYS, Source

MEASURES = tuple(key for key in CAPTIONS if key not in TEXT_HEALTH_KEYS)
UPPER, LOWER = "BP-Systolic", "BP-Diastolic"
BMI_STEP = Decimal("0.01")


def read_measures(entries: Sequence[Entry], rows: Sequence[Sequence[Cell]]) -> dict[str, Reading]:
    """Every number found, by key; where only a text was found in its place, that."""
    found = {key: reading for key in MEASURES if (reading := _first(_measured(key, entries)))}
    found |= _pressure(entries, found) or _pressure(_with_unit_of_pressure(rows), found)
    if not _number(found, "BMI"):
        found |= _computed_bmi(found)
    return found


def _first(readings: Iterable[Reading]) -> Reading | None:
    """The first with a value, else the first."""
    kept = list(readings)
    return next((reading for reading in kept if reading.value is not None), kept[0] if kept else None)


def _measured(key: str, entries: Sequence[Entry]) -> Iterable[Reading]:
    for entry in entries:
        if entry.field != key:
            continue
        measured = measure(key, entry.value.text, aside=entry.reference.text)
        reference = reference_of(entry.reference.text)
        if measured is None:
            yield Reading(source=source_of(entry.value.cells), reference=reference, text=entry.value.text)
            continue
        yield Reading(
            value=measured.number,
            source=source_of(entry.value.cells_in(measured.start, measured.end)),
            unit=measured.unit,
            reference=reference or measured.reference,
            text=_printed(entry.value.text[measured.start : measured.end], measured.unit, measured.number),
        )


def _printed(text: str, unit: str | None, number: Decimal) -> str | None:
    """What stands on the paper, where it is not the number itself (another unit, Thai digits, a comma)."""
    return None if text == str(number) else f"{text} {unit or ''}".strip()


def _number(found: Mapping[str, Reading], key: str) -> Decimal | None:
    reading = found.get(key)
    return reading.value if reading and isinstance(reading.value, Decimal) else None


def _pressure(entries: Sequence[Entry], found: Mapping[str, Reading]) -> dict[str, Reading]:
    """The pair and its parts; a pair that is printed in parts is put together."""
    for entry in entries:
        if entry.field in ("bp", UPPER, LOWER) and (pair := pressure(entry.value.text)):
            source = source_of(entry.value.cells_in(pair.start, pair.end))
            reading = Reading(source=source, unit=pair.unit, reference=reference_of(entry.reference.text))
            return {
                "bp": replace(reading, value=f"{pair.upper}/{pair.lower}"),
                UPPER: replace(reading, value=pair.upper),
                LOWER: replace(reading, value=pair.lower),
            }
    upper, lower = _number(found, UPPER), _number(found, LOWER)
    if upper is None or lower is None:
        return {}
    return {"bp": Reading(f"{upper}/{lower}", _derived(found[UPPER], found[LOWER]))}


def _with_unit_of_pressure(rows: Sequence[Sequence[Cell]]) -> list[Entry]:
    """Chunks with mmHg behind a pair: nothing else is printed so, even where the caption was not read."""
    lines = [row_of(chunk) for row in rows for chunk in chunks(row)]
    return [Entry("bp", (), line) for line in lines if (pair := pressure(line.text)) and MMHG.search(pair.unit or "")]


def _computed_bmi(found: Mapping[str, Reading]) -> dict[str, Reading]:
    weight, height = _number(found, "Weight"), _number(found, "Height")
    if not weight or not height:
        return {}
    metres = height / 100
    return {"BMI": Reading((weight / metres**2).quantize(BMI_STEP), _derived(found["Weight"], found["Height"]))}


def _derived(*readings: Reading) -> Source:
    """The source of a value computed from others: as sure as the least sure of them, at no place of its own."""
    scores = [reading.source.score for reading in readings if reading.source.score is not None]
    return Source(score=min(scores, default=None), derived=True)
