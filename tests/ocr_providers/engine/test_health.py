from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from ocr_providers.engine import health
from ocr_providers.engine.health import health_evidence, read_health
from ocr_providers.results import HEALTH_KEYS, HealthReport
from tests.ocr_providers.engine.health_pages import TODAY, page

Lines = Sequence[Sequence[tuple[int, str]]]

TABLE: Lines = [
    [(30, "โรงพยาบาลพญาไท 2")],
    [(0, "ชื่อ-สกุล (Name) : นางสาวธนพล แสงจันทร์"), (80, "HN : 59259871")],
    [(0, "วันเกิด (DOB) : 10/07/2535"), (80, "อายุ (Age) : 33 ปี")],
    [(0, "วันที่ตรวจ (Date) : 20 พ.ย. 68")],
    [(0, "น้ำหนัก (Weight) : 52.9 กก."), (60, "ส่วนสูง (Height) : 171.5 ซม.")],
    [(0, "ดัชนีมวลกาย (BMI) : 17.99"), (60, "ความดันโลหิต : 108/93 mmHg")],
    [(0, "รายการตรวจ"), (40, "ผล"), (60, "ค่าปกติ"), (90, "แปลผล")],
    [(0, "น้ำตาลในเลือด (FBS)"), (40, "77"), (60, "70-100 mg/dL"), (90, "ปกติ")],
    [(0, "ไขมันคอเลสเตอรอล"), (40, "187"), (60, "< 200 mg/dL"), (90, "ปกติ")],
    [(0, "ไตรกลีเซอไรด์"), (40, "112"), (60, "< 150 mg/dL"), (90, "ปกติ")],
    [(0, "ไขมันดี (HDL)"), (40, "56"), (60, "> 40 mg/dL"), (90, "ปกติ")],
    [(0, "ไขมันเลว (LDL)"), (40, "159"), (60, "< 130 mg/dL"), (90, "สูง")],
]


