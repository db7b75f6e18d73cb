"""What stands beside the values of a health check: earlier values of the same person, reference ranges, flags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Document, Finding, HealthValue
from claims.working_values.cells import number_text
from claims.working_values.values import WorkingValues
from ocr_providers.arithmetic.thai_dates import parse_thai_date

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_EARLIER = 12
"""Reports of the same person that are looked at."""
DATE_KEYS = ("Date_reformatted", "Date")
FLAG_PREFIX = "HC-FLAG"


@dataclass(frozen=True, slots=True)
class Range:
    """A reference range to show, with where it comes from. Laboratories differ: a printed range comes first."""

    text: str
    source: StrOrPromise


CHULA = _("Chulalongkorn Hospital, health-check booklet")
HL7 = _("HL7 example value sets")
RANGES: Mapping[str, Range] = MappingProxyType(
    {
        "BMI": Range("18.5–22.9 kg/m²", CHULA),
        "BP-Systolic": Range("< 120 mmHg", CHULA),
        "BP-Diastolic": Range("< 80 mmHg", CHULA),
        "bp": Range("< 120/80 mmHg", CHULA),
        "FBS": Range("70–99 mg/dL", CHULA),
        "Cholesterol": Range("≤ 200 mg/dL", HL7),
        "HDL": Range("> 40 (♂), > 50 (♀) mg/dL", HL7),
        "LDL": Range("< 130 mg/dL", HL7),
    }
)


def background(document: Document, values: WorkingValues, findings: Iterable[Finding]) -> dict[str, Any] | None:
    """`{"previous", "ranges", "flags"}` of docs/review-api.md; `None` for an invoice. At most two queries."""
    rows = values.lists.get("health_values")
    if rows is None:
        return None
    health = [row for row in rows if isinstance(row, HealthValue)]
    return {"previous": previous(document), "ranges": ranges(health), "flags": flags(health, findings)}


def previous(document: Document) -> dict[str, list[dict[str, str]]]:
    """Numbers of earlier reports of the same person, oldest first."""
    reports = list(_reports_of_same_person(document).order_by("-id").values_list("pk", "uploaded_at")[:MOST_EARLIER])
    found = HealthValue.objects.filter(document__in=[pk for pk, _at in reports])
    by_report: dict[int, list[HealthValue]] = {pk: [] for pk, _at in reports}
    for row in found:
        by_report[row.document_id].append(row)
    days = {pk: day_of(by_report[pk]) or timezone.localdate(at) for pk, at in reports}
    series: dict[str, list[dict[str, str]]] = {}
    for pk in sorted(by_report, key=lambda pk: (days[pk], pk)):
        for row in by_report[pk]:
            if row.number is not None:
                point = {"date": days[pk].isoformat(), "value": number_text(row.number)}
                series.setdefault(row.key, []).append(point)
    return series


def _reports_of_same_person(document: Document) -> QuerySet[Document]:
    """By policy; without one, by the name on the claim. Two people may share a name: the page says "same name"."""
    others = Document.objects.filter(kind=Document.Kind.HEALTH_CHECK, pk__lt=document.pk)
    claim = document.claim
    if claim.policy_id:
        return others.filter(claim__policy=claim.policy_id)
    return others.filter(claim__patient_name=claim.patient_name) if claim.patient_name else others.none()


def day_of(rows: Iterable[HealthValue]) -> date | None:
    """The day of the visit, as the report's own values give it."""
    texts = {row.key: row.value_text for row in rows}
    days = (parse_thai_date(texts[key]) for key in DATE_KEYS if texts.get(key))
    return next((day for day in days if day), None)


def ranges(rows: Iterable[HealthValue]) -> dict[str, dict[str, str]]:
    """The range printed on the report; or else the table's, with its source."""
    return {row.key: found for row in rows if (found := _range(row))}


def _range(row: HealthValue) -> dict[str, str] | None:
    if row.reference:
        return {"text": row.reference, "source": str(_("printed on the report"))}
    known = RANGES.get(row.key)
    return {"text": known.text, "source": str(known.source)} if known else None


def flags(rows: Iterable[HealthValue], findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Screening remarks by key; never a diagnosis."""
    keys = {f"health_values/{row.pk}": row.key for row in rows}
    remarks: dict[str, list[str]] = {}
    for finding in findings:
        if not finding.code.startswith(FLAG_PREFIX):
            continue
        for key in dict.fromkeys(keys.get(cell.rpartition("/")[0]) for cell in finding.cells):
            if key:
                remarks.setdefault(key, []).append(finding.message)
    return remarks
