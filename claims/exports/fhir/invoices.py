"""Receipts as they stand on the paper: one Invoice for each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from claims.exports.fhir.elements import Context, Resource, moment, said, without_gaps
from claims.exports.fhir.people import hospital_reference
from claims.models import CostCategory, Document, InvoiceHeader, LineItem, Payment
from claims.working_values.values import WorkingValues

TYPES = {1: "outpatient", 2: "inpatient"}


def invoices(context: Context) -> Iterator[Resource]:
    for document in context.file.documents:
        values = context.file.values[document.pk]
        if values.header:
            yield _invoice(context, document, values, values.header)


def _invoice(context: Context, document: Document, values: WorkingValues, header: InvoiceHeader) -> Resource:
    total = context.money(header.total_cost)
    return context.resource(
        "Invoice",
        document.pk,
        identifier=list(_numbers(context, header)),
        status="issued",
        type=said(TYPES.get(header.type or 0)),
        subject=context.reference("Patient"),
        date=moment(header.billing_date),
        issuer=hospital_reference(context, header.hospital_name),
        lineItem=list(_lines(context, values)),
        totalPriceComponent=[
            without_gaps({"type": "informational", "code": said(row.name), "amount": context.money(row.amount)})
            for row in values.lists.get("payments_info", ())
            if isinstance(row, Payment)
        ],
        totalNet=total,
        totalGross=total,
        note=[{"text": header.total_cost_in_words}] if header.total_cost_in_words else None,
    )


def _numbers(context: Context, header: InvoiceHeader) -> Iterator[Resource]:
    """Invoice number, invoice code, check code, and the hospital's own numbers, each under its field's name."""
    for name in ("note_no", "note_code", "check_code", "service_serial_number", "hospital_no"):
        value = getattr(header, name)
        if value:
            yield {"system": context.system(name.replace("_", "-")), "value": value}


def _lines(context: Context, values: WorkingValues) -> Iterator[Resource]:
    for n, row in enumerate(priced_rows(values), 1):
        price = row.price if isinstance(row, LineItem) else row.cost
        yield {
            "sequence": n,
            "chargeItemCodeableConcept": {"text": name_of(row)},
            "priceComponent": list(_price(context, row, price)),
        }


def _price(context: Context, row: LineItem | CostCategory, price: Decimal | None) -> Iterator[Resource]:
    """The price; and what the patient pays of it by the catalogue, which changes nothing about the price."""
    quantity = row.quantity if isinstance(row, LineItem) else None
    yield without_gaps({"type": "base", "factor": quantity, "amount": context.money(price)})
    if isinstance(row, LineItem) and (row.selfpay is not None or row.selfpay_ratio is not None):
        share = {"factor": row.selfpay_ratio, "amount": context.money(row.selfpay)}
        yield without_gaps({"type": "informational", "code": said("selfpay"), **share})


def priced_rows(values: WorkingValues) -> list[LineItem | CostCategory]:
    """The detail lines, or the categories where no lines are printed: as the calculation takes them."""
    lines = [row for row in values.lists.get("line_items", ()) if isinstance(row, LineItem)]
    return [*lines] or [row for row in values.lists.get("cost_categories", ()) if isinstance(row, CostCategory)]


def name_of(row: LineItem | CostCategory) -> str:
    """As the calculation calls it; FHIR wants a text where nothing was read."""
    said_on_paper = row.ocr_name or row.name or row.origin_ocr_name if isinstance(row, LineItem) else row.name
    return said_on_paper or "unknown"
