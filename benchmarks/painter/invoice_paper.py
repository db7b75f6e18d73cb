"""The old provincial paper receipt: a pre-printed form, filled by a needle printer out of register, sealed in red.

Charge categories stand left, the detail list right; a number in red at the top; no 票据代码, no 校验码.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from benchmarks.painter.dot_matrix import DotMatrix, Ribbon
from benchmarks.painter.fonts import BOLD, DOTS, SANS, SERIF, choose
from benchmarks.painter.national import money
from benchmarks.painter.seal import Seal, stamp
from benchmarks.painter.sheet import Colour, Pen, Sheet
from benchmarks.painter.truth import Painted, Shown, invoice_truth
from claims.demo.invented import InventedInvoice
from ocr_providers.results import LineItem
from ocr_providers.vendor_schema import VENDOR_NAMES

LAYOUT = "paper"
INKS: tuple[Colour, ...] = ((128, 84, 44), (44, 110, 84), (60, 80, 140), (150, 70, 70))
RIBBONS: tuple[Colour, ...] = ((40, 36, 60), (56, 52, 58), (66, 40, 88), (26, 26, 34))
MOST_LINES = 12
"""More do not fit on the form."""
DETAIL_COLUMNS: tuple[tuple[tuple[str, str, float], ...], ...] = (
    (("项目/规格", "name", 0.0), ("数量", "quantity", 0.56), ("金额", "price", 0.67), ("等级/自付比例", "level", 0.80)),
    (
        ("项目/规格", "name", 0.0), ("单价", "unit_price", 0.50), ("数量", "quantity", 0.63), ("金额", "price", 0.73),
        ("等级", "level", 0.89),
    ),
)  # fmt: skip


@dataclass(slots=True)
class Paper:
    """The form and what the printer writes on it."""

    sheet: Sheet
    caption: Pen
    print: DotMatrix
    dice: Random
    invented: InventedInvoice
    columns: tuple[tuple[str, str, float], ...]

    @property
    def left(self) -> float:
        return 80.0

    @property
    def right(self) -> float:
        return self.sheet.width - 130.0

    @property
    def split(self) -> float:
        """Where categories end and details begin."""
        return self.left + (self.right - self.left) * 0.31

    @property
    def row(self) -> float:
        return self.caption.size * 1.62

    def pair(self, x: float, y: float, caption: str, value: str, path: str) -> None:
        """Pre-printed caption, struck value; `path` is the value's JSON Pointer."""
        offset = self.sheet.write((x, y), caption, self.caption)
        self.print.write((x + offset + 14, y), value, path=path)


def _title(paper: Paper) -> float:
    invoice, dice = paper.invented.invoice, paper.dice
    middle, y = paper.sheet.width / 2, 96.0
    pen = Pen(choose(dice, BOLD), 46, paper.caption.ink)
    text = f"{paper.invented.province}省医疗门诊收费票据"
    paper.sheet.write((middle, y), text, pen, "ms")
    half = pen.width(text) / 2
    for gap in (16, 22):
        paper.sheet.line([(middle - half - 30, y + gap), (middle + half + 30, y + gap)], paper.caption.ink, 2)
    number = Pen(choose(dice, SERIF), 36, (196, 40, 40))
    paper.sheet.write(
        (paper.right, y + 24), f"{dice.choice(('NO.', 'No ', 'NO：'))}{invoice.note_no}", number, "rs", "/note_no"
    )
    supervisors = Seal("财政部监制全国统一票据", paper.invented.province, 230, 130, strength=0.65, star=False)
    stamp(paper.sheet, supervisors, (middle, y - 10), dice)
    return y + 86


def _head(paper: Paper, y: float) -> float:
    invoice = paper.invented.invoice
    third = (paper.right - paper.left) / 3
    paper.pair(paper.left, y, "业务流水号：", str(invoice.service_serial_number), "/service_serial_number")
    paper.pair(
        paper.left + third * 1.05,
        y,
        "医疗机构类型：",
        str(invoice.medical_organization_type),
        "/medical_organization_type",
    )
    paper.pair(paper.left + third * 2.15, y, "门诊号：", str(invoice.hospital_no), "/hospital_no")
    y += paper.row
    paper.pair(paper.left, y, "姓名：", str(invoice.patient_name), "/patient_name")
    paper.pair(paper.left + third * 0.55, y, "性别：", "男" if invoice.patient_gender == 1 else "女", "/patient_gender")
    paper.pair(
        paper.left + third * 1.05, y, "医保类型：", str(invoice.medical_insurance_type), "/medical_insurance_type"
    )
    paper.pair(
        paper.left + third * 1.95,
        y,
        "社会保障号码：",
        str(invoice.social_security_card_number),
        "/social_security_card_number",
    )
    return y + paper.row * 0.45


def _cell(line: LineItem, field: str) -> str:
    ratio = f"{line.selfpay_ratio or 0:.2f}".rstrip("0").rstrip(".")
    cells = {
        "name": f"{line.name}/{line.spec}" if line.spec else str(line.name),
        "quantity": f"{line.quantity}",
        "unit_price": money(line.unit_price),
        "price": money(line.price),
        "level": f"{line.level}/{ratio}" if line.level else "",
    }
    return cells[field]


def _captions(paper: Paper, y: float) -> None:
    paper.sheet.write((paper.left + 24, y), "收费项目", paper.caption)
    paper.sheet.write((paper.split - 24, y), "金额(元)", paper.caption, "rs")
    for caption, _, share in paper.columns:
        paper.sheet.write((paper.split + 12 + (paper.right - paper.split) * share, y), caption, paper.caption)


