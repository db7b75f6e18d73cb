"""Screening remarks for staff: never a diagnosis, never a reason to refuse (DOMAIN notes 4.3).

Limits are those that Thai hospitals print (BMI: Asian classes of Chulalongkorn Hospital). A range printed on the report
itself counts before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ocr_providers.arithmetic.findings import Finding
from ocr_providers.arithmetic.health_paths import paths_of
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.money import plain_text
from ocr_providers.arithmetic.remarks import remark
from ocr_providers.results import HealthReport

Steps = tuple[tuple[Decimal, str], ...]
"""Lower limits, highest first, each with the remark from there on."""


def _steps(*pairs: tuple[str, str]) -> Steps:
    return tuple((Decimal(limit), template) for limit, template in pairs)


BMI = _steps(
    ("30", gettext_noop("Screening: BMI %(value)s, obese II (from 30)")),
    ("25", gettext_noop("Screening: BMI %(value)s, obese I (25 to 29.9)")),
    ("23", gettext_noop("Screening: BMI %(value)s, overweight (23 to 24.9)")),
    ("18.5", ""),
    ("0", gettext_noop("Screening: BMI %(value)s, underweight (below 18.5)")),
)
FBS = _steps(
    ("126", gettext_noop("Screening: FBS %(value)s mg/dL, in the range of diabetes if confirmed (from 126)")),
    ("100", gettext_noop("Screening: FBS %(value)s mg/dL, impaired fasting glucose (100 to 125)")),
    ("0", ""),
)
CHOLESTEROL = _steps(("240", gettext_noop("Screening: cholesterol %(value)s mg/dL, high (from 240)")), ("0", ""))
LDL = _steps(
    ("190", gettext_noop("Screening: LDL %(value)s mg/dL, very high (from 190)")),
    ("160", gettext_noop("Screening: LDL %(value)s mg/dL, high (160 to 189)")),
    ("0", ""),
)
HDL = _steps(("40", ""), ("0", gettext_noop("Screening: HDL %(value)s mg/dL, low (below 40)")))
PRESSURE = (
    (Decimal(181), Decimal(999), gettext_noop("Screening: blood pressure %(value)s, crisis (above 180)")),
    (Decimal(160), Decimal(100), gettext_noop("Screening: blood pressure %(value)s, stage 2 (from 160 or 100)")),
    (Decimal(140), Decimal(90), gettext_noop("Screening: blood pressure %(value)s, stage 1 (from 140 or 90)")),
    (Decimal(120), Decimal(80), gettext_noop("Screening: blood pressure %(value)s, elevated (from 120 or 80)")),
)
SINGLE = (
    ("HC-FLAG-BMI", "BMI", BMI), ("HC-FLAG-FBS", "FBS", FBS), ("HC-FLAG-LIPID", "Cholesterol", CHOLESTEROL),
    ("HC-FLAG-LIPID", "LDL", LDL), ("HC-FLAG-LIPID", "HDL", HDL),
)  # fmt: skip


def check_flags(report: HealthReport) -> Iterator[Finding]:
    """HC-FLAG-*: information only."""
    for code, key, steps in SINGLE:
        value = report.number(key)
        entry = report.get(key)
        if value is None or (entry and entry.reference):
            continue
        template = next((template for limit, template in steps if value >= limit), "")
        if template:
            yield remark(code, paths_of(report, key), template, {"value": plain_text(value)})
    yield from _pressure(report)


def _pressure(report: HealthReport) -> Iterator[Finding]:
    systolic, diastolic = report.number("BP-Systolic"), report.number("BP-Diastolic")
    if systolic is None or diastolic is None:
        return
    template = next((text for high, low, text in PRESSURE if systolic >= high or diastolic >= low), "")
    if template:
        value = f"{plain_text(systolic)}/{plain_text(diastolic)}"
        yield remark("HC-FLAG-BP", paths_of(report, "BP-Systolic", "BP-Diastolic"), template, {"value": value})
