"""What is known about each value of a health-check report (DOMAIN notes, section 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Span:
    """A closed interval."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Conversion:
    """A value within `when` was probably given in another unit: times `factor` it is in the key's own."""

    when: Span
    factor: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Plausible:
    """Possible values (`hard`), usual ones (`soft`), and the units that reports use instead."""

    hard: Span
    soft: Span
    unit: str
    conversions: tuple[Conversion, ...] = ()


def _span(low: str, high: str) -> Span:
    return Span(Decimal(low), Decimal(high))


_MMOL_LIPID = (Conversion(_span("0.5", "15"), Decimal("38.67"), "mmol/L"),)

PLAUSIBLE: Mapping[str, Plausible] = MappingProxyType({
    "Weight": Plausible(_span("2", "400"), _span("25", "250"), "kg"),
    "Height": Plausible(
        _span("40", "250"), _span("120", "215"), "cm", (Conversion(_span("1.2", "2.2"), Decimal(100), "m"),)
    ),
    "BMI": Plausible(_span("7", "100"), _span("12", "60"), "kg/m2"),
    "BP-Systolic": Plausible(_span("40", "300"), _span("70", "230"), "mm[Hg]"),
    "BP-Diastolic": Plausible(_span("20", "200"), _span("40", "140"), "mm[Hg]"),
    "FBS": Plausible(
        _span("20", "1000"), _span("50", "400"), "mg/dL", (Conversion(_span("2", "30"), Decimal("18.02"), "mmol/L"),)
    ),
    "Cholesterol": Plausible(_span("40", "800"), _span("80", "400"), "mg/dL", _MMOL_LIPID),
    "HDL": Plausible(
        _span("5", "200"), _span("15", "120"), "mg/dL", (Conversion(_span("0.2", "4"), Decimal("38.67"), "mmol/L"),)
    ),
    "LDL": Plausible(_span("5", "700"), _span("20", "300"), "mg/dL", _MMOL_LIPID),
    "Age": Plausible(_span("0", "120"), _span("0", "120"), "a"),
})  # fmt: skip
"""By the vendor's key. Sources: DOMAIN notes 4.1; an administrator sees them in the table of rules."""
