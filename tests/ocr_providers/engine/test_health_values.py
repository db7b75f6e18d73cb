from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_providers.engine.health_values import MG_PER_MMOL, PLAUSIBLE, in_own_unit, measure, plausible, pressure


def number(key: str, text: str) -> Decimal | None:
    measured = measure(key, text)
    return measured.number if measured else None


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("FBS", "105 70-100 mg/dL ปกติ", "105"),
        ("FBS", "70-100 105 mg/dL", "105"),
        ("HDL", "> 40 56", "56"),
        ("LDL", "120 mg/dL (< 130)", "120"),
        ("LDL", "210 H", "210"),
        ("LDL", "*210", "210"),
        ("Weight", ": 52,7 กก.", "52.7"),
        ("Weight", ": 52.7กก.", "52.7"),
        ("Weight", ": 52.7kg", "52.7"),
        ("Height", ": 1.66 m", "166.00"),
        ("Age", ": ๔๔ ปี", "44"),
        ("Age", "34 ปี 5 เดือน", "34"),
        ("Cholesterol", "1O5", "105"),
        ("FBS", "5.4", "97.3"),
        ("Cholesterol", "5.2 mmol/L", "201.1"),
        ("HDL", "60 (ค่าปกติ 40 ขึ้นไป)", "60"),
    ],
)
def test_the_result_is_found(key: str, text: str, expected: str) -> None:
    assert number(key, text) == Decimal(expected)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("FBS", "70-100"),
        ("LDL", "< 130 mg/dL"),
        ("HDL", "ค่าปกติ 40"),
        ("Age", "491"),
        ("Weight", "n5"),
        ("BMI", ""),
        ("FBS", "02/07/2568"),
    ],
)
def test_what_is_no_result_gives_none(key: str, text: str) -> None:
    assert measure(key, text) is None


def test_the_unit_may_stand_in_another_column() -> None:
    measured = measure("HDL", "1.2", aside="mmol/L > 1.0")
    assert measured is not None
    assert (measured.number, measured.unit) == (Decimal("46.4"), "mmol/L")


def test_a_printed_mg_forbids_the_guess_of_mmol() -> None:
    assert measure("FBS", "25 mg/dL") is not None
    assert number("FBS", "25 mg/dL") == 25


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (": 147/69 mmHg", (147, 69)),
        ("147 / 69", (147, 69)),
        ("๑๔๗/๖๙", (147, 69)),
        ("99/93", (99, 93)),
        ("<120/80 118/76", (118, 76)),
    ],
)
def test_a_pressure_is_found(text: str, expected: tuple[int, int]) -> None:
    pair = pressure(text)
    assert pair is not None
    assert (int(pair.upper), int(pair.lower)) == expected


@pytest.mark.parametrize("text", ["< 120/80", "ค่าปกติ 120/80", "17/07/2524", "1/2", "999/80", ""])
def test_what_is_no_pressure_gives_none(text: str) -> None:
    assert pressure(text) is None


@given(st.sampled_from(sorted(MG_PER_MMOL)), st.decimals(Decimal("1.5"), Decimal("9.9"), places=1))
def test_mmol_becomes_mg_within_a_twentieth(key: str, printed: Decimal) -> None:
    converted = in_own_unit(key, printed, "mmol/L")
    assert abs(converted - printed * MG_PER_MMOL[key]) <= Decimal("0.05")


@given(st.sampled_from(sorted(PLAUSIBLE)), st.text(max_size=60))
def test_a_result_is_always_plausible_and_stands_in_the_text(key: str, text: str) -> None:
    measured = measure(key, text)
    if measured:
        assert plausible(key, measured.number)
        assert 0 <= measured.start < measured.end <= len(text)
