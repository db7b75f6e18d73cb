"""Rules about a health-check report (DOMAIN notes, sections 3 and 4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ocr_providers.arithmetic.days import latest_today
from ocr_providers.arithmetic.findings import Change, Finding, Severity, Suggestion, Value
from ocr_providers.arithmetic.health_dates import AGE_TOLERANCE, check_dates
from ocr_providers.arithmetic.health_flags import check_flags
from ocr_providers.arithmetic.health_paths import path_of, paths_of
from ocr_providers.arithmetic.health_values import PLAUSIBLE, Plausible
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.misreadings import PLAUSIBLE as ONE_SLIP
from ocr_providers.arithmetic.misreadings import likelihood, slips
from ocr_providers.arithmetic.money import plain_text
from ocr_providers.arithmetic.remarks import configured, propose, remark
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules, tolerance
from ocr_providers.results import HealthReport

BMI_TOLERANCE = Decimal("0.25")
BMI_ERROR = Decimal("1.0")
LIPID_TOLERANCE = Decimal(3)
LEAST_TRIGLYCERIDES, MOST_TRIGLYCERIDES = Decimal(20), Decimal(400)
PULSE_PRESSURES = range(10, 151)
BLOOD_PRESSURE = re.compile(r"\s*(\d{1,3})\s*/\s*(\d{1,3})\s*")
HUNDREDTH = Decimal("0.01")


def check_health_report(
    report: HealthReport, rules: Rules = DEFAULT_RULES, today: date | None = None
) -> tuple[Finding, ...]:
    """What is doubtful about a report, most severe first. `today` bounds dates (default: the current day)."""
    found = [
        *_keys(report),
        *_ranges(report),
        *_bmi(report, rules),
        *_blood_pressure(report),
        *_lipids(report, tolerance(rules, "HC-LIPID", LIPID_TOLERANCE)),
        *check_dates(report, today or latest_today(), tolerance(rules, "HC-AGE", AGE_TOLERANCE)),
        *check_flags(report),
    ]
    return tuple(sorted(configured(found, rules), key=lambda finding: finding.severity.rank))


def _keys(report: HealthReport) -> Iterator[Finding]:
    seen: defaultdict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(report.values):
        if entry.key:
            seen[entry.key.casefold()].append(index)
        if entry.found != (entry.value is not None) and (entry.found or entry.score is not None):
            template = (
                gettext_noop("%(key)s is said to be found, but there is no value")
                if entry.found
                else gettext_noop("%(key)s is said not to be found, but there is a value")
            )
            yield remark("HC-FOUND", [f"/data/{index}/value"], template, {"key": entry.key})
    for indexes in seen.values():
        if len(indexes) > 1:
            at = [f"/data/{index}/value" for index in indexes]
            key = report.values[indexes[0]].key
            yield remark("HC-DUPKEY", at, gettext_noop("%(key)s is there more than once"), {"key": key})


def _ranges(report: HealthReport) -> Iterator[Finding]:
    for key, plausible in PLAUSIBLE.items():
        value = report.number(key)
        if value is not None and not plausible.soft.holds(value):
            yield _out_of_range(report, key, value, plausible)


def _out_of_range(report: HealthReport, key: str, value: Decimal, plausible: Plausible) -> Finding:
    at = path_of(report, key)
    possible = plausible.hard.holds(value)
    template = (
        gettext_noop("%(key)s %(value)s is unusual: expected %(low)s to %(high)s %(unit)s")
        if possible
        else gettext_noop("%(key)s %(value)s is not possible: expected %(low)s to %(high)s %(unit)s")
    )
    values = {
        "key": key, "value": plain_text(value), "low": plausible.soft.low, "high": plausible.soft.high,
        "unit": plausible.unit,
    }  # fmt: skip
    severity = Severity.WARNING if possible else None
    return remark(
        "HC-RANGE", [at], template, values, severity=severity, suggestions=propose(at, *_mended(value, plausible))
    )


def _mended(value: Decimal, plausible: Plausible) -> list[Decimal]:
    """In the key's own unit, or with the decimal point moved by one or two places."""
    for conversion in plausible.conversions:
        if conversion.when.holds(value):
            return [_rounded(value * conversion.factor)]
    moved = [value.scaleb(places) for places in (-1, -2, 1, 2)]
    return [other for other in moved if plausible.soft.holds(other)][:1]


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1")).normalize() + 0


