"""Pages of words to an `Invoice`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from statistics import fmean
from typing import Any

from ocr_providers.arithmetic.capital_amounts import parse_amount_in_words
from ocr_providers.engine.catalogue import catalogue
from ocr_providers.engine.categories import charges_among, find_categories, give_categories, is_subtotal
from ocr_providers.engine.columns import Column, Panel, Row, Table, find_table
from ocr_providers.engine.field_captions import PAYMENTS
from ocr_providers.engine.fields import find_fields, register_of
from ocr_providers.engine.found import Found, derived
from ocr_providers.engine.lines import ReadLine, derive_selfpay, drop_torn, lines_of
from ocr_providers.engine.naming import name_lines
from ocr_providers.engine.qr import with_code
from ocr_providers.engine.rows import Cell, cells_of
from ocr_providers.engine.text import squeezed
from ocr_providers.engine.unheaded import rows_without_captions
from ocr_providers.engine.words import PageWords
from ocr_providers.results import CostCategory, Invoice, LineItem, Payment, Source

PAYMENT_NAMES = tuple(dict.fromkeys(caption.field for caption in PAYMENTS if caption.field))
LINE_FIELDS = (
    "name",
    "ocr_name",
    "origin_ocr_name",
    "category",
    "level",
    "medical_type",
    "spec",
    "quantity",
    "unit_price",
    "price",
    "selfpay",
    "selfpay_ratio",
)
VENDOR_NAME = {"quantity": "amount", "category": "class"}
STAY = frozenset({"hospital_dates", "admission_date", "discharge_date"})
HEADER_FIELDS = frozenset(Invoice.__dataclass_fields__) - STAY
OUTPATIENT, INPATIENT = 1, 2


@dataclass(slots=True)
class Reading:
    """What was found on the pages so far."""

    fields: dict[str, Found[Any]] = field(default_factory=dict)
    categories: list[tuple[Found[str], Found[Decimal]]] = field(default_factory=list)
    lines: list[ReadLine] = field(default_factory=list)
    text: str = ""


def read_invoice(pages: Sequence[PageWords]) -> Invoice:
    """Reads one invoice from its pages, detail lists included. Values that were not read are `None`."""
    reading = Reading()
    for page in pages:
        _read_page(page, reading)
    give_categories(reading.lines, [(name.value, amount.value) for name, amount in reading.categories])
    name_lines(reading.lines, [name.value for name, _ in reading.categories], catalogue())
    for line in reading.lines:
        derive_selfpay(line)
    drop_torn([reading.fields], (*PAYMENT_NAMES, "total_cost"))
    _total_from_words(reading)
    if code := next((page.qr_code for page in pages if page.qr_code), None):
        reading.fields = with_code(reading.fields, code)
    return _invoice(reading, pages)


def _read_page(page: PageWords, reading: Reading) -> None:
    cells = cells_of(page)
    subtotals = [cell for cell in cells if is_subtotal(cell.text)]
    apart = {id(cell) for cell in subtotals}
    table = find_table([cell for cell in cells if id(cell) not in apart], register_of(cells))
    outside = [cell for cell in cells if table is None or not table.span.holds(cell)]
    fields = find_fields(outside)
    for name, found in fields.items():
        reading.fields.setdefault(name, found)
    reading.text += "\n".join(squeezed(cell.text) for cell in outside)
    of_categories, of_lines = _split_panels(table) if table else ([], [])
    panels = [lines_of(rows, with_spec=panel.with_spec) for panel, rows in of_lines]
    columns = [cell for rows in of_categories for row in rows for part in row.values() for cell in part]
    others = [*outside, *columns, *(subtotals if table else ())]
    if not any(line.value("price") is not None for lines in panels for line in lines):
        panels = _unheaded(cells, fields) or panels
        taken = {id(cell.word) for lines in panels for line in lines for cell in line.cells}
        others = [cell for cell in others if id(cell.word) not in taken]
    lines = _row_by_row(panels)
    categories = find_categories(others)
    charges = [] if categories else charges_among(lines, inpatient="住院" in reading.text)
    reading.categories += categories or charges
    reading.lines += [] if charges else lines


def _total_from_words(reading: Reading) -> None:
    """A total whose figures were not read is the one in words, where the categories or the lines add up to it."""
    total, words = reading.fields.get("total_cost"), reading.fields.get("total_cost_in_words")
    amount = parse_amount_in_words(words.value) if words else None
    if amount is None or (total is not None and total.value is not None):
        return
    sums = ([cost.value for _, cost in reading.categories], [line.value("price") for line in reading.lines])
    if any(None not in each and sum(each) == amount for each in sums):
        reading.fields["total_cost"] = derived(amount, because=total.source.text if total else "")


def _unheaded(cells: Sequence[Cell], fields: Mapping[str, Found[Any]]) -> list[list[ReadLine]]:
    """Lines by panel where no captions were recognised: only such as the numbers on the page prove."""
    total = fields["total_cost"].value if "total_cost" in fields else None
    panels = [lines_of(rows) for rows in rows_without_captions(cells, total)]
    return [[line for line in lines if line.name] for lines in panels]


def _split_panels(table: Table) -> tuple[list[tuple[Row, ...]], list[tuple[Panel, tuple[Row, ...]]]]:
    """Panels of charge categories (old paper form, left) and panels of lines: only lines have quantities."""
    panels = list(zip(table.panels, table.rows, strict=True))
    lines = [(panel, rows) for panel, rows in panels if panel.has(Column.QUANTITY, Column.QUANTITY_UNIT)]
    if not lines:
        return [], panels
    return [rows for panel, rows in panels if not panel.has(Column.QUANTITY, Column.QUANTITY_UNIT)], lines


def _row_by_row(panels: Sequence[list[ReadLine]]) -> list[ReadLine]:
    """Two panels are printed line by line across: left, right, left, right."""
    return [line for row in zip_longest(*panels) for line in row if line is not None]


# --- the result ------------------------------------------------------------------------------------------------------


def _invoice(reading: Reading, pages: Sequence[PageWords]) -> Invoice:
    fields = reading.fields
    stay = _stay(fields)
    header = {name: found.value for name, found in fields.items() if name in HEADER_FIELDS}
    payments = [(name, fields[name]) for name in PAYMENT_NAMES if name in fields]
    scores = [word.score for page in pages for word in page.words if word.text]
    return Invoice(
        **header,
        type=_type(reading.text, header.get("note_code")),
        hospital_dates=tuple(found.value for found in stay),
        charging_units=header.get("hospital_name"),
        cost_categories=tuple(CostCategory(name=name.value, cost=cost.value) for name, cost in reading.categories),
        line_items=tuple(_line_item(line) for line in reading.lines),
        payments_info=tuple(Payment(name=name, amount=found.value) for name, found in payments),
        average_prob=Decimal(str(round(fmean(scores), 4))) if scores else None,
        sources=_sources(reading, payments, stay),
    )


def _type(text: str, note_code: str | None) -> int:
    """0 unknown, 1 outpatient, 2 inpatient: by the title, else the code of a national receipt, else other words."""
    if title := re.search(
        r"(门诊|住院)(?:医疗)?(?:收费|结算)?(?:专用)?[票柔]据|(门诊|住院)(?:医疗)?(?:收费|发票)", text
    ):
        return INPATIENT if "住院" in title[0] else OUTPATIENT
    if (coded := re.fullmatch(r"\d\d06(0[12])\d\d", note_code or "")) is not None:
        return INPATIENT if coded[1] == "02" else OUTPATIENT
    if re.search(r"住院号|住院[天日]数|住院科|[入出]院日期|住院[时日][间期]", text):
        return INPATIENT
    return OUTPATIENT if "门诊" in text else 0


def _stay(fields: Mapping[str, Found[Any]]) -> list[Found[date]]:
    """Admission and discharge, printed together or apart. A discharge alone would pass for the admission: left out."""
    together = fields.get("hospital_dates")
    dates = [Found(each, together.source) for each in together.value] if together else []
    admission, discharge = fields.get("admission_date"), fields.get("discharge_date")
    if admission and not dates:
        dates = [admission]
    return [*dates, discharge] if discharge and len(dates) == 1 else dates


def _line_item(line: ReadLine) -> LineItem:
    values = {name: line.value(name) for name in LINE_FIELDS}
    unit = line.value("unit")
    return LineItem(**values, extra={"unit": unit} if unit else {})


def _sources(
    reading: Reading, payments: Sequence[tuple[str, Found[Any]]], stay: Sequence[Found[date]]
) -> Mapping[str, Source]:
    apart = STAY.union(PAYMENT_NAMES)
    sources = {f"/{name}": _source(found) for name, found in reading.fields.items() if name not in apart}
    sources |= {f"/hospital_dates/{at}": _source(found) for at, found in enumerate(stay)}
    for at, (label, cost) in enumerate(reading.categories):
        sources |= {f"/cost_categories/{at}/name": label.source, f"/cost_categories/{at}/cost": cost.source}
    for at, (_, found) in enumerate(payments):
        sources[f"/payments_info/{at}/amount"] = _source(found)
    for at, line in enumerate(reading.lines):
        for name, part in line.parts.items():
            sources[f"/cost_detail_list/{at}/{VENDOR_NAME.get(name, name)}"] = _source(part)
    return sources


def _source(found: Found[Any]) -> Source:
    """What was not read is as unsure as can be, however clear its characters were."""
    unread = found.value is None and found.source.score is not None
    return replace(found.source, score=0.0) if unread else found.source
