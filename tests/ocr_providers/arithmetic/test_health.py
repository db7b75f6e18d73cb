"""What is doubtful about a health-check report (vectors: DOMAIN notes 3 and 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from ocr_providers.arithmetic import Finding, Severity, check_health_report
from ocr_providers.results import JSON, HealthReport
from ocr_providers.vendor_schema import health_from_json

MakeReport = Callable[..., HealthReport]
TODAY = date(2026, 1, 2)
SAMPLE = {
    "bp": "106/71",
    "Weight": 73.1,
    "Height": 179.5,
    "BMI": 22.69,
    "BP_Systolic": 106.0,
    "BP_Diastolic": 71.0,
    "Date": "02 ก.ค. 68",
    "Date_reformatted": "02/07/2025",
}


def serious(findings: tuple[Finding, ...]) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in findings if not finding.code.startswith("HC-FLAG")}


def proposed(findings: tuple[Finding, ...], code: str) -> list[dict[str, object]]:
    finding = next(item for item in findings if item.code == code)
    return [{change.path: change.value for change in item.changes} for item in finding.suggestions]


def test_the_sample_of_the_service_document_has_no_finding(report: MakeReport) -> None:
    assert check_health_report(report(**SAMPLE), today=TODAY) == ()


@pytest.mark.parametrize(
    ("values", "code", "severity"),
    [
        ({"BMI": 22.09}, "HC-BMI", Severity.WARNING),
        ({"BMI": 29.69}, "HC-BMI", Severity.ERROR),
        ({"bp": "106/77"}, "HC-BP-STR", Severity.ERROR),
        ({"bp": "71/106", "BP_Systolic": 71, "BP_Diastolic": 106}, "HC-BP-ORD", Severity.ERROR),
        ({"Date_reformatted": "02/09/2025"}, "HC-DATE", Severity.ERROR),
        ({"Date_reformatted": "31/02/2025"}, "HC-DATE", Severity.ERROR),
        ({"Date": "02 ก.ค. 70", "Date_reformatted": "02/07/2027"}, "HC-DATE", Severity.ERROR),
        ({"DOB": "15 พ.ย. พ.ศ. 2540", "Age": 44}, "HC-AGE", Severity.WARNING),
        ({"DOB": "15/11/2597"}, "HC-DATE", Severity.ERROR),
        ({"FBS": 5.4}, "HC-RANGE", Severity.ERROR),
        ({"Cholesterol": 420}, "HC-RANGE", Severity.WARNING),
        ({"Cholesterol": 180, "HDL": 90, "LDL": 120}, "HC-LIPID", Severity.WARNING),
        ({"Cholesterol": 250, "HDL": 50, "LDL": 110}, "HC-LIPID", Severity.WARNING),
        ({"Cholesterol": 200, "HDL": 80, "LDL": 120}, "HC-LIPID", Severity.INFO),
        ({"bp": "80/75", "BP_Systolic": 80, "BP_Diastolic": 75}, "HC-BP-ORD", Severity.WARNING),
        ({"bmi": 22.69}, "HC-DUPKEY", Severity.WARNING),
    ],
)
def test_a_doubtful_value_has_its_finding(
    report: MakeReport, values: dict[str, object], code: str, severity: Severity
) -> None:
    assert serious(check_health_report(report(**{**SAMPLE, **values}), today=TODAY)) == {code: severity}


def test_a_misread_bmi_is_proposed_with_its_digit_put_right(report: MakeReport) -> None:
    findings = check_health_report(report(**{**SAMPLE, "BMI": 28.69}), today=TODAY)
    assert {"/data/3/value": Decimal("22.69")} in proposed(findings, "HC-BMI")
    assert findings[0].message == ("73.1 kg / (179.5 cm / 100)² = 22.69, BMI printed 28.69, difference 6")


def test_a_height_in_metres_is_proposed_in_centimetres(report: MakeReport) -> None:
    findings = check_health_report(report(Height=1.79), today=TODAY)
    assert proposed(findings, "HC-RANGE") == [{"/data/0/value": Decimal(179)}]


def test_sugar_in_mmol_is_proposed_in_mg(report: MakeReport) -> None:
    findings = check_health_report(report(FBS=5.4), today=TODAY)
    assert proposed(findings, "HC-RANGE") == [{"/data/0/value": Decimal("97.3")}]


def test_exchanged_pressures_are_proposed_in_order(report: MakeReport) -> None:
    findings = check_health_report(report(bp="71/106", BP_Systolic=71, BP_Diastolic=106), today=TODAY)
    assert proposed(findings, "HC-BP-ORD") == [
        {"/data/1/value": Decimal(106), "/data/2/value": Decimal(71), "/data/0/value": "106/71"}
    ]


def test_a_conflict_of_dates_proposes_the_one_that_was_printed(report: MakeReport) -> None:
    findings = check_health_report(report(**{**SAMPLE, "Date_reformatted": "02/07/2568"}), today=TODAY)
    assert serious(findings) == {}
    findings = check_health_report(report(**{**SAMPLE, "Date_reformatted": "02/06/2025"}), today=TODAY)
    assert proposed(findings, "HC-DATE") == [{"/data/7/value": "02/07/2025"}]


def test_a_value_said_not_to_be_found_is_doubtful_and_an_absent_one_is_not() -> None:
    data: JSON = [
        {"key": "BMI", "value": Decimal("22.69"), "score": Decimal("0.9"), "found": False},
        {"key": "FBS", "value": "n/a", "score": Decimal("0.0"), "found": False},
    ]
    assert serious(check_health_report(health_from_json(data), today=TODAY)) == {"HC-FOUND": Severity.WARNING}


def test_screening_remarks_are_information_and_give_way_to_a_printed_range() -> None:
    entry: dict[str, JSON] = {"key": "FBS", "value": Decimal(130), "score": 1, "found": True}
    (finding,) = check_health_report(health_from_json([entry]), today=TODAY)
    assert (finding.code, finding.severity) == ("HC-FLAG-FBS", Severity.INFO)
    with_range: dict[str, JSON] = {**entry, "reference": "70-140"}
    assert check_health_report(health_from_json([with_range]), today=TODAY) == ()