def _bmi(report: HealthReport, rules: Rules) -> Iterator[Finding]:
    bmi, weight, height = (report.number(key) for key in ("BMI", "Weight", "Height"))
    if bmi is None or weight is None or not height:
        return
    computed = _bmi_of(weight, height)
    off = abs(bmi - computed)
    allowed = tolerance(rules, "HC-BMI", BMI_TOLERANCE)
    if off <= allowed:
        return
    template = gettext_noop(
        "%(weight)s kg / (%(height)s cm / 100)² = %(computed)s, BMI printed %(printed)s, difference %(difference)s"
    )
    values = {
        "weight": plain_text(weight), "height": plain_text(height), "computed": computed, "printed": plain_text(bmi),
        "difference": plain_text(off),
    }  # fmt: skip
    yield remark(
        "HC-BMI",
        paths_of(report, "BMI", "Weight", "Height"),
        template,
        values,
        severity=Severity.ERROR if off > BMI_ERROR else None,
        suggestions=_bmi_repairs(report, bmi, weight, height, allowed),
    )


def _bmi_of(weight: Decimal, height: Decimal) -> Decimal:
    metres = height / 100
    return (weight / (metres * metres)).quantize(HUNDREDTH)


def _bmi_repairs(
    report: HealthReport, bmi: Decimal, weight: Decimal, height: Decimal, allowed: Decimal
) -> tuple[Suggestion, ...]:
    """One slip of the reader in one of the three numbers; likelier and closer ones first, the computed BMI at last."""
    found: list[tuple[float, Decimal, Change]] = []
    for key, read in (("BMI", bmi), ("Weight", weight), ("Height", height)):
        for other in slips(read):
            if not PLAUSIBLE[key].soft.holds(other) or likelihood(read, other) < ONE_SLIP:
                continue
            numbers = {"BMI": bmi, "Weight": weight, "Height": height} | {key: other}
            off = abs(numbers["BMI"] - _bmi_of(numbers["Weight"], numbers["Height"]))
            if off <= min(allowed, Decimal("0.13")):
                found.append((-likelihood(read, other), off, Change(path_of(report, key), other)))
    found.sort(key=lambda item: (item[0], item[1]))
    best = [change for _, _, change in found[:3]] or [Change(path_of(report, "BMI"), _bmi_of(weight, height))]
    return tuple(Suggestion((change,), 1, 1 / len(best)) for change in best)


def _blood_pressure(report: HealthReport) -> Iterator[Finding]:
    systolic, diastolic = report.number("BP-Systolic"), report.number("BP-Diastolic")
    entry = report.get("bp")
    both = BLOOD_PRESSURE.fullmatch(entry.value) if entry and isinstance(entry.value, str) else None
    if both and systolic is not None and diastolic is not None and (systolic, diastolic) != _pair(both):
        yield _parts_differ(report, both, systolic, diastolic)
    if systolic is None or diastolic is None:
        systolic, diastolic = _pair(both) if both else (None, None)
    if systolic is not None and diastolic is not None:
        yield from _order(report, systolic, diastolic)


def _pair(both: re.Match[str]) -> tuple[Decimal, Decimal]:
    return Decimal(both[1]), Decimal(both[2])


def _usual(pair: tuple[Decimal, Decimal]) -> bool:
    in_range = all(
        PLAUSIBLE[key].soft.holds(value) for key, value in zip(("BP-Systolic", "BP-Diastolic"), pair, strict=True)
    )
    return in_range and pair[0] - pair[1] in PULSE_PRESSURES


