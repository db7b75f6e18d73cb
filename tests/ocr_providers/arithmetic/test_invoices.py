"""What is doubtful about an invoice: one finding for one cause, on the cells concerned (vectors: DOMAIN notes 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ocr_providers.arithmetic import Change, Finding, RuleSettings, Severity, check_invoice
from ocr_providers.results import Invoice

MakeInvoice = Callable[..., Invoice]
ROOT = "/medical_result"
LINE = f"{ROOT}/cost_detail_list"
TODAY = date(2026, 1, 2)

MULTI_RULE: dict[str, Any] = {
    "lines": [
        {"price": 100.00, "level": "甲", "selfpay_ratio": 0, "selfpay": 0},
        {"price": 50.00, "level": "乙", "selfpay_ratio": 0.05, "selfpay": 2.50},
        {"price": 33.33, "level": "乙", "selfpay_ratio": 0.1, "selfpay": 3.33},
        {"price": 20.00, "level": "丙", "selfpay_ratio": 1, "selfpay": 20.00},
    ],
    "payments": {
        "基金支付": 120.00,
        "自付一": 57.50,
        "自付二": 5.83,
        "自费": 20.00,
        "个人账户支付": 40.00,
        "现金支付": 43.33,
    },
    "total_cost": 203.33,
    "medical_insurance_type": "职工医保",
}


def doubts(findings: tuple[Finding, ...]) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in findings}


def proposed(finding: Finding) -> dict[str, object]:
    assert finding.best is not None
    return {change.path: change.value for change in finding.best.changes}


def test_an_invoice_on_which_every_identity_holds_has_no_finding(invoice: MakeInvoice) -> None:
    assert check_invoice(invoice(**MULTI_RULE), today=TODAY) == ()


def test_a_misread_price_is_one_finding_with_the_sum_written_out_and_its_repair(invoice: MakeInvoice) -> None:
    broken = invoice(
        lines=[{"amount": 3, "unit_price": 40.0, "price": 128.0, "class": "西药费"}],
        categories={"西药费": 120.0},
        total_cost=120.0,
    )
    (finding,) = check_invoice(broken, today=TODAY)
    assert finding.code == "LIN-PRICE"
    assert finding.message == "Line 1: 3 × 40.00 = 120.00, printed 128.00, difference 8.00"
    assert finding.paths == (f"{LINE}/0/price",)
    assert proposed(finding) == {f"{LINE}/0/price": Decimal("120.00")}
    assert set(finding.checks) == {"LIN-PRICE", "INV-TOTAL-DET", "INV-CAT-DET"}


def test_the_sample_of_the_service_document(invoice: MakeInvoice) -> None:
    sample = invoice(
        payments={"个人支付金额": 102376.98},
        total_cost=855.32,
        hospital_name="烟台市州台山医院",
        average_prob=0.7073246833276072,
        billing_date="2018-03-28",
        note_no="401238134315",
        checksum={"cost_categories": 1, "total_cost": 1, "note_no": 1, "billing_date": 1},
        type=1,
    )
    assert doubts(check_invoice(sample, today=TODAY)) == {
        "PAY-MAX": Severity.ERROR,
        "INV-HOSP-REGION": Severity.INFO,
        "INV-CONF": Severity.INFO,
        "PAY-NAME": Severity.INFO,
    }


def test_a_rounding_category_explains_the_difference_between_total_and_payment(invoice: MakeInvoice) -> None:
    rounded = invoice(categories={"西药": 727.77, "舍入费": 0.03}, total_cost=727.80, payments={"个人支付金额": 727.77})
    assert set(doubts(check_invoice(rounded, today=TODAY))) == {"PAY-NAME"}


def test_a_payment_misread_by_one_digit_is_proposed_from_the_total(invoice: MakeInvoice) -> None:
    broken = invoice(
        lines=[{"amount": 1, "unit_price": 795.50, "price": 795.50}],
        total_cost=795.50,
        payments={"个人支付金额": 705.50},
    )
    finding = next(item for item in check_invoice(broken, today=TODAY) if item.code == "PAY-PERSON")
    assert finding.severity is Severity.WARNING
    assert proposed(finding) == {f"{ROOT}/payments_info/0/amount": Decimal("795.50")}


def test_a_shifted_column_breaks_the_total_and_not_the_ratio(invoice: MakeInvoice) -> None:
    shifted = invoice(lines=[{"amount": 32, "price": 14.0, "selfpay": 5.0, "selfpay_ratio": 0.3571}], total_cost=795.5)
    (finding,) = check_invoice(shifted, today=TODAY)
    assert finding.checks == ("INV-TOTAL-DET",)


def test_self_pay_above_its_share_may_be_a_price_limit(invoice: MakeInvoice) -> None:
    limited = invoice(lines=[{"price": 120, "selfpay_ratio": 0.10, "selfpay": 21, "level": "乙"}], total_cost=120)
    (finding,) = check_invoice(limited, today=TODAY)
    assert (finding.code, finding.severity, finding.suggestions) == ("LIN-SELFPAY", Severity.INFO, ())


def test_self_pay_below_its_share_is_a_fault(invoice: MakeInvoice) -> None:
    low = invoice(lines=[{"price": 120, "selfpay_ratio": 0.10, "selfpay": 1.2, "level": "乙"}], total_cost=120)
    assert doubts(check_invoice(low, today=TODAY)) == {"LIN-SELFPAY": Severity.WARNING}


def test_the_amount_in_capitals_tells_which_total_is_right(invoice: MakeInvoice) -> None:
    broken = invoice(lines=[{"price": 56.0}], total_cost=50.0, extra={"total_cost_in_words": "伍拾陆元整"})
    (finding,) = check_invoice(broken, today=TODAY)
    assert proposed(finding) == {f"{ROOT}/total_cost": Decimal("56.00")}
    assert set(finding.checks) == {"INV-CN-UPPER", "INV-TOTAL-DET"}


def test_without_unit_prices_the_few_candidates_are_shown_and_none_is_first(invoice: MakeInvoice) -> None:
    prices = [10.30, 38.20, 36.00, 48.10, 12.00, 92.90]
    broken = invoice(
        lines=[{"price": price, "class": "西药费"} for price in prices],
        categories={"西药费": "232.50"},
        total_cost="232.50",
    )
    (finding,) = check_invoice(broken, today=TODAY)
    assert finding.best is None
    assert {item.changes for item in finding.suggestions} == {
        (Change(f"{LINE}/1/price", Decimal("33.20")),),
        (Change(f"{LINE}/3/price", Decimal("43.10")),),
    }


def test_a_line_read_twice_is_proposed_for_removal(invoice: MakeInvoice) -> None:
    line = {"name": "阿莫西林胶囊", "amount": 2, "unit_price": 12.5, "price": 25.0}
    doubled = invoice(lines=[line, line, {"name": "血常规", "amount": 1, "unit_price": 18, "price": 18}], total_cost=43)
    finding = next(item for item in check_invoice(doubled, today=TODAY) if item.code == "INV-TOTAL-DET")
    assert finding.suggestions[0].changes == (Change(f"{LINE}/1", None),)


def test_a_line_in_the_wrong_category_is_proposed_for_the_right_one(invoice: MakeInvoice) -> None:
    moved = invoice(
        lines=[
            {"price": 25.0, "class": "西药费"},
            {"price": 18.0, "class": "西药费"},
            {"price": 40.0, "class": "检查费"},
            {"price": 31.7, "class": "检查费"},
        ],
        categories={"西药费": 43.0 - 18.0, "检查费": 71.7 + 18.0},
        total_cost=114.7,
    )
    (finding,) = check_invoice(moved, today=TODAY)
    assert proposed(finding) == {f"{LINE}/1/class": "检查费"}


def test_exchanged_columns_are_put_back(invoice: MakeInvoice) -> None:
    exchanged = invoice(
        lines=[{"amount": 86, "unit_price": 21.5, "price": 4}, {"amount": 1, "unit_price": 30, "price": 30}],
        total_cost=116,
    )
    finding = check_invoice(exchanged, today=TODAY)[0]
    assert proposed(finding) == {f"{LINE}/0/amount": Decimal(4), f"{LINE}/0/price": Decimal(86)}


def test_a_list_that_goes_on_elsewhere_is_no_error(invoice: MakeInvoice) -> None:
    lines = [{"name": "甲", "amount": 2, "unit_price": 17.3, "price": 34.6, "class": "西药费"}]
    part = invoice(lines=lines, categories={"西药费": 34.6, "检查费": 400}, total_cost=434.6)
    assert doubts(check_invoice(part, today=TODAY)) == {"INV-TOTAL-DET": Severity.INFO}
    short = invoice(lines=lines, categories={"西药费": 211.9}, total_cost=211.9)
    (finding,) = check_invoice(short, today=TODAY)
    assert finding.severity is Severity.WARNING
    assert finding.message == "Lines worth 177.30 seem to be missing: the list may go on elsewhere"


def test_a_level_read_wrong_is_found_by_the_sums_of_the_classes(invoice: MakeInvoice) -> None:
    lines = [{**line, "selfpay_ratio": None} for line in MULTI_RULE["lines"]]
    lines[0]["level"] = "丙"
    (finding,) = check_invoice(invoice(**{**MULTI_RULE, "lines": lines}), today=TODAY)
    assert finding.severity is Severity.WARNING
    assert proposed(finding) == {f"{LINE}/0/level": "甲"}


def test_synonyms_of_a_category_are_one_category(invoice: MakeInvoice) -> None:
    assert not check_invoice(
        invoice(lines=[{"price": 10, "class": "化验费"}], categories={"检验费": 10}, total_cost=10), today=TODAY
    )


def test_an_uninsured_patient_pays_all_whatever_the_levels(invoice: MakeInvoice) -> None:
    uninsured = invoice(
        lines=[{"price": 100, "level": "甲"}, {"price": 50, "level": "丙"}],
        total_cost=150,
        payments={"基金支付": 0, "自付一": 0, "自费": 150, "个人账户支付": 0, "现金支付": 150},
        medical_insurance_type="自费",
    )
    assert check_invoice(uninsured, today=TODAY) == ()


def test_a_fund_paying_for_an_uninsured_patient_is_a_warning(invoice: MakeInvoice) -> None:
    odd = invoice(total_cost=150, payments={"基金支付": 20, "现金支付": 130}, medical_insurance_type="自费")
    assert doubts(check_invoice(odd, today=TODAY)) == {"PAY-SELF": Severity.WARNING}


def test_payments_of_which_some_are_not_printed_accuse_nobody(invoice: MakeInvoice) -> None:
    assert not check_invoice(invoice(total_cost=150, payments={"基金支付": 20, "现金支付": 61.17}), today=TODAY)


def test_a_number_out_of_bounds_that_an_equation_accuses_is_one_graver_finding(invoice: MakeInvoice) -> None:
    lines = [dict(line) for line in MULTI_RULE["lines"]]
    lines[1]["selfpay"] = 250
    (finding,) = check_invoice(invoice(**{**MULTI_RULE, "lines": lines}), today=TODAY)
    assert finding.severity is Severity.ERROR
    assert {"LIN-SELFPAY", "LIN-RANGE"} <= set(finding.checks)
    assert proposed(finding) == {f"{LINE}/1/selfpay": Decimal("2.50")}


@pytest.mark.parametrize(
    ("fields", "code", "severity"),
    [
        ({"note_no": "O1Z3456789"}, "INV-NOTE", Severity.WARNING),
        ({"note_no": "12345"}, "INV-NOTE", Severity.WARNING),
        ({"billing_date": "2042-03-28"}, "INV-DATE", Severity.ERROR),
        ({"billing_date": "2018-02-30"}, "INV-DATE", Severity.ERROR),
        ({"billing_date": "1980-03-28"}, "INV-DATE", Severity.WARNING),
        ({"billing_date": "2024-03-28", "extra": {"note_code": "33060118"}}, "INV-DATE", Severity.WARNING),
        ({"type": 2}, "INV-TYPE", Severity.WARNING),
        ({"type": 1, "hospital_days": 3}, "INV-TYPE", Severity.WARNING),
        ({"hospital_dates": ["2024-03-05", "2024-03-01"]}, "INV-STAY", Severity.WARNING),
        ({"hospital_dates": ["2024-03-01", "2024-03-05"], "hospital_days": 9}, "INV-STAY", Severity.WARNING),
        ({"social_security_card_number": "110105194912310021"}, "INV-ID", Severity.WARNING),
        ({"social_security_card_number": "330171150415230017"}, "INV-ID", Severity.INFO),
        ({"social_security_card_number": "11010519491231002X", "patient_gender": 1}, "INV-GENDER-ID", Severity.WARNING),
        ({"payee": "收款人"}, "INV-LABEL-VALUE", Severity.WARNING),
        ({"total_cost": "1Z.00"}, "INV-UNREADABLE", Severity.WARNING),
        ({"average_prob": 0.5}, "INV-CONF", Severity.INFO),
        ({"lines": [{"amount": 0, "price": 3}]}, "LIN-RANGE", Severity.ERROR),
        ({"lines": [{"price": 3, "selfpay_ratio": 10}]}, "LIN-RANGE", Severity.ERROR),
        ({"lines": [{"price": 3, "selfpay_ratio": 0.1, "level": "甲"}]}, "LIN-LEVEL", Severity.WARNING),
        ({"lines": [{"price": -3}]}, "LIN-NEG", Severity.INFO),
        ({"lines": [{"name": "甲", "price": 3}] * 2}, "LIN-DUP", Severity.INFO),
    ],
)
def test_a_doubtful_value_has_its_finding(
    invoice: MakeInvoice, fields: dict[str, object], code: str, severity: Severity
) -> None:
    assert doubts(check_invoice(invoice(**fields), today=TODAY)) == {code: severity}


@pytest.mark.parametrize(
    "fields",
    [{"billing_date": ""}, {"billing_date": "2024-03-05 10:20:00"}, {"hospital_dates": [""]}, {"total_cost": "-"}],
)
def test_a_vendors_word_for_nothing_is_no_finding(invoice: MakeInvoice, fields: dict[str, object]) -> None:
    assert check_invoice(invoice(**fields), today=TODAY) == ()


def test_what_a_binary_float_adds_is_no_difference(invoice: MakeInvoice) -> None:
    noisy = invoice(lines=[{"amount": 1, "unit_price": "20.1", "price": "20.100000000000001"}], total_cost="20.1")
    assert check_invoice(noisy, today=TODAY) == ()


def test_letters_read_for_digits_are_proposed_as_digits(invoice: MakeInvoice) -> None:
    (finding,) = check_invoice(invoice(note_no="O1Z3456789"), today=TODAY)
    assert proposed(finding) == {f"{ROOT}/note_no": "0123456789"}


def test_shifted_columns_of_several_lines_are_one_finding(invoice: MakeInvoice) -> None:
    lines = [{"amount": 60, "unit_price": 20, "price": 3}, {"amount": 45, "unit_price": 9, "price": 5}]
    finding = next(item for item in check_invoice(invoice(lines=lines), today=TODAY) if item.code == "LIN-SHIFT")
    assert Change(f"{LINE}/0/price", Decimal(60)) in finding.suggestions[0].changes


def test_an_administrator_sets_severity_and_tolerance_and_switches_rules_off(invoice: MakeInvoice) -> None:
    off = invoice(total_cost=150, payments={"基金支付": 20, "个人账户支付": 0, "现金支付": 130.07})
    assert doubts(check_invoice(off, today=TODAY)) == {"PAY-CHAN": Severity.WARNING}
    stricter = {"PAY-CHAN": RuleSettings(Severity.ERROR)}
    assert doubts(check_invoice(off, stricter, TODAY)) == {"PAY-CHAN": Severity.ERROR}
    assert not check_invoice(off, {"PAY-CHAN": RuleSettings(Severity.WARNING, enabled=False)}, TODAY)
    wider = check_invoice(off, {"PAY-CHAN": RuleSettings(Severity.WARNING, Decimal("0.10"))}, TODAY)
    assert set(doubts(wider).values()) <= {Severity.INFO}


def test_a_name_that_the_catalogue_does_not_have_comes_with_the_nearest(invoice: MakeInvoice) -> None:
    catalogue = ("阿莫西林胶囊", "替格瑞洛片", "血常规")
    (finding,) = check_invoice(invoice(lines=[{"name": "阿莫西林胶襄"}]), today=TODAY, catalogue=catalogue)
    assert finding.code == "LIN-NAME"
    assert finding.suggestions[0].changes == (Change(f"{LINE}/0/name", "阿莫西林胶囊"),)
    assert not check_invoice(invoice(lines=[{"name": "阿莫西林胶襄"}]), today=TODAY)
