"""Electronic receipts of makes that were never tuned on: values below captions, rules everywhere, totals at the right.

What such forms have in common: a head and a payment block that are grids (captions in one row, values in the next), a
table with columns nobody needs between those that count, amounts with a currency sign or commas, names over two lines,
figures in a face of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from benchmarks.painter import national
from benchmarks.painter.fonts import OTHER_CHINESE, OTHER_FIGURES, choose
from benchmarks.painter.national import RULE, Form
from benchmarks.painter.seal import Seal, stamp
from benchmarks.painter.sheet import Pen, Sheet
from benchmarks.painter.style import choose_style, level_text
from benchmarks.painter.truth import Painted, Shown, invoice_truth
from claims.demo.invented import InventedInvoice
from ocr_providers.results import LineItem

LAYOUT = "grid"
Pair = tuple[str, str]
"""Caption and value."""
GAP = 14.0


@dataclass(frozen=True, slots=True)
class Column:
    caption: str
    field: str
    share: float
    """Of the table's width."""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What this one form does its own way."""

    columns: tuple[Column, ...]
    figures: Pen
    sign: str
    """Before amounts of the table: nothing, or ¥ with or without a blank."""
    commas: bool
    ruled: bool
    """Rules between rows and columns."""
    above: bool
    """Captions above their values in the head and in the block of payments."""

    def money(self, amount: Decimal | None, *, sign: bool = True) -> str:
        if amount is None:
            return ""
        return (self.sign if sign else "") + (f"{amount:,.2f}" if self.commas else f"{amount:.2f}")


ARRANGEMENTS: tuple[tuple[Column, ...], ...] = (
    (
        Column("日期", "date", 0.11), Column("医保编码", "code", 0.15), Column("项目名称", "name", 0.25),
        Column("规格", "spec", 0.12), Column("单价", "unit_price", 0.10, True), Column("数量", "quantity", 0.07, True),
        Column("金额", "price", 0.11, True), Column("类别", "level", 0.09),
    ),
    (
        Column("序号", "number", 0.05), Column("收费项目名称", "name", 0.27), Column("执行科室", "ward", 0.12),
        Column("单位", "unit", 0.07), Column("单价(元)", "unit_price", 0.12, True),
        Column("数量", "quantity", 0.08, True), Column("金额(元)", "price", 0.13, True),
        Column("自付比例", "ratio", 0.10, True),
    ),
    (
        Column("医保等级", "level", 0.10), Column("药品名称/规格", "name spec", 0.37),
        Column("数量", "quantity", 0.08, True), Column("单位", "unit", 0.07), Column("单价", "unit_price", 0.12, True),
        Column("总价", "price", 0.13, True), Column("执行科室", "ward", 0.13),
    ),
    (
        Column("项目编码", "code", 0.15), Column("项目", "name", 0.30), Column("数量/单位", "quantity unit", 0.12),
        Column("单价", "unit_price", 0.12, True), Column("合计金额", "price", 0.14, True),
        Column("自付金额", "selfpay", 0.12, True),
    ),
)  # fmt: skip
WARDS = ("内科", "药房", "检验科", "放射科", "门诊部")
TITLES = ("省医疗收费票据(电子)", "省门诊医疗费收据", "市医疗机构门诊收费票据", "省医疗门诊收费电子票据")


# --- grids -----------------------------------------------------------------------------------------------------------


def grid(form: Form, look: Look, pairs: Sequence[Pair], columns: int) -> None:
    """Captions in one row, their values in the next; or caption and value in one cell."""
    width = form.inner / columns
    for start in range(0, len(pairs), columns):
        part, top = pairs[start : start + columns], form.rule(1)
        for n, (caption, value) in enumerate(part):
            x = form.left + width * n + GAP
            if look.above:
                form.sheet.write((x, form.y), caption, form.style.caption)
            else:
                form.pair(x, caption, value)
        form.down()
        if look.above:
            for n, (_, value) in enumerate(part):
                form.sheet.write((form.left + width * n + GAP, form.y), value, form.style.value)
            form.down()
        _uprights(form, top, [form.left + width * n for n in range(columns + 1)])


