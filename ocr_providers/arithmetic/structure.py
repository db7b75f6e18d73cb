"""Repairs that are no misread digit: a line read twice, a line in the wrong category, columns exchanged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import TypeAlias

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Change, Suggestion
from ocr_providers.arithmetic.identities import Equations, Identity, Sum, Truth
from ocr_providers.arithmetic.invoice_identities import equations_of
from ocr_providers.arithmetic.line_rules import duplicates, level_for, multiplies, removal
from ocr_providers.arithmetic.money import CENT
from ocr_providers.arithmetic.roundings import price_step
from ocr_providers.arithmetic.rules import Rules
from ocr_providers.arithmetic.vocabulary import category_name, level_of
from ocr_providers.results import Invoice, LineItem

EXCHANGED = (("amount", "price"), ("unit_price", "price"))
CLASS_SUMS = frozenset({"INV-CLASSB", "INV-CLASSC"})
MOST_TRIED = 200
FEWEST_TRIED = 5
"""Of a document with hundreds of lines: each trial reads all of it."""


def structural_repairs(
    invoice: Invoice, equations: Equations, broken: Collection[Identity], rules: Rules, *, only_duplicates: bool = False
) -> tuple[Suggestion, ...]:
    """Changes of structure after which all of `broken` hold and nothing else fails that held; at most a few.

    `only_duplicates`: a misread digit would explain them, too; that two lines are the same and one of them is exactly
    too much is no chance.
    """
    codes = {identity.code for identity in broken}
    if only_duplicates and ("INV-TOTAL-DET" not in codes or not duplicates(invoice)):
        return ()
    before = _failing(equations)
    if any(code in codes and sum(each == code for each, _ in before) > 1 for code in ("LIN-PRICE", "LIN-SELFPAY")):
        return ()  # of several lines one change mends one
    found = []
    trials = _trials(invoice, {"INV-TOTAL-DET"} if only_duplicates else codes, _differences(equations, broken))
    for changed, suggestion in islice(trials, max(FEWEST_TRIED, MOST_TRIED - len(invoice.line_items))):
        after = _failing(equations_of(changed, rules))
        if len(after) <= len(before) - len(codes) and after <= before and not _names(after, codes):
            found.append(Suggestion(suggestion.changes, len(before) - len(after), suggestion.share))
    return tuple(Suggestion(item.changes, item.explains, 1 / len(found)) for item in found)


def _failing(equations: Equations) -> frozenset[tuple[str, tuple[str, ...]]]:
    """Failed identities by what stays when a line goes: their code and printed cells."""
    wrong = (identity for identity, truth in equations.truths().items() if truth is Truth.FALSE)
    return frozenset((identity.code, identity.paths[:1]) for identity in wrong if identity.is_fault(equations.cells))


def _names(failing: frozenset[tuple[str, tuple[str, ...]]], codes: set[str]) -> bool:
    return any(code in codes for code, _ in failing)


Trial = tuple[Invoice, Suggestion]


Differences: TypeAlias = Mapping[str, Sequence[tuple[Sum, Decimal]]]
"""Sums that fail, by rule, each with its residual."""


def _differences(equations: Equations, broken: Iterable[Identity]) -> Differences:
    found: defaultdict[str, list[tuple[Sum, Decimal]]] = defaultdict(list)
    for identity in broken:
        if isinstance(identity, Sum):
            found[identity.code].append((identity, identity.residual(equations.cells)))
    return found


def _trials(invoice: Invoice, codes: set[str], differences: Differences) -> Iterator[Trial]:
    """Only lines whose price is what a sum is off: each trial reads the whole document again."""
    if "INV-TOTAL-DET" in codes:
        yield from _without_duplicates(invoice, differences)
    if "INV-CAT-DET" in codes and "INV-TOTAL-DET" not in codes:
        yield from _other_categories(invoice, differences)
    if "LIN-PRICE" in codes:
        yield from _exchanged_columns(invoice)


def _without_duplicates(invoice: Invoice, differences: Differences) -> Iterator[Trial]:
    for _, second in duplicates(invoice):
        if _explains(invoice.line_items[second], differences["INV-TOTAL-DET"]):
            kept = tuple(item for index, item in enumerate(invoice.line_items) if index != second)
            yield replace(invoice, line_items=kept), removal(second, 1)


def _explains(item: LineItem, off: Iterable[tuple[Sum, Decimal]]) -> bool:
    """Whether the line's price may be what one of the sums is off; of a partial sum, at least that."""
    if item.price is None:
        return True
    surplus = ((sum_, abs(item.price) - abs(residual)) for sum_, residual in off)
    return any(abs(more) <= sum_.allowed + CENT or (more > 0 and sum_.open_ended) for sum_, more in surplus)


def _other_categories(invoice: Invoice, differences: Differences) -> Iterator[Trial]:
    names = [item.name for item in invoice.cost_categories if item.name]
    moved = ((at, item) for at, item in enumerate(invoice.line_items) if _explains(item, differences["INV-CAT-DET"]))
    for index, item, name in ((index, item, name) for index, item in moved for name in names):
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
    equations = equations_of(invoice, rules)
    off = [(item.code, abs(item.residual(equations.cells))) for item in equations.identities if item.code in CLASS_SUMS]
    for index, item in enumerate(invoice.line_items):
        if not _moves_by(item, off):
            continue
        for level in ("甲", "乙", "丙"):
            ratio = _ratio(item)
            fits = ratio is None or level_for(ratio) == level
            if fits and level_of(item.level) != level:
                items = (*invoice.line_items[:index], replace(item, level=level), *invoice.line_items[index + 1 :])
                if _class_sums_exact(replace(invoice, line_items=items), rules):
                    found.append(Change(paths.line(index, "level"), level))
    return tuple(Suggestion((change,), 1, 1 / len(found)) for change in found)


def _moves_by(item: LineItem, off: Iterable[tuple[str, Decimal]]) -> bool:
    """Whether the class sums that are off are so by what this line would bring or take."""
    amounts = ((item.selfpay if code == "INV-CLASSB" else item.price, difference) for code, difference in off)
    return all(not difference or amount is None or abs(amount) == difference for amount, difference in amounts)


def _ratio(item: LineItem) -> Decimal | None:
    """The share of self-pay, printed or from the amounts."""
    if item.selfpay_ratio is not None or item.selfpay is None or not item.price:
        return item.selfpay_ratio
    return item.selfpay / item.price


def _class_sums_exact(invoice: Invoice, rules: Rules) -> bool:
    equations = equations_of(invoice, rules)
    sums = [identity for identity in equations.identities if identity.code in CLASS_SUMS]
    return bool(sums) and all(identity.truth(equations.cells) is Truth.EXACT for identity in sums)