def _tables(paper: Paper, top: float) -> float:
    """Both tables, with their rules; gives the lower edge."""
    invoice, row = paper.invented.invoice, paper.row
    _captions(paper, top + row * 0.72)
    y = top + row
    bottom = y + row * (MOST_LINES + 0.35)
    for n, category in enumerate(invoice.cost_categories):
        paper.print.write((paper.left + 24, y + row * (n + 0.75)), str(category.name))
        paper.print.write(
            (paper.split - 24, y + row * (n + 0.75)), money(category.cost), "rs", f"/cost_categories/{n}/cost"
        )
    for n, line in enumerate(invoice.line_items):
        for _, field, share in paper.columns:
            x = paper.split + 12 + (paper.right - paper.split) * share
            path = f"/cost_detail_list/{n}/{VENDOR_NAMES.get(field, field)}"
            paper.print.write((x, y + row * (n + 0.75)), _cell(line, field), path=path)
    paper.sheet.box((paper.left, top), (paper.right, bottom), paper.caption.ink)
    paper.sheet.line([(paper.left, y), (paper.right, y)], paper.caption.ink)
    paper.sheet.line([(paper.split, top), (paper.split, bottom)], paper.caption.ink)
    return bottom


def _payments(paper: Paper, top: float) -> float:
    """Total and payments, three pairs on a line."""
    invoice, row = paper.invented.invoice, paper.row
    y = top + row * 0.85
    paper.pair(paper.left + 12, y, "合计（大写）", str(invoice.total_cost_in_words), "/total_cost_in_words")
    paper.pair(
        paper.left + (paper.right - paper.left) * 0.66, y, "（小写）￥", money(invoice.total_cost), "/total_cost"
    )
    paid = {
        payment.name: (money(payment.amount), f"/payments_info/{n}/amount")
        for n, payment in enumerate(invoice.payments_info)
    }
    captions = {
        "基金支付": "医保统筹支付",
        "个人账户支付": "个人账户支付",
        "现金支付": "个人现金支付",
        "其他支付": "其他支付",
    }
    order = ("基金支付", "个人账户支付", "现金支付", "自付一", "自付二", "自费", "其他支付")
    for n, name in enumerate(name for name in order if name in paid):
        if n % 3 == 0:
            y += row
        x = paper.left + 12 + (paper.right - paper.left) * (n % 3) / 3
        paper.pair(x, y, captions.get(name, name) + "：", *paid[name])
    bottom = y + row * 0.5
    paper.sheet.box((paper.left, top), (paper.right, bottom), paper.caption.ink)
    paper.sheet.line([(paper.left, top + row * 1.2), (paper.right, top + row * 1.2)], paper.caption.ink, 1)
    return bottom


def _foot(paper: Paper, top: float) -> float:
    invoice, width = paper.invented.invoice, paper.right - paper.left
    y = top + paper.row * 1.1
    paper.pair(paper.left, y, "收款单位(章)：", str(invoice.hospital_name), "/hospital_name")
    paper.pair(paper.left + width * 0.45, y, "收款人：", str(invoice.payee), "/payee")
    x, day = paper.left + width * 0.70, invoice.billing_date
    if day:
        for value, unit, gap in ((f"{day:%Y}", "年", 92), (f"{day:%m}", "月", 62), (f"{day:%d}", "日", 62)):
            paper.print.write((x, y), value)
            x += gap + paper.sheet.write((x + gap, y), unit, paper.caption) + 8
    for n, character in enumerate("第二联收据联"):
        paper.sheet.write((paper.right + 36, 320 + n * paper.row), character, paper.caption)
    return y


def _seal(paper: Paper, y: float) -> None:
    name = str(paper.invented.invoice.hospital_name)
    seal = Seal(name, "收费专用章", *(paper.dice.randint(230, 290),) * 2, turned=paper.dice.uniform(-35, 35))
    x = paper.left + paper.dice.uniform(0.12, 0.5) * (paper.right - paper.left)
    stamp(paper.sheet, seal, (x, y - paper.dice.uniform(10, 150)), paper.dice)


def paint(invented: InventedInvoice, dice: Random) -> Painted:
    """`invented` has at most MOST_LINES lines and prints 自付一 and 自付二 apart."""
    sheet = Sheet(dice.randint(1660, 1760), 1300, dice.choice(((255, 255, 255), (252, 248, 240), (248, 252, 248))))
    caption = Pen(choose(dice, (*SERIF, *SANS)), 26, dice.choice(INKS))
    printer = DotMatrix(sheet, choose(dice, DOTS), dice.choice((25, 26, 27)))
    paper = Paper(sheet, caption, printer, dice, invented, dice.choice(DETAIL_COLUMNS))
    y = _foot(paper, _payments(paper, _tables(paper, _head(paper, _title(paper)))))
    shift = (dice.uniform(-14, 14), dice.uniform(-0.42, 0.42) * paper.row)
    printer.strike(dice, shift, Ribbon(dice.choice(RIBBONS), dice.uniform(0.75, 1.0)))
    _seal(paper, y)
    picture = sheet.picture.crop((0, 0, sheet.width, int(y + 140)))
    fields = {field for _, field, _ in paper.columns}
    shown = Shown(unit_price="unit_price" in fields, ratio=True, note_code=False, check_code=False)
    return Painted((picture,), invoice_truth(invented, LAYOUT, shown), (sheet.marks,))
