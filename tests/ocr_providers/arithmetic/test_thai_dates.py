from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_providers.arithmetic.thai_dates import (
    ENGLISH_MONTHS,
    LONG_MONTHS,
    SHORT_MONTHS,
    age_at,
    find_date,
    parse_birth_date,
    parse_thai_date,
)

RECEIVED = date(2025, 8, 1)
TO_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
BUDDHIST_CENTURY = st.dates(date(1958, 1, 1), date(2056, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("02 ก.ค. 68", date(2025, 7, 2)),
        ("๐๒ กรกฎาคม ๒๕๖๘", date(2025, 7, 2)),
        ("29 ก.พ. 2567", date(2024, 2, 29)),
        ("15 พ.ย. พ.ศ. 2540", date(1997, 11, 15)),
        ("02กค68", date(2025, 7, 2)),
        ("2 ก. ค. 2568", date(2025, 7, 2)),
        ("วันที่ 2 เดือน กรกฎาคม พ.ศ. 2568 เวลา 08.30 น.", date(2025, 7, 2)),
        ("02/07/2568", date(2025, 7, 2)),
        ("02/07/2025", date(2025, 7, 2)),
        ("02-07-2568", date(2025, 7, 2)),
        ("2.7.2568", date(2025, 7, 2)),
        ("2025-07-02", date(2025, 7, 2)),
        ("02 Jul 2025", date(2025, 7, 2)),
        ("02-JUL-2025", date(2025, 7, 2)),
        ("July 2, 2025", date(2025, 7, 2)),
        ("1 Sept 2024", date(2024, 9, 1)),
        ("2 กรกฎา 2568", date(2025, 7, 2)),
        ("๐๒/๐๗/๖๘", date(2025, 7, 2)),
    ],
)
def test_a_printed_date_is_understood(text: str, expected: date) -> None:
    assert parse_thai_date(text) == expected


@pytest.mark.parametrize(
    "text",
    ["29 ก.พ. 68", "31/04/2568", "00/01/2568", "32 ม.ค. 68", "02/13/2025", "", "70-100 mg/dL", "120/80", "1/2/3000000"],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert parse_thai_date(text, RECEIVED) is None


def test_a_bare_two_digit_year_needs_the_day_it_was_received() -> None:
    assert parse_thai_date("02/07/25") is None
    assert parse_thai_date("02/07/25", RECEIVED) == date(2025, 7, 2)
    assert parse_thai_date("02/07/68", RECEIVED) == date(2025, 7, 2)


def test_a_bare_two_digit_year_far_from_the_day_received_is_left_to_a_person() -> None:
    assert parse_thai_date("02/07/45", RECEIVED) is None


def test_an_english_month_with_a_buddhist_year_of_two_digits_is_decided_by_the_day_received() -> None:
    assert parse_thai_date("02 Jul 68", RECEIVED) == date(2025, 7, 2)


def test_a_birth_date_of_two_digits_is_decided_by_the_age() -> None:
    assert parse_birth_date("15/11/40", age=27, visit=RECEIVED) == date(1997, 11, 15)
    assert parse_birth_date("15/11/40", age=84, visit=RECEIVED) == date(1940, 11, 15)
    assert parse_birth_date("15/11/40", visit=RECEIVED) is None


def test_a_thai_birth_date_in_the_future_is_of_the_century_before() -> None:
    assert parse_birth_date("1 ม.ค. 85", visit=RECEIVED) == date(1942, 1, 1)


def test_a_birth_date_with_four_digits_needs_nothing_else() -> None:
    assert parse_birth_date("17/07/2524") == date(1981, 7, 17)


def test_a_birth_date_after_the_visit_is_no_birth_date() -> None:
    assert parse_birth_date("17/07/2570", visit=RECEIVED) is None


def test_the_printed_date_is_cut_out_of_its_line() -> None:
    printed = find_date("วันที่ตรวจ (Date) : 24 ก.ค. 68 เวลา 09:00")
    assert printed is not None
    assert printed.text == "24 ก.ค. 68"


@given(BUDDHIST_CENTURY, st.booleans(), st.booleans())
def test_every_day_survives_its_thai_print(day: date, short: bool, thai_digits: bool) -> None:
    month = (SHORT_MONTHS if short else LONG_MONTHS)[day.month - 1]
    text = f"{day.day} {month} {day.year + 543}"
    assert parse_thai_date(text.translate(TO_THAI_DIGITS) if thai_digits else text) == day


@given(BUDDHIST_CENTURY)
def test_every_day_survives_a_two_digit_buddhist_year(day: date) -> None:
    assert parse_thai_date(f"{day.day:02} {SHORT_MONTHS[day.month - 1]} {(day.year + 543) % 100:02}") == day


@given(BUDDHIST_CENTURY, st.sampled_from("-/. "))
def test_every_day_survives_its_english_print(day: date, gap: str) -> None:
    assert parse_thai_date(f"{day.day}{gap}{ENGLISH_MONTHS[day.month - 1][:3].title()}{gap}{day.year}") == day


@given(BUDDHIST_CENTURY, st.integers(0, 1500))
def test_a_visit_decided_by_the_day_received_is_never_after_it(received: date, days: int) -> None:
    day = received - timedelta(days)
    found = parse_thai_date(f"{day:%d/%m/%y}", received)
    assert found is None or found <= received


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    found = find_date(text)
    assert found is None or found.text in text


@given(st.dates(date(1900, 1, 1), date(2050, 1, 1)), st.integers(0, 40000))
def test_the_age_counts_completed_years(birth: date, days: int) -> None:
    day = birth + timedelta(days)
    age = age_at(birth, day)
    assert age >= 0
    assert age * 365 <= days < (age + 1) * 366 + 1
