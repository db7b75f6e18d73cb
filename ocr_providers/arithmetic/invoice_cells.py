"""The numbers of an invoice by path, and what the OCR engine knows about them besides."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.capital_amounts import parse_amount_in_words
from ocr_providers.results import Invoice
from ocr_providers.vendor_schema import number_of

PRINTABLE = Context(prec=15)
"""No form prints more digits; what a vendor's binary float adds behind them (203.33000000000001) is no difference."""


def cells_of(invoice: Invoice) -> dict[str, Decimal]:
    """Every number that was read; the amount in capitals by its value."""
    return {path: PRINTABLE.plus(value) for path, value in _numbers(invoice) if value is not None}


def _numbers(invoice: Invoice) -> Iterator[tuple[str, Decimal | None]]:
    yield paths.TOTAL, invoice.total_cost
    yield paths.TOTAL_IN_WORDS, parse_amount_in_words(invoice.total_cost_in_words or "")
    yield paths.header("extra/payments_class_b"), invoice.payments_class_b
    yield paths.header("extra/payments_class_c"), invoice.payments_class_c
    for index, item in enumerate(invoice.line_items):
        yield paths.line(index, "amount"), item.quantity
        yield paths.line(index, "unit_price"), item.unit_price
        yield paths.line(index, "price"), item.price
        yield paths.line(index, "selfpay"), item.selfpay
        yield paths.line(index, "selfpay_ratio"), item.selfpay_ratio
    for index, category in enumerate(invoice.cost_categories):
        yield paths.category(index), category.cost
    for index, payment in enumerate(invoice.payments_info):
        yield paths.payment(index), payment.amount


def second_choices(invoice: Invoice) -> dict[str, frozenset[Decimal]]:
    """Numbers that the OCR engine would have read instead, by path."""
    read = {at: [number_of(text) for text in source.alternatives] for at, source in invoice.sources.items()}
    return {
        f"{paths.ROOT}{at}": frozenset(number for number in numbers if number is not None)
        for at, numbers in read.items()
        if numbers
    }
