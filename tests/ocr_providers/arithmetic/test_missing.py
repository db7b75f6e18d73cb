"""A number that is missing beside those that give it is proposed, as certainly as the sums say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from ocr_providers.arithmetic import Finding, Severity, check_invoice
from ocr_providers.exact_json import dumps, loads
from ocr_providers.results import Invoice
from ocr_providers.vendor_schema import invoice_from_json
from tests.ocr_providers.arithmetic.made import Json, medical_results

MakeInvoice = Callable[..., Invoice]
ROOT = "/medical_result"
LINE = f"{ROOT}/cost_detail_list"
TODAY = date(2026, 1, 2)
LINES: tuple[dict[str, Any], ...] = (
    {"name": "甘草片", "class": "西药费", "amount": 2, "unit_price": 3.5, "price": 7},
    {"name": "阿莫西林胶囊", "class": "西药费", "amount": 3, "unit_price": 12.1, "price": 36.3},
    {"name": "血常规", "class": "化验费", "amount": 1, "unit_price": 20, "price": 20},
    {"name": "注射器", "class": "材料费", "amount": 4, "unit_price": 0.85, "price": 3.4},
)
CATEGORIES = {"西药费": 43.3, "化验费": 20, "材料费": 3.4}


def without(*cells: tuple[int, str]) -> list[dict[str, Any]]:
    """The lines, with nothing in these cells."""
    return [
        {name: None if (index, name) in cells else value for name, value in line.items()}
        for index, line in enumerate(LINES)
    ]


def checked(invoice: Invoice) -> tuple[Finding, ...]:
    return check_invoice(invoice, today=TODAY)


def proposals(finding: Finding) -> list[dict[str, object]]:
    return [{change.path: change.value for change in item.changes} for item in finding.suggestions]


def test_a_missing_price_is_proposed_with_its_product_and_the_sums_confirm_it(invoice: MakeInvoice) -> None:
    (finding,) = checked(invoice(lines=without((1, "price")), categories=CATEGORIES, total_cost=66.7))
    assert (finding.code, finding.severity) == ("LIN-PRICE", Severity.WARNING)
    assert finding.message == "Line 2: the price is missing; 3 × 12.10 gives 36.30"
    assert finding.best is not None
    assert finding.best.share == 1
    assert proposals(finding) == [{f"{LINE}/1/price": Decimal("36.30")}]


def test_several_missing_prices_are_confirmed_together(invoice: MakeInvoice) -> None:
    lines = [*without((1, "price"), (3, "price")), LINES[0], LINES[2]]
    found = checked(invoice(lines=lines, total_cost=93.7))
    assert [(item.paths, item.best is not None) for item in found if item.code == "LIN-PRICE"] == [
        ((f"{LINE}/1/price",), True),
        ((f"{LINE}/3/price",), True),
    ]


def test_a_product_that_the_total_contradicts_is_no_more_than_a_candidate(invoice: MakeInvoice) -> None:
    (finding,) = checked(invoice(lines=without((1, "price")), total_cost=60.4))
    assert finding.severity is Severity.WARNING
    assert finding.best is None
    assert proposals(finding) == [{f"{LINE}/1/price": Decimal("36.30")}, {f"{LINE}/1/price": Decimal("30.00")}]


def test_a_price_without_unit_price_is_what_total_and_category_leave(invoice: MakeInvoice) -> None:
    lines = without((1, "price"), (1, "unit_price"))
    (finding,) = checked(invoice(lines=lines, categories=CATEGORIES, total_cost=66.7))
    assert finding.message == "Line 2: the price is missing; the total less the other lines gives 36.30"
    assert finding.severity is Severity.WARNING
    assert finding.best is not None
    (alone,) = checked(invoice(lines=lines, total_cost=66.7))
    assert alone.severity is Severity.INFO
    assert alone.best is None
    assert proposals(alone) == [{f"{LINE}/1/price": Decimal("36.30")}]


def test_a_part_of_a_package_needs_no_price_of_its_own(invoice: MakeInvoice) -> None:
    part = {"name": "血细胞分析", "class": "化验费", "amount": 1, "unit_price": 15, "price": None}
    assert checked(invoice(lines=[*LINES, part], categories=CATEGORIES, total_cost=66.7)) == ()


def test_a_form_without_the_column_lacks_nothing(invoice: MakeInvoice) -> None:
    for column in ("price", "amount", "unit_price"):
        lines = without(*((index, column) for index in range(len(LINES))))
        assert checked(invoice(lines=lines, categories=CATEGORIES, total_cost=66.7)) == ()


def test_a_missing_quantity_or_unit_price_is_information_with_its_quotient(invoice: MakeInvoice) -> None:
    found = checked(invoice(lines=without((1, "amount"), (3, "unit_price")), total_cost=66.7))
    assert [(item.message, item.severity, proposals(item)) for item in found] == [
        (
            "Line 2: the quantity is missing; 36.30 / 12.10 gives 3",
            Severity.INFO,
            [{f"{LINE}/1/amount": Decimal(3)}],
        ),
        (
            "Line 4: the unit price is missing; 3.40 / 4 gives 0.85",
            Severity.INFO,
            [{f"{LINE}/3/unit_price": Decimal("0.85")}],
        ),
    ]


def test_no_quantity_is_made_up_that_is_no_number_of_pieces(invoice: MakeInvoice) -> None:
    lines = without((1, "amount"))
    lines[1]["unit_price"] = 17
    assert checked(invoice(lines=lines, total_cost=66.7)) == ()


def test_a_missing_total_is_certain_where_two_sums_agree(invoice: MakeInvoice) -> None:
    (finding,) = checked(invoice(lines=LINES, categories=CATEGORIES, payments={"现金支付": 66.7}))
    assert finding.message == "The total is missing; what is printed gives 7.00 + 36.30 + 20.00 + 3.40 = 66.70"
    assert (finding.severity, finding.checks) == (Severity.WARNING, ("INV-TOTAL-DET", "INV-TOTAL-CAT"))
    assert finding.best is not None
    assert proposals(finding) == [{f"{ROOT}/total_cost": Decimal("66.70")}]


def test_a_list_of_lines_without_a_total_may_go_on_elsewhere_a_receipt_with_payments_does_not(
    invoice: MakeInvoice,
) -> None:
    assert checked(invoice(lines=LINES)) == ()
    (finding,) = checked(invoice(lines=LINES, payments={"现金支付": 66.7}))
    assert finding.severity is Severity.INFO
    assert finding.best is None
    assert proposals(finding) == [{f"{ROOT}/total_cost": Decimal("66.70")}]


def test_a_missing_total_is_that_in_capitals(invoice: MakeInvoice) -> None:
    (finding,) = checked(invoice(lines=LINES, extra={"total_cost_in_words": "陆拾陆元柒角整"}))
    assert finding.severity is Severity.WARNING
    assert finding.best is not None
    assert set(finding.checks) == {"INV-TOTAL-DET", "INV-CN-UPPER"}


@given(medical_results(), st.data())
def test_of_any_consistent_invoice_one_missing_price_is_proposed_as_it_was(result: Json, data: st.DataObject) -> None:
    lines = result["cost_detail_list"]
    row = data.draw(st.sampled_from(range(len(lines))))
    price = lines[row]["price"]
    lines[row]["price"] = None
    found = list(check_invoice(invoice_from_json(loads(dumps(result))), today=TODAY))
    (finding,) = [item for item in found if item.paths[0] == f"{LINE}/{row}/price"]
    assert finding.severity is Severity.WARNING
    assert finding.best is not None
    assert proposals(finding) == [{f"{LINE}/{row}/price": price}]


@given(medical_results(), st.sampled_from(["price", "amount", "unit_price"]), st.integers(0, 2))
def test_of_any_consistent_invoice_an_empty_column_is_no_alarm(result: Json, column: str, kept: int) -> None:
    lines = result["cost_detail_list"]
    assume(column != "price" or kept == 0)
    for line in lines[kept if column != "price" else 0 :]:
        line[column] = None
    found = check_invoice(invoice_from_json(loads(dumps(result))), today=TODAY)
    assert [item for item in found if item.severity is not Severity.INFO] == []


@given(medical_results())
def test_of_any_consistent_invoice_a_missing_total_is_proposed_as_it_was(result: Json) -> None:
    whole = result.pop("total_cost")
    found = check_invoice(invoice_from_json(loads(dumps(result))), today=TODAY)
    (finding,) = [item for item in found if item.paths[0] == f"{ROOT}/total_cost"]
    assert finding.severity is Severity.WARNING
    assert proposals(finding) == [{f"{ROOT}/total_cost": whole}]
