"""Health checks: an Observation for each value, and the DiagnosticReport that holds them together.

Codes and units are those of the DOMAIN notes, section 4.1; a value under another key has its key as text and no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claims.editing import health
from claims.exports.fhir.elements import LOINC, UCUM, Context, Resource, coded, moment, without_gaps
from claims.exports.fhir.papers import attachment
from claims.exports.fhir.people import hospital_of, hospital_reference
from claims.models import Claim, Document, HealthValue

VITAL, LABORATORY, EXAM = "vital-signs", "laboratory", "exam"


@dataclass(frozen=True, slots=True)
class Measure:
    """LOINC code, UCUM unit, category."""

    code: str
    unit: str
    category: str


MEASURES = {
    "weight": Measure("29463-7", "kg", VITAL),
    "height": Measure("8302-2", "cm", VITAL),
    "bmi": Measure("39156-5", "kg/m2", VITAL),
    "bp-systolic": Measure("8480-6", "mm[Hg]", VITAL),
    "bp-diastolic": Measure("8462-4", "mm[Hg]", VITAL),
    "fbs": Measure("1558-6", "mg/dL", LABORATORY),
    "cholesterol": Measure("2093-3", "mg/dL", LABORATORY),
    "hdl": Measure("2085-9", "mg/dL", LABORATORY),
    "ldl": Measure("2089-1", "mg/dL", LABORATORY),
    "age": Measure("30525-0", "a", EXAM),
}
"""By the key in small letters. LDL: the method is not reported, so the code says none."""
BLOOD_PRESSURE = "85354-9"
PARTS = ("bp-systolic", "bp-diastolic")
NOT_MEASURED = frozenset({"name", "hospital_name", "date", "date_reformatted", "dob", "bp"})
"""They say who, where and when; `bp` is the two pressures again."""
COMPARED = re.compile(r"\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*")


def reports(context: Context) -> Iterator[Resource]:
    for document in context.file.documents:
        if document.kind == Document.Kind.HEALTH_CHECK:
            rows = context.file.values[document.pk].lists["health_values"]
            yield from _report(context, document, [row for row in rows if isinstance(row, HealthValue)])


def _report(context: Context, document: Document, rows: Sequence[HealthValue]) -> Iterator[Resource]:
    shared = {
        "subject": context.reference("Patient"),
        "effectiveDateTime": moment(health.day_of(rows)),
        "performer": [hospital_reference(context, name)] if (name := hospital_of(context, document.pk)) else None,
    }
    found = list(_observations(context, document, rows, shared))
    yield from found
    yield context.resource(
        "DiagnosticReport",
        document.pk,
        status=_status(context, document, rows),
        code={"text": "Health check report"},
        **shared,
        result=[{"reference": f"urn:uuid:{one['id']}", "type": "Observation"} for one in found],
        presentedForm=[attachment(context, document)],
    )


def _observations(
    context: Context, document: Document, rows: Sequence[HealthValue], shared: Resource
) -> Iterator[Resource]:
    said = [row for row in rows if row.number is not None or row.value_text.strip()]
    pressures = {row.key.casefold(): row for row in said if row.key.casefold() in PARTS}
    if pressures:
        yield _blood_pressure(context, document, pressures, shared)
    for row in said:
        if row.key.casefold() not in (*NOT_MEASURED, *PARTS):
            yield _observation(context, document, row, shared)


def _observation(context: Context, document: Document, row: HealthValue, shared: Resource) -> Resource:
    measure = MEASURES.get(row.key.casefold())
    return context.resource(
        "Observation",
        row.pk,
        status=_status(context, document, [row]),
        category=[coded("observation-category", measure.category if measure else EXAM)],
        code=_code(row.key, measure.code if measure else None),
        **shared,
        **value(row),
        referenceRange=[{"text": row.reference}] if row.reference else None,
    )


def _blood_pressure(
    context: Context, document: Document, pressures: dict[str, HealthValue], shared: Resource
) -> Resource:
    """One panel of both; a pressure that was not read is absent, and says so."""
    absent = {"dataAbsentReason": coded("data-absent-reason", "unknown")}
    return context.resource(
        "Observation",
        f"bp-{document.pk}",
        status=_status(context, document, pressures.values()),
        category=[coded("observation-category", VITAL)],
        code=_code("bp", BLOOD_PRESSURE),
        **shared,
        component=[
            {"code": _code(key, MEASURES[key].code), **(value(pressures[key]) if key in pressures else absent)}
            for key in PARTS
        ],
    )


def _code(key: str, code: str | None) -> Resource:
    return {"coding": [{"system": LOINC, "code": code}], "text": key} if code else {"text": key}


def value(row: HealthValue) -> Resource:
    """A number in its unit, also one that is only bounded ("<5.0"); words as they stand."""
    if row.number is not None:
        return {"valueQuantity": _quantity(row, row.number)}
    bounded = COMPARED.fullmatch(row.value_text)
    if bounded:
        return {"valueQuantity": {"comparator": bounded[1], **_quantity(row, Decimal(bounded[2]))}}
    return {"valueString": row.value_text}


def _quantity(row: HealthValue, number: Decimal) -> Resource:
    """Where the report prints a unit of its own, the value has been brought into the key's."""
    measure = MEASURES.get(row.key.casefold())
    if measure is None:
        return without_gaps({"value": number, "unit": row.unit})
    return {"value": number, "unit": measure.unit, "system": UCUM, "code": measure.unit}


def _status(context: Context, document: Document, rows: Iterable[HealthValue]) -> str:
    """Preliminary until the claim is decided; then final, or amended where a person corrected a value."""
    if context.file.claim.status != Claim.Status.DECIDED:
        return "preliminary"
    corrected = {record.cell.rpartition("/")[0] for record in context.file.corrections[document.pk]}
    return "amended" if any(f"health_values/{row.pk}" in corrected for row in rows) else "final"
