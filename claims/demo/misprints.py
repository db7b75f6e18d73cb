"""Invoices whose paper itself is wrong: a sum that does not add up, although every character was read right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

from claims.demo.capitals import amount_in_words
from claims.demo.invented import InventedInvoice, cents
from ocr_providers.results import Invoice

Misprint = Callable[[Random, Invoice], tuple[Invoice, str, object, object]]
"""Gives the invoice as printed, the JSON Pointer of the wrong value, what is printed, what would be consistent."""


def _off(dice: Random, amount: Decimal) -> Decimal:
    """An amount that is not `amount`, but looks like it."""
    return cents(amount + Decimal(dice.choice(("1.00", "8.00", "10.00", "0.90", "0.10", "30.00"))))


def _line_price(dice: Random, invoice: Invoice) -> tuple[Invoice, str, object, object]:
    n = dice.randrange(len(invoice.line_items))
    line = invoice.line_items[n]
    right = line.price or Decimal(0)
    wrong = _off(dice, right)
    lines = (*invoice.line_items[:n], replace(line, price=wrong), *invoice.line_items[n + 1 :])
    return replace(invoice, line_items=lines), f"/medical_result/cost_detail_list/{n}/price", wrong, right


def _category(dice: Random, invoice: Invoice) -> tuple[Invoice, str, object, object]:
    n = dice.randrange(len(invoice.cost_categories))
    category = invoice.cost_categories[n]
    right = category.cost or Decimal(0)
    wrong = _off(dice, right)
    categories = (*invoice.cost_categories[:n], replace(category, cost=wrong), *invoice.cost_categories[n + 1 :])
    return replace(invoice, cost_categories=categories), f"/medical_result/cost_categories/{n}/cost", wrong, right


def _capitals(dice: Random, invoice: Invoice) -> tuple[Invoice, str, object, object]:
    right = invoice.total_cost_in_words
    wrong = amount_in_words(_off(dice, invoice.total_cost or Decimal(0)))
    return replace(invoice, total_cost_in_words=wrong), "/medical_result/extra/total_cost_in_words", wrong, right


def _cash(dice: Random, invoice: Invoice) -> tuple[Invoice, str, object, object]:
    n = next(n for n, payment in enumerate(invoice.payments_info) if payment.name == "现金支付")
    payment = invoice.payments_info[n]
    right = payment.amount or Decimal(0)
    wrong = _off(dice, right)
    payments = (*invoice.payments_info[:n], replace(payment, amount=wrong), *invoice.payments_info[n + 1 :])
    return replace(invoice, payments_info=payments), f"/medical_result/payments_info/{n}/amount", wrong, right


MISPRINTS: dict[str, Misprint] = {"line": _line_price, "category": _category, "capitals": _capitals, "cash": _cash}


def misprint(dice: Random, invented: InventedInvoice, kind: str) -> InventedInvoice:
    """`invented` with one value printed wrongly (`kind` of MISPRINTS) and named in `printed_errors`."""
    invoice, path, printed, consistent = MISPRINTS[kind](dice, invented.invoice)
    error: dict[str, object] = {"path": path, "printed": printed, "consistent": consistent}
    return replace(invented, invoice=invoice, printed_errors=(*invented.printed_errors, error))
