"""How the payments of an invoice add up (DOMAIN notes, I6 to I8, I12).

Names that are not on the paper are not in the answer. An equation of which a part may be missing is `soft`: true, it
confirms its members; short, it accuses nobody by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.identities import Identity, PartialSum, Sum
from ocr_providers.arithmetic.money import CENT, HALF_CENT, total
from ocr_providers.arithmetic.rules import Rules, tolerance
from ocr_providers.arithmetic.vocabulary import (
    FUND_PAYMENTS,
    ROUNDING,
    Pay,
    category_name,
    is_uninsured,
    level_of,
    payment_kind,
    plain,
)
from ocr_providers.results import Invoice

MOST_ROUNDING = Decimal("0.09")
"""A hospital that rounds to ten cents moves a payment by no more."""

OWN_SHARE = (Pay.SELF_1, Pay.SELF_2, Pay.OWN)
NATIONAL_SHARES = frozenset({"个人自付", "个人自费"})
CHANNELS = (Pay.ACCOUNT, Pay.CASH)

Members = Mapping[Pay, list[str]]


def payment_identities(invoice: Invoice, cells: Mapping[str, Decimal], rules: Rules) -> Iterator[Identity]:
    """PAY-PART, PAY-CHAN, PAY-PERSON, INV-CLASSB and INV-CLASSC, as far as their cells were read."""
    members = payments_by_kind(invoice)
    shares = _shares_of(invoice)
    rounding = CENT + min(_rounding(invoice), MOST_ROUNDING)
    uninsured = is_uninsured(invoice.medical_insurance_type)
    for part in (*_of_total(members, shares, uninsured=uninsured), *_of_person(members, shares, uninsured=uninsured)):
        if all(path in cells for path in part.printed):
            yield _sum(part, tolerance(rules, part.code, rounding))
    yield from _class_sums(invoice, cells, members, rules)


def payments_by_kind(invoice: Invoice) -> dict[Pay, list[str]]:
    """Paths of the amounts read, by what they are."""
    found: defaultdict[Pay, list[str]] = defaultdict(list)
    for index, payment in enumerate(invoice.payments_info):
        kind = payment_kind(payment.name)
        if kind and payment.amount is not None:
            found[kind].append(paths.payment(index))
    return dict(found)


def _shares_of(invoice: Invoice) -> tuple[Pay, ...]:
    """The shares a complete form has: an uninsured patient one; the national receipt (个人自付, 个人自费) two, of which
    个人自付 is all that is borne inside the catalogue; others three."""
    if is_uninsured(invoice.medical_insurance_type):
        return (Pay.OWN,)
    names = {plain(payment.name or "").removesuffix("金额") for payment in invoice.payments_info}
    return (Pay.SELF_1, Pay.OWN) if names >= NATIONAL_SHARES else OWN_SHARE


def _rounding(invoice: Invoice) -> Decimal:
    lines = (item.cost for item in invoice.cost_categories if category_name(item.name) == ROUNDING)
    return total(abs(cost) for cost in lines if cost is not None)


class Part(NamedTuple):
    """A sum of payments, and which of its sides are there in full."""

    code: str
    printed: tuple[str, ...]
    terms: tuple[str, ...]
    complete: bool
    """Every term is printed."""
    whole: bool = True
    """So is every cell of the printed side."""


def _of_total(members: Members, shares: tuple[Pay, ...], *, uninsured: bool) -> Iterator[Part]:
    printed = (paths.TOTAL,)
    funds = _paths(members, FUND_PAYMENTS)
    funded = uninsured or Pay.FUND in members
    if share := _paths(members, OWN_SHARE):
        yield Part("PAY-PART", printed, funds + share, funded and _has(members, *shares))
    if channels := _paths(members, CHANNELS):
        complete = funded and _channels_known(members, uninsured=uninsured)
        yield Part("PAY-CHAN", printed, funds + channels, complete)
    if person := _paths(members, (Pay.PERSON_TOTAL,)):
        yield Part("PAY-CHAN" if funds else "PAY-PERSON", printed, funds + person, funded)


def _of_person(members: Members, shares: tuple[Pay, ...], *, uninsured: bool) -> Iterator[Part]:
    share, channels = _paths(members, OWN_SHARE), _paths(members, CHANNELS)
    person = _paths(members, (Pay.PERSON_TOTAL,))
    shares_known = _has(members, *shares)
    channels_known = _channels_known(members, uninsured=uninsured)
    if share and channels:
        yield Part("PAY-PERSON", channels, share, shares_known, channels_known)
    if person and share:
        yield Part("PAY-PERSON", person, share, shares_known)
    if person and channels:
        yield Part("PAY-PERSON", person, channels, channels_known)


def _channels_known(members: Members, *, uninsured: bool) -> bool:
    """An uninsured patient has no account."""
    return _has(members, *CHANNELS) or (uninsured and Pay.CASH in members)


def _has(members: Members, *kinds: Pay) -> bool:
    return all(kind in members for kind in kinds)


def _paths(members: Members, kinds: tuple[Pay, ...]) -> tuple[str, ...]:
    return tuple(path for kind in kinds for path in members.get(kind, ()))


def _sum(part: Part, allowed: Decimal) -> Identity:
    """Several parts that exceed the whole are a fault even when others are missing; PAY-MAX speaks of a single one."""
    if part.complete and part.whole:
        return Sum(part.code, part.printed, part.terms, allowed)
    soft = not part.whole or len(part.terms) == 1
    return PartialSum(part.code, part.printed, part.terms, allowed, soft=soft)


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
                allowed = tolerance(rules, code, max(CENT, HALF_CENT * len(terms)))
                yield Sum(code, (printed,), terms, allowed, soft=True)
