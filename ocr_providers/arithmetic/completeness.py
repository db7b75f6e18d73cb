"""Whether the detail list lacks lines: a long list continues on another paper, or lines were not read."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Finding, Severity
from ocr_providers.arithmetic.identities import Identity, Truth
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.money import money_text, total
from ocr_providers.arithmetic.remarks import remark
from ocr_providers.arithmetic.repair import Search
from ocr_providers.arithmetic.vocabulary import category_name
from ocr_providers.results import Invoice

CONFIRMING = frozenset({"INV-TOTAL-CAT", "INV-CN-UPPER", "PAY-PART", "PAY-CHAN"})
"""Equations that confirm the total without the lines."""
LINE_SUMS = frozenset({"INV-TOTAL-DET", "INV-CAT-DET"})


def missing_lines(group: Sequence[Identity], search: Search, invoice: Invoice) -> Finding | None:
    """The remark that lines are missing, where only sums of lines fail, all fall short, and the total is confirmed."""
    whole = next((identity for identity in group if identity.code == "INV-TOTAL-DET"), None)
    only_short = all(item.code in LINE_SUMS and item.residual(search.cells) > 0 for item in group)
    confirmed = any(item.code in CONFIRMING and truth is not Truth.FALSE for item, truth in search.truth.items())
    if whole is None or not only_short or not confirmed:
        return None
    difference = whole.residual(search.cells)
    costs = [path for item in group if item.code == "INV-CAT-DET" for path in item.paths if "cost_categories" in path]
    unlisted = _categories_without_lines(invoice)
    expected = not costs and difference == total(search.cells[path] for path in unlisted if path in search.cells)
    return remark(
        "INV-TOTAL-DET",
        [paths.TOTAL, paths.LINES, *(unlisted if expected else costs)],
        gettext_noop("Lines worth %(difference)s seem to be missing: the list may go on elsewhere"),
        {"difference": money_text(difference)},
        severity=Severity.INFO if expected else Severity.WARNING,
    )


def _categories_without_lines(invoice: Invoice) -> list[str]:
    listed = {category_name(item.category) for item in invoice.line_items}
    named = enumerate(invoice.cost_categories)
    return [paths.category(index) for index, item in named if category_name(item.name) not in listed]
