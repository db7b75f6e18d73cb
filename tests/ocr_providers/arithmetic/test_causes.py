"""One misread number is one finding, on that number, with its repair; what a form's own habits decide."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from ocr_providers.arithmetic import Change, Finding, Severity, check_invoice
from ocr_providers.arithmetic.misreadings import PLAUSIBLE, likelihood
from ocr_providers.exact_json import dumps, loads
from ocr_providers.vendor_schema import invoice_from_json
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


@pytest.mark.parametrize(
    ("path", "printed", "read"),
    [
        ("/cost_detail_list/0/amount", "3", "0"),  # no line has no pieces
        ("/cost_detail_list/1/selfpay_ratio", "0.10", "0.0"),  # nor does level 乙 have no share
        ("/cost_detail_list/4/selfpay", "108.00", "180.00"),  # more than the price is over no price limit
        ("/cost_categories/0/cost", "155.98", "155.988"),  # no amount has a third decimal
    ],
)
def test_what_no_paper_prints_is_misread(path: str, printed: str, read: str) -> None:
    (finding,) = misread(path, read)
    assert finding.severity is not Severity.INFO
    assert finding.best is not None
    assert {change.path: change.value for change in finding.best.changes} == {ROOT + path: Decimal(printed)}


def test_zeros_that_the_column_keeps_tell_that_the_point_moved() -> None:
    """6.160 among prices of two decimals is 61.60 with its point moved, not 6.16 for ten times as many."""
    rows = [("1", "12.50", "12.50"), ("3", "7.20", "21.60"), ("2", "30.15", "60.30"), ("4", "18.90", "75.60")]
    (finding,) = checked(column(*rows, ("2", "6.160", "123.20")))
    assert finding.best is not None
    (change,) = finding.best.changes
    assert (change.path, change.value) == (f"{ROOT}/cost_detail_list/4/unit_price", Decimal("61.60"))


def test_an_amount_that_no_misreading_explains_is_not_calculated_for_one_of_two_payments() -> None:
    """Account and cash are both wrong: one number that would make the sums right is a guess."""
    result = copy.deepcopy(PAPER)
    put(result, f"{ROOT}/payments_info/4/amount", "158.40")
    put(result, f"{ROOT}/payments_info/5/amount", "78.88")
    serious = [finding for finding in checked(result) if finding.severity is not Severity.INFO]
    assert serious
    assert not any(finding.suggestions for finding in serious)


def test_the_national_receipt_has_two_shares() -> None:
    names = ("医保统筹基金支付", "个人账户支付", "个人现金支付", "个人自付", "个人自费")
    payments = [{"name": name, "amount": amount} for name, amount in zip(names, (60, 25, 15, 31, 0), strict=True)]
    findings = checked({"total_cost": 100, "payments_info": payments})
    assert {finding.code for finding in findings if finding.severity is Severity.WARNING} == {"PAY-PART"}


def test_a_unit_price_with_a_third_decimal_of_its_own_is_pointed_to() -> None:
    rows = [("2", "3.10", "6.20"), ("1", "8.00", "8.00"), ("3", "7.25", "21.75")]
    (finding,) = checked(column(("1", "12.311", "12.31"), *rows))
    assert (finding.severity, finding.suggestions) == (Severity.INFO, ())
    assert finding.paths == (f"{ROOT}/cost_detail_list/0/unit_price",)


def test_a_self_pay_with_a_third_decimal_of_its_own_is_mended() -> None:
    shares = [
        ("100.00", "0.10", "10.00"),
        ("50.00", "0.20", "10.00"),
        ("20.05", "0.10", "2.011"),
        ("7.00", "1", "7.00"),
    ]
    lines = [{"price": price, "selfpay_ratio": ratio, "selfpay": own} for price, ratio, own in shares]
    (finding,) = checked({"cost_detail_list": lines})
    assert finding.best is not None
    assert finding.best.changes[0].value == Decimal("2.01")


def test_a_line_read_twice_goes_before_a_misread_total() -> None:
    line = {"name": "阿莫西林胶囊", "amount": 1, "unit_price": "10.00", "price": "10.00"}
    other = {"name": "血常规", "amount": 2, "unit_price": "10.00", "price": "20.00"}
    finding = checked({"total_cost": "30.00", "cost_detail_list": [line, line, other]})[0]
    assert [change.path for item in finding.suggestions for change in item.changes] == [f"{ROOT}/cost_detail_list/1"]


def test_the_only_digit_before_the_point_may_be_lost() -> None:
    """What is left of 7.65 is .65, and read as 0.65: no rarer than another digit lost."""
    lost, other = (likelihood(Decimal(read), Decimal("7.65")) for read in ("0.65", "7.6"))
    assert lost > PLAUSIBLE
    assert abs(lost - other) < 0.5


def test_a_quantity_with_zeros_behind_the_point_was_ten_where_others_have_none() -> None:
    rows = [("2", "3.10", "6.20"), ("1", "8.00", "8.00"), ("3", "7.25", "21.75"), ("5", "2.40", "12.00")]
    (finding,) = [item for item in checked(column(("1.0", "4.20", "42.00"), *rows)) if item.severity != "info"]
    assert finding.best is not None
    assert finding.best.changes == (Change(f"{ROOT}/cost_detail_list/0/amount", Decimal(10)),)
    (unsure,) = [item for item in checked(column(("1", "4.20", "42.00"), *rows)) if item.severity != "info"]
    assert unsure.best is None
