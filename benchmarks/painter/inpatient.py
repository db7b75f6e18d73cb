"""The national inpatient receipt: charge categories as rows, the stay, what was paid in advance; no items."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from benchmarks.painter import national
from benchmarks.painter.national import Form, money
from benchmarks.painter.sheet import Sheet
from benchmarks.painter.style import choose_style
from benchmarks.painter.truth import Painted, Shown, invoice_truth
from claims.demo.invented import InventedInvoice, digits

LAYOUT = "inpatient"
TITLES = ("省医疗住院收费票据（电子）", "省住院医疗收费票据（电子）", "省医疗住院收费票据")
WARDS = ("普外科", "心血管内科", "骨科", "呼吸内科", "妇产科")


def _admitted(invented: InventedInvoice, dice: Random) -> InventedInvoice:
    """The same sums, of a stay in hospital."""
    invoice = invented.invoice
    day = invented.visit_date
    first = day - timedelta(days=dice.randint(2, 21))
    code = str(invoice.note_code)
    stayed = replace(
        invoice,
        type=2,
        note_code=code[:4] + "02" + code[6:],
        hospital_dates=(first, day),
        hospital_days=Decimal((day - first).days),
    )
    return replace(invented, invoice=stayed)


def _title(form: Form) -> None:
    form.y = national.MARGIN + form.style.title.size
    heading = form.invented.province + form.dice.choice(TITLES)
    form.sheet.write((form.sheet.width / 2, form.y), heading, form.style.title, "ms")
    form.down(1.6)


def _table(form: Form) -> None:
    """Two panels of categories: name, count and unit, amount."""
    half = form.inner / 2
    form.rule()
    for left in (form.left + 14, form.left + half + 14):
        form.sheet.write((left, form.y), "项目名称", form.style.caption)
        form.sheet.write((left + half * 0.46, form.y), "数量/单位", form.style.caption)
        form.sheet.write((left + half * 0.88, form.y), "金额(元)", form.style.caption, "rs")
    form.down()
    form.rule()
    categories = form.invented.invoice.cost_categories
    for n, category in enumerate(categories):
        left = form.left + half * (n % 2) + 14
        form.sheet.write((left, form.y), str(category.name), form.style.value)
        form.sheet.write((left + half * 0.46, form.y), "1/项", form.style.value)
        form.sheet.write((left + half * 0.88, form.y), money(category.cost), form.style.value, "rs")
        if n % 2 or n == len(categories) - 1:
            form.down()
    form.down(form.dice.choice((0, 1)))


def _information(form: Form) -> list[tuple[str, str]]:
    invoice, style = form.invented.invoice, form.style
    paid = {payment.name: money(payment.amount) for payment in invoice.payments_info}
    first, last = (style.day(day) for day in invoice.hospital_dates)
    return [
        ("业务流水号", str(invoice.service_serial_number)),
        ("病历号", digits(form.dice, 7)),
        ("住院号", str(invoice.hospital_no)),
        ("住院科别", form.dice.choice(WARDS)),
        ("住院时间", f"{first}{form.dice.choice(('至', '-', '~'))}{last}"),
        ("住院天数", str(invoice.hospital_days)),
        ("预缴金额", "3000.00"),
        ("补缴金额", "0.00"),
        ("退费金额", "0.00"),
        ("医疗机构类型", str(invoice.medical_organization_type)),
        ("医保类型", str(invoice.medical_insurance_type)),
        ("医保编号", str(invoice.social_security_card_number)),
        ("性别", "男" if invoice.patient_gender == 1 else "女"),
        ("医保统筹基金支付", paid["基金支付"]),
        ("其他支付", paid.get("其他支付", "0.00")),
        ("个人账户支付", paid["个人账户支付"]),
        ("个人现金支付", paid["现金支付"]),
        ("个人自付", paid["自付一"]),
        ("个人自费", paid["自费"]),
    ]


def _other_information(form: Form) -> None:
    form.rule()
    for n, (caption, value) in enumerate(_information(form)):
        if n and n % 3 == 0:
            form.down()
        form.pair(form.left + 14 + form.inner * (n % 3) / 3, caption, value)
    form.down(1.1)


def paint(invented: InventedInvoice, dice: Random) -> Painted:
    style = replace(choose_style(dice, size=dice.choice((25, 27))), qr=False)
    invented = _admitted(invented, dice)
    form = Form(Sheet(int(style.value.size * 70), int(40 * style.row), style.paper), style, dice, invented)
    _title(form)
    national.head(form)
    _table(form)
    national.totals(form)
    _other_information(form)
    national.foot(form)
    truth = invoice_truth(invented, LAYOUT, Shown())
    first, last = invented.invoice.hospital_dates
    truth["medical_result"] |= {
        "hospital_dates": [first, last],
        "hospital_days": invented.invoice.hospital_days,
        "cost_detail_list": [],
    }
    return Painted((national.finish(form),), truth)
