"""Rules about single lines and about lines beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Change, Finding, Severity, Suggestion
from ocr_providers.arithmetic.identities import LinePrice, Truth
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.money import CENT, HALF_CENT, ONE, ZERO, cents, decimals, money_text, plain_text
from ocr_providers.arithmetic.remarks import propose, remark
from ocr_providers.arithmetic.roundings import price_step
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules, tolerance
from ocr_providers.arithmetic.vocabulary import is_uninsured, level_of, plain
from ocr_providers.results import Invoice, LineItem

RATIO_TOLERANCE = Decimal("0.0001")


def check_lines(invoice: Invoice, rules: Rules = DEFAULT_RULES) -> Iterator[Finding]:
    """All rules of the detail list that are no equations."""
    insured = not is_uninsured(invoice.medical_insurance_type)
    off_range = tolerance(rules, "LIN-RANGE", HALF_CENT)
    off_level = tolerance(rules, "LIN-LEVEL", RATIO_TOLERANCE)
    for index, item in enumerate(invoice.line_items):
        yield from ranges(index, item, off_range)
        if insured:
            yield from _level(index, item, off_level)
        if item.price is not None and item.price < 0:
            template = gettext_noop("Line %(line)s is a refund: %(price)s")
            yield remark(
                "LIN-NEG", [paths.line(index, "price")], template, {"line": index + 1, "price": money_text(item.price)}
            )
    yield from _duplicates(invoice)
    yield from _shifted(invoice)
    yield from _read_twice(invoice)


def ranges(index: int, item: LineItem, allowed: Decimal = HALF_CENT) -> Iterator[Finding]:
    """LIN-RANGE of one line."""
    refund = item.price is not None and (item.price < 0 or (not item.price and (item.quantity or ZERO) < 0))
    if item.quantity is not None and item.quantity <= 0 and not refund:
        template = gettext_noop("Line %(line)s: the quantity %(quantity)s is not above zero")
        yield _out_of_range(index, ("amount",), template, {"quantity": plain_text(item.quantity)})
    ratio = item.selfpay_ratio
    if ratio is not None and not ZERO <= ratio <= ONE:
        template = gettext_noop("Line %(line)s: the self-pay ratio %(ratio)s is not between 0 and 1")
        percent = propose(paths.line(index, "selfpay_ratio"), ratio / 100) if _is_percentage(item, ratio) else ()
        yield _out_of_range(index, ("selfpay_ratio",), template, {"ratio": plain_text(ratio)}, percent)
    if (
        item.selfpay is not None
        and item.price is not None
        and not refund
        and not _within(item.selfpay, item.price, allowed)
    ):
        template = gettext_noop("Line %(line)s: self-pay %(selfpay)s is not between 0 and the price %(price)s")
        values = {"selfpay": money_text(item.selfpay), "price": money_text(item.price)}
        yield _out_of_range(index, ("selfpay", "price"), template, values)


def _is_percentage(item: LineItem, ratio: Decimal) -> bool:
    """Ten for 10 %, and not a misread 1: the amounts say so, or the level does."""
    if item.selfpay is not None and item.price is not None:
        return abs(item.price * ratio / 100 - item.selfpay) <= CENT
    steps = ONE < ratio < 100 and ratio % 5 == 0
    return (steps and level_of(item.level) == "乙") or (ratio == 100 and level_of(item.level) == "丙")


def _within(selfpay: Decimal, price: Decimal, allowed: Decimal) -> bool:
    return -allowed <= selfpay <= price + allowed


def _out_of_range(
    index: int,
    names: tuple[str, ...],
    template: str,
    values: dict[str, str],
    suggestions: tuple[Suggestion, ...] = (),
) -> Finding:
    at = [paths.line(index, name) for name in names]
    return remark("LIN-RANGE", at, template, {"line": index + 1, **values}, suggestions=suggestions)


def _level(index: int, item: LineItem, allowed: Decimal) -> Iterator[Finding]:
    """甲 pays nothing, 乙 a share, 丙 all. A ratio of 0 without self-pay may mean "not found" (vendor practice)."""
    level, ratio = level_of(item.level), item.selfpay_ratio
    if level is None or ratio is None or not ZERO <= ratio <= ONE or (not ratio and not item.selfpay and level != "甲"):
        return
    fitting = level_for(ratio, allowed)
    if fitting == level:
        return
    at = [paths.line(index, "level"), paths.line(index, "selfpay_ratio")]
    sure = item.selfpay is not None and bool(item.price) and abs(item.selfpay - (item.price or ONE) * ratio) <= CENT
    yield remark(
        "LIN-LEVEL",
        at,
        gettext_noop("Line %(line)s: level %(level)s does not go with a self-pay ratio of %(ratio)s"),
        {"line": index + 1, "level": level, "ratio": plain_text(ratio)},
        suggestions=propose(at[0], fitting) if sure else (),
    )


def level_for(ratio: Decimal, allowed: Decimal = RATIO_TOLERANCE) -> str:
    """The level whose lines have this share of self-pay."""
    if ratio <= allowed:
        return "甲"
    return "丙" if ratio >= ONE - allowed else "乙"


def duplicates(invoice: Invoice) -> list[tuple[int, int]]:
    """Pairs of lines with the same name, quantity and price: index of the first and of the repeated one."""
    seen: dict[tuple[str, Decimal | None, Decimal], int] = {}
    found = []
    for index, item in enumerate(invoice.line_items):
        name = item.origin_ocr_name or item.ocr_name or item.name
        if name and item.price:
            key = (plain(name), item.quantity, item.price)
            if key in seen:
                found.append((seen[key], index))
            seen.setdefault(key, index)
    return found


def _duplicates(invoice: Invoice) -> Iterator[Finding]:
    for first, second in duplicates(invoice):
        template = gettext_noop("Lines %(first)s and %(second)s are the same: perhaps read twice")
        at = (f"{paths.LINES}/{second}", f"{paths.LINES}/{first}")
        yield remark("LIN-DUP", at, template, {"first": first + 1, "second": second + 1})


def removal(index: int, explains: int) -> Suggestion:
    """The proposal to take a line out."""
    return Suggestion((Change(f"{paths.LINES}/{index}", None),), explains)


def _shifted(invoice: Invoice) -> Iterator[Finding]:
    """Several lines whose price is a whole number that is no product: the columns may have moved by one."""
    reordered = [(index, item) for index, item in enumerate(invoice.line_items) if _order(item) is not None]
    step = price_step(invoice.line_items) if reordered else CENT
    wrong = [(index, item) for index, item in reordered if not multiplies(item, step)]
    if len(wrong) >= 2:
        at = [paths.line(index, name) for index, _ in wrong for name in ("amount", "unit_price", "price")]
        template = gettext_noop("%(count)s lines look as if their columns had moved: the numbers fit in another order")
        changes = tuple(change for index, item in wrong for change in _in_order(index, item))
        yield remark("LIN-SHIFT", at, template, {"count": len(wrong)}, suggestions=(Suggestion(changes, len(wrong)),))


def multiplies(item: LineItem, step: Decimal) -> bool:
    """The price is quantity × unit price within rounding to `step`, or a number is missing."""
    if item.quantity is None or item.unit_price is None or item.price is None:
        return True
    cells = {"price": item.price, "amount": item.quantity, "unit_price": item.unit_price}
    return LinePrice("price", "amount", "unit_price", step=step).truth(cells) is not Truth.FALSE


def _order(item: LineItem) -> tuple[Decimal, Decimal, Decimal] | None:
    """Quantity, unit price and price in the order in which they multiply; `None` when there is no such order, or no
    need of one."""
    a, b, c = item.quantity, item.unit_price, item.price
    if not a or not b or not c or c != c.to_integral_value() or a * b == c:
        return None
    for quantity, unit_price, price in ((c, b, a), (c, a, b), (b, c, a)):
        if quantity == quantity.to_integral_value() and abs(quantity * unit_price - price) <= HALF_CENT:
            return quantity, unit_price, price
    return None


def _in_order(index: int, item: LineItem) -> Iterator[Change]:
    order = _order(item) or ()
    for name, value in zip(("amount", "unit_price", "price"), order, strict=False):
        yield Change(paths.line(index, name), value)


def _read_twice(invoice: Invoice) -> Iterator[Finding]:
    """The only unit price or self-pay with a third decimal, its last digit read twice: too little to break a sum.

    An amount has no third decimal; a unit price may have one, and is only pointed to.
    """
    for name in ("unit_price", "selfpay"):
        values = [(index, getattr(item, name)) for index, item in enumerate(invoice.line_items)]
        known = [(index, value) for index, value in values if value is not None]
        fine = [(index, value) for index, value in known if decimals(value) > CENTS]
        if len(fine) == 1 and len(known) >= FEWEST_VALUES:
            index, value = fine[0]
            shorter = _without_double(value)
            if shorter is not None and _fits(invoice.line_items[index], name, shorter):
                yield _doubled(index, name, value, shorter)


FEWEST_VALUES = 3
"""Fewer show no habit."""
CENTS = 2


def _without_double(value: Decimal) -> Decimal | None:
    """27.96 for 27.966; `None` for what is no such number."""
    text = plain_text(value)
    return Decimal(text[:-1]) if decimals(value) == 3 and text[-1] == text[-2] else None


def _fits(item: LineItem, name: str, value: Decimal) -> bool:
    """Whether the line's product is right to the cent with this value."""
    if item.price is None:
        return False
    if name == "selfpay":
        return item.selfpay_ratio is not None and cents(item.price * item.selfpay_ratio) == value
    return item.quantity is not None and cents(item.quantity * value) == item.price


def _doubled(index: int, name: str, value: Decimal, shorter: Decimal) -> Finding:
    at = paths.line(index, name)
    return remark(
        "LIN-PRICE" if name == "unit_price" else "LIN-SELFPAY",
        [at],
        gettext_noop("Line %(line)s: %(value)s has more decimals than any other number of its column"),
        {"line": index + 1, "value": plain_text(value)},
        severity=Severity.INFO,
        suggestions=propose(at, shorter) if name == "selfpay" else (),
    )
