"""The parts that health-check reports share: head, pairs of caption and value, the table of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from PIL import Image

from benchmarks.painter.sheet import Colour, Pen, Rect, Sheet
from ocr_providers.results import HEALTH_KEYS, HealthReport

MARGIN = 90
Pair = tuple[str, str]
"""A field and its caption."""
Item = tuple[str, str, str]
"""A caption, its value, and the value's key in the vendor's list ("" when it has none)."""
ALSO = {"bp": ("BP-Systolic", "BP-Diastolic"), "Date": ("Date_reformatted",)}
"""Keys whose values are read from the writing of another key."""


KEYS = {"fasting_glucose": "FBS", "cholesterol": "Cholesterol", "hdl": "HDL", "ldl": "LDL"}
"""Our measure -> the vendor's key."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table."""

    test: str
    value: str
    unit: str
    reference: str
    remark: str
    """High, low, normal - in the report's language."""
    key: str
    """In the vendor's list; "" for tests beyond the sixteen."""


@dataclass(frozen=True, slots=True)
class Pens:
    heading: Pen
    section: Pen
    body: Pen
    rule: Colour


@dataclass(slots=True)
class Report:
    """A report being filled. `y` is the baseline of the next line."""

    sheet: Sheet
    pens: Pens
    dice: Random
    y: float = MARGIN

    @property
    def row(self) -> float:
        return self.pens.body.size * 1.85

    @property
    def inner(self) -> float:
        return self.sheet.width - 2.0 * MARGIN

    def down(self, rows: float = 1.0) -> None:
        self.y += self.row * rows


def heading(report: Report, hospital: str, subtitle: str, address: str = "") -> None:
    """Hospital and title: in the middle or at the left."""
    middle = report.dice.random() < 0.65
    x, anchor = (report.sheet.width / 2, "ms") if middle else (MARGIN, "ls")
    report.down(0.6)
    report.sheet.write((x, report.y), hospital, report.pens.heading, anchor, "Hospital_name")
    if address:
        report.down(0.85)
        report.sheet.write((x, report.y), address, report.pens.body, anchor)
    report.down(1.15)
    report.sheet.write((x, report.y), subtitle, report.pens.section, anchor)
    report.down(1.4)


def section(report: Report, text: str) -> None:
    report.down(0.3)
    report.sheet.write((MARGIN, report.y), text, report.pens.section)
    report.down(1.05)


def _value(report: Report, x: float, text: str, key: str) -> None:
    """Writes a value and remembers where it stands."""
    report.sheet.write((x, report.y), text, report.pens.body, path=key)
    for other in ALSO.get(key, ()):
        report.sheet.marks[other] = report.sheet.marks[key]


def pairs(report: Report, items: Sequence[Item], colon: str, columns: int = 2) -> None:
    """Captions and values, `columns` on a line, left to right."""
    for n, (caption, value, key) in enumerate(items):
        x = MARGIN + report.inner * (n % columns) / columns
        offset = report.sheet.write((x, report.y), caption + colon, report.pens.body)
        _value(report, x + offset, value, key)
        if n % columns == columns - 1 or n == len(items) - 1:
            report.down()


def _cells(result: Result, fields: Sequence[str]) -> list[str]:
    named = {**asdict(result), "reference unit": f"{result.reference} {result.unit}".strip()}
    return [named[field] for field in fields]


def _starts(report: Report, rows: Sequence[Sequence[str]]) -> list[float]:
    """Where columns begin: each as wide as its widest cell, what is left over shared out among all but the last."""
    widths = [max(report.pens.section.width(cell) for cell in column) for column in zip(*rows, strict=True)]
    spare = max(20.0, (report.inner - 20 - sum(widths)) / max(len(widths) - 1, 1))
    return [MARGIN + 10 + sum(widths[:n]) + spare * n for n in range(len(widths))]


def table(report: Report, captions: Sequence[Pair], results: Sequence[Result], *, ruled: bool) -> None:
    """`captions`: (field of Result or "reference unit", caption) in the order of the columns."""
    rows = [[caption for _, caption in captions], *(_cells(row, [field for field, _ in captions]) for row in results)]
    starts = _starts(report, rows)
    _rule(report)
    _row(report, rows[0], starts, report.pens.section)
    _rule(report)
    for row, result in zip(rows[1:], results, strict=True):
        value = [field for field, _ in captions].index("value")
        _row(report, row, starts, report.pens.body, result.key, value)
        if ruled:
            _rule(report, 1)
    _rule(report)
    report.down(0.2)


def _row(report: Report, cells: Sequence[str], starts: Sequence[float], pen: Pen, key: str = "", at: int = 0) -> None:
    """One row; the cell at `at` is the value of `key`."""
    for n, (start, cell) in enumerate(zip(starts, cells, strict=True)):
        if key and n == at:
            _value(report, start, cell, key)
        else:
            report.sheet.write((start, report.y), cell, pen)
    report.down()


def _rule(report: Report, width: int = 2) -> None:
    height = report.y - report.row * 0.68
    report.sheet.line([(MARGIN, height), (report.sheet.width - MARGIN, height)], report.pens.rule, width)


def finish(report: Report) -> Image.Image:
    return report.sheet.picture.crop((0, 0, report.sheet.width, int(report.y + MARGIN * 0.4)))


def marks(report: Report) -> dict[str, Rect]:
    """Where values stand, by JSON Pointer inside `data`."""
    return {f"/{HEALTH_KEYS.index(key)}/value": rect for key, rect in report.sheet.marks.items()}


def health_truth(report: HealthReport, layout: str) -> dict[str, Any]:
    data = [{"key": value.key, "value": value.value, "found": value.found} for value in report.values]
    return {"kind": "health-check", "layout": layout, "data": data}
