from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_providers.engine.text import amount_of, money_of, normal, squeezed


@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("123.45", "123.45"),
        ("1,234.50", "1234.50"),
        ("176. 00", "176.00"),
        ("128,00", "128.00"),
        ("-3.20", "-3.20"),
        ("l2.O0", "12.00"),
        ("￥409.87", "409.87"),
    ],
)
def test_an_amount_is_read_from_what_the_recogniser_makes_of_it(printed: str, amount: str) -> None:
    assert amount_of(printed) == Decimal(amount)


@pytest.mark.parametrize("printed", ["", "元", "1.2.3", "10.00 20.00", "1234567890123456.00"])
def test_what_is_not_one_amount_is_none(printed: str) -> None:
    assert amount_of(printed) is None


@pytest.mark.parametrize("printed", ["0.5g*24片", "西药费10.00", "2/盒"])
def test_money_has_no_words_beside_it(printed: str) -> None:
    assert money_of(printed) is None


def test_money_may_have_a_currency_sign() -> None:
    assert money_of("¥12.00元") == Decimal("12.00")


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_amount_written_with_cents_is_read_back(amount: Decimal) -> None:
    assert amount_of(f"{amount:,.2f}") == amount
    assert amount_of(f"{amount:.2f}") == amount


@given(st.text())
def test_normalising_keeps_every_position(text: str) -> None:
    assert len(normal(text)) == len(text)


def test_width_punctuation_and_traditional_twins_are_made_one() -> None:
    assert squeezed("黃芪（１０ｇ）： 醫保") == "黄芪(10g):医保"
