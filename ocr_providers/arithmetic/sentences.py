"""A failed identity in words, with its sum written out."""

from __future__ import annotations

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.identities import Cells, Identity, Product, Sum
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.money import money_text, plain_text, sum_text, total

TEMPLATES = {
    "LIN-PRICE": gettext_noop(
        "Line %(line)s: %(first)s × %(second)s = %(computed)s, printed %(printed)s, difference %(difference)s"
    ),
    "INV-TOTAL-DET": gettext_noop("Lines: %(sum)s, total printed %(printed)s, difference %(difference)s"),
    "INV-TOTAL-CAT": gettext_noop("Categories: %(sum)s, total printed %(printed)s, difference %(difference)s"),
    "INV-CAT-DET": gettext_noop(
        "Lines of one category: %(sum)s, category printed %(printed)s, difference %(difference)s"
    ),
    "INV-CN-UPPER": gettext_noop("Total %(printed)s, in capitals %(sum)s, difference %(difference)s"),
    "LIN-SELFPAY": gettext_noop(
        "Line %(line)s: %(first)s × %(second)s = %(computed)s, self-pay printed %(printed)s, difference %(difference)s"
    ),
    "PAY-PART": gettext_noop("Cost shares: %(sum)s, total printed %(printed)s, difference %(difference)s"),
    "PAY-CHAN": gettext_noop("Payments: %(sum)s, total printed %(printed)s, difference %(difference)s"),
    "PAY-PERSON": gettext_noop("Borne by the person: %(sum)s, paid %(printed)s, difference %(difference)s"),
    "INV-CLASSB": gettext_noop(
        "Self-pay of class B lines: %(sum)s, printed in the head %(printed)s, difference %(difference)s"
    ),
    "INV-CLASSC": gettext_noop("Class C lines: %(sum)s, printed in the head %(printed)s, difference %(difference)s"),
}


def sentence(identity: Identity, cells: Cells) -> tuple[str, dict[str, str]]:
    """Template and values for `Finding`."""
    values = {"difference": money_text(abs(identity.residual(cells)))}
    if isinstance(identity, Product):
        values |= _product(identity, cells)
    elif isinstance(identity, Sum):
        values |= _sum(identity, cells)
    return TEMPLATES[identity.code], values


def _product(identity: Product, cells: Cells) -> dict[str, str]:
    first, second = cells[identity.first], cells[identity.second]
    return {
        "line": str(paths.row_of(identity.product) + 1),
        "first": plain_text(first),
        "second": money_text(second),
        "computed": money_text(first * second),
        "printed": money_text(cells[identity.product]),
    }


def _sum(identity: Sum, cells: Cells) -> dict[str, str]:
    return {
        "sum": sum_text([cells[path] for path in identity.terms]),
        "printed": money_text(total(cells[path] for path in identity.printed)),
    }
