"""The documents of the demo department: who was treated, where, when. The painter paints, `department` files them.

Each document has dice of its own, seeded by its key, so that a change to one leaves the others as they were painted.
Dates lie in one year that is past on every machine: receipts of a year are often handed in together, late.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from claims.demo import words
from claims.demo.invented import InventedInvoice, Person, invent_invoice, invent_person, seeded
from claims.demo.invented_health import InventedHealthCheck, english_name, invent_health_check, thai_name
from claims.demo.misprints import MISPRINTS, misprint

YEAR = 2025
PEOPLE = 64
GUESTS = 15
"""Insured persons whose papers are Thai or English."""
LAYOUTS = ("single",) * 5 + ("double",) * 6 + ("paper",)
"""How often each form turns up."""
MISPRINTED = range(20, 150, 17)
"""Receipts that are wrong themselves."""
RECEIPTS = 156
HEALTH_CHECKS = 28
TWINS = {"t001": "r031", "t002": "r088"}
"""The same receipt painted a second time, as if photographed again: a duplicate to be found. Twin -> original."""
TOO_SMALL = ("s001", "s002")
"""Receipts whose pictures are too small to be read."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: an invoice or a health check, and the form it is printed on."""

    key: str
    layout: str
    content: InventedInvoice | InventedHealthCheck


@dataclass(frozen=True, slots=True)
class Guest:
    """An insured person with Thai or English papers."""

    name: str
    gender: int
    thai: bool
    born: date


def people() -> tuple[Person, ...]:
    dice = seeded("people")
    return tuple(invent_person(dice) for _ in range(PEOPLE))


def guests() -> tuple[Guest, ...]:
    return tuple(_guest(seeded(f"guest {n}"), thai=n % 4 != 3) for n in range(GUESTS))


def _guest(dice: Random, *, thai: bool) -> Guest:
    gender = dice.choice((1, 2))
    born = date(1958, 1, 1) + timedelta(days=dice.randrange(365 * 40))
    return Guest((thai_name if thai else english_name)(dice, gender), gender, thai, born)


def _hospital_of(person: Person) -> tuple[str, str]:
    """People mostly go to the hospital near them."""
    dice = seeded(f"hospital of {person.identity_number}")
    name, kind = dice.choice(words.HOSPITALS)
    return dice.choice(words.TOWNS) + name, kind


def _receipt(n: int, key: str) -> Paper:
    dice = seeded(key)
    person = dice.choice(people())
    layout = dice.choice(LAYOUTS)
    invented = invent_invoice(
        dice,
        lines=dice.choice((2, 4, 5, 6, 7, 8, 9, 10, 12)),
        split_selfpay=layout == "paper",
        person=person,
        billing_date=date(YEAR, 1, 5) + timedelta(days=dice.randrange(355)),
        hospital=_hospital_of(person) if dice.random() < 0.75 else None,
    )
    if n in MISPRINTED:
        return Paper(key, "single", misprint(dice, invented, dice.choice(tuple(MISPRINTS))))
    return Paper(key, layout, invented)


def _health_check(n: int, key: str) -> Paper:
    """The first half of the guests come a second time, two years earlier."""
    dice, guest = seeded(key), guests()[n % GUESTS]
    visit = date(YEAR - 2 * (n // GUESTS), 1, 5) + timedelta(days=dice.randrange(355))
    check = invent_health_check(
        dice, thai=guest.thai, visit=visit, name=guest.name, gender=guest.gender, born=guest.born
    )
    return Paper(key, "health-thai" if guest.thai else "health-english", check)


def papers() -> tuple[Paper, ...]:
    receipts = {f"r{n:03d}": _receipt(n, f"r{n:03d}") for n in range(1, RECEIPTS + 1)}
    twins = [replace(receipts[original], key=twin) for twin, original in TWINS.items()]
    small = [_receipt(0, key) for key in TOO_SMALL]
    checks = [_health_check(n, f"h{n + 1:03d}") for n in range(HEALTH_CHECKS)]
    return (*receipts.values(), *twins, *small, *checks)
