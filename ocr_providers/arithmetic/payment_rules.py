"""Rules about single payments."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Finding
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.money import CENT, money_text
from ocr_providers.arithmetic.remarks import remark
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules, tolerance
from ocr_providers.arithmetic.vocabulary import DOCUMENTED_PAYMENTS, FUND_PAYMENTS, is_uninsured, payment_kind
from ocr_providers.results import Invoice, Payment


def check_payments(invoice: Invoice, rules: Rules = DEFAULT_RULES) -> Iterator[Finding]:
    """All rules of the payments that are no equations."""
    uninsured = is_uninsured(invoice.medical_insurance_type)
    allowed = tolerance(rules, "PAY-MAX", CENT)
    for index, item in enumerate(invoice.payments_info):
        if exceeds(item, invoice, allowed):
            yield _exceeding(index, item, invoice)
        if item.name and payment_kind(item.name) not in DOCUMENTED_PAYMENTS:
            template = gettext_noop("Payment %(name)s is not among the documented names")
            yield remark("PAY-NAME", [paths.payment(index, "name")], template, {"name": item.name})
        if uninsured and item.amount and payment_kind(item.name) in FUND_PAYMENTS:
            template = gettext_noop("A fund pays %(amount)s, but the patient is not insured")
            at = [paths.payment(index), paths.header("medical_insurance_type")]
            yield remark("PAY-SELF", at, template, {"amount": money_text(item.amount)})


def exceeds(item: Payment, invoice: Invoice, allowed: Decimal = CENT) -> bool:
    """Less than nothing, or more than the whole invoice; a refund has everything below zero."""
    if item.amount is None or (invoice.total_cost is not None and invoice.total_cost < 0):
        return False
    return item.amount < 0 or (invoice.total_cost is not None and item.amount > invoice.total_cost + allowed)


def _exceeding(index: int, item: Payment, invoice: Invoice) -> Finding:
    amount = item.amount or CENT
    at = [paths.payment(index)]
    if amount < 0:
        template = gettext_noop("Payment %(name)s is below zero: %(amount)s")
        return remark("PAY-MAX", at, template, {"name": item.name or "", "amount": money_text(amount)})
    template = gettext_noop("Payment %(name)s %(amount)s is more than the total %(total)s, difference %(difference)s")
    total = invoice.total_cost or amount
    values = {"amount": money_text(amount), "total": money_text(total), "difference": money_text(amount - total)}
    return remark("PAY-MAX", [*at, paths.TOTAL], template, {"name": item.name or "", **values})
