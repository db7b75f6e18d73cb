"""The equations one invoice gives rise to, over the cells that were read (DOMAIN notes 1.4 and 1.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.identities import Equations, Identity, LinePrice, LineSelfpay, PartialSum, Sum
from ocr_providers.arithmetic.invoice_cells import cells_of, second_choices
from ocr_providers.arithmetic.money import CENT, HALF_CENT, ZERO
from ocr_providers.arithmetic.payment_identities import payment_identities
from ocr_providers.arithmetic.roundings import price_step
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules, setting, tolerance
from ocr_providers.arithmetic.vocabulary import ROUNDING, category_name, level_of, plain
from ocr_providers.results import Invoice, LineItem

MOST_FOR_ROUNDED_PRICES = Decimal("0.05")
WITH_ROUNDING_LINE = Decimal("0.05")
NO_LINE = LineItem()
"""A row without any value (`null`) is a line that was taken out."""


def equations_of(invoice: Invoice, rules: Rules = DEFAULT_RULES) -> Equations:
    """All enabled identities of an invoice whose cells were read."""
    cells = cells_of(invoice)
    found = [*_lines(invoice, rules), *_totals(invoice, cells, rules), *payment_identities(invoice, cells, rules)]
    enabled = [identity for identity in found if setting(rules, identity.code).enabled]
    levels = {paths.line(n, "selfpay_ratio"): level_of(item.level) for n, item in enumerate(invoice.line_items)}
    categories = {paths.line(n, "amount"): category_name(item.category) for n, item in enumerate(invoice.line_items)}
    return Equations(
        cells=cells,
        identities=enabled,
        fixed=frozenset({paths.TOTAL_IN_WORDS}),
        second_choices=second_choices(invoice),
        levels={path: level for path, level in levels.items() if level},
        categories=categories,
        rounding=_rounding_cells(invoice, cells),
    )


def _lines(invoice: Invoice, rules: Rules) -> Iterator[Identity]:
    price_tolerance = setting(rules, "LIN-PRICE").tolerance
    selfpay_tolerance = setting(rules, "LIN-SELFPAY").tolerance
    step = price_step(invoice.line_items)
    for index, item in enumerate(invoice.line_items):
        if item.price is None:
            continue
        price = paths.line(index, "price")
        if item.quantity is not None and item.unit_price is not None:
            yield LinePrice(price, paths.line(index, "amount"), paths.line(index, "unit_price"), price_tolerance, step)
        if item.selfpay is not None and item.selfpay_ratio is not None:
            selfpay, ratio = paths.line(index, "selfpay"), paths.line(index, "selfpay_ratio")
            yield LineSelfpay(selfpay, price, ratio, selfpay_tolerance)


def _totals(invoice: Invoice, cells: dict[str, Decimal], rules: Rules) -> Iterator[Identity]:
    if paths.TOTAL in cells:
        if paths.TOTAL_IN_WORDS in cells:
            yield Sum("INV-CN-UPPER", (paths.TOTAL,), (paths.TOTAL_IN_WORDS,), tolerance(rules, "INV-CN-UPPER", ZERO))
        yield from _total_of_categories(invoice, cells, rules)
        yield from _total_of_lines(invoice, cells, rules)
    yield from _lines_of_categories(invoice, cells, rules)


def rounded_prices(lines: int) -> Decimal:
    """What rounding each of so many prices can add up to: 0.005 a line, from 0.01 to 0.05."""
    return min(max(CENT, HALF_CENT * lines), MOST_FOR_ROUNDED_PRICES)


def _total_of_categories(invoice: Invoice, cells: dict[str, Decimal], rules: Rules) -> Iterator[Identity]:
    costs = tuple(paths.category(index) for index in range(len(invoice.cost_categories)))
    if costs and all(path in cells for path in costs):
        rounding = any(category_name(item.name) == ROUNDING for item in invoice.cost_categories)
        allowed = tolerance(rules, "INV-TOTAL-CAT", WITH_ROUNDING_LINE if rounding else CENT)
        yield Sum("INV-TOTAL-CAT", (paths.TOTAL,), costs, allowed)


def _rounding_costs(invoice: Invoice, cells: dict[str, Decimal]) -> tuple[str, ...]:
    """Rounding categories that no line accounts for."""
    if any(ROUNDING in (category_name(item.category), category_name(item.ocr_name)) for item in invoice.line_items):
        return ()
    return tuple(sorted(_rounding_cells(invoice, cells)))


def _rounding_cells(invoice: Invoice, cells: dict[str, Decimal]) -> frozenset[str]:
    named = enumerate(invoice.cost_categories)
    at = (paths.category(index) for index, item in named if category_name(item.name) == ROUNDING)
    return frozenset(path for path in at if path in cells)


def _total_of_lines(invoice: Invoice, cells: dict[str, Decimal], rules: Rules) -> Iterator[Identity]:
    prices = tuple(paths.line(index, "price") for index, item in enumerate(invoice.line_items) if _is_line(item))
    if prices and all(path in cells for path in prices):
        allowed = tolerance(rules, "INV-TOTAL-DET", rounded_prices(len(prices)))
        yield Sum("INV-TOTAL-DET", (paths.TOTAL,), prices + _rounding_costs(invoice, cells), allowed)


def _is_line(item: LineItem) -> bool:
    return item.price is not None or item != NO_LINE


def _lines_of_categories(invoice: Invoice, cells: dict[str, Decimal], rules: Rules) -> Iterator[Identity]:
    """INV-CAT-DET for each category that has lines; categories of one meaning are added up."""
    printed = [(index, item) for index, item in enumerate(invoice.line_items) if _is_line(item)]
    if not printed or any(item.price is None or not item.category for _, item in printed):
        return
    name = _naming(invoice)
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for index, item in printed:
        lines[name(item.category)].append(paths.line(index, "price"))
    costs: defaultdict[str, list[str]] = defaultdict(list)
    for index, category in enumerate(invoice.cost_categories):
        costs[name(category.name)].append(paths.category(index))
    strangers = set(lines) - set(costs)
    for group in [name for name in lines if name in costs]:
        if all(path in cells for path in costs[group]):
            allowed = tolerance(rules, "INV-CAT-DET", rounded_prices(len(lines[group])))
            # A line whose class is on no list may belong to any category that is short.
            kind = PartialSum if strangers else Sum
            yield kind("INV-CAT-DET", tuple(costs[group]), tuple(lines[group]), allowed)


def _naming(invoice: Invoice) -> Callable[[str | None], str]:
    """As printed when lines and categories use the same words; by their common name otherwise."""
    printed = {plain(item.name or "") for item in invoice.cost_categories}
    same = all(plain(item.category or "") in printed for item in invoice.line_items if item.category)
    return (lambda word: plain(word or "")) if same else category_name
