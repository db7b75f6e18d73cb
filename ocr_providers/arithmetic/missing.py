"""A number that is missing beside those that give it: a line's price, quantity or unit price, or the total.

A form may have no such column, or leave a cell empty on purpose (a part of a package has no price of its own): nothing
is said of a column that many lines leave empty, nor where the sums hold as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Change, Finding, Severity, Suggestion
from ocr_providers.arithmetic.identities import Equations, LinePrice, Truth
from ocr_providers.arithmetic.invoice_identities import NO_LINE, equations_of
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.money import ZERO, cents, decimals, money_text, plain_text, rounded, sum_text, total
from ocr_providers.arithmetic.proposals import neat
from ocr_providers.arithmetic.remarks import remark
from ocr_providers.arithmetic.roundings import price_step
from ocr_providers.arithmetic.rules import Rules
from ocr_providers.results import Invoice, LineItem

SUMS = frozenset({"INV-TOTAL-DET", "INV-CAT-DET"})
FEWEST_LINES = 3
MOST_EMPTY = 3
"""At most one line in so many may lack a number of a column that the form has."""
CERTAIN, LIKELY, PERHAPS = 1.0, 0.8, 0.5
"""Shares of a proposal: confirmed by sums; not contradicted; one of two that contradict each other."""
MOST_QUANTITY_DECIMALS = 1
MOST_UNIT_PRICE_DECIMALS = 4

Values = Mapping[int, Decimal]
"""Prices by line."""


def check_missing(invoice: Invoice, equations: Equations, rules: Rules) -> Iterator[Finding]:
    """Findings about numbers that were not read, or not printed, and follow from others."""
    yield from _prices(invoice, rules)
    yield from _factors(invoice)
    if invoice.total_cost is None:
        yield from _total(invoice, equations)


# --- prices -----------------------------------------------------------------------------------------------------------


def _prices(invoice: Invoice, rules: Rules) -> Iterator[Finding]:
    """Prices that quantity and unit price give, or else the total, as the sums confirm them."""
    lines = [
        (index, item) for index, item in enumerate(invoice.line_items) if item.price is not None or item != NO_LINE
    ]
    empty = [index for index, item in lines if item.price is None]
    if not empty or len(empty) == len(lines) > 1 or _holds(invoice, dict.fromkeys(empty, ZERO), rules):
        return
    step = price_step(invoice.line_items)
    products = {index: value for index in empty if (value := _product(invoice.line_items[index], step))}
    sums, rest = _sums_with(invoice, products, rules), _rest(invoice, empty)
    confirmed = all(sums) if sums else None
    printed = _is_printed(invoice, "price") or (bool(confirmed) and 2 * len(empty) <= len(lines))
    for index, value in products.items():
        other = rest if confirmed is False and rest is not None and rest > 0 else None
        yield _price(index, invoice.line_items[index], _candidates(value, confirmed, other), printed=printed)
    if rest and not products:
        yield _price_by_total(empty[0], rest, _sums_with(invoice, {empty[0]: rest}, rules))


def _product(item: LineItem, step: Decimal) -> Decimal | None:
    if item.quantity is None or item.unit_price is None:
        return None
    return cents(rounded(item.quantity * item.unit_price, decimals(step)))


def _sums_with(invoice: Invoice, prices: Values, rules: Rules) -> list[bool]:
    """For each sum that the prices of these lines stand in, whether it holds with them."""
    lines = (replace(item, price=prices.get(n, item.price)) for n, item in enumerate(invoice.line_items))
    equations = equations_of(replace(invoice, line_items=tuple(lines)), rules)
    at = {paths.line(index, "price") for index in prices}
    sums = (item for item in equations.identities if item.code in SUMS and not at.isdisjoint(item.paths))
    return [item.truth(equations.cells) is not Truth.FALSE for item in sums]


def _holds(invoice: Invoice, prices: Values, rules: Rules) -> bool:
    """Whether there are sums, and all hold."""
    sums = _sums_with(invoice, prices, rules)
    return bool(sums) and all(sums)


def _rest(invoice: Invoice, empty: Sequence[int]) -> Decimal | None:
    """What the total leaves for the only line without a price."""
    if len(empty) != 1 or invoice.total_cost is None:
        return None
    return cents(invoice.total_cost - total(item.price for item in invoice.line_items if item.price is not None))


def _candidates(product: Decimal, confirmed: bool | None, rest: Decimal | None) -> dict[Decimal, float]:
    """Proposals with their shares: the product; what the total leaves beside it, where the sums contradict."""
    if confirmed is not False:
        return {product: CERTAIN if confirmed else LIKELY}
    return {product: PERHAPS, **({rest: PERHAPS} if rest is not None else {})}


def _price(index: int, item: LineItem, candidates: Mapping[Decimal, float], *, printed: bool) -> Finding:
    """A warning where the form prints prices, and so should have one here."""
    at = paths.line(index, "price")
    values = {
        "line": index + 1,
        "quantity": plain_text(item.quantity or ZERO),
        "unit_price": money_text(item.unit_price or ZERO),
        "value": money_text(next(iter(candidates))),
    }
    return remark(
        "LIN-PRICE",
        [at],
        gettext_noop("Line %(line)s: the price is missing; %(quantity)s × %(unit_price)s gives %(value)s"),
        values,
        severity=None if printed else Severity.INFO,
        suggestions=tuple(_proposal(at, value, share) for value, share in candidates.items()),
    )


def _price_by_total(index: int, value: Decimal, sums: Sequence[bool]) -> Finding:
    """Information, unless the category says the same as the total."""
    at, agreed = paths.line(index, "price"), all(sums) and len(sums) > 1 and value > 0
    return remark(
        "INV-TOTAL-DET",
        [at, paths.TOTAL],
        gettext_noop("Line %(line)s: the price is missing; the total less the other lines gives %(value)s"),
        {"line": index + 1, "value": money_text(value)},
        severity=Severity.WARNING if agreed else Severity.INFO,
        suggestions=(_proposal(at, value, CERTAIN if agreed else PERHAPS, max(1, len(sums))),),
    )


def _proposal(at: str, value: Decimal, share: float, explains: int = 1) -> Suggestion:
    return Suggestion((Change(at, value),), explains, share)


def _is_printed(invoice: Invoice, name: str) -> bool:
    """Whether the form has this column: nearly all lines that have a price or a unit price have this, too."""
    lines = (item for item in invoice.line_items if item.price is not None or item.unit_price is not None)
    values = [getattr(item, name) for item in lines]
    return len(values) >= FEWEST_LINES and MOST_EMPTY * values.count(None) <= len(values)


# --- quantities and unit prices ---------------------------------------------------------------------------------------

FACTORS = (
    ("quantity", "unit_price", "amount", MOST_QUANTITY_DECIMALS),
    ("unit_price", "quantity", "unit_price", MOST_UNIT_PRICE_DECIMALS),
)
"""What is missing and what the price is divided by, as attributes; the cell; the most decimals of such a number."""
TEMPLATES = {
    "quantity": gettext_noop("Line %(line)s: the quantity is missing; %(price)s / %(divisor)s gives %(value)s"),
    "unit_price": gettext_noop("Line %(line)s: the unit price is missing; %(price)s / %(divisor)s gives %(value)s"),
}


def _factors(invoice: Invoice) -> Iterator[Finding]:
    """Information: no amount depends on them."""
    for name, other, cell, most in FACTORS:
        empty = [index for index, item in enumerate(invoice.line_items) if getattr(item, name) is None]
        if not empty or not _is_printed(invoice, name):
            continue
        for index in empty:
            item = invoice.line_items[index]
            divisor = getattr(item, other)
            if item.price and divisor and (value := _quotient(item.price, divisor, most)):
                yield _factor(name, paths.line(index, cell), item.price, divisor, value)


def _quotient(price: Decimal, divisor: Decimal, most: int) -> Decimal | None:
    """With as few decimals as give the price exactly."""
    shorter = (rounded(price / divisor, places) for places in range(most + 1))
    product = LinePrice("price", "value", "divisor")
    return next(
        (v for v in shorter if v and product.residual({"price": price, "value": v, "divisor": divisor}) == 0), None
    )


def _factor(name: str, at: str, price: Decimal, divisor: Decimal, value: Decimal) -> Finding:
    shown = money_text if name == "unit_price" else plain_text
    printed = plain_text if name == "unit_price" else money_text
    return remark(
        "LIN-PRICE",
        [at],
        TEMPLATES[name],
        {
            "line": paths.row_of(at) + 1,
            "price": money_text(price),
            "divisor": printed(divisor),
            "value": shown(value),
        },
        severity=Severity.INFO,
        suggestions=(_proposal(at, neat(at, value), LIKELY),),
    )


# --- the total --------------------------------------------------------------------------------------------------------


def _total(invoice: Invoice, equations: Equations) -> Iterator[Finding]:
    """What lines, categories and capitals say: certain where two of them agree.

    A list of lines may end without a total, a receipt does not.
    """
    sums = _sums(invoice, equations)
    if not sums:
        return
    code, (value, text) = max(sums.items(), key=lambda item: _agreeing(item[1][0], sums))
    agreeing = tuple(other for other, (amount, _) in sums.items() if amount == value)
    confirmed = len(agreeing) > 1
    paid = any(item.amount is not None for item in invoice.payments_info)
    receipt = paid or paths.TOTAL_IN_WORDS in equations.cells
    if not confirmed and not receipt:
        return
    found = remark(
        code,
        [paths.TOTAL],
        gettext_noop("The total is missing; what is printed gives %(sum)s"),
        {"sum": text},
        severity=Severity.WARNING if confirmed and receipt else Severity.INFO,
        suggestions=(_proposal(paths.TOTAL, cents(value), CERTAIN if confirmed else PERHAPS, len(agreeing)),),
    )
    yield replace(found, checks=agreeing)


def _sums(invoice: Invoice, equations: Equations) -> dict[str, tuple[Decimal, str]]:
    """Amount and how it comes about, by rule."""
    prices = [item.price for item in invoice.line_items if item != NO_LINE]
    costs = [item.cost for item in invoice.cost_categories]
    found = {}
    for code, amounts in (("INV-TOTAL-DET", prices), ("INV-TOTAL-CAT", costs)):
        known = [amount for amount in amounts if amount is not None]
        if known and len(known) == len(amounts):
            found[code] = (total(known), sum_text(known))
    if paths.TOTAL_IN_WORDS in equations.cells:
        amount = equations.cells[paths.TOTAL_IN_WORDS]
        found["INV-CN-UPPER"] = (amount, money_text(amount))
    return found


def _agreeing(value: Decimal, sums: Mapping[str, tuple[Decimal, str]]) -> int:
    return sum(amount == value for amount, _ in sums.values())
