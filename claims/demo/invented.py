"""Invented outpatient invoices whose every sum is right.

The identities (DOMAIN: charge categories, insurance classes, payments): a line's price is quantity x unit price; a
category is the sum of its lines; the total is the sum of the categories; fund + 自付一 + 自付二 + 自费 = total;
fund + other funds + personal account + cash = total; an uninsured person pays everything: 自费 = cash = total.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from claims.demo.capitals import amount_in_words
from claims.demo.words import (
    CATEGORIES,
    FEMALE_NAMES,
    GOODS,
    HOSPITALS,
    INSURED,
    MALE_NAMES,
    PROVINCES,
    SURNAMES,
    TOWNS,
    UNINSURED,
    Good,
)
from ocr_providers.results import CostCategory, Invoice, LineItem, Payment

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
VISIT = "诊查费"
REGION_NEVER_GIVEN = "339900"
"""First six digits of every invented identity number: no authority ever used them, so no person has the number."""


def seeded(seed: int | str) -> Random:
    """The one source of chance: the same seed gives the same documents on every machine."""
    return Random(seed)  # noqa: S311 - invented data, no secret depends on it


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    gender: int
    """1 male, 2 female."""
    born: date
    identity_number: str


@dataclass(frozen=True, slots=True)
class Shares:
    """Who pays what of one invoice."""

    class_b: Decimal
    class_c: Decimal
    fund: Decimal
    other: Decimal
    """其他支付: public funds beside the pooled one."""
    in_scope: Decimal
    """The person's share of what the catalogue covers, class B's first share not counted."""
    account: Decimal
    cash: Decimal


@dataclass(frozen=True, slots=True)
class InventedInvoice:
    """An invoice, and what a form prints about it that no schema has a field for."""

    invoice: Invoice
    units: tuple[str, ...]
    """Unit of each line: 盒, 次, g."""
    shares: Shares
    insured: bool
    province: str
    visit_date: date
    checker: str
    """复核人"""
    printed_errors: tuple[dict[str, object], ...] = ()
    """What the form itself prints wrongly: `{"path", "printed", "consistent"}`."""


def identity_number(dice: Random, born: date, gender: int) -> str:
    """18 characters with the right check character (GB 11643-1999), of a region that does not exist."""
    order = dice.randrange(10, 99) * 10 + dice.choice((1, 3, 5, 7, 9) if gender == 1 else (0, 2, 4, 6, 8))
    head = f"{REGION_NEVER_GIVEN}{born:%Y%m%d}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return head + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(head, weights, strict=True)) % 11]


def invent_name(dice: Random, gender: int) -> str:
    return dice.choice(SURNAMES) + dice.choice(MALE_NAMES if gender == 1 else FEMALE_NAMES)


def invent_person(dice: Random) -> Person:
    gender = dice.choice((1, 2))
    born = date(1942, 1, 1) + timedelta(days=dice.randrange(365 * 70))
    return Person(invent_name(dice, gender), gender, born, identity_number(dice, born, gender))


def digits(dice: Random, count: int) -> str:
    """A number of `count` digits, not beginning with 0."""
    return dice.choice("123456789") + "".join(dice.choices(string.digits, k=count - 1))


def _line(dice: Random, good: Good) -> LineItem:
    quantity = Decimal(dice.randint(*good.usual))
    price = cents(quantity * good.unit_price)
    return LineItem(
        name=good.name,
        category=good.category,
        level=good.level,
        medical_type=good.medical_type,
        spec=good.spec,
        quantity=quantity,
        unit_price=good.unit_price,
        price=price,
        selfpay=cents(price * good.ratio),
        selfpay_ratio=good.ratio,
    )


def _pick_goods(dice: Random, count: int) -> list[Good]:
    """`count` different goods in the order of a form: by category, the consultation (one) first."""
    visits = [good for good in GOODS if good.category == VISIT]
    others = [good for good in GOODS if good.category != VISIT]
    chosen = dice.sample(visits, 1) + dice.sample(others, min(count - 1, len(others)))
    return sorted(chosen, key=lambda good: CATEGORIES.index(good.category))


def _categories(lines: Sequence[LineItem]) -> tuple[CostCategory, ...]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[str(line.category)] = sums.get(str(line.category), ZERO) + (line.price or ZERO)
    return tuple(CostCategory(name=name, cost=cost) for name, cost in sums.items())


def _sum_of_class(lines: Sequence[LineItem], level: str) -> Decimal:
    return sum((line.selfpay or ZERO for line in lines if line.level == level), ZERO)


def _share_out(dice: Random, lines: Sequence[LineItem], total: Decimal, *, insured: bool) -> Shares:
    if not insured:
        return Shares(ZERO, total, ZERO, ZERO, ZERO, ZERO, total)
    class_b, class_c = _sum_of_class(lines, "乙"), _sum_of_class(lines, "丙")
    covered = total - class_b - class_c
    fund = cents(covered * Decimal(dice.randint(45, 82)) / 100)
    other = cents(covered / 20) if dice.random() < 0.2 else ZERO
    personal = total - fund - other
    account = cents(personal * Decimal(dice.choice((0, 0, 40, 60, 100))) / 100)
    return Shares(class_b, class_c, fund, other, covered - fund - other, account, personal - account)


def _payments(shares: Shares, *, split: bool) -> tuple[Payment, ...]:
    """Under the names of the vendor's document. `split`: the form prints 自付一 and 自付二 apart."""
    first = shares.in_scope if split else shares.in_scope + shares.class_b
    named = [("基金支付", shares.fund), ("个人账户支付", shares.account), ("现金支付", shares.cash)]
    named += [("自费", shares.class_c), ("自付一", first)]
    named += [("自付二", shares.class_b)] if split else []
    named += [("其他支付", shares.other)] if shares.other else []
    return tuple(Payment(name=name, amount=amount) for name, amount in named)


