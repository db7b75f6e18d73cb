"""Amounts in capitals, identity numbers, words of the forms, and how numbers are misread."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_providers.arithmetic import identity_numbers, parse_amount_in_words
from ocr_providers.arithmetic.misreadings import (
    ANYTHING,
    PLAUSIBLE,
    SAME,
    SIGN_LOST,
    likelihood,
    likelihood_as_written,
    slips,
)
from ocr_providers.arithmetic.vocabulary import Pay, category_name, is_uninsured, level_of, payment_kind

DIGITS = "零壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("壹万陆仟肆佰零玖元零贰分", "16409.02"),
        ("壹拾万柒仟元零伍角叁分", "107000.53"),
        ("壹拾万零柒仟元伍角叁分", "107000.53"),
        ("叁佰贰拾伍元零肆分", "325.04"),
        ("伍拾陆元整", "56.00"),
        ("人民币：壹佰圆正", "100.00"),
        ("⊗仟⊗佰叁拾贰元伍角零分", "32.50"),
        ("拾贰元", "12.00"),
        ("贰亿零叁万元", "200030000.00"),
        ("負", None),
        ("伍拾陆", None),
        ("伍拾X陆元乙角", None),
        ("", None),
    ],
)
def test_an_amount_in_capitals_is_compared_by_value(text: str, amount: str | None) -> None:
    assert parse_amount_in_words(text) == (None if amount is None else Decimal(amount))


def in_words(cents: int) -> str:
    """As a cashier writes it, with every place named."""
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    units = ["", "拾", "佰", "仟", "万", "拾", "佰", "仟"]
    places = [(digit, unit) for digit, unit in zip(reversed(str(yuan)), units, strict=False)]
    whole = "".join(
        (DIGITS[int(digit)] + unit if digit != "0" or unit == "万" else "零") for digit, unit in reversed(places)
    )
    return f"{whole}元{DIGITS[jiao]}角{DIGITS[fen]}分"


@given(st.integers(min_value=1, max_value=9_999_999_999))
def test_every_amount_written_in_capitals_is_read_back(cents: int) -> None:
    assert parse_amount_in_words(in_words(cents)) == Decimal(cents).scaleb(-2)


@given(st.text(max_size=30))
def test_any_text_gives_an_amount_or_none(text: str) -> None:
    amount = parse_amount_in_words(text)
    assert amount is None or amount.is_finite()


def test_the_example_of_the_standard_is_a_valid_identity_number() -> None:
    assert identity_numbers.is_valid("11010519491231002X")
    assert identity_numbers.is_valid("11010519491231002x")
    assert identity_numbers.gender("11010519491231002X") == 2
    assert not identity_numbers.is_valid("110105194912310021")
    assert not identity_numbers.is_valid("11010519491331002X")


@given(st.integers(min_value=0, max_value=16), st.sampled_from("0123456789"))
def test_one_changed_digit_never_leaves_an_identity_number_valid(at: int, digit: str) -> None:
    number = "11010519491231002X"
    changed = number[:at] + digit + number[at + 1 :]
    assert identity_numbers.is_valid(changed) == (changed == number)


def test_a_misread_identity_number_is_repaired_by_one_digit() -> None:
    assert "11010519491231002X" in identity_numbers.repairs("11010519491281002X")


def test_a_thai_number_has_its_own_check_digit() -> None:
    assert identity_numbers.is_valid_thai("1-1017-00230-70-8") is True
    assert identity_numbers.is_valid_thai("1-1017-00230-70-9") is False


LIKELIER_FIRST = [
    ("128.00", "120.00"),  # look-alikes
    ("13.50", "123.50"),  # a digit dropped
    ("121.00", "125.00"),  # digits that do not look alike
    ("888.00", "308.00"),  # two look-alikes
]


def test_what_readers_do_more_often_is_likelier() -> None:
    chances = [likelihood(Decimal(read), Decimal(printed)) for read, printed in LIKELIER_FIRST]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] < SAME
    assert chances[-2] > PLAUSIBLE > chances[-1] > ANYTHING


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("12350", "123.50"),  # the point lost
        ("1235.0", "123.50"),
        ("3.08", "103.08"),  # the first digit dropped, and with it the zero that then led
        ("2.00", "20.00"),  # 02.00
        ("1223.50", "123.50"),
        ("123.550", "123.50"),
        ("132.50", "123.50"),
    ],
)
def test_a_usual_mistake_is_plausible(read: str, printed: str) -> None:
    assert likelihood(Decimal(read), Decimal(printed)) > PLAUSIBLE


def test_numbers_without_a_way_between_them_are_not() -> None:
    assert likelihood(Decimal("188.00"), Decimal("128.80")) == ANYTHING
    assert likelihood(Decimal("-3.00"), Decimal("3.00")) == SIGN_LOST


def test_a_mistake_with_more_ways_to_happen_is_likelier() -> None:
    """10 becomes 1 when its 0 is lost and when its digits are exchanged; 12 only when its 2 is lost."""
    ten, twelve = (likelihood(Decimal(1), Decimal(printed), whole=True) for printed in (10, 12))
    assert ten > twelve


def test_zeros_at_the_end_tell_what_happened() -> None:
    """123.50 with its point moved is 1235.0 on paper; 1235.00 is no 123.50."""
    assert likelihood_as_written("1235.0", "123.50") > likelihood_as_written("1235.00", "123.50")


@settings(deadline=None)
@given(st.decimals(min_value=1, max_value=9999, places=2))
def test_every_slip_is_one_that_readers_make(read: Decimal) -> None:
    assert all(likelihood(read, other) > ANYTHING for other in slips(read) if other)


def test_words_of_the_forms_have_one_meaning() -> None:
    assert payment_kind("个人自付") is payment_kind("自付一") is Pay.SELF_1
    assert payment_kind("个人 现金支付：") is Pay.CASH
    assert payment_kind("押金") is None
    assert category_name("检验费") == category_name("化验")
    assert category_name("CT费") == category_name("放射费") == "检查费"
    assert [level_of(word) for word in ("甲类", "有自付", "全自费", "–", None)] == ["甲", "乙", "丙", None, None]
    assert is_uninsured("普通自费")
    assert not is_uninsured("职工医保")
