"""The parts that electronic receipts share: head, categories, totals, other information, foot and seals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

import qrcode  # type: ignore[import-untyped]
from PIL import Image

from benchmarks.painter.seal import Seal, stamp
from benchmarks.painter.sheet import Sheet
from benchmarks.painter.style import Style
from claims.demo.invented import InventedInvoice

MARGIN = 64
RULE = 0.72
"""How far above a line of writing its rule is drawn, in rows."""


@dataclass(slots=True)
class Form:
    """A form being filled. `y` is the baseline of the next line of writing."""

    sheet: Sheet
    style: Style
    dice: Random
    invented: InventedInvoice
    y: float = 0.0

    @property
    def left(self) -> float:
        return MARGIN

    @property
    def right(self) -> float:
        return self.sheet.width - MARGIN

    @property
    def inner(self) -> float:
        return self.right - self.left

    def down(self, rows: float = 1.0) -> float:
        self.y += self.style.row * rows
        return self.y

    def rule(self, width: int = 2) -> float:
        """A rule between two lines of writing; gives its height on the page."""
        height = self.y - self.style.row * RULE
        self.sheet.line([(self.left, height), (self.right, height)], self.style.rule, width)
        return height

    def pair(self, x: float, caption: str, value: str, path: str = "") -> None:
        """A caption and its value at `x`, on the present line; `path` is the value's JSON Pointer."""
        offset = self.sheet.write((x, self.y), caption + self.style.colon, self.style.caption)
        self.sheet.write((x + offset + 4, self.y), value, self.style.value, path=path)


def money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def qr_text(invented: InventedInvoice) -> str:
    """The fields an electronic receipt's code carries: form, code, number, amount, date, check code."""
    invoice = invented.invoice
    parts = ("01", invoice.note_code, invoice.note_no, money(invoice.total_cost), f"{invoice.billing_date:%Y%m%d}")
    return ",".join((*(str(part) for part in parts), str(invoice.check_code)))


