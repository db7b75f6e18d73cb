"""One misread number is one finding, on that number, with its repair; what a form's own habits decide."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from ocr_providers.arithmetic import Finding, Severity, check_invoice
from ocr_providers.vendor_schema import dumps, invoice_from_json, loads
from tests.ocr_providers.arithmetic.made import put

Json = dict[str, Any]
ROOT = "/medical_result"


def line(category: str, level: str, *numbers: str) -> Json:
    amount, unit_price, price, ratio, selfpay = numbers
    return {
        "class": category, "level": level, "amount": amount, "unit_price": unit_price, "price": price,
        "selfpay_ratio": ratio, "selfpay": selfpay,
    }  # fmt: skip


PAPER: Json = {
    "type": 1,
    "medical_insurance_type": "职工医保",
    "total_cost": "428.98",
    "extra": {"total_cost_in_words": "肆佰贰拾捌元玖角捌分"},
    "cost_detail_list": [
        line("西药费", "甲", "3", "26.50", "79.50", "0", "0.00"),
        line("西药费", "乙", "2", "38.24", "76.48", "0.10", "7.65"),
        line("化验费", "甲", "1", "45.00", "45.00", "0", "0.00"),
        line("化验费", "乙", "1", "120.00", "120.00", "0.05", "6.00"),
        line("检查费", "丙", "4", "27.00", "108.00", "1", "108.00"),
    ],
    "cost_categories": [
        {"name": "西药费", "cost": "155.98"},
        {"name": "化验费", "cost": "165.00"},
        {"name": "检查费", "cost": "108.00"},
    ],
    "payments_info": [
        {"name": "基金支付", "amount": "250.00"},
        {"name": "自付一", "amount": "57.33"},
        {"name": "自付二", "amount": "13.65"},
        {"name": "自费", "amount": "108.00"},
        {"name": "个人账户支付", "amount": "150.40"},
        {"name": "现金支付", "amount": "28.58"},
    ],
}


def checked(result: Json) -> tuple[Finding, ...]:
    return check_invoice(invoice_from_json(loads(dumps(result))))


def misread(path: str, read: str) -> tuple[Finding, ...]:
    result = copy.deepcopy(PAPER)
    put(result, ROOT + path, read)
    return checked(result)


def test_the_paper_itself_has_no_finding() -> None:
    assert checked(PAPER) == ()


@pytest.mark.parametrize(
    ("path", "printed", "read"),
    [
        ("/cost_detail_list/0/price", "79.50", "19.50"),
        ("/cost_detail_list/0/price", "79.50", "7950"),
        ("/cost_detail_list/1/unit_price", "38.24", "33.24"),
        ("/cost_detail_list/0/amount", "3", "8"),
        ("/cost_detail_list/1/selfpay", "7.65", "1.65"),
        ("/cost_detail_list/3/selfpay", "6.00", "600.00"),
        ("/cost_detail_list/1/selfpay_ratio", "0.1", "1.0"),
        ("/cost_categories/1/cost", "165.00", "155.00"),
        ("/total_cost", "428.98", "423.98"),
        ("/total_cost", "428.98", "42898"),
        ("/payments_info/0/amount", "250.00", "256.00"),
        ("/payments_info/3/amount", "108.00", "168.00"),
        ("/payments_info/4/amount", "150.40", "150.04"),
    ],
)
def test_one_misread_number_is_one_finding_with_its_repair(path: str, printed: str, read: str) -> None:
    (finding,) = misread(path, read)
    assert finding.severity is not Severity.INFO
    assert finding.best is not None
    assert {change.path: change.value for change in finding.best.changes} == {ROOT + path: Decimal(printed)}


def test_an_exact_repair_goes_before_one_within_rounding() -> None:
    """54.60 / 2 = 27.30 exactly; 27.3 with another digit behind would only be near."""
    result = {"cost_detail_list": [{"amount": 2, "unit_price": "21.30", "price": "54.60"}]}
    (finding,) = checked(result)
    first = finding.suggestions[0].changes[0]
    assert (first.path, first.value) == (f"{ROOT}/cost_detail_list/0/unit_price", Decimal("27.30"))


def column(*rows: tuple[str, str, str]) -> Json:
    return {
        "cost_detail_list": [{"amount": amount, "unit_price": unit, "price": price} for amount, unit, price in rows]
    }


def test_the_decimals_of_the_column_tell_which_point_was_lost() -> None:
    """Ten pieces, or a tenth of the price? This form prints four decimals."""
    rows = [("2", "4.1325", "8.27"), ("3", "1.2273", "3.68"), ("1", "2.7183", "2.72"), ("2", "6.0221", "12.04")]
    (finding,) = checked(column(*rows, ("1", "4.1323", "41.32"), ("10", "2.2231", "22.23")))
    assert finding.best is not None
    (change,) = finding.best.changes
    assert (change.path, change.value) == (f"{ROOT}/cost_detail_list/4/amount", Decimal(10))


def test_a_column_rounded_to_ten_cents_is_no_fault() -> None:
    rows = [("1", "31.42", "31.40"), ("2", "44.77", "89.50"), ("3", "12.00", "36.00"), ("1", "8.88", "8.90")]
    assert checked(column(*rows)) == ()


def test_one_line_that_is_off_by_a_few_cents_is_still_seen() -> None:
    rows = [("1", "31.42", "31.42"), ("2", "44.77", "89.50"), ("3", "12.00", "36.00"), ("1", "8.88", "8.88")]
    assert [finding.code for finding in checked(column(*rows))] == ["LIN-PRICE"]


def test_a_ratio_that_nothing_confirms_is_not_guessed() -> None:
    result = {"cost_detail_list": [{"price": 10, "selfpay_ratio": 7, "level": None}]}
    (finding,) = checked(result)
    assert (finding.code, finding.suggestions) == ("LIN-RANGE", ())