def _uprights(form: Form, top: float, places: Sequence[float]) -> None:
    foot = form.y - form.style.row * RULE
    for x in places:
        form.sheet.line([(x, top), (x, foot)], form.style.rule, 1)


def _head(form: Form, look: Look) -> None:
    invoice, style = form.invented.invoice, form.style
    day = style.day(invoice.billing_date) if invoice.billing_date else ""
    pairs = [
        ("票据代码", str(invoice.note_code)), ("票据号码", str(invoice.note_no)), ("校验码", str(invoice.check_code)),
        ("开票日期", day), ("患者姓名", str(invoice.patient_name)),
        ("性别", "男" if invoice.patient_gender == 1 else "女"),
        ("医保类型", str(invoice.medical_insurance_type)), ("门诊号", str(invoice.hospital_no)),
        ("医疗机构类型", str(invoice.medical_organization_type)),
        ("业务流水号", str(invoice.service_serial_number)),
        ("社会保障号码", str(invoice.social_security_card_number)), ("就诊日期", style.day(form.invented.visit_date)),
    ]  # fmt: skip
    grid(form, look, pairs, 3)
    form.rule(1)
    form.down(0.4)


def _payments(form: Form, look: Look) -> None:
    paid = {payment.name: payment.amount for payment in form.invented.invoice.payments_info}
    pairs = [
        (caption, look.money(paid[name], sign=False))
        for caption, name in (
            ("统筹基金支付", "基金支付"), ("个人账户支付", "个人账户支付"), ("个人现金支付", "现金支付"),
            ("个人自付", "自付一"), ("个人自费", "自费"), ("其他支付", "其他支付"),
        )
        if name in paid
    ]  # fmt: skip
    grid(form, look, pairs, 3 if look.above else 4)
    form.rule(1)
    form.down(0.5)


# --- the table -------------------------------------------------------------------------------------------------------


def _cells(form: Form, look: Look, line: LineItem, n: int) -> dict[str, str]:
    ratio = line.selfpay_ratio or Decimal(0)
    return {
        "number": str(n + 1),
        "date": f"{form.invented.visit_date:%m-%d}",
        "code": f"0{len(str(line.name)) + 10}{n + 1:02d}00{n * 37 % 90 + 10}",
        "ward": WARDS[n * 7 % len(WARDS)],
        "name": str(line.name),
        "name spec": f"{line.name} {line.spec}" if line.spec else str(line.name),
        "spec": line.spec or "",
        "unit": form.invented.units[n],
        "quantity": f"{line.quantity}",
        "quantity unit": f"{line.quantity}{form.invented.units[n]}",
        "unit_price": look.money(line.unit_price, sign=False),
        "price": look.money(line.price),
        "selfpay": look.money(line.selfpay, sign=False),
        "ratio": f"{ratio * 100:.0f}%",
        "level": level_text(form.style, line.level, f"{ratio * 100:.0f}%"),
    }


def _broken(text: str, pen: Pen, width: float) -> list[str]:
    parts = [text]
    while pen.width(parts[-1]) > width and len(parts) < 3:
        rest = parts.pop()
        cut = max(n for n in range(1, len(rest)) if pen.width(rest[:n]) <= width)
        parts += [rest[:cut], rest[cut:]]
    return parts


def _row(form: Form, look: Look, cells: dict[str, str]) -> None:
    x, top, most, width = form.left, form.y, 1, form.inner
    for column in look.columns:
        numbers = column.field in ("unit_price", "price", "quantity", "selfpay", "number", "ratio")
        pen = look.figures if numbers else form.style.value
        room = width * column.share - 2 * GAP
        parts = [cells[column.field]] if column.right else _broken(cells[column.field], pen, room)
        for n, part in enumerate(parts):
            place = (x + width * column.share - GAP, top) if column.right else (x + GAP, top + n * form.style.row * 0.8)
            form.sheet.write(place, part, pen, "rs" if column.right else "ls")
        x, most = x + width * column.share, max(most, len(parts))
    form.down(1 + (most - 1) * 0.8)


