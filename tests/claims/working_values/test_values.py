"""What a provider said becomes rows, and comes back whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from claims.editing.corrections import Edit, correct
from claims.models import Document, InvoiceHeader, LineItem, User
from claims.working_values.reading_rows import health_report_of, invoice_of
from claims.working_values.values import load_values
from ocr_providers.exact_json import loads
from ocr_providers.results import Invoice, Kind
from ocr_providers.vendor_schema import health_from_json, invoice_from_json
from tests.claims.conftest import HEALTH, INVOICE, ReadDocument, add_reading

pytestmark = pytest.mark.django_db


def load_invoice(document: Document) -> Invoice:
    return invoice_of(load_values(document))


def test_an_invoice_comes_back_as_it_was_read(invoice: Document) -> None:
    read = invoice_from_json(loads(INVOICE))
    loaded = load_invoice(invoice)
    assert loaded.line_items == read.line_items
    assert loaded.payments_info == read.payments_info
    assert loaded.cost_categories == read.cost_categories
    assert loaded.extra == {"vendor_key": {"kept": Decimal("1.50")}}
    assert (loaded.total_cost, loaded.billing_date, loaded.checksum) == (
        read.total_cost,
        read.billing_date,
        read.checksum,
    )
    assert loaded.sources["/total_cost"] == read.sources["/total_cost"]
    assert loaded.sources["/cost_detail_list/0/amount"] == read.sources["/cost_detail_list/0/amount"]


def test_a_number_longer_than_its_column_keeps_every_digit(invoice: Document) -> None:
    assert InvoiceHeader.objects.get().average_prob == Decimal("0.7073")
    assert load_invoice(invoice).average_prob == Decimal("0.7073246833276072")


def test_a_health_report_comes_back_as_it_was_read(read_document: ReadDocument) -> None:
    loaded = health_report_of(load_values(read_document(Kind.HEALTH_CHECK)))
    assert loaded.values == health_from_json(loads(HEALTH)).values


@pytest.mark.parametrize(
    "answer",
    [
        '{"total_cost": "abc", "cost_detail_list": [{"price": {"odd": 1}}, 5]}',
        '{"total_cost": 1e15, "type": 99999999, "note_no": "a\\u0000b", "x\\u0000": "\\u0000"}',
        '{"cost_detail_list": "none", "hospital_dates": ["2025-01-01", "2025-01-03", "2025-01-09"]}',
        "[]",
        "{}",
    ],
)
def test_any_answer_can_be_stored(read_document: ReadDocument, answer: str) -> None:
    document = read_document(answer=answer)
    assert load_invoice(document).total_cost is None


def test_what_a_field_cannot_hold_is_still_shown_as_its_source(read_document: ReadDocument) -> None:
    document = read_document(hospital_days="三天")
    header = InvoiceHeader.objects.get(document=document)
    assert header.hospital_days is None
    assert header.sources["hospital_days"]["text"] == "三天"
    assert load_invoice(document).unparsed == {"/hospital_days": "三天"}


def test_loading_takes_the_same_number_of_queries_for_500_lines(
    read_document: ReadDocument, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    line = {"ocr_name": "葡萄糖", "amount": 1, "unit_price": 1.0, "price": 1.0}
    document = read_document(cost_detail_list=[line] * 500)
    with django_assert_num_queries(4):
        assert len(load_invoice(document).line_items) == 500


# --- another reading -------------------------------------------------------------------------------------------------


def answer(**keys: Any) -> Any:
    parsed: Any = loads(INVOICE)
    return {**parsed, **keys}


def test_another_reading_keeps_what_a_person_typed_and_takes_the_rest(invoice: Document, reviewer: User) -> None:
    line = LineItem.objects.get(n=1)
    correct(
        document=invoice,
        user=reviewer,
        edits=[Edit(f"line_items/{line.pk}/price", "55", 1), Edit("invoice/payee", "李", 0)],
    )
    lines = [{**item, "amount": 7} for item in answer()["cost_detail_list"]]
    add_reading(invoice, Kind.INVOICE, answer(cost_detail_list=lines, payee="张", note_no="999"))
    line.refresh_from_db()
    assert (line.price, line.quantity) == (Decimal(55), Decimal(7))
    loaded = load_invoice(invoice)
    assert (loaded.payee, loaded.note_no) == ("李", "999")
    assert invoice.corrections.filter(why="reread", cell="invoice/note_no", old="3300123456", new="999").exists()


def test_another_reading_does_not_bring_back_a_line_that_a_person_removed(invoice: Document, reviewer: User) -> None:
    line = LineItem.objects.get(n=1)
    correct(document=invoice, user=reviewer, edits=[Edit(f"line_items/{line.pk}", None)])
    add_reading(invoice, Kind.INVOICE, answer())
    assert [item.ocr_name for item in load_invoice(invoice).line_items] == ["阿莫西林胶囊", "左氧氟沙星片", "留置针"]


def test_another_reading_matches_lines_by_name_and_keeps_their_ids(invoice: Document) -> None:
    before = dict(LineItem.objects.values_list("ocr_name", "pk"))
    lines = answer()["cost_detail_list"]
    new = {"ocr_name": "新药", "price": 1}
    add_reading(invoice, Kind.INVOICE, answer(cost_detail_list=[new, *lines[1:]]))
    after = dict(LineItem.objects.order_by("n").values_list("ocr_name", "pk"))
    assert list(after) == ["新药", "替格瑞洛片", "左氧氟沙星片", "留置针"]
    assert {name: after[name] for name in list(after)[1:]} == {name: before[name] for name in list(after)[1:]}


def test_the_same_answer_twice_changes_no_value(invoice: Document) -> None:
    add_reading(invoice, Kind.INVOICE, answer())
    assert not invoice.corrections.exists()


def test_a_misread_number_of_any_length_is_kept(read_document: ReadDocument) -> None:
    """PostgreSQL would refuse it as a whole in the column's index."""
    misread = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(5000))
    document = read_document(note_no=misread, social_security_card_number=misread)
    header = InvoiceHeader.objects.get(document=document)
    assert misread.startswith(header.note_no)
    assert len(header.note_no) == 500
    assert header.sources["note_no"]["text"] == misread
