"""The national receipt: 项目名称, 数量/单位, 金额(元), 备注, twice side by side; no unit prices."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from benchmarks.painter import national
from benchmarks.painter.national import RULE, Form, money, qr_text
from benchmarks.painter.sheet import Sheet
from benchmarks.painter.style import choose_style, level_text
from benchmarks.painter.truth import Painted, Shown, invoice_truth
from claims.demo.invented import InventedInvoice

LAYOUT = "double"
SHARES = ((0.0, 0.50, 0.815, 0.84), (0.0, 0.47, 0.78, 0.81), (0.0, 0.54, 0.83, 0.85))
"""Where name, quantity, the right edge of the amount, and the remark stand in a half."""


def _write_line(form: Form, n: int, left: float, half: float, shares: tuple[float, ...]) -> None:
    line, unit = form.invented.invoice.line_items[n], form.invented.units[n]
    ratio = f"{(line.selfpay_ratio or 0) * 100:.0f}%"
    at, pen, sheet = f"/cost_detail_list/{n}", form.style.value, form.sheet
    sheet.write((left, form.y), str(line.name), pen, path=f"{at}/name")
    sheet.write((left + half * shares[1], form.y), f"{line.quantity}/{unit}", pen, path=f"{at}/amount")
    sheet.write((left + half * shares[2], form.y), money(line.price), pen, "rs", f"{at}/price")
    sheet.write((left + half * shares[3], form.y), level_text(form.style, line.level, ratio), pen, path=f"{at}/level")


def _captions(form: Form, lefts: tuple[float, float], half: float, shares: tuple[float, ...]) -> None:
    for left in lefts:
        form.sheet.write((left, form.y), "项目名称", form.style.caption)
        form.sheet.write((left + half * shares[1], form.y), "数量/单位", form.style.caption)
        form.sheet.write((left + half * shares[2], form.y), "金额(元)", form.style.caption, "rs")
        form.sheet.write((left + half * shares[3], form.y), "备注", form.style.caption)
    form.down()


def _table(form: Form) -> None:
    """Lines run across: first left, second right, and so on down; the last places may stay empty."""
    shares, half = form.dice.choice(SHARES), form.inner / 2
    lefts = (form.left + 14, form.left + half + 14)
    top = form.rule()
    _captions(form, lefts, half - 14, shares)
    form.rule()
    count = len(form.invented.invoice.line_items)
    for n in range(count):
        _write_line(form, n, lefts[n % 2], half - 14, shares)
        if n % 2 or n == count - 1:
            form.down()
    form.down(form.dice.choice((0, 0.5, 2)))
    foot = form.y - form.style.row * RULE
    if form.style.framed or form.dice.random() < 0.5:
        form.sheet.line([(form.left + half, top), (form.left + half, foot)], form.style.rule)
    if form.style.framed:
        form.sheet.box((form.left, top), (form.right, foot), form.style.rule)


def paint(invented: InventedInvoice, dice: Random) -> Painted:
    style = choose_style(dice, size=dice.choice((25, 26, 28)))
    invented = replace(invented, invoice=replace(invented.invoice, qr_code=qr_text(invented) if style.qr else None))
    rows = len(invented.invoice.line_items) // 2 + 24
    form = Form(
        Sheet(int(style.value.size * dice.uniform(69, 75)), int(rows * style.row), style.paper), style, dice, invented
    )
    with_categories = dice.random() < 0.7
    national.title(form)
    national.head(form)
    if with_categories:
        national.categories(form, dice.choice((4, 5)))
    _table(form)
    national.totals(form)
    national.other_information(form)
    national.foot(form)
    shown = Shown(unit_price=False, spec=False, ratio=style.prints_ratio, categories=with_categories)
    return Painted((national.finish(form),), invoice_truth(invented, LAYOUT, shown), (form.sheet.marks,))