def _billing_date(dice: Random) -> date:
    return date(2024, 1, 2) + timedelta(days=dice.randrange(640))


def invent_invoice(
    dice: Random,
    *,
    lines: int = 10,
    split_selfpay: bool = False,
    person: Person | None = None,
    billing_date: date | None = None,
    hospital: tuple[str, str] | None = None,
) -> InventedInvoice:
    """One consistent invoice of `lines` lines. `hospital` is its name and its type (医疗机构类型)."""
    person = person or invent_person(dice)
    goods = _pick_goods(dice, lines)
    items = tuple(_line(dice, good) for good in goods)
    total = sum((item.price or ZERO for item in items), ZERO)
    insured = dice.random() < 0.8
    shares = _share_out(dice, items, total, insured=insured)
    kind = dice.choice(HOSPITALS)
    place, organization = hospital or (dice.choice(TOWNS) + kind[0], kind[1])
    province, region = dice.choice(PROVINCES) if dice.random() < 0.35 else PROVINCES[0]
    day = billing_date or _billing_date(dice)
    return InventedInvoice(
        invoice=Invoice(
            type=1,
            note_no=digits(dice, 10),
            note_code=f"{region}0601{day:%y}",
            check_code="".join(dice.choices(string.hexdigits[:16], k=6)),
            patient_name=person.name,
            patient_gender=person.gender,
            billing_date=day,
            hospital_name=place,
            total_cost=total,
            total_cost_in_words=amount_in_words(total, yuan=dice.choice("元元圆"), whole=dice.choice("整整正")),
            medical_insurance_type=dice.choice(INSURED if insured else UNINSURED),
            medical_organization_type=organization,
            service_serial_number=digits(dice, 14),
            social_security_card_number=person.identity_number,
            hospital_no=digits(dice, 8),
            payee=invent_name(dice, dice.choice((1, 2))),
            cost_categories=_categories(items),
            line_items=items,
            payments_info=_payments(shares, split=split_selfpay),
        ),
        units=tuple(good.unit for good in goods),
        shares=shares,
        insured=insured,
        province=province,
        visit_date=day - timedelta(days=dice.choice((0, 0, 0, 1, 3))),
        checker=invent_name(dice, dice.choice((1, 2))),
    )
