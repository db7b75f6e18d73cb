"""How the payments of an invoice add up (DOMAIN notes, I6 to I8, I12).

Names that are not on the paper are not in the answer. An equation of which a part may be missing is `soft`: true, it
confirms its members; short, it accuses nobody by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.identities import Identity, Sum
from ocr_providers.arithmetic.money import CENT, HALF_CENT, total
from ocr_providers.arithmetic.rules import Rules, setting
from ocr_providers.arithmetic.vocabulary import (
    FUND_PAYMENTS,
    ROUNDING,
    Pay,
    category_name,
    is_uninsured,
    level_of,
    payment_kind,
)
from ocr_providers.results import Invoice

MOST_ROUNDING = Decimal("0.09")
"""A hospital that rounds to ten cents moves a payment by no more."""

OWN_SHARE = (Pay.SELF_1, Pay.SELF_2, Pay.OWN)
CHANNELS = (Pay.ACCOUNT, Pay.CASH)

Members = Mapping[Pay, list[str]]


def payment_identities(invoice: Invoice, cells: Mapping[str, Decimal], rules: Rules) -> Iterator[Identity]:
    """PAY-PART, PAY-CHAN, PAY-PERSON, INV-CLASSB and INV-CLASSC, as far as their cells were read."""
    members = payments_by_kind(invoice)
    rounding = CENT + min(_rounding(invoice), MOST_ROUNDING)
    funded = is_uninsured(invoice.medical_insurance_type) or Pay.FUND in members
    found = [
        *_of_total(members, funded=funded),
        *_of_person(members, funded=is_uninsured(invoice.medical_insurance_type)),
    ]
    for code, printed, terms, complete in found:
        if all(path in cells for path in printed):
            yield _sum(code, printed, terms, complete=complete, cells=cells, allowed=_allowed(rules, code, rounding))
    yield from _class_sums(invoice, cells, members, rules)


def payments_by_kind(invoice: Invoice) -> dict[Pay, list[str]]:
    """Paths of the amounts read, by what they are."""
    found: defaultdict[Pay, list[str]] = defaultdict(list)
    for index, payment in enumerate(invoice.payments_info):
        kind = payment_kind(payment.name)
        if kind and payment.amount is not None:
            found[kind].append(paths.payment(index))
    return dict(found)


def _rounding(invoice: Invoice) -> Decimal:
    lines = (item.cost for item in invoice.cost_categories if category_name(item.name) == ROUNDING)
    return total(abs(cost) for cost in lines if cost is not None)


def _allowed(rules: Rules, code: str, formula: Decimal) -> Decimal:
    configured = setting(rules, code).tolerance
    return formula if configured is None else configured


Part = tuple[str, tuple[str, ...], tuple[str, ...], bool]
"""Code, printed side, terms, and whether every part of the form is there."""


def _of_total(members: Members, *, funded: bool) -> Iterator[Part]:
    printed = (paths.TOTAL,)
    funds = _paths(members, FUND_PAYMENTS)
    if share := _paths(members, OWN_SHARE):
        complete = funded and _has(members, Pay.OWN) and (Pay.SELF_1 in members or Pay.FUND not in members)
        yield "PAY-PART", printed, funds + share, complete
    if channels := _paths(members, CHANNELS):
        yield "PAY-CHAN", printed, funds + channels, funded and _has(members, *CHANNELS)
    if person := _paths(members, (Pay.PERSON_TOTAL,)):
        yield ("PAY-CHAN" if funds else "PAY-PERSON"), printed, funds + person, funded


def _of_person(members: Members, *, funded: bool) -> Iterator[Part]:
    share, channels = _paths(members, OWN_SHARE), _paths(members, CHANNELS)
    person = _paths(members, (Pay.PERSON_TOTAL,))
    shares_known = _has(members, Pay.SELF_1, Pay.OWN) or (funded and Pay.OWN in members)
    channels_known = _has(members, *CHANNELS) or (funded and Pay.CASH in members)
    if share and channels:
        yield "PAY-PERSON", channels, share, shares_known and channels_known
    if person and share:
        yield "PAY-PERSON", person, share, shares_known
    if person and channels:
        yield "PAY-PERSON", person, channels, channels_known


def _has(members: Members, *kinds: Pay) -> bool:
    return all(kind in members for kind in kinds)


def _paths(members: Members, kinds: tuple[Pay, ...]) -> tuple[str, ...]:
    return tuple(path for kind in kinds for path in members.get(kind, ()))


def _sum(
    code: str,
    printed: tuple[str, ...],
    terms: tuple[str, ...],
    *,
    complete: bool,
    cells: Mapping[str, Decimal],
    allowed: Decimal,
) -> Identity:
    """Hard when complete, or when several parts already exceed the whole; PAY-MAX speaks of a single one."""
    identity = Sum(code, printed, terms, allowed)
    exceeds = len(terms) > 1 and identity.residual(cells) < -allowed
    identity.soft = not (complete or exceeds)
    return identity


def _class_sums(invoice: Invoice, cells: Mapping[str, Decimal], members: Members, rules: Rules) -> Iterator[Identity]:
    """The header's class B and class C amounts against the lines; an uninsured patient's form has no such split."""
    levels = [level_of(item.level) for item in invoice.line_items]
    if not levels or None in levels or is_uninsured(invoice.medical_insurance_type):
        return
    class_b = tuple(paths.line(index, "selfpay") for index, level in enumerate(levels) if level == "乙")
    class_c = tuple(paths.line(index, "price") for index, level in enumerate(levels) if level == "丙")
    for code, kind, name, terms in (
        ("INV-CLASSB", Pay.SELF_2, "payments_class_b", class_b),
        ("INV-CLASSC", Pay.OWN, "payments_class_c", class_c),
    ):
        printed_in_head = paths.header(f"extra/{name}")
        for printed in [*members.get(kind, ()), *([printed_in_head] if printed_in_head in cells else [])]:
            if all(path in cells for path in terms):
                allowed = _allowed(rules, code, max(CENT, HALF_CENT * len(terms)))
                yield Sum(code, (printed,), terms, allowed, soft=True)
