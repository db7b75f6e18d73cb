"""Amounts in capitals, identity numbers, words of the forms, and how numbers are misread."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_providers.arithmetic import identity_numbers, parse_amount_in_words
from ocr_providers.arithmetic.misreadings import (
    ANYTHING,
    CONFUSION,
    DIGIT_DOUBLED,
    DIGIT_DROPPED,
    OTHER_DIGIT,
    POINT_MOVED,
    SAME,
    SIGN_LOST,
    SWAPPED_NEIGHBOURS,
    TWO_CONFUSIONS,
    likelihood,
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


@pytest.mark.parametrize(
    ("read", "printed", "kind"),
    [
        ("120.00", "120.0", SAME),
        ("128.00", "120.00", CONFUSION),
        ("121.00", "125.00", OTHER_DIGIT),
        ("12350", "123.50", POINT_MOVED),
        ("13.50", "123.50", DIGIT_DROPPED),
        ("3.08", "103.08", DIGIT_DROPPED),
        ("1223.50", "123.50", DIGIT_DOUBLED),
        ("132.50", "123.50", SWAPPED_NEIGHBOURS),
        ("-3.00", "3.00", SIGN_LOST),
        ("188.00", "128.80", ANYTHING),
        ("888.00", "308.00", TWO_CONFUSIONS),
    ],
)
def test_how_a_number_came_to_be_read_as_another(read: str, printed: str, kind: float) -> None:
    assert likelihood(Decimal(read), Decimal(printed)) == kind


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
