"""What people type is understood exactly or refused with a reason; never guessed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.working_values.cells import HEADER_COLUMNS, Column, ValueType, from_shown, number_text, shown
from claims.working_values.parsing import NotUnderstood, parse, parse_date, parse_number, parse_ratio, parse_text

FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
ANY = Column(name="any", label="Any")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5", "12.5"), ("1,234.50", "1234.50"), ("１２３．４", "123.4"), ("¥ 12。5", "12.5"), ("12.50元", "12.50"),
        ("๑๒.๕", "12.5"), ("฿1,000", "1000"), ("1 234 567.8", "1234567.8"), ("−3", "-3"), (".5", "0.5"), ("5.", "5"),
        ("１，２３４", "1234"), ("+7", "7"), ("0", "0"), ("0.0001", "0.0001"), ("99999999999.9999", "99999999999.9999"),
        ("$12", "12"), ("人民币 12", "12"), ("153.80元整", "153.8"), ("THB 1,280.50", "1280.5"),
        ("1,280.50 บาท", "1280.5"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "1.234,5", "12,5", "1,23", "1,2345", "12,34,567", "1,234 567", "1e5", "NaN", "Infinity", "1/2", "--1", "12 5",
        "5元50",
        "0.00001", "100000000000", "9" * 5000, "١٢", "一百", "1_000", "", ".", "-", "0x10", "1.2.3",
    ],
)  # fmt: skip
def test_what_is_no_number_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_number(text)


def test_a_comma_for_decimals_is_explained() -> None:
    with pytest.raises(NotUnderstood, match="point"):
        parse_number("1.234,5")


NUMBERS = st.decimals(min_value=-(10**10), max_value=10**10, places=4, allow_nan=False)


@given(NUMBERS)
def test_every_way_of_writing_a_number_gives_the_same(number: Decimal) -> None:
    plain, grouped = f"{number:f}", f"{number:,f}"
    for text in (plain, grouped, plain.translate(FULL_WIDTH), plain.translate(THAI), f"￥{grouped}", f" {plain} 元"):
        assert parse_number(text) == number


@given(NUMBERS)
def test_a_number_shown_and_typed_again_is_the_same(number: Decimal) -> None:
    assert parse_number(number_text(number, at_least=2)) == number
    assert from_shown(shown(number, ValueType.MONEY), ValueType.MONEY) == number


@given(st.text(max_size=30), st.sampled_from(ValueType))
def test_any_text_is_a_value_or_a_clear_refusal(text: str, kind: ValueType) -> None:
    with suppress(NotUnderstood):
        parse(text, ANY, kind)


@pytest.mark.parametrize(("text", "ratio"), [("0.1", "0.1"), ("10%", "0.1"), ("１０％", "0.1"), ("100 %", "1")])
def test_ratios_also_as_percentages(text: str, ratio: str) -> None:
    assert parse_ratio(text) == Decimal(ratio)


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01", "2025/3/1", "2025.3.1", "20250301", "2025年3月1日", "２０２５年３月１日", "2025 年 3 月 1 日",
        "2568-03-01", "1 มี.ค. 2568", "๑ มีนาคม ๒๕๖๘", "1 มี.ค. 68", "1/3/2568", "๐๑/๐๓/๒๕๖๘",
    ],
)  # fmt: skip
def test_days_with_the_year_first_or_a_thai_month(text: str) -> None:
    assert parse_date(text) == date(2025, 3, 1)


@pytest.mark.parametrize(
    "text", ["01/03/2025", "3/1/25", "2025-02-29", "2025-13-01", "29 ก.พ. 2566", "1812-01-01", "yesterday", "2025"]
)
def test_days_that_do_not_exist_or_are_ambiguous_are_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_date(text)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_shown_and_typed_again_is_the_same(day: date) -> None:
    assert parse_date(day.isoformat()) == parse_date(f"{day.year}年{day.month}月{day.day}日") == day


@given(st.text(max_size=100))
def test_text_becomes_one_line_and_stays_the_same_when_typed_again(text: str) -> None:
    once = parse_text(text)
    assert parse_text(once) == once
    assert once == " ".join(once.split())
    assert "\0" not in once


def test_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        parse_text("长" * 501)


def test_choices_are_those_offered_and_flags_are_nobodys_to_type() -> None:
    column = next(column for column in HEADER_COLUMNS if column.name == "type")
    assert parse("2", column, ValueType.CHOICE) == 2
    for text, kind in (("9", ValueType.CHOICE), ("1", ValueType.FLAG)):
        with pytest.raises(NotUnderstood):
            parse(text, column, kind)


@pytest.mark.parametrize("text", ["", "  ", None, "\t"])
def test_nothing_typed_empties_the_value(text: str | None) -> None:
    for kind in ValueType:
        assert parse(text, ANY, kind) is None


@pytest.mark.parametrize("text", ["1." + "0" * 40 + "1", "12345678901." + "0" * 30 + "9", "0." + "9" * 60])
def test_digits_that_would_be_rounded_away_are_refused(text: str) -> None:
    with pytest.raises(NotUnderstood, match="decimals"):
        parse_number(text)
