from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_providers.engine.health_labels import CAPTIONS, OTHERS, find_captions, find_headings


def fields(text: str) -> list[str]:
    return [match.field for match in find_captions(text)]


@pytest.mark.parametrize("field", CAPTIONS)
def test_every_caption_is_found_as_it_is_written(field: str) -> None:
    for caption in CAPTIONS[field]:
        assert fields(f"{caption} : 12") == [field], caption


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("น้าหนัก : 52.9", ["Weight"]),  # SARA AM lost its ring
        ("นำหนัก : 52.9", ["Weight"]),
        ("ความด้นโลหิต : 120/80", ["bp"]),
        ("ว็นที่ตรวจ : 24 ก.ค. 68", ["Date"]),
        ("ครีเอดินิน 0.92", ["Creatinine"]),
        ("Cholestero1 200", ["Cholesterol"]),
    ],
)
def test_a_caption_with_a_misread_character_is_found(text: str, expected: list[str]) -> None:
    assert fields(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Cholesterol/HDL ratio 3.1",
        "Non-HDL cholesterol 120",
        "น้ำหนักมาตรฐาน 55",
        "น้ำตาลในปัสสาวะ 0",
        "VLDL 22",
        "เลขที่ HN : 205",
    ],
)
def test_what_only_looks_like_a_value_of_ours_is_not(text: str) -> None:
    assert set(fields(text)) == {""}


def test_a_kind_of_cholesterol_is_not_the_total() -> None:
    assert fields("คอเลสเตอรอลชนิดดี 56") == ["HDL"]
    assert fields("LDL Cholesterol 120") == ["LDL"]


def test_another_long_word_with_the_same_beginning_is_not_the_caption() -> None:
    assert "LDL" not in fields("ไขมันไดรกลีเขอไรค์ 278")
    assert "HDL" not in fields("ไขมันไดรกลีเขอไรค์ 278")


def test_short_captions_are_words_of_their_own() -> None:
    assert fields("Page 3") == []
    assert fields("package 12") == [""]


def test_a_short_caption_may_touch_the_name_before_it_where_a_colon_follows() -> None:
    assert fields("เมฆาสวรรค์อายุ : 61 ปี") == ["Age"]
    assert fields("เมฆาสวรรค์อายุ 61 ปี") == []


def test_a_birth_date_is_not_a_visit() -> None:
    assert fields("Date of birth : 1/1/2500") == ["DOB"]
    assert fields("วันเดือนปีเกิด : 1/1/2500") == ["DOB"]


def test_headings_of_a_table_are_known_in_both_languages() -> None:
    assert [match.field for match in find_headings("รายการตรวจ  ผล  หน่วย  ค่าปกติ  แปลผล")] == [
        "test", "result", "unit", "reference", "flag",
    ]  # fmt: skip
    assert [match.field for match in find_headings("Test | Result | Unit | Reference range")] == [
        "test", "result", "unit", "reference",
    ]  # fmt: skip


@given(st.text(alphabet=st.sampled_from("กขมันดีนำหัก HDLCholesterol:0123456789()/.-"), max_size=80))
def test_captions_never_overlap_and_lie_in_the_text(text: str) -> None:
    end = 0
    for match in find_captions(text):
        assert end <= match.start < match.end <= len(text)
        assert match.field in CAPTIONS or match.field in OTHERS
        end = match.end
