"""The electronic receipt in one column, with specification and unit price in each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random

from benchmarks.painter import national
from benchmarks.painter.national import RULE, Form, money, qr_text
from benchmarks.painter.sheet import Sheet
from benchmarks.painter.style import Style, choose_style, level_text
from benchmarks.painter.truth import Painted, Shown, invoice_truth
from claims.demo.invented import InventedInvoice
from ocr_providers.results import LineItem
from ocr_providers.vendor_schema import VENDOR_NAMES

LAYOUT = "single"


@dataclass(frozen=True, slots=True)
class Column:
    caption: str
    field: str
    share: float
    """Of the table's width."""
    right: bool = False
    """Numbers end at the right edge of their column."""


ARRANGEMENTS: tuple[tuple[Column, ...], ...] = (
    (
        Column("项目名称", "name", 0.32), Column("规格", "spec", 0.16), Column("数量", "quantity", 0.09),
        Column("单位", "unit", 0.08), Column("单价", "unit_price", 0.11, True),
        Column("金额(元)", "price", 0.13, True), Column("备注", "level", 0.11),
    ),
    (
        Column("名称", "name", 0.33), Column("规格", "spec", 0.17), Column("单位", "unit", 0.08),
        Column("单价", "unit_price", 0.11, True), Column("数量", "quantity", 0.09, True),
        Column("金额", "price", 0.12, True), Column("等级", "level", 0.10),
    ),
    (
        Column("收费项目", "name", 0.30), Column("等级", "level", 0.10), Column("规格", "spec", 0.17),
        Column("单价(元)", "unit_price", 0.13, True), Column("数量", "quantity", 0.09, True),
        Column("单位", "unit", 0.08), Column("金额(元)", "price", 0.13, True),
    ),
    (
        Column("序号", "number", 0.06), Column("项目名称", "name", 0.42), Column("单价", "unit_price", 0.13, True),
        Column("数量", "quantity", 0.10, True), Column("金额", "price", 0.14, True), Column("医保等级", "level", 0.15),
    ),
)  # fmt: skip


def _cells(form: Form, line: LineItem, n: int) -> dict[str, str]:
    ratio = f"{(line.selfpay_ratio or 0) * 100:.0f}%"
    return {
        "number": str(n + 1),
        "name": str(line.name),
        "spec": line.spec or "",
        "quantity": f"{line.quantity}",
        "unit": form.invented.units[n],
        "unit_price": money(line.unit_price),
        "price": money(line.price),
        "level": level_text(form.style, line.level, ratio),
        "code": f"{n + 1:02d}0{len(str(line.name)):02d}000{n + 3}",
        "selfpay": money(line.selfpay),
    }


def _captions(form: Form, columns: tuple[Column, ...]) -> None:
    for column, x, anchor in _places(form, columns):
        form.sheet.write((x, form.y), column.caption, form.style.caption, anchor)
    form.down()


def _places(form: Form, columns: tuple[Column, ...]) -> Iterator[tuple[Column, float, str]]:
    """Each column with the point its writing begins or ends at, and Pillow's anchor there."""
    x = form.left + 12
    for column in columns:
        width = (form.inner - 24) * column.share
        yield (column, x + width - 26, "rs") if column.right else (column, x, "ls")
        x += width


def _row(form: Form, columns: tuple[Column, ...], cells: dict[str, str], n: int) -> None:
    for column, x, anchor in _places(form, columns):
        path = f"/cost_detail_list/{n}/{VENDOR_NAMES.get(column.field, column.field)}"
        form.sheet.write((x, form.y), cells[column.field], form.style.value, anchor, path)
    form.down()


def _table(form: Form, columns: tuple[Column, ...]) -> None:
    top = form.rule()
    _captions(form, columns)
    form.rule()
    for n, line in enumerate(form.invented.invoice.line_items):
        _row(form, columns, _cells(form, line, n), n)
    form.down(form.dice.choice((0, 0, 1.5)))
    if not form.style.framed:
        return
    foot, ends = form.y - form.style.row * RULE, accumulate(column.share for column in columns)
    for x in (form.left, *(form.left + 2 + (form.inner - 24) * end for end in list(ends)[:-1]), form.right):
        form.sheet.line([(x, top), (x, foot)], form.style.rule, 1)


def shown_on(columns: tuple[Column, ...], style: Style, *, categories: bool) -> Shown:
    fields = {column.field for column in columns}
    return Shown(
        spec="spec" in fields,
        level="level" in fields,
        ratio="level" in fields and style.prints_ratio,
        selfpay="selfpay" in fields,
        categories=categories,
    )


def paint(
    invented: InventedInvoice, dice: Random, arrangements: Sequence[tuple[Column, ...]] = ARRANGEMENTS
) -> Painted:
    """One page. The picture is as wide as the paper and as high as the lines need."""
    style = choose_style(dice, size=dice.choice((25, 27, 29)))
    invented = replace(invented, invoice=replace(invented.invoice, qr_code=qr_text(invented) if style.qr else None))
    rows = len(invented.invoice.line_items) + 22
    form = Form(
        Sheet(int(style.value.size * dice.uniform(65, 70)), int(rows * style.row), style.paper), style, dice, invented
    )
    columns, with_categories = dice.choice(arrangements), dice.random() < 0.85
    national.title(form)
    national.head(form)
    if with_categories:
        national.categories(form)
    _table(form, columns)
    national.totals(form)
    national.other_information(form)
    national.foot(form)
    shown = shown_on(columns, style, categories=with_categories)
    return Painted((national.finish(form),), invoice_truth(invented, LAYOUT, shown), (form.sheet.marks,))
