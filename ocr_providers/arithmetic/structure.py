"""Repairs that are no misread digit: a line read twice, a line in the wrong category, columns exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Change, Suggestion
from ocr_providers.arithmetic.identities import Equations, Identity, Truth
from ocr_providers.arithmetic.invoice_identities import equations_of
from ocr_providers.arithmetic.line_rules import duplicates, level_for, multiplies, removal
from ocr_providers.arithmetic.roundings import price_step
from ocr_providers.arithmetic.rules import Rules
from ocr_providers.arithmetic.vocabulary import category_name, level_of
from ocr_providers.results import Invoice, LineItem

EXCHANGED = (("amount", "price"), ("unit_price", "price"))
MOST_TRIED = 200
FEWEST_TRIED = 5
"""Of a document with hundreds of lines: each trial reads all of it."""


def structural_repairs(
    invoice: Invoice, broken: Iterable[Identity], rules: Rules, *, only_duplicates: bool = False
) -> tuple[Suggestion, ...]:
    """Changes of structure after which all of `broken` hold and nothing else fails that held; at most a few.

    `only_duplicates`: a misread digit would explain them, too; that two lines are the same and one of them is exactly
    too much is no chance.
    """
    codes = {identity.code for identity in broken}
    if only_duplicates and ("INV-TOTAL-DET" not in codes or not duplicates(invoice)):
        return ()
    before = _failing(equations_of(invoice, rules))
    found = []
    trials = _trials(invoice, {"INV-TOTAL-DET"} if only_duplicates else codes)
    for changed, suggestion in islice(trials, max(FEWEST_TRIED, MOST_TRIED - len(invoice.line_items))):
        after = _failing(equations_of(changed, rules))
        if len(after) <= len(before) - len(codes) and after <= before and not _names(after, codes):
            found.append(Suggestion(suggestion.changes, len(before) - len(after), suggestion.share))
    return tuple(Suggestion(item.changes, item.explains, 1 / len(found)) for item in found)


def _failing(equations: Equations) -> frozenset[tuple[str, tuple[str, ...]]]:
    """Failed identities by what stays when a line goes: their code and printed cells."""
    return frozenset(
        (identity.code, identity.paths[:1]) for identity in equations.identities if identity.is_fault(equations.cells)
    )


def _names(failing: frozenset[tuple[str, tuple[str, ...]]], codes: set[str]) -> bool:
    return any(code in codes for code, _ in failing)


Trial = tuple[Invoice, Suggestion]


def _trials(invoice: Invoice, codes: set[str]) -> Iterator[Trial]:
    if "INV-TOTAL-DET" in codes:
        yield from _without_duplicates(invoice)
    if "INV-CAT-DET" in codes and "INV-TOTAL-DET" not in codes:
        yield from _other_categories(invoice)
    if "LIN-PRICE" in codes:
        yield from _exchanged_columns(invoice)


def _without_duplicates(invoice: Invoice) -> Iterator[Trial]:
    for _, second in duplicates(invoice):
        kept = tuple(item for index, item in enumerate(invoice.line_items) if index != second)
        yield replace(invoice, line_items=kept), removal(second, 1)


def _other_categories(invoice: Invoice) -> Iterator[Trial]:
    names = [item.name for item in invoice.cost_categories if item.name]
    tried = ((index, item, name) for index, item in enumerate(invoice.line_items) for name in names)
    for index, item, name in tried:
        if category_name(name) != category_name(item.category):
            change = Change(paths.line(index, "class"), name)
            items = (*invoice.line_items[:index], replace(item, category=name), *invoice.line_items[index + 1 :])
            yield replace(invoice, line_items=items), Suggestion((change,), 1)


def _exchanged_columns(invoice: Invoice) -> Iterator[Trial]:
    step = price_step(invoice.line_items)
    for index, item in enumerate(invoice.line_items):
        if multiplies(item, step):
            continue
        for first, second in EXCHANGED:
            values = _values(item)
            values[first], values[second] = values[second], values[first]
            changed = replace(item, quantity=values["amount"], unit_price=values["unit_price"], price=values["price"])
            if multiplies(changed, step) and _values(changed) != _values(item):
                changes = tuple(Change(paths.line(index, name), values[name]) for name in (first, second))
                items = (*invoice.line_items[:index], changed, *invoice.line_items[index + 1 :])
                yield replace(invoice, line_items=items), Suggestion(changes, 1)


def _values(item: LineItem) -> dict[str, Decimal | None]:
    return {"amount": item.quantity, "unit_price": item.unit_price, "price": item.price}


def level_repairs(invoice: Invoice, rules: Rules) -> tuple[Suggestion, ...]:
    """Lines whose level, read as another, makes the class sums exact and goes with the line's own ratio."""
    found = []
    for index, item in enumerate(invoice.line_items):
        for level in ("甲", "乙", "丙"):
            ratio = _ratio(item)
            fits = ratio is None or level_for(ratio) == level
            if fits and level_of(item.level) != level:
                items = (*invoice.line_items[:index], replace(item, level=level), *invoice.line_items[index + 1 :])
                if _class_sums_exact(replace(invoice, line_items=items), rules):
                    found.append(Change(paths.line(index, "level"), level))
    return tuple(Suggestion((change,), 1, 1 / len(found)) for change in found)


def _ratio(item: LineItem) -> Decimal | None:
    """The share of self-pay, printed or from the amounts."""
    if item.selfpay_ratio is not None or item.selfpay is None or not item.price:
        return item.selfpay_ratio
    return item.selfpay / item.price


def _class_sums_exact(invoice: Invoice, rules: Rules) -> bool:
    equations = equations_of(invoice, rules)
    sums = [identity for identity in equations.identities if identity.code in ("INV-CLASSB", "INV-CLASSC")]
    return bool(sums) and all(identity.truth(equations.cells) is Truth.EXACT for identity in sums)
