"""The layouts by name, each with invented data that suits it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from benchmarks.painter import (
    detail_list,
    grid,
    health_english,
    health_new,
    health_others,
    health_thai,
    inpatient,
    invoice_double,
    invoice_paper,
    invoice_single,
    provinces,
    sections,
)
from benchmarks.painter.truth import Painted
from claims.demo.invented import invent_invoice
from claims.demo.invented_health import invent_health_check
from claims.demo.misprints import MISPRINTS, misprint


def _single(dice: Random) -> Painted:
    return invoice_single.paint(invent_invoice(dice, lines=dice.randint(4, 14)), dice)


def _double(dice: Random) -> Painted:
    return invoice_double.paint(invent_invoice(dice, lines=dice.randint(6, 26)), dice)


def _paper(dice: Random) -> Painted:
    """These forms were in use until about 2020."""
    day = date(2017, 1, 3) + timedelta(days=dice.randrange(1300))
    lines = dice.randint(3, invoice_paper.MOST_LINES)
    return invoice_paper.paint(invent_invoice(dice, lines=lines, split_selfpay=True, billing_date=day), dice)


def _detail_list(dice: Random) -> Painted:
    return detail_list.paint(invent_invoice(dice, lines=dice.randint(34, 66)), dice)


def _misprinted(dice: Random) -> Painted:
    """A receipt in one column on which one value is wrong."""
    invented = invent_invoice(dice, lines=dice.randint(4, 12))
    return invoice_single.paint(misprint(dice, invented, dice.choice(tuple(MISPRINTS))), dice)


def _province(dice: Random) -> Painted:
    return provinces.paint(invent_invoice(dice, lines=dice.randint(4, 14)), dice)


def _inpatient(dice: Random) -> Painted:
    return inpatient.paint(invent_invoice(dice, lines=dice.randint(12, 30)), dice)


def _health_thai(dice: Random) -> Painted:
    return health_thai.paint(invent_health_check(dice), dice)


def _health_english(dice: Random) -> Painted:
    return health_english.paint(invent_health_check(dice, thai=False), dice)


def _health_panels(dice: Random) -> Painted:
    return health_others.paint_panels(invent_health_check(dice, thai=False), dice)


def _health_columns(dice: Random) -> Painted:
    return health_others.paint_columns(invent_health_check(dice), dice)


def _health_plain(dice: Random) -> Painted:
    return health_others.paint_plain(invent_health_check(dice), dice)


def _grid(dice: Random) -> Painted:
    return grid.paint(invent_invoice(dice, lines=dice.randint(4, 14)), dice)


def _sections(dice: Random) -> Painted:
    return sections.paint(invent_invoice(dice, lines=dice.randint(5, 14)), dice)


def _bare(dice: Random) -> Painted:
    return sections.paint_bare(invent_invoice(dice, lines=dice.randint(8, 20)), dice)


def _health_new_thai(dice: Random) -> Painted:
    return health_new.paint(invent_health_check(dice), dice, thai=True)


def _health_new_english(dice: Random) -> Painted:
    return health_new.paint(invent_health_check(dice, thai=False), dice, thai=False)


LAYOUTS: dict[str, Callable[[Random], Painted]] = {
    "single": _single,
    "double": _double,
    "paper": _paper,
    "detail-list": _detail_list,
    "misprinted": _misprinted,
    "province": _province,
    "inpatient": _inpatient,
    "health-thai": _health_thai,
    "health-english": _health_english,
    "health-panels": _health_panels,
    "health-columns": _health_columns,
    "health-plain": _health_plain,
    "grid": _grid,
    "sections": _sections,
    "bare": _bare,
    "health-new-thai": _health_new_thai,
    "health-new-english": _health_new_english,
}