def _table(form: Form, look: Look) -> None:
    top = form.rule()
    x = form.left
    for column in look.columns:
        middle = x + form.inner * column.share / 2
        form.sheet.write((middle, form.y), column.caption, form.style.caption, "ms")
        x += form.inner * column.share
    form.down()
    form.rule()
    for n, line in enumerate(form.invented.invoice.line_items):
        _row(form, look, _cells(form, look, line, n))
        if look.ruled:
            form.rule(1)
    form.rule()
    if look.ruled:
        ends = [form.left]
        for column in look.columns:
            ends.append(ends[-1] + form.inner * column.share)
        _uprights(form, top, ends)


def _totals(form: Form, look: Look) -> None:
    """At the right edge, one below the other."""
    form.down(0.3)
    invoice = form.invented.invoice
    for caption, value in (
        ("合计金额", look.money(invoice.total_cost)),
        ("大写", str(invoice.total_cost_in_words)),
    ):
        end = form.right - GAP
        form.sheet.write((end, form.y), value, form.style.value, "rs")
        form.sheet.write((end - form.style.value.width(value) - 10, form.y), caption + "：", form.style.caption, "rs")
        form.down()
    form.down(0.4)


def _categories(form: Form, look: Look) -> None:
    width = form.inner / 4
    chosen = form.invented.invoice.cost_categories
    for n, category in enumerate(chosen):
        x = form.left + width * (n % 4) + GAP
        offset = form.sheet.write((x, form.y), f"{category.name}：", form.style.caption)
        form.sheet.write((x + offset + 4, form.y), look.money(category.cost, sign=False), form.style.value)
        if n % 4 == 3 or n == len(chosen) - 1:
            form.down()
    form.down(0.4)


def _foot(form: Form) -> None:
    invoice = form.invented.invoice
    form.pair(form.left, form.dice.choice(("收款单位(盖章)", "医疗机构名称", "收款单位")), str(invoice.hospital_name))
    form.pair(form.left + form.inner * 0.5, "审核", form.invented.checker)
    form.pair(form.left + form.inner * 0.75, "收款员", str(invoice.payee))
    seal = Seal(
        str(invoice.hospital_name), "收费专用章", *(form.dice.randint(200, 260),) * 2, turned=form.dice.uniform(-25, 25)
    )
    stamp(form.sheet, seal, (form.left + form.dice.uniform(180, 700), form.y - form.dice.uniform(20, 90)), form.dice)
    form.down(1.4)


def _look(dice: Random, size: int) -> Look:
    figures = Pen(choose(dice, OTHER_FIGURES), size, (24, 24, 28))
    return Look(
        columns=dice.choice(ARRANGEMENTS),
        figures=figures,
        sign=dice.choice(("", "", "¥", "¥ ")),
        commas=dice.random() < 0.4,
        ruled=dice.random() < 0.6,
        above=dice.random() < 0.5,
    )


def paint(invented: InventedInvoice, dice: Random) -> Painted:
    size = dice.choice((24, 26, 28))
    style = choose_style(dice, size=size)
    faces = [choose(dice, OTHER_CHINESE) for _ in range(2)]
    style = replace(
        style,
        qr=False,
        caption=Pen(faces[0], size, style.caption.ink),
        value=Pen(faces[1], size, style.value.ink),
    )
    look = _look(dice, size)
    sheet = Sheet(int(size * dice.uniform(66, 74)), int((len(invented.invoice.line_items) * 2 + 34) * style.row))
    form = Form(sheet, style, dice, invented)
    form.y = national.MARGIN + style.title.size
    sheet.write((sheet.width / 2, form.y), invented.province + dice.choice(TITLES), style.title, "ms")
    form.down(1.5)
    _head(form, look)
    _table(form, look)
    _totals(form, look)
    _categories(form, look)
    _payments(form, look)
    _foot(form)
    return Painted((national.finish(form),), invoice_truth(invented, LAYOUT, _shown(look, form)))


def _shown(look: Look, form: Form) -> Shown:
    fields = {column.field for column in look.columns}
    return Shown(
        spec=bool({"spec", "name spec"} & fields),
        level="level" in fields,
        ratio="ratio" in fields or ("level" in fields and form.style.prints_ratio),
        selfpay="selfpay" in fields,
        check_code=True,
    )