def _parts_differ(report: HealthReport, both: re.Match[str], systolic: Decimal, diastolic: Decimal) -> Finding:
    whole, parts = _pair(both), (systolic, diastolic)
    at = paths_of(report, "bp", "BP-Systolic", "BP-Diastolic")
    from_whole = tuple(
        Change(path, value) for path, value, old in zip(at[1:], whole, parts, strict=True) if value != old
    )
    from_parts = (Change(at[0], f"{plain_text(systolic)}/{plain_text(diastolic)}"),)
    likely = [changes for changes, pair in ((from_whole, whole), (from_parts, parts)) if _usual(pair)]
    suggestions = tuple(Suggestion(changes, 1, 1 / len(likely)) for changes in likely)
    values = {"bp": both[0].strip(), "systolic": plain_text(systolic), "diastolic": plain_text(diastolic)}
    template = gettext_noop("Blood pressure %(bp)s, but its parts are %(systolic)s and %(diastolic)s")
    return remark("HC-BP-STR", at, template, values, suggestions=suggestions)


def _order(report: HealthReport, systolic: Decimal, diastolic: Decimal) -> Iterator[Finding]:
    at = paths_of(report, "BP-Systolic", "BP-Diastolic", "bp")
    values = {"systolic": plain_text(systolic), "diastolic": plain_text(diastolic)}
    if systolic <= diastolic:
        swapped = _swap(report, systolic, diastolic) if _usual((diastolic, systolic)) else ()
        template = gettext_noop("Systolic %(systolic)s is not above diastolic %(diastolic)s")
        yield remark("HC-BP-ORD", at, template, values, suggestions=swapped)
    elif not 10 <= systolic - diastolic <= 150:
        template = gettext_noop("Systolic %(systolic)s and diastolic %(diastolic)s are unusually close or far apart")
        yield remark("HC-BP-ORD", at, template, values, severity=Severity.WARNING)


def _swap(report: HealthReport, systolic: Decimal, diastolic: Decimal) -> tuple[Suggestion, ...]:
    new: dict[str, Value] = {
        "BP-Systolic": diastolic,
        "BP-Diastolic": systolic,
        "bp": f"{plain_text(diastolic)}/{plain_text(systolic)}",
    }
    changes = tuple(Change(path_of(report, key), value) for key, value in new.items() if report.get(key))
    return (Suggestion(changes, 1),)


def _lipids(report: HealthReport, allowed: Decimal) -> Iterator[Finding]:
    """Friedewald, LDL = TC - HDL - TG / 5; the service returns no triglycerides, so they are implied."""
    cholesterol, hdl, ldl = (report.number(key) for key in ("Cholesterol", "HDL", "LDL"))
    if cholesterol is None or hdl is None or ldl is None:
        return
    rest = cholesterol - hdl - ldl
    at = paths_of(report, "Cholesterol", "HDL", "LDL")
    values = {
        "cholesterol": plain_text(cholesterol), "hdl": plain_text(hdl), "ldl": plain_text(ldl),
        "sum": plain_text(hdl + ldl), "triglycerides": plain_text(5 * rest),
    }  # fmt: skip
    low, high = 5 * (rest + allowed), 5 * (rest - allowed)
    if rest < -allowed:
        template = gettext_noop("HDL %(hdl)s + LDL %(ldl)s = %(sum)s is more than cholesterol %(cholesterol)s")
        yield remark("HC-LIPID", at, template, values)
    elif low < LEAST_TRIGLYCERIDES or high > MOST_TRIGLYCERIDES:
        template = gettext_noop(
            "Cholesterol %(cholesterol)s - HDL %(hdl)s - LDL %(ldl)s implies triglycerides of %(triglycerides)s mg/dL"
        )
        # A measured LDL is often a few mg/dL off: too little left is a remark.
        yield remark("HC-LIPID", at, template, values, severity=Severity.INFO if rest <= allowed else None)