def _qr_picture(text: str, side: int) -> Image.Image:
    code = qrcode.QRCode(border=1, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    picture: Image.Image = code.make_image().get_image()
    return picture.convert("RGB").resize((side, side), Image.Resampling.NEAREST)


def title(form: Form) -> None:
    style = form.style
    form.y = MARGIN * form.dice.uniform(0.7, 1.2) + style.title.size
    kind = form.dice.choice(("医疗门诊收费票据（电子）", "医疗门诊收费票据（电子）", "医疗收费票据（电子）"))
    middle = form.sheet.width / 2
    form.sheet.write((middle, form.y), form.invented.province + "省" + kind, style.title, "ms")
    supervisors = Seal("全国统一财政票据监制章", form.invented.province, 270, 150, strength=0.6, star=False)
    stamp(form.sheet, supervisors, (middle + form.dice.uniform(-90, 90), form.y - 12), form.dice)
    form.down(1.6)


def head(form: Form) -> None:
    """Code, number, payer, date: two columns, and the QR code where the form has one."""
    invoice, style = form.invented.invoice, form.style
    right = form.left + form.inner * (0.64 if style.qr else 0.7)
    day = style.day(invoice.billing_date) if invoice.billing_date else ""
    if style.qr:
        side = int(style.row * 3.6)
        form.sheet.paste(
            _qr_picture(str(invoice.qr_code), side), (int(form.right - side), int(form.y - style.row * 1.3))
        )
    rows = (
        (("票据代码", str(invoice.note_code), "/note_code"), ("票据号码", str(invoice.note_no), "/note_no")),
        (("交款人统一社会信用代码", "", ""), ("校验码", str(invoice.check_code), "/check_code")),
        (
            ("交款人", str(invoice.patient_name), "/patient_name"),
            ("开票日期", day, "/billing_date"),
        ),
    )
    for pairs in rows:
        form.pair(form.left, *pairs[0])
        form.pair(right, *pairs[1])
        form.down()
    form.down(0.25)


def categories(form: Form, columns: int = 4) -> None:
    """Charge categories with their sums, several on a line."""
    form.rule(3)
    form.down(0.1)
    chosen = form.invented.invoice.cost_categories
    for n, category in enumerate(chosen):
        x = form.left + 14 + form.inner * (n % columns) / columns
        offset = form.sheet.write((x, form.y), str(category.name), form.style.value)
        path = f"/cost_categories/{n}/cost"
        form.sheet.write((x + offset + 16, form.y), money(category.cost), form.style.value, path=path)
        if n % columns == columns - 1 and n < len(chosen) - 1:
            form.down()
    form.down(1.1)


def totals(form: Form) -> None:
    form.rule()
    invoice, style = form.invented.invoice, form.style
    caption = form.dice.choice(("金额合计（大写）", "合计金额(大写)", "金额合计(大写)："))
    offset = form.sheet.write((form.left + 14, form.y), caption, style.caption)
    words, path = str(invoice.total_cost_in_words), "/total_cost_in_words"
    form.sheet.write((form.left + 20 + offset, form.y), words, style.value, path=path)
    x = form.left + form.inner * form.dice.uniform(0.58, 0.66)
    offset = form.sheet.write((x, form.y), form.dice.choice(("（小写）", "(小写)", "（小写）¥")), style.caption)
    form.sheet.write((x + offset + 6, form.y), money(invoice.total_cost), style.value, path="/total_cost")
    form.down(1.15)


def _information(form: Form) -> list[tuple[str, str, str]]:
    """Caption, value, JSON Pointer."""
    invented, invoice, style = form.invented, form.invented.invoice, form.style
    paid = {
        payment.name: (money(payment.amount), f"/payments_info/{n}/amount")
        for n, payment in enumerate(invoice.payments_info)
    }
    return [
        ("业务流水号", str(invoice.service_serial_number), "/service_serial_number"),
        ("门诊号", str(invoice.hospital_no), "/hospital_no"),
        ("就诊日期", style.day(invented.visit_date), ""),
        ("医疗机构类型", str(invoice.medical_organization_type), "/medical_organization_type"),
        ("医保类型", str(invoice.medical_insurance_type), "/medical_insurance_type"),
        ("医保编号", str(invoice.social_security_card_number), "/social_security_card_number"),
        ("性别", "男" if invoice.patient_gender == 1 else "女", "/patient_gender"),
        ("医保统筹基金支付", *paid["基金支付"]),
        ("其他支付", *paid.get("其他支付", ("0.00", ""))),
        ("个人账户支付", *paid["个人账户支付"]),
        ("个人现金支付", *paid["现金支付"]),
        ("个人自付", *paid["自付一"]),
        ("个人自费", *paid["自费"]),
    ]


def other_information(form: Form) -> None:
    top = form.rule()
    style, side = form.style, form.style.value.size * 2.9
    start, columns = form.left + side, (0.0, 0.25, 0.52, 0.76)
    for n, (caption, value, path) in enumerate(_information(form)):
        if n and n % 4 == 0:
            form.down()
        form.pair(start + (form.inner - side) * columns[n % 4], caption, value, path)
    form.down(1.1)
    middle = (top + form.y - style.row * RULE) / 2
    for n, word in enumerate(("其他", "信息")):
        form.sheet.write((form.left + 8, middle + style.row * (n - 0.1)), word, style.caption)


def foot(form: Form) -> None:
    form.rule(3)
    form.down(0.15)
    invoice = form.invented.invoice
    caption = form.dice.choice(("收款单位（章）", "收款单位(章)", "收款单位"))
    form.pair(form.left, caption, str(invoice.hospital_name), "/hospital_name")
    form.pair(form.left + form.inner * 0.52, "复核人", form.invented.checker)
    form.pair(form.left + form.inner * 0.79, "收款人", str(invoice.payee), "/payee")
    x = form.left + form.style.caption.width(caption) + form.dice.uniform(20, 260)
    seal = Seal(
        str(invoice.hospital_name),
        form.dice.choice(("收费专用章", "门诊收费章", "财务专用章")),
        *(form.dice.randint(210, 270),) * 2,
        turned=form.dice.uniform(-25, 25),
    )
    stamp(form.sheet, seal, (x, form.y - form.dice.uniform(20, 80)), form.dice)
    form.down(1.2)


def finish(form: Form) -> Image.Image:
    """The picture down to the last line of writing."""
    return form.sheet.picture.crop((0, 0, form.sheet.width, int(form.y + MARGIN * 0.6)))