@pytest.fixture(autouse=True)
def _thai_is_read_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of these tests hold their Thai: Tesseract has nothing to add."""
    monkeypatch.setattr(health, "with_thai", lambda words: words)


def read(lines: Lines) -> HealthReport:
    return read_health([page(lines)], TODAY)


def values(lines: Lines) -> dict[str, object]:
    return {value.key: value.value for value in read(lines).values if value.value is not None}


def test_a_thai_report_gives_all_sixteen_keys() -> None:
    assert values(TABLE) == {
        "bp": "108/93",
        "Weight": Decimal("52.9"),
        "Height": Decimal("171.5"),
        "BMI": Decimal("17.99"),
        "BP-Systolic": Decimal(108),
        "BP-Diastolic": Decimal(93),
        "Date": "20 พ.ย. 68",
        "Date_reformatted": "20/11/2025",
        "Name": "นางสาวธนพล แสงจันทร์",
        "FBS": Decimal(77),
        "Hospital_name": "โรงพยาบาลพญาไท 2",
        "Age": Decimal(33),
        "LDL": Decimal(159),
        "Cholesterol": Decimal(187),
        "HDL": Decimal(56),
        "DOB": "10/07/2535",
        "Triglyceride": Decimal(112),
    }


def test_the_sixteen_keys_come_first_and_in_the_documents_order() -> None:
    assert [value.key for value in read(TABLE).values][:16] == list(HEALTH_KEYS)


def test_an_empty_page_gives_sixteen_absent_values() -> None:
    report = read_health([page([[(0, "x")]])], TODAY)
    assert [(value.value, value.found) for value in report.values] == [(None, False)] * 16
    assert report.sources == {}


def test_each_value_knows_its_place_score_and_text() -> None:
    report = read(TABLE)
    place = list(HEALTH_KEYS).index("FBS")
    source = report.sources[f"/{place}/value"]
    value = report.get("FBS")
    assert value is not None
    assert source.box is not None
    assert (source.text, source.score, value.rect) == ("77", 0.99, tuple(source.box.rect))
    assert 395 <= source.box.left <= 405


def test_the_printed_reference_and_unit_stay_beside_the_value() -> None:
    value = read(TABLE).get("LDL")
    assert value is not None
    assert (value.reference, value.unit) == ("< 130", "mg/dL")


def test_a_reference_before_the_result_is_not_taken_for_it() -> None:
    lines: Lines = [
        [(0, "Test"), (30, "Normal range"), (60, "Unit"), (80, "Result")],
        [(0, "FBS"), (30, "70 - 99"), (60, "mg/dL"), (80, "105")],
        [(0, "LDL-C"), (30, "130"), (60, "mg/dL"), (80, "99")],
    ]
    assert values(lines) == {"FBS": Decimal(105), "LDL": Decimal(99)}


def test_results_left_of_their_captions_are_read_and_line_numbers_are_not() -> None:
    lines: Lines = [
        [(0, "Result"), (30, "Test"), (60, "Normal range")],
        [(0, "105"), (30, "FBS"), (60, "70 - 99")],
    ]
    assert values(lines) == {"FBS": Decimal(105)}
    numbered: Lines = [
        [(0, "No"), (10, "Test"), (40, "Result"), (60, "Normal range")],
        [(0, "45"), (10, "HDL"), (60, "> 40")],
    ]
    assert values(numbered) == {}


def test_a_translation_in_brackets_that_was_misread_is_no_value() -> None:
    lines: Lines = [[(0, "น้ำหนัก"), (30, "ส่วนสูง (eight)")], [(0, "70.5"), (30, "174")]]
    assert values(lines)["Height"] == Decimal(174)


def test_a_unit_may_touch_its_number() -> None:
    assert values([[(0, "Age: 45years")]]) == {"Age": Decimal(45)}


def test_the_earlier_result_is_not_taken_for_this_one() -> None:
    lines: Lines = [
        [(0, "Test"), (30, "Previous result"), (60, "Result"), (80, "Reference")],
        [(0, "Cholesterol"), (30, "210"), (60, "187"), (80, "<200")],
    ]
    assert values(lines) == {"Cholesterol": Decimal(187)}


def test_a_translation_that_was_half_misread_leaves_the_columns_known() -> None:
    head = [(0, "รายการตรวจ"), (40, "ครั้งก่อน"), (60, "ครั้งนี้"), (80, "ค่าปกติ")]
    row = [(0, "น้ำตาลในเลือด xxxx Blood Sugar)"), (40, "110"), (60, "115"), (80, "74-99")]
    found = {value.key: value.value for value in read([head, row]).values}
    assert found["FBS"] == Decimal(115)


def test_of_years_side_by_side_the_latest_counts() -> None:
    lines: Lines = [
        [(0, "รายการตรวจ"), (30, "2566"), (45, "2567"), (60, "2568"), (80, "ค่าปกติ")],
        [(0, "HDL"), (30, "41"), (45, "44"), (60, "47"), (80, ">40")],
    ]
    assert values(lines) == {"HDL": Decimal(47)}


def test_a_row_without_result_stays_absent_with_its_reference() -> None:
    lines: Lines = [
        [(0, "Test"), (30, "Result"), (60, "Reference")],
        [(0, "LDL"), (60, "< 130")],
        [(0, "HDL"), (30, "56"), (60, "> 40")],
    ]
    assert values(lines) == {"HDL": Decimal(56)}


def test_a_report_in_mmol_is_converted_and_the_print_kept() -> None:
    lines: Lines = [
        [(0, "Test"), (30, "Result"), (45, "Unit"), (60, "Reference")],
        [(0, "FBS"), (30, "5.4"), (45, "mmol/L"), (60, "3.9-5.6")],
    ]
    value = read(lines).get("FBS")
    assert value is not None
    assert (value.value, value.text, value.unit, value.reference) == (
        Decimal("97.3"),
        "5.4 mmol/L",
        "mmol/L",
        "3.9-5.6",
    )


def test_captions_over_their_values_are_understood() -> None:
    lines: Lines = [
        [(0, "น้ำหนัก"), (30, "ส่วนสูง"), (60, "BP")],
        [(0, "70.5"), (30, "174"), (60, "120/80")],
    ]
    assert values(lines) == {
        "Weight": Decimal("70.5"),
        "Height": Decimal(174),
        "BMI": Decimal("23.29"),
        "bp": "120/80",
        "BP-Systolic": Decimal(120),
        "BP-Diastolic": Decimal(80),
    }


def test_a_mass_index_that_is_not_printed_is_computed_and_says_so() -> None:
    report = read([[(0, "Weight: 73.1 kg"), (40, "Height: 179.5 cm")]])
    assert report.number("BMI") == Decimal("22.69")
    assert report.sources["/3/value"].derived


def test_a_printed_mass_index_is_kept_even_where_it_is_wrong() -> None:
    report = read([[(0, "Weight: 73.1 kg"), (40, "Height: 179.5 cm"), (80, "BMI 29.1")]])
    assert report.number("BMI") == Decimal("29.1")
    assert not report.sources["/3/value"].derived


def test_a_pressure_printed_in_parts_is_put_together() -> None:
    found = values([[(0, "ความดันโลหิตตัวบน : 147 mmHg")], [(0, "ความดันโลหิตตัวล่าง : 69 mmHg")]])
    assert found == {"bp": "147/69", "BP-Systolic": Decimal(147), "BP-Diastolic": Decimal(69)}


def test_a_pressure_that_is_only_a_reference_is_not_taken() -> None:
    assert values([[(0, "BP"), (30, "(ค่าปกติ <120/80 mmHg)")]]) == {}


def test_the_date_of_printing_is_not_the_visit() -> None:
    lines: Lines = [[(0, "Print date: 05/08/2025")], [(0, "Date: 02/07/2025")]]
    assert values(lines) == {"Date": "02/07/2025", "Date_reformatted": "02/07/2025"}


def test_the_visit_is_preferred_to_other_dates() -> None:
    lines: Lines = [[(0, "Report date: 05/07/2025")], [(0, "Visit date: 02/07/2025")]]
    assert values(lines)["Date"] == "02/07/2025"


def test_a_day_that_does_not_exist_is_kept_as_printed_only() -> None:
    assert values([[(0, "วันที่ตรวจ : 29 ก.พ. 68")]]) == {"Date": "29 ก.พ. 68"}


def test_an_english_report_is_read() -> None:
    lines: Lines = [
        [(20, "Bangkok Hospital")],
        [(0, "Patient name: Mr. Somchai Jaidee"), (60, "HN: 123456")],
        [(0, "Date of birth: 22/10/1947"), (60, "Age: 75 years")],
        [(0, "Date of examination: 23 Nov 2022")],
    ]
    assert values(lines) == {
        "Hospital_name": "Bangkok Hospital",
        "Name": "Mr. Somchai Jaidee",
        "DOB": "22/10/1947",
        "Age": Decimal(75),
        "Date": "23 Nov 2022",
        "Date_reformatted": "23/11/2022",
    }


def test_latin_letters_made_of_unread_thai_are_no_name() -> None:
    doubtful = page([[(0, "Name : HUaun la")]])
    words = tuple(replace(word, score=0.7) for word in doubtful.words)
    name = read_health([replace(doubtful, words=words)], TODAY).get("Name")
    assert name is not None
    assert (name.value, name.text) == (None, "HUaun la")


def test_first_and_last_name_are_put_together() -> None:
    assert values([[(0, "First name: Somchai"), (40, "Last name: Jaidee")]]) == {"Name": "Somchai Jaidee"}


def test_the_evidence_grows_with_the_captions() -> None:
    assert health_evidence([page(TABLE)]) == 1.0
    assert health_evidence([page([[(0, "收费项目"), (30, "金额")]])]) == 0.0
