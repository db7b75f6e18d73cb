"""Rules about how the local engine read an invoice: how sure it was, what is printed but unread, what nothing proves.

A vendor's answer has no sources; what its reading lacks only its own flags can say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Finding, Severity
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.remarks import remark
from ocr_providers.results import Invoice

SURE = Decimal("0.8")
"""Below this score a reading is worth a second look."""
AMOUNT = re.compile(
    r"/total_cost|/cost_categories/\d+/cost|/payments_info/\d+/amount|/cost_detail_list/\d+/(?:unit_price|price|selfpay)"
)
FIGURE = re.compile(r"\d")
ATTRIBUTES = {"cost_categories": "cost_categories", "payments_info": "payments_info", "cost_detail_list": "line_items"}


def check_reading(invoice: Invoice, proposed: Collection[str] = ()) -> Iterator[Finding]:
    """INV-CONF, INV-UNREADABLE and INV-TOTAL-DET, as far as they are about the reading itself.

    `proposed`: paths of missing numbers that another finding is about.
    """
    yield from _confidence(invoice)
    yield from _unread_amounts(invoice)
    yield from _unproven_lines(invoice, proposed)


def _confidence(invoice: Invoice) -> Iterator[Finding]:
    low = [at for at, source in invoice.sources.items() if source.score is not None and source.score < SURE]
    doubtful = [at for at in low if AMOUNT.fullmatch(at) and _value(invoice, at) is not None]
    amounts = [f"{paths.ROOT}{at}" for at in dict.fromkeys((*doubtful, *_printed_twice(invoice, doubtful)))]
    others = [f"{paths.ROOT}{at}" for at in low if not AMOUNT.fullmatch(at)]
    if amounts:
        template = gettext_noop("%(count)s amounts were read with low confidence: compare them with the picture")
        yield remark("INV-CONF", amounts, template, {"count": len(amounts)}, severity=Severity.WARNING)
    if others:
        template = gettext_noop("%(count)s values were read with low confidence: look at them again")
        yield remark("INV-CONF", others, template, {"count": len(others)})
    if not low and invoice.average_prob is not None and invoice.average_prob < SURE:
        template = gettext_noop("The reading is unsure: average confidence %(score)s")
        yield remark("INV-CONF", [paths.header("average_prob")], template, {"score": f"{invoice.average_prob:.2f}"})


def _printed_twice(invoice: Invoice, doubtful: Iterable[str]) -> Iterator[str]:
    """Price and unit price of one piece are the same print, and are misread alike."""
    for at in doubtful:
        row, _, name = at.rpartition("/")
        other = {"price": f"{row}/unit_price", "unit_price": f"{row}/price"}.get(name)
        if other is not None and other in invoice.sources and _value(invoice, other) == _value(invoice, at):
            yield other


def _unread_amounts(invoice: Invoice) -> Iterator[Finding]:
    """Amounts that are printed, because their characters were kept, and have no value."""
    unread = [
        f"{paths.ROOT}{at}"
        for at, source in invoice.sources.items()
        if AMOUNT.fullmatch(at) and FIGURE.search(source.text) and _value(invoice, at) is None
    ]
    if unread:
        template = gettext_noop("%(count)s amounts are printed but could not be read: enter them from the picture")
        yield remark("INV-UNREADABLE", unread, template, {"count": len(unread)})


def _unproven_lines(invoice: Invoice, proposed: Collection[str]) -> Iterator[Finding]:
    """A line that was lost shows in no sum where the total or the price of another line is missing."""
    empty = (paths.line(at, "price") for at, item in enumerate(invoice.line_items) if item.price is None)
    missing = [path for path in empty if path not in proposed]
    whole = invoice.total_cost is not None or paths.TOTAL in proposed
    if not invoice.sources or not invoice.line_items or (whole and not missing):
        return
    yield remark(
        "INV-TOTAL-DET",
        [paths.LINES, paths.TOTAL, *missing],
        gettext_noop("The lines cannot be added up: the total or a price was not read"),
        severity=Severity.WARNING,
    )


def _value(invoice: Invoice, at: str) -> Decimal | None:
    """The amount at a pointer of `Invoice.sources`."""
    _, name, *rest = at.split("/")
    if not rest:
        return invoice.total_cost
    return getattr(getattr(invoice, ATTRIBUTES[name])[int(rest[0])], rest[1], None)
