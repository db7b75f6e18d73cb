"""Tables of laboratory results as vendors arrange them: what misleads, and what is still to be read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from ocr_providers.engine import health
from ocr_providers.engine.health import read_health
from tests.ocr_providers.engine.health_pages import TODAY, page

Lines = Sequence[Sequence[tuple[int, str]]]


@pytest.fixture(autouse=True)
def _thai_is_read_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "with_thai", lambda words: words)


def values(lines: Lines) -> dict[str, object]:
    return {value.key: value.value for value in read_health([page(lines)], TODAY).values if value.value is not None}


@pytest.mark.parametrize(
    ("headings", "results"),
    [
        (("Test", "Flag", "Result", "Unit", "Reference"), ("FBS", "H", "128", "mg/dL", "70-99")),
        (("Test", "Low", "High", "Result", "Unit"), ("FBS", "70", "99", "128", "mg/dL")),
        (("Test", "Desirable", "Result", "Unit"), ("FBS", "100", "128", "mg/dL")),
        (("รายการ", "เป้าหมาย", "ผลของท่าน", "หน่วย"), ("น้ำตาลในเลือด", "100", "128", "mg/dL")),
        (("Test", "Last visit", "This visit", "Normal"), ("FBS", "92", "128", "70-99")),
        (("Test", "Prior result", "Result", "Normal"), ("FBS", "92", "128", "70-99")),
        (("รายการตรวจ", "ผลเดิม", "ผลตรวจ", "ค่าปกติ"), ("น้ำตาลในเลือด", "92", "128", "70-99")),
        (("Test", "10/03/2024", "12/03/2025", "Reference"), ("FBS", "92", "128", "70-99")),
        (("Test", "12/03/2025", "10/03/2024", "Reference"), ("FBS", "128", "92", "70-99")),
        (("รายการตรวจ", "12 มี.ค. 67", "10 มี.ค. 68", "ค่าปกติ"), ("น้ำตาลในเลือด", "92", "128", "70-99")),
        (("Test", "Result", "Unit", "SI result", "SI unit"), ("FBS", "128", "mg/dL", "7.10", "mmol/L")),
        (("Test", "Method", "Result", "Unit"), ("FBS", "Hexokinase 2", "128", "mg/dL")),
    ],
)
def test_the_result_is_found_among_columns_of_other_numbers(headings: Sequence[str], results: Sequence[str]) -> None:
    lines = [[(20 * n, text) for n, text in enumerate(row)] for row in (headings, results)]
    assert values(lines)["FBS"] == Decimal(128)


@pytest.mark.parametrize("heading", ["Prior result", "Last visit", "ผลเดิม", "上次结果"])
def test_an_earlier_result_is_not_put_where_this_one_is_missing(heading: str) -> None:
    lines = [
        [(0, "Test"), (40, "Result"), (60, heading), (80, "Reference")],
        [(0, "HDL"), (60, "42"), (80, "> 40")],
    ]
    assert "HDL" not in values(lines)


def test_of_dates_over_columns_the_latest_is_the_visit() -> None:
    lines = [
        [(0, "Test"), (20, "10/03/2024"), (40, "12/03/2025"), (60, "Reference")],
        [(0, "FBS"), (20, "92"), (40, "98"), (60, "70-99")],
    ]
    assert values(lines)["Date_reformatted"] == "12/03/2025"


def test_dates_below_their_captions_are_no_columns() -> None:
    lines = [[(0, "วันเกิด"), (40, "วันที่ตรวจ")], [(0, "10/07/2535"), (40, "20/11/2567")]]
    assert values(lines) == {"DOB": "10/07/2535", "Date": "20/11/2567", "Date_reformatted": "20/11/2024"}


@pytest.mark.parametrize(
    ("heading", "other"), [("URINALYSIS", "BLOOD CHEMISTRY"), ("ตรวจปัสสาวะ", "ตรวจเลือด"), ("尿常规", "血生化")]
)
def test_sugar_in_urine_is_not_sugar_in_blood(heading: str, other: str) -> None:
    table = [(0, "Test"), (40, "Result"), (60, "Reference")]
    lines = [
        table,
        [(0, heading)],
        [(0, "Glucose"), (40, "100 mg/dL"), (60, "Negative")],
        [(0, other)],
        [(0, "Glucose"), (40, "98"), (60, "70-99")],
    ]
    assert values(lines)["FBS"] == Decimal(98)
    assert "FBS" not in values(lines[:3])


def test_sugar_beside_a_column_of_urine_is_read() -> None:
    lines = [
        [(0, "BLOOD CHEMISTRY"), (60, "URINALYSIS")],
        [(0, "Glucose 98 mg/dL"), (60, "Glucose Negative")],
    ]
    assert values(lines)["FBS"] == Decimal(98)


def test_pounds_and_feet_are_not_kilograms_and_centimetres() -> None:
    lines = [[(0, "Weight 144.4 lb / 65.5 kg")], [(0, "Height 5 ft 7 in (170 cm)")]]
    found = values(lines)
    assert found["Weight"] == Decimal("65.5")
    assert "Height" not in found


def test_signs_of_life_on_one_line_are_told_apart() -> None:
    line = "V/S: BP 132/84 mmHg, PR 76/min, RR 18/min, BT 36.5 C, BW 65.5 kg, Ht 170 cm"
    found = values([[(0, line)]])
    assert {key: str(found[key]) for key in ("bp", "Pulse", "Temperature", "Weight", "Height")} == {
        "bp": "132/84",
        "Pulse": "76",
        "Temperature": "36.5",
        "Weight": "65.5",
        "Height": "170",
    }


def test_a_unit_that_was_read_as_decimals_leaves_the_value_unread() -> None:
    assert "Height" not in values([[(0, "ส่วนสูง 155.522. ซม.")]])


def test_an_index_keeps_its_value_where_its_unit_was_taken_for_letters() -> None:
    assert values([[(0, "ดัชนีมวลกาย : 27.49n./²")]]) == {"BMI": Decimal("27.49")}


def test_a_birth_without_its_caption_is_no_visit() -> None:
    assert "Date" not in values([[(0, "เลขที่ HN 27090946")], [(0, "18/02/2501")], [(0, "น้ำหนักตัว 80.6 กก.")]])
    assert values([[(0, "18/02/2567")], [(0, "น้ำหนักตัว 80.6 กก.")]])["Date"] == "18/02/2567"
