"""Tables as CSV and XLSX. No text of a document ever becomes a formula; numbers stay numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from claims.exports.tables import Item, Table
from claims.working_values.cells import number_text

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
FORMULA = re.compile(r"[\s\0]*[=+\-@＝＋－＠|%]|[\t\r\n]")
"""How a spreadsheet recognises a formula, in ASCII and in full width, also behind spaces; and what breaks its line."""


def csv_text(item: Item) -> str:
    """One field. A text that a spreadsheet would run gets an apostrophe in front, which it shows as text; a number,
    also a negative one, is written as it is."""
    if item is None:
        return ""
    if isinstance(item, Decimal):
        return number_text(item)
    text = item.isoformat() if isinstance(item, date) else str(item)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def to_csv(tables: Sequence[Table]) -> bytes:
    """One table after another, each under its name; UTF-8 with a mark, as spreadsheets want it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for table in tables:
        if table.rows:
            writer.writerow([f"# {table.name}"])
            writer.writerow(table.columns)
            writer.writerows([csv_text(item) for item in row] for row in table.rows)
    return buffer.getvalue().encode("utf-8-sig")


def to_xlsx(tables: Sequence[Table]) -> bytes:
    """One sheet for each table."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        heads = [WriteOnlyCell(sheet, name) for name in table.columns]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        for row in table.rows:
            sheet.append([_cell(sheet, item) for item in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, item: Item) -> object:
    """A text is a text, whatever it begins with: its type is set, not guessed."""
    if not isinstance(item, str):
        return item
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", item))
    cell.data_type = "s"
    return cell
