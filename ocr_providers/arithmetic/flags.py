"""The vendor's validation flags, computed by us: -1 cannot be checked, 0 failed, 1 passed (its document, 1.1 to 1.4).

What the flags of `checksum` mean was inferred from public answers: `total_cost` is 1 when the total equals the sum of
the categories or the sum of the lines; payments play no part in it (DOMAIN notes 5.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.catalogue import is_known
from ocr_providers.arithmetic.checks import judged
from ocr_providers.arithmetic.days import latest_today
from ocr_providers.arithmetic.findings import State
from ocr_providers.arithmetic.header_rules import date_is_plausible, note_is_plausible
from ocr_providers.arithmetic.identities import Equations, Identity, Product
from ocr_providers.arithmetic.invoice_identities import equations_of
from ocr_providers.arithmetic.line_rules import ranges
from ocr_providers.arithmetic.payment_rules import exceeds
from ocr_providers.results import Flag, Invoice, LineItem

CHECKSUM_RULES = frozenset({"INV-TOTAL-CAT", "INV-TOTAL-DET", "INV-CAT-DET", "INV-CLASSB", "INV-CLASSC"})

States: TypeAlias = Iterable[tuple[Identity, State]]
Rows: TypeAlias = Mapping[str, Sequence[State]]


@dataclass(frozen=True, slots=True)
class Flags:
    """All flags of one invoice; of a line `check_info`, `check_info_price` and `check_name_info`."""

    checksum: dict[str, int]
    lines: list[tuple[Flag, Flag, Flag]]
    payments: list[Flag]


def flag_invoice(invoice: Invoice, catalogue: Sequence[str] = (), today: date | None = None) -> Invoice:
    """The invoice with `checksum` and every `check_*` filled as the vendor does. `catalogue`: known names of items."""
    flags = flags_of(invoice, equations_of(invoice), catalogue, today)
    lines = (
        replace(item, check_info=int(whole), check_info_price=int(price), check_name_info=int(name))
        for item, (whole, price, name) in zip(invoice.line_items, flags.lines, strict=True)
    )
    payments = (
        replace(item, check_info=int(flag)) for item, flag in zip(invoice.payments_info, flags.payments, strict=True)
    )
    return replace(invoice, checksum=dict(flags.checksum), line_items=tuple(lines), payments_info=tuple(payments))


def flags_of(invoice: Invoice, equations: Equations, catalogue: Sequence[str] = (), today: date | None = None) -> Flags:
    """Every flag that can be computed from the invoice and its `equations` (those of the default rules)."""
    states = list(judged(equations))
    rows = _by_row(states)
    lines = [_flags_of_line(index, item, rows, catalogue) for index, item in enumerate(invoice.line_items)]
    payments = [
        Flag.FAILED if exceeds(item, invoice) else _of(rows.get(paths.payment(index), ()))
        for index, item in enumerate(invoice.payments_info)
    ]
    return Flags(_checksum(invoice, states, today or latest_today()), lines, payments)


def checksum(invoice: Invoice, today: date | None = None) -> dict[str, int]:
    """Our own flags for the keys of `checksum`, those of the sample included."""
    return _checksum(invoice, judged(equations_of(invoice), CHECKSUM_RULES), today or latest_today())


def _by_row(states: States) -> Rows:
    """What the equations of a line came to, by the number that they compute; and those of a payment."""
    found: defaultdict[str, list[State]] = defaultdict(list)
    for identity, state in states:
        if isinstance(identity, Product):
            found[identity.product].append(state)
        else:
            for path in identity.paths:
                if path.startswith(paths.PAYMENTS):
                    found[path].append(state)
    return found


def _of(states: Collection[State]) -> Flag:
    """Failed when one fails, passed when at least one passes."""
    if State.FAILED in states:
        return Flag.FAILED
    return Flag.PASSED if State.PASSED in states else Flag.UNKNOWN


def _any(flags: Iterable[Flag]) -> Flag:
    """Passed when one passes."""
    known = set(flags)
    return next((flag for flag in (Flag.PASSED, Flag.FAILED) if flag in known), Flag.UNKNOWN)


def _checksum(invoice: Invoice, states: States, today: date) -> dict[str, int]:
    by_code = [(identity.code, state) for identity, state in states]

    def of(*codes: str) -> Flag:
        return _of([state for code, state in by_code if code in codes])

    note, day = note_is_plausible(invoice), invoice.billing_date
    flags = {
        "total_cost": _any((of("INV-TOTAL-CAT"), of("INV-TOTAL-DET"))),
        "cost_categories": of("INV-TOTAL-CAT", "INV-CAT-DET") if invoice.cost_categories else Flag.UNKNOWN,
        "payments_class_b": of("INV-CLASSB"),
        "payments_class_c": of("INV-CLASSC"),
        "note_no": Flag.UNKNOWN if note is None else Flag(int(note)),
        "billing_date": Flag.UNKNOWN if day is None else Flag(int(date_is_plausible(day, today))),
    }
    return {name: int(flag) for name, flag in flags.items()}


def _flags_of_line(index: int, item: LineItem, rows: Rows, catalogue: Sequence[str]) -> tuple[Flag, Flag, Flag]:
    price, selfpay = (_of(rows.get(paths.line(index, name), ())) for name in ("price", "selfpay"))
    name = _name_flag(item, catalogue)
    failed = Flag.FAILED in (price, selfpay, name) or any(ranges(index, item))
    return Flag.FAILED if failed else price, price, name


def _name_flag(item: LineItem, catalogue: Sequence[str]) -> Flag:
    name = item.ocr_name or item.origin_ocr_name or item.name
    if not catalogue or not name:
        return Flag.UNKNOWN
    return Flag(int(is_known(name, catalogue)))
