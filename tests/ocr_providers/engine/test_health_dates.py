from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_providers.arithmetic.thai_dates import LONG_MONTHS, SHORT_MONTHS, find_date
from ocr_providers.engine.health_dates import nearest_month, tidy, with_mended_month


@pytest.mark.parametrize("month", [*SHORT_MONTHS, *LONG_MONTHS])
def test_every_month_is_nearest_to_itself(month: str) -> None:
    assert nearest_month(month) == month


@pytest.mark.parametrize(
    ("read", "month"), [("ตุด.", "ต.ค."), ("กุย.", "ก.ย."), ("ธันวาดม", "ธันวาคม"), ("กรกฏาคม", "กรกฎาคม")]
)
def test_a_misread_month_that_can_be_only_one_is_mended(read: str, month: str) -> None:
    assert nearest_month(read) == month


@pytest.mark.parametrize("read", ["กต.", "ก.", "xx", "ปกติ"])
def test_a_month_that_could_be_several_is_left_alone(read: str) -> None:
    assert nearest_month(read) is None


def test_a_line_keeps_its_text_when_the_date_is_legible() -> None:
    assert with_mended_month(": 24 ก.ค. 68 เวลา 9.00") == ": 24 ก.ค. 68 เวลา 9.00"


def test_only_the_month_of_a_line_is_mended() -> None:
    assert find_date(with_mended_month(": 4 ตุด. 2515 น.")) == find_date("4 ต.ค. 2515")


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("20 พ.ย. . 68", "20 พ.ย. 68"),
        ("20พ.ย.68", "20 พ.ย. 68"),
        ("26 พค. 66", "26 พ.ค. 66"),
        ("26 พค 66", "26 พค 66"),
        ("15 พ.ย. พ.ศ. 2540", "15 พ.ย. พ.ศ. 2540"),
        ("10 / 07 / 2535", "10/07/2535"),
        ("๒ ก.ค. ๖๘", "๒ ก.ค. ๖๘"),
        ("23  Nov 2022", "23 Nov 2022"),
    ],
)
def test_blanks_and_points_are_as_printed(read: str, printed: str) -> None:
    assert tidy(read) == printed


@given(st.text(alphabet=st.sampled_from("กคพยมตุ. 0123456789๐๑/"), max_size=30))
def test_tidying_changes_no_digit(text: str) -> None:
    assert [sign for sign in tidy(text) if sign.isdigit()] == [sign for sign in text if sign.isdigit()]


def test_a_stroke_between_figures_may_be_read_as_a_one() -> None:
    assert with_mended_month("07108/2507") == "07/08/2507"
    assert with_mended_month("21/1112516") == "21/11/2516"
    assert with_mended_month("0712345678") == "0712345678"
