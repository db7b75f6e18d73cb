"""What is said about a reading of the local engine: amounts that are unsure, unread, or proven by nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ocr_providers.arithmetic import Severity, check_invoice
from ocr_providers.results import Invoice, LineItem, Source

MakeInvoice = Callable[..., Invoice]
TODAY = date(2026, 1, 2)
PAID = "/payments_info/0/amount"
LINES = "/medical_result/cost_detail_list"


def found(invoice: Invoice) -> dict[tuple[str, Severity], tuple[str, ...]]:
    return {(each.code, each.severity): each.paths for each in check_invoice(invoice, today=TODAY)}


def test_an_amount_of_low_confidence_is_a_warning_another_value_information(invoice: MakeInvoice) -> None:
    read = replace(
        invoice(payments={"自付二": 5.83}, payee="王平"),
        sources={PAID: Source(text="5.83", score=0.5), "/payee": Source(text="王平", score=0.6)},
    )
    assert found(read) == {
        ("INV-CONF", Severity.WARNING): (f"/medical_result{PAID}",),
        ("INV-CONF", Severity.INFO): ("/medical_result/payee",),
    }


def test_an_amount_that_is_printed_and_unread_is_a_warning(invoice: MakeInvoice) -> None:
    read = replace(invoice(payments={"自付二": None}), sources={PAID: Source(text="5.8 3", score=0.9)})
    assert found(read) == {("INV-UNREADABLE", Severity.WARNING): (f"/medical_result{PAID}",)}


def test_a_place_without_figures_is_no_unread_amount(invoice: MakeInvoice) -> None:
    read = replace(invoice(payments={"自付二": None}), sources={PAID: Source(text="/", score=0.9)})
    assert found(read) == {}


def test_lines_without_a_total_are_proven_by_nothing(invoice: MakeInvoice) -> None:
    source = {"/cost_detail_list/0/price": Source(text="4.00", score=0.99)}
    read = replace(invoice(lines=[{"name": "甘草片", "price": 4}]), sources=source)
    assert found(read)["INV-TOTAL-DET", Severity.WARNING][0] == LINES
    assert found(replace(read, total_cost=Decimal(4))) == {}


def test_a_price_that_was_not_read_leaves_the_lines_unproven(invoice: MakeInvoice) -> None:
    read = replace(
        invoice(total_cost=7),
        line_items=(LineItem(name="甘草片", price=Decimal(4)), LineItem(name="陈皮")),
        sources={"/total_cost": Source(text="7.00", score=0.99)},
    )
    assert f"{LINES}/1/price" in found(read)["INV-TOTAL-DET", Severity.WARNING]


def test_a_vendors_answer_without_sources_is_not_judged_by_them(invoice: MakeInvoice) -> None:
    assert found(invoice(lines=[{"name": "甘草片", "price": 4}], payments={"自付二": None})) == {}
