"""The vendor's flags, computed by us, and both beside each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ocr_providers.arithmetic import Severity, State, Verdict, agreement, check_invoice, flag_invoice, invoice_checks
from ocr_providers.results import Invoice

MakeInvoice = Callable[..., Invoice]
TODAY = date(2026, 1, 2)
GOOD = {"amount": 3, "unit_price": 40, "price": 120, "class": "西药费"}
BAD = {"amount": 3, "unit_price": 40, "price": 128, "class": "西药费"}


def test_the_total_is_confirmed_by_the_categories_or_by_the_lines(invoice: MakeInvoice) -> None:
    by_categories = flag_invoice(invoice(lines=[BAD], categories={"西药": 119.97, "舍入费": 0.03}, total_cost=120))
    assert by_categories.checksum["total_cost"] == 1
    assert flag_invoice(invoice(lines=[GOOD], total_cost=120)).checksum["total_cost"] == 1
    assert flag_invoice(invoice(lines=[BAD], total_cost=120)).checksum["total_cost"] == 0
    assert flag_invoice(invoice(total_cost=120)).checksum["total_cost"] == -1


def test_categories_that_are_not_there_cannot_be_checked(invoice: MakeInvoice) -> None:
    assert flag_invoice(invoice(total_cost=120)).checksum["cost_categories"] == -1


def test_lines_and_payments_are_flagged_like_the_vendor_does(invoice: MakeInvoice) -> None:
    flagged = flag_invoice(
        invoice(
            lines=[GOOD, BAD, {"price": 3}],
            total_cost=251,
            payments={"基金支付": 51, "个人账户支付": 100, "现金支付": 100, "大病救助": 900},
        ),
        catalogue=("阿莫西林",),
    )
    assert [(item.check_info, item.check_info_price, item.check_name_info) for item in flagged.line_items] == [
        (1, 1, -1),
        (0, 0, -1),
        (-1, -1, -1),
    ]
    assert flagged.payments_info[3].check_info == 0


def test_a_name_is_flagged_by_the_catalogue(invoice: MakeInvoice) -> None:
    flagged = flag_invoice(invoice(lines=[{"name": "阿莫西林胶囊"}, {"name": "纱布"}]), catalogue=("阿莫西林胶囊",))
    assert [item.check_name_info for item in flagged.line_items] == [1, 0]


@pytest.mark.parametrize(
    ("theirs", "line", "verdict", "severity"),
    [
        (1, GOOD, Verdict.AGREED, None),
        (0, GOOD, Verdict.NOT_CONFIRMED, Severity.INFO),
        (0, BAD, Verdict.BOTH_FAIL, Severity.ERROR),
        (1, BAD, Verdict.CONTRADICTED, Severity.ERROR),
        (-1, BAD, Verdict.OURS_COUNTS, Severity.WARNING),
        (-1, GOOD, Verdict.OURS_COUNTS, None),
        (0, {"price": 3}, Verdict.THEIRS_ONLY, Severity.INFO),
    ],
)
def test_what_two_flags_come_to(
    invoice: MakeInvoice, theirs: int, line: dict[str, object], verdict: Verdict, severity: Severity | None
) -> None:
    rows = agreement(invoice(lines=[{**line, "check_info_price": theirs}]), today=TODAY)
    (row,) = (row for row in rows if row.key == "check_info_price")
    assert (row.verdict, row.severity) == (verdict, severity)


def test_unknown_keys_of_checksum_are_shown(invoice: MakeInvoice) -> None:
    rows = agreement(invoice(checksum={"stamp": 0}), today=TODAY)
    assert [(row.key, row.theirs, row.verdict) for row in rows] == [("stamp", 0, Verdict.THEIRS_ONLY)]


def test_a_flag_is_stale_after_a_correction_of_what_it_is_about(invoice: MakeInvoice) -> None:
    document = invoice(lines=[{**GOOD, "check_info": 1}, {**GOOD, "check_info": 1}], checksum={"total_cost": 1})
    rows = agreement(document, corrected={"/medical_result/cost_detail_list/1/price"}, today=TODAY)
    stale = {row.path for row in rows if row.theirs is not None and row.stale}
    assert stale == {"/medical_result/checksum/total_cost", "/medical_result/cost_detail_list/1/check_info"}


def test_what_the_provider_passed_and_we_refute_is_an_error(invoice: MakeInvoice) -> None:
    (finding,) = check_invoice(invoice(lines=[{**BAD, "check_info": 1, "check_info_price": 1}]), today=TODAY)
    assert (finding.code, finding.severity) == ("LIN-PRICE", Severity.ERROR)


def test_what_the_provider_did_not_confirm_and_we_do_is_one_remark(invoice: MakeInvoice) -> None:
    lines = [{**GOOD, "check_info": 0, "check_info_price": 0, "check_name_info": 0}] * 2
    findings = check_invoice(invoice(lines=lines), today=TODAY)
    assert [(finding.code, finding.severity) for finding in findings] == [("LIN-VENDOR", Severity.INFO)]


def test_every_equation_says_what_it_came_to_and_what_it_wants(invoice: MakeInvoice) -> None:
    checks = invoice_checks(
        invoice(lines=[GOOD, {"price": 3, "amount": 1}], total_cost=120, medical_insurance_type="自费")
    )
    states = {(check.code, check.state) for check in checks}
    assert {
        ("LIN-PRICE", State.PASSED),
        ("LIN-PRICE", State.UNKNOWN),
        ("INV-TOTAL-DET", State.FAILED),
        ("INV-TOTAL-CAT", State.UNKNOWN),
        ("INV-CLASSC", State.NOT_APPLICABLE),
    } <= states
    wanting = next(check for check in checks if check.code == "LIN-PRICE" and check.wants)
    assert wanting.wants == ("/medical_result/cost_detail_list/1/unit_price",)
    assert all(check.message for check in checks)
