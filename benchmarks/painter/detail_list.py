"""收费明细清单: the detail list that belongs to a receipt, over several pages of A4.

The head is repeated on every page; the sum stands on the last. Long names are broken over two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from benchmarks.painter.fonts import BOLD, SANS, SERIF, choose
from benchmarks.painter.national import money
from benchmarks.painter.seal import Seal, stamp
from benchmarks.painter.sheet import Pen, Sheet
from benchmarks.painter.truth import Painted, Shown, invoice_truth
from claims.demo.invented import InventedInvoice
from ocr_providers.results import LineItem

LAYOUT = "detail-list"
PAGE = (1300, 1838)
"""A4 at 157 dots per inch."""
MARGIN = 84
TITLES = ("医疗门诊收费明细清单", "门诊费用明细清单", "医疗收费明细（电子）")
Column = tuple[str, str, float, str]
"""Caption, field, where it stands (0..1), anchor."""
ARRANGEMENTS: tuple[tuple[Column, ...], ...] = (
    (
        ("项目名称", "name", 0.0, "ls"), ("数量/单位", "quantity unit", 0.52, "ls"), ("金额(元)", "price", 0.81, "rs"),
        ("备注", "level", 0.86, "ls"),
    ),
    (
        ("项目名称", "name", 0.0, "ls"), ("规格", "spec", 0.36, "ls"), ("单位", "unit", 0.54, "ls"),
        ("数量", "quantity", 0.66, "rs"), ("单价", "unit_price", 0.77, "rs"), ("金额", "price", 0.89, "rs"),
        ("等级", "level", 0.92, "ls"),
    ),
    (
        ("项目名称", "name", 0.0, "ls"), ("等级", "level", 0.38, "ls"), ("单价", "unit_price", 0.57, "rs"),
        ("数量", "quantity", 0.68, "rs"), ("单位", "unit", 0.74, "ls"), ("金额(元)", "price", 1.0, "rs"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    heading: str
    title: Pen
    text: Pen
    columns: tuple[Column, ...]
    subtotals: bool
    """A line with the category and its sum before the category's items."""

    @property
    def row(self) -> int:
        return int(self.text.size * 1.72)

    @property
    def name_width(self) -> float:
        return (PAGE[0] - 2 * MARGIN) * self.columns[1][2] - 14


@dataclass(frozen=True, slots=True)
class Entry:
    """One printed row: an item, or a category's heading."""

    cells: dict[str, str]
    name_lines: tuple[str, ...]


def _broken(name: str, look: Look) -> tuple[str, ...]:
    """The name in lines that fit its column."""
    lines, rest = [], name
    while look.text.width(rest) > look.name_width:
        cut = max(n for n in range(1, len(rest)) if look.text.width(rest[:n]) <= look.name_width)
        lines.append(rest[:cut])
        rest = rest[cut:]
    return (*lines, rest)


def _entry(line: LineItem, unit: str, look: Look) -> Entry:
    cells = {
        "spec": line.spec or "",
        "unit": unit,
        "quantity": f"{line.quantity}",
        "quantity unit": f"{line.quantity}/{unit}",
        "unit_price": money(line.unit_price),
        "price": money(line.price),
        "level": line.level or "",
    }
    return Entry(cells, _broken(str(line.name), look))


def _entries(invented: InventedInvoice, look: Look) -> list[Entry]:
    entries, category = [], None
    costs = {item.name: item.cost for item in invented.invoice.cost_categories}
    for line, unit in zip(invented.invoice.line_items, invented.units, strict=True):
        if look.subtotals and line.category != category:
            category = line.category
            entries.append(Entry({}, (f"【{category}】 小计：{money(costs[category])}",)))
        entries.append(_entry(line, unit, look))
    return entries


def _pages(entries: Sequence[Entry], rows: int) -> list[list[Entry]]:
    """Entries by page, `rows` lines of writing on each."""
    pages: list[list[Entry]] = [[]]
    used = 0
    for entry in entries:
        if used + len(entry.name_lines) > rows:
            pages.append([])
            used = 0
        pages[-1].append(entry)
        used += len(entry.name_lines)
    return pages


