"""The vendor's validation flags, computed by us: -1 cannot be checked, 0 failed, 1 passed (its document, 1.1 to 1.4).

What the flags of `checksum` mean was inferred from public answers: `total_cost` is 1 when the total equals the sum of
the categories or the sum of the lines; payments play no part in it (DOMAIN notes 5.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.catalogue import is_known
from ocr_providers.arithmetic.checks import judged
from ocr_providers.arithmetic.days import latest_today
from ocr_providers.arithmetic.findings import Check, State
from ocr_providers.arithmetic.header_rules import date_is_plausible, note_is_plausible
from ocr_providers.arithmetic.line_rules import check_lines
from ocr_providers.arithmetic.payment_rules import exceeds
from ocr_providers.results import Flag, Invoice, LineItem

CHECKSUM_RULES = frozenset({"INV-TOTAL-CAT", "INV-TOTAL-DET", "INV-CAT-DET", "INV-CLASSB", "INV-CLASSC"})
LINE_CHECKS = ("LIN-PRICE", "LIN-SELFPAY")


def flag_invoice(invoice: Invoice, catalogue: Sequence[str] = (), today: date | None = None) -> Invoice:
    """The invoice with `checksum` and every `check_*` filled as the vendor does. `catalogue`: known names of items."""
    checks = list(judged(invoice))
    by_path = _by_path(checks)
    failed_lines = {
        finding.paths[0].rpartition("/")[0] for finding in check_lines(invoice) if finding.code == "LIN-RANGE"
    }
    lines = (
        _flag_line(index, item, by_path, catalogue, out_of_range=f"{paths.LINES}/{index}" in failed_lines)
        for index, item in enumerate(invoice.line_items)
    )
    payments = (
        replace(item, check_info=Flag.FAILED if exceeds(item, invoice) else _of(by_path[paths.payment(index)]))
        for index, item in enumerate(invoice.payments_info)
    )
    return replace(
        invoice,
        checksum=_checksum(invoice, checks, today or latest_today()),
        line_items=tuple(lines),
        payments_info=tuple(payments),
    )


def checksum(invoice: Invoice, today: date | None = None) -> dict[str, int]:
    """Our own flags for the keys of `checksum`, those of the sample included."""
    return _checksum(invoice, list(judged(invoice, CHECKSUM_RULES)), today or latest_today())


def _by_path(checks: Iterable[Check]) -> defaultdict[str, list[Check]]:
    found: defaultdict[str, list[Check]] = defaultdict(list)
    for check in checks:
        for path in check.paths:
            found[path].append(check)
    return found


def _of(checks: Iterable[Check]) -> Flag:
    """Failed when one fails, passed when at least one passes."""
    states = {check.state for check in checks}
    if State.FAILED in states:
        return Flag.FAILED
    return Flag.PASSED if State.PASSED in states else Flag.UNKNOWN


def _any(flags: Iterable[Flag]) -> Flag:
    """Passed when one passes."""
    known = set(flags)
    return next((flag for flag in (Flag.PASSED, Flag.FAILED) if flag in known), Flag.UNKNOWN)


def _checksum(invoice: Invoice, checks: Sequence[Check], today: date) -> dict[str, int]:
    def of(*codes: str) -> Flag:
        return _of(check for check in checks if check.code in codes)

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


def _flag_line(
    index: int, item: LineItem, by_path: Mapping[str, list[Check]], catalogue: Sequence[str], *, out_of_range: bool
) -> LineItem:
    checks = [check for check in by_path.get(paths.line(index, "price"), ()) if check.code in LINE_CHECKS]
    price = _of(check for check in checks if check.code == "LIN-PRICE")
    name = _name_flag(item, catalogue)
    whole = Flag.FAILED if out_of_range or Flag.FAILED in (_of(checks), name) else price
    return replace(item, check_info=int(whole), check_info_price=int(price), check_name_info=int(name))


def _name_flag(item: LineItem, catalogue: Sequence[str]) -> Flag:
    name = item.ocr_name or item.origin_ocr_name or item.name
    if not catalogue or not name:
        return Flag.UNKNOWN
    return Flag(int(is_known(name, catalogue)))
