"""What an OCR engine does to a good page: a digit that looks like another, a cell lost, a character dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from ocr_providers.results import CostCategory, HealthReport, HealthValue, Invoice, LineItem, Payment, Source

LOOKALIKES = {"0": "8", "1": "7", "2": "7", "3": "8", "4": "1", "5": "6", "6": "5", "7": "1", "8": "3", "9": "0"}
"""Digits that engines confuse (measured: 3 for 1, 6 for 5, 8 for 5, 8 for 3, 9 for 0)."""

Value = Decimal | str | date | int | None


@dataclass(frozen=True, slots=True)
class Misreading:
    """One value read wrongly. `path`: JSON Pointer inside `medical_result` or `data`."""

    path: str
    read: Value
    true: Value


def _another_digit(dice: Random, text: str) -> str:
    places = [n for n, character in enumerate(text) if character.isdigit()]
    at = dice.choice(places)
    return text[:at] + LOOKALIKES[text[at]] + text[at + 1 :]


def misread_number(dice: Random, value: Decimal) -> Decimal | None:
    """Lost altogether, or one digit wrong; never the same value."""
    if dice.random() < 0.45:
        return None
    try:
        wrong = Decimal(_another_digit(dice, str(value)))
    except InvalidOperation:
        return None
    return wrong if wrong != value else None


def misread_text(dice: Random, text: str) -> str:
    """A digit that looks like another, or the last character lost."""
    if any(character.isdigit() for character in text):
        return _another_digit(dice, text)
    return text[:-1] if len(text) > 2 else text + "丶"


# --- one value inside an invoice ------------------------------------------------------------------------------------


def _in_line(invoice: Invoice, n: int, field: str, value: Decimal | None) -> Invoice:
    lines, change = invoice.line_items, {field: value}
    return replace(invoice, line_items=(*lines[:n], _changed(lines[n], change), *lines[n + 1 :]))


def _changed(line: LineItem, change: dict[str, Any]) -> LineItem:
    return replace(line, **change)


def _in_category(invoice: Invoice, n: int, cost: Decimal | None) -> Invoice:
    rows = invoice.cost_categories
    row = CostCategory(name=rows[n].name, cost=cost)
    return replace(invoice, cost_categories=(*rows[:n], row, *rows[n + 1 :]))


def _in_payment(invoice: Invoice, n: int, amount: Decimal | None) -> Invoice:
    rows = invoice.payments_info
    row = Payment(name=rows[n].name, amount=amount)
    return replace(invoice, payments_info=(*rows[:n], row, *rows[n + 1 :]))


def _misread_line(dice: Random, invoice: Invoice) -> tuple[Invoice, Misreading] | None:
    n = dice.randrange(len(invoice.line_items))
    field = dice.choice(("price", "price", "quantity", "unit_price"))
    true = getattr(invoice.line_items[n], field)
    if not true:
        return None
    read = misread_number(dice, true)
    name = "amount" if field == "quantity" else field
    return _in_line(invoice, n, field, read), Misreading(f"/cost_detail_list/{n}/{name}", read, true)


def _misread_category(dice: Random, invoice: Invoice) -> tuple[Invoice, Misreading] | None:
    if not invoice.cost_categories:
        return None
    n = dice.randrange(len(invoice.cost_categories))
    true = invoice.cost_categories[n].cost
    if not true:
        return None
    read = misread_number(dice, true)
    return _in_category(invoice, n, read), Misreading(f"/cost_categories/{n}/cost", read, true)


def _misread_payment(dice: Random, invoice: Invoice) -> tuple[Invoice, Misreading] | None:
    rows = [n for n, payment in enumerate(invoice.payments_info) if payment.amount]
    if not rows:
        return None
    n = dice.choice(rows)
    true = invoice.payments_info[n].amount or Decimal(0)
    read = misread_number(dice, true)
    return _in_payment(invoice, n, read), Misreading(f"/payments_info/{n}/amount", read, true)


def _misread_header(dice: Random, invoice: Invoice) -> tuple[Invoice, Misreading] | None:
    field = dice.choice(("note_no", "hospital_name", "hospital_name", "social_security_card_number", "total_cost"))
    true = getattr(invoice, field)
    if not true:
        return None
    read = misread_number(dice, true) if isinstance(true, Decimal) else misread_text(dice, str(true))
    change: dict[str, Any] = {field: read}
    return replace(invoice, **change), Misreading(f"/{field}", read, true)


WAYS = (_misread_line, _misread_line, _misread_line, _misread_category, _misread_payment, _misread_header)


def misread_invoice(dice: Random, invoice: Invoice, count: int) -> tuple[Invoice, tuple[Misreading, ...]]:
    """`invoice` with up to `count` values misread, each value at most once."""
    found: dict[str, Misreading] = {}
    for _ in range(count):
        misread = dice.choice(WAYS)(dice, invoice)
        if misread and misread[1].path not in found:
            invoice, one = misread
            found[one.path] = one
    return replace(invoice, sources=_told(invoice.sources, found)), tuple(found.values())


def misread_health(dice: Random, report: HealthReport) -> tuple[HealthReport, tuple[Misreading, ...]]:
    """`report` with one number misread."""
    numbers = [n for n, value in enumerate(report.values) if isinstance(value.value, Decimal)]
    n = dice.choice(numbers)
    true = report.values[n]
    read = misread_number(dice, true.value) if isinstance(true.value, Decimal) else None
    wrong = HealthValue(key=true.key, value=read, score=true.score, found=read is not None)
    one = Misreading(f"/{n}/value", read, true.value)
    values = (*report.values[:n], wrong, *report.values[n + 1 :])
    return replace(report, values=values, sources=_told(report.sources, {one.path: one})), (one,)


def _told(sources: Mapping[str, Source], found: Mapping[str, Misreading]) -> dict[str, Source]:
    """What the engine says about a misread value: a low score, and the right characters as second choice."""
    told = dict(sources)
    for path, one in found.items():
        if path in told:
            text = "" if one.read is None else str(one.read)
            told[path] = replace(told[path], text=text, score=0.61, alternatives=(str(one.true),))
    return told
