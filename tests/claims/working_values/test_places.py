"""Every value that a rule can point at has its cell on the screen, and the cell is the value's own."""

from __future__ import annotations

import pytest

from claims.models import CostCategory, LineItem, Payment
from claims.working_values.cells import INVOICE_LISTS, LISTS
from claims.working_values.places import Places
from ocr_providers.vendor_schema import VENDOR_NAMES

PLACES = Places.of(
    {"line_items": [LineItem(pk=11)], "cost_categories": [CostCategory(pk=21)], "payments_info": [Payment(pk=31)]}
)


@pytest.mark.parametrize(
    ("pointer", "cell"),
    [
        ("/medical_result/cost_detail_list/0/amount", "line_items/11/quantity"),
        ("/medical_result/cost_detail_list/0/class", "line_items/11/category"),
        ("/medical_result/cost_detail_list/0/price", "line_items/11/price"),
        ("/medical_result/payments_info/0/amount", "payments_info/31/amount"),
        ("/medical_result/payments_info/0", "payments_info/31"),
        ("/medical_result/cost_categories/0/cost", "cost_categories/21/cost"),
        ("/medical_result/payments_info/1/amount", None),
        ("/medical_result/extra/payments_class_b", "invoice/payments_class_b"),
    ],
)
def test_a_pointer_of_the_rules_names_the_cell_of_the_same_value(pointer: str, cell: str | None) -> None:
    assert PLACES.cell(pointer) == cell


@pytest.mark.parametrize("table", INVOICE_LISTS)
def test_every_column_of_a_list_can_be_pointed_at(table: str) -> None:

    vendor = VENDOR_NAMES.get(table, table)
    for column in LISTS[table].columns:
        pointer = f"/medical_result/{vendor}/0/{VENDOR_NAMES.get(column.name, column.name)}"
        assert PLACES.cell(pointer) == f"{table}/{PLACES.ids[table][0]}/{column.name}"
