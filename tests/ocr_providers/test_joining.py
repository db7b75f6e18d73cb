"""Pages that were read separately become one document, and nothing of any page is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ocr_providers.joining import join_results
from ocr_providers.results import (
    Box,
    CostCategory,
    HealthReport,
    HealthValue,
    Invoice,
    Kind,
    LineItem,
    Payment,
    ReadingResult,
    Source,
)


def line(name: str) -> LineItem:
    return LineItem(name=name)


FIRST = Invoice(
    note_no="0001",
    patient_name="张三",
    total_cost=Decimal("10.00"),
    line_items=(line("a"), line("b")),
    cost_categories=(CostCategory(name="西药费"),),
    checksum={"total_cost": 0},
    sources={"/note_no": Source(text="0001", box=Box(1, 2, 3, 4)), "/total_cost": Source(text="10.00")},
    unparsed={"/cost_detail_list/1/price": "x"},
    extra={"image_id": "1"},
)
SECOND = Invoice(
    note_no="0002",
    payee="李四",
    total_cost=Decimal("30.00"),
    line_items=(line("c"),),
    payments_info=(Payment(name="现金支付"),),
    checksum={"total_cost": 1},
    sources={
        "/note_no": Source(text="0002"),
        "/total_cost": Source(text="30.00", box=Box(1, 1, 2, 2)),
        "/cost_detail_list/0/name": Source(text="c"),
    },
    unparsed={"/cost_detail_list/0/price": "y"},
    extra={"image_id": "2", "seal": True},
)
LAST = Invoice()


def joined(*pages: Invoice, **fields: bool) -> Invoice:
    result = join_results([ReadingResult(kind=Kind.INVOICE, document=page) for page in pages])
    assert isinstance(result.document, Invoice)
    return result.document


def test_lines_stay_in_order_of_the_pages() -> None:
    assert [item.name for item in joined(FIRST, SECOND, LAST).line_items] == ["a", "b", "c"]


def test_header_comes_from_the_first_page_that_has_it_and_totals_from_the_last() -> None:
    invoice = joined(FIRST, SECOND, LAST)
    assert (invoice.note_no, invoice.patient_name, invoice.payee) == ("0001", "张三", "李四")
    assert (invoice.total_cost, dict(invoice.checksum)) == (Decimal("30.00"), {"total_cost": 1})
    assert (len(invoice.cost_categories), len(invoice.payments_info)) == (1, 1)


def test_pointers_count_through_all_pages_and_boxes_know_their_page() -> None:
    invoice = joined(FIRST, SECOND, LAST)
    assert set(invoice.unparsed) == {"/cost_detail_list/1/price", "/cost_detail_list/2/price"}
    assert invoice.sources["/cost_detail_list/2/name"].text == "c"
    assert invoice.sources["/note_no"].box == Box(1, 2, 3, 4, page=0)
    assert invoice.sources["/total_cost"].box == Box(1, 1, 2, 2, page=1)


def test_unknown_keys_of_every_page_are_kept() -> None:
    assert dict(joined(FIRST, SECOND).extra) == {"image_id": "1", "seal": True}


def test_a_health_value_comes_from_the_page_that_has_it_and_another_value_is_shown_too() -> None:
    pages = [
        HealthReport(values=(HealthValue(key="LDL"), HealthValue(key="HDL", value=Decimal(50), found=True))),
        HealthReport(
            values=(
                HealthValue(key="LDL", value=Decimal(99), found=True),
                HealthValue(key="HDL", value=Decimal(51), found=True),
            ),
            unparsed={"/0/score": "x"},
        ),
    ]
    result = join_results([ReadingResult(kind=Kind.HEALTH_CHECK, document=page) for page in pages])
    assert isinstance(result.document, HealthReport)
    assert [f"{value.key} {value.value}" for value in result.document.values] == ["LDL 99", "HDL 50", "HDL 51"]
    assert dict(result.document.unparsed) == {"/pages/1/0/score": "x"}


def test_the_whole_is_partial_when_a_page_is() -> None:
    pages = [ReadingResult(kind=Kind.INVOICE, document=LAST, partial=partial) for partial in (False, True)]
    assert join_results(pages).partial


def test_pages_of_different_kinds_are_no_document() -> None:
    with pytest.raises(ValueError, match="one kind"):
        join_results([])