def _head(sheet: Sheet, invented: InventedInvoice, look: Look, page: str) -> float:
    invoice, y = invented.invoice, 110.0
    sheet.write((sheet.width / 2, y), look.heading, look.title, "ms")
    pairs = (
        (f"票据代码：{invoice.note_code}", f"票据号码：{invoice.note_no}"),
        (f"交款人：{invoice.patient_name}", f"开票日期：{invoice.billing_date}"),
        (f"门诊号：{invoice.hospital_no}", page),
    )
    for left, right in pairs:
        y += look.row * 1.1
        sheet.write((MARGIN, y), left, look.text)
        sheet.write((sheet.width * 0.58, y), right, look.text)
    return y + look.row * 1.2


def _place(share: float) -> float:
    return MARGIN + (PAGE[0] - 2 * MARGIN) * share


def _rule(sheet: Sheet, y: float) -> None:
    sheet.line([(MARGIN - 6, y), (PAGE[0] - MARGIN + 6, y)], (60, 60, 60), 2)


def _table(sheet: Sheet, entries: Sequence[Entry], look: Look, y: float) -> float:
    _rule(sheet, y - look.row * 0.75)
    for caption, _, share, anchor in look.columns:
        sheet.write((_place(share), y), caption, look.text, anchor)
    _rule(sheet, y + look.row * 0.3)
    for entry in entries:
        y += look.row
        for _, field, share, anchor in look.columns[1:]:
            sheet.write((_place(share), y), entry.cells.get(field, ""), look.text, anchor)
        for n, part in enumerate(entry.name_lines):
            y += look.row * 0.85 if n else 0
            sheet.write((MARGIN, y), part, look.text)
    _rule(sheet, y + look.row * 0.35)
    return y + look.row * 1.2


def _sum(sheet: Sheet, invented: InventedInvoice, look: Look, y: float, dice: Random) -> None:
    invoice = invented.invoice
    sheet.write((MARGIN, y), f"合计（大写）：{invoice.total_cost_in_words}", look.text)
    sheet.write((PAGE[0] - MARGIN, y), f"合计：{money(invoice.total_cost)}", look.text, "rs")
    y += look.row * 1.6
    sheet.write((MARGIN, y), f"收款单位（章）：{invoice.hospital_name}", look.text)
    sheet.write((sheet.width * 0.66, y), f"收款人：{invoice.payee}", look.text)
    seal = Seal(str(invoice.hospital_name), "收费专用章", 230, 230, turned=dice.uniform(-20, 20))
    stamp(sheet, seal, (MARGIN + dice.uniform(250, 420), y - 20), dice)


def paint(invented: InventedInvoice, dice: Random) -> Painted:
    size = dice.choice((23, 24, 25))
    face = choose(dice, (*SERIF, *SANS))
    title = Pen(choose(dice, BOLD), 40, (20, 20, 20))
    look = Look(
        dice.choice(TITLES), title, Pen(face, size, (26, 26, 30)), dice.choice(ARRANGEMENTS), dice.random() < 0.5
    )
    parts = _pages(_entries(invented, look), rows=dice.randint(24, 30))
    pages: list[Image.Image] = []
    for n, entries in enumerate(parts, start=1):
        sheet = Sheet(*PAGE)
        y = _table(sheet, entries, look, _head(sheet, invented, look, f"第{n}页 共{len(parts)}页"))
        if n == len(parts):
            _sum(sheet, invented, look, y, dice)
        pages.append(sheet.picture)
    return Painted(tuple(pages), invoice_truth(invented, LAYOUT, _shown(look)))


def _shown(look: Look) -> Shown:
    fields = {field for _, field, _, _ in look.columns}
    return Shown(
        unit_price="unit_price" in fields,
        spec="spec" in fields,
        categories=look.subtotals,
        check_code=False,
        payments=False,
        header=frozenset(
            {"type", "note_no", "patient_name", "billing_date", "hospital_name", "total_cost", "hospital_no", "payee"}
        ),
    )
