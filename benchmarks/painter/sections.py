"""Receipts in sections: a heading and a sum for each charge category, with its own lines below; and one with no lines.

Two makes in one module: `paint` (each category is a table of its own, the head of columns printed once or each time),
and `paint_bare` (an old paper form of another province: charge categories in two columns, payments, nothing else).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from random import Random

from benchmarks.painter import national
from benchmarks.painter.fonts import OTHER_CHINESE, choose
from benchmarks.painter.national import Form, money
from benchmarks.painter.seal import Seal, stamp
from benchmarks.painter.sheet import Pen, Sheet
from benchmarks.painter.style import choose_style
from benchmarks.painter.truth import Painted, Shown, invoice_truth
from claims.demo.invented import InventedInvoice
from ocr_providers.results import LineItem

CAPTIONS = (
    (("名称", 0.02), ("规格", 0.36), ("单价", 0.60), ("数量", 0.72), ("金额", 0.86)),
    (("项目名称", 0.02), ("数量", 0.48), ("单位", 0.58), ("单价", 0.74), ("金额(元)", 0.92)),
)
RIGHT = ("单价", "数量", "金额", "金额(元)")


def _form(invented: InventedInvoice, dice: Random, rows: int) -> Form:
    size = dice.choice((25, 27))
    style = choose_style(dice, size=size)
    faces = [choose(dice, OTHER_CHINESE) for _ in range(2)]
    style = replace(
        style, qr=False, caption=Pen(faces[0], size, style.caption.ink), value=Pen(faces[1], size, style.value.ink)
    )
    sheet = Sheet(int(size * dice.uniform(56, 64)), int((rows + 24) * style.row), style.paper)
    return Form(sheet, style, dice, invented)


def _text(line: LineItem, unit: str, caption: str) -> str:
    return {
        "名称": str(line.name),
        "项目名称": str(line.name),
        "规格": line.spec or "",
        "单位": unit,
        "数量": f"{line.quantity}",
        "单价": money(line.unit_price),
    }.get(caption, money(line.price))


def _columns(form: Form, captions: tuple[tuple[str, float], ...], texts: dict[str, str], pen: Pen) -> None:
    for caption, share in captions:
        anchor = "rs" if caption in RIGHT else "ls"
        form.sheet.write((form.left + form.inner * share, form.y), texts[caption], pen, anchor)
    form.down()


def _head(form: Form) -> None:
    invoice, style = form.invented.invoice, form.style
    form.y = national.MARGIN + style.title.size
    form.sheet.write((form.sheet.width / 2, form.y), f"{form.invented.province}省医疗门诊收费票据", style.title, "ms")
    form.down(1.5)
    day = style.day(invoice.billing_date) if invoice.billing_date else ""
    rows = (
        (("票据号码", str(invoice.note_no)), ("收费日期", day)),
        (("姓名", str(invoice.patient_name)), ("性别", "男" if invoice.patient_gender == 1 else "女")),
        (
            ("医保类型", str(invoice.medical_insurance_type)),
            ("社会保障号码", str(invoice.social_security_card_number)),
        ),
        (("门诊号", str(invoice.hospital_no)), ("业务流水号", str(invoice.service_serial_number))),
    )
    for left, right in rows:
        form.pair(form.left, *left)
        form.pair(form.left + form.inner * 0.5, *right)
        form.down()


def _sections(form: Form) -> None:
    invoice, dice = form.invented.invoice, form.dice
    captions, again = dice.choice(CAPTIONS), dice.random() < 0.5
    costs = {category.name: category.cost for category in invoice.cost_categories}
    below = dice.random() < 0.5
    for number, (category, group) in enumerate(groupby(enumerate(invoice.line_items), lambda each: each[1].category)):
        if not below:
            form.sheet.write((form.left, form.y), f"【{category}】 小计：{money(costs[category])}", form.style.caption)
            form.down()
        if again or number == 0:
            form.rule(1)
            _columns(form, captions, {caption: caption for caption, _ in captions}, form.style.caption)
            form.rule(1)
        for n, line in group:
            texts = {caption: _text(line, form.invented.units[n], caption) for caption, _ in captions}
            _columns(form, captions, texts, form.style.value)
        if below:
            place = (form.left + form.inner * 0.86, form.y)
            form.sheet.write(place, f"{category}小计：{money(costs[category])}", form.style.caption, "rs")
            form.down()
    form.rule()


def _payments(form: Form) -> None:
    invoice = form.invented.invoice
    form.pair(form.left, "合计(大写)", str(invoice.total_cost_in_words))
    form.pair(form.left + form.inner * 0.62, "合计", "￥" + money(invoice.total_cost))
    form.down()
    paid = {payment.name: payment.amount for payment in invoice.payments_info}
    captions = {
        "基金支付": "医保统筹支付", "个人账户支付": "个人账户支付", "现金支付": "个人现金支付",
        "自付一": "个人自付", "自费": "个人自费", "其他支付": "其他支付",
    }  # fmt: skip
    shown = [(captions[name], money(amount)) for name, amount in paid.items() if name in captions]
    for n, (caption, value) in enumerate(shown):
        form.pair(form.left + form.inner * (n % 3) / 3, caption, value)
        if n % 3 == 2 or n == len(shown) - 1:
            form.down()


def _foot(form: Form) -> None:
    invoice, dice = form.invented.invoice, form.dice
    form.pair(form.left, "收款单位(章)", str(invoice.hospital_name))
    form.pair(form.left + form.inner * 0.7, "收款人", str(invoice.payee))
    seal = Seal(str(invoice.hospital_name), "收费专用章", *(dice.randint(200, 250),) * 2, turned=dice.uniform(-30, 30))
    stamp(form.sheet, seal, (form.left + dice.uniform(200, 600), form.y - dice.uniform(20, 90)), dice)
    form.down(1.4)


def paint(invented: InventedInvoice, dice: Random) -> Painted:
    form = _form(invented, dice, 3 * len(invented.invoice.line_items))
    _head(form)
    form.down(0.3)
    _sections(form)
    _payments(form)
    _foot(form)
    truth = invoice_truth(invented, "sections", Shown(level=False, note_code=False, check_code=False))
    truth["medical_result"]["medical_organization_type"] = None
    for line in truth["medical_result"]["cost_detail_list"]:
        del line["spec"]
    return Painted((national.finish(form),), truth)


def paint_bare(invented: InventedInvoice, dice: Random) -> Painted:
    """Charge categories, two side by side under 项目 and 金额, and what was paid: no lines."""
    form = _form(invented, dice, len(invented.invoice.cost_categories))
    _head(form)
    form.rule()
    half = form.inner / 2
    for left in (form.left, form.left + half):
        form.sheet.write((left + 20, form.y), "项目", form.style.caption)
        form.sheet.write((left + half * 0.8, form.y), "金额", form.style.caption, "rs")
    form.down()
    form.rule()
    categories = invented.invoice.cost_categories
    for n, category in enumerate(categories):
        left = form.left + half * (n % 2)
        form.sheet.write((left + 20, form.y), str(category.name), form.style.value)
        form.sheet.write((left + half * 0.8, form.y), money(category.cost), form.style.value, "rs")
        if n % 2 or n == len(categories) - 1:
            form.down()
    form.rule()
    _payments(form)
    _foot(form)
    truth = invoice_truth(invented, "bare", Shown(note_code=False, check_code=False))
    truth["medical_result"] |= {"medical_organization_type": None, "cost_detail_list": []}
    return Painted((national.finish(form),), truth)
