"""Health-check reports of other makes: two tables side by side, values below their captions, Thai and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from benchmarks.painter import health_english, health_form, health_thai
from benchmarks.painter.health_form import MARGIN, Item, Pair, Report, Result, health_truth
from benchmarks.painter.sheet import Sheet
from benchmarks.painter.truth import Painted
from claims.demo.invented_health import (
    THAI_DIGITS,
    InventedHealthCheck,
    english_day,
    health_report,
    thai_day,
)

ENGLISH_PANELS: tuple[tuple[Pair, ...], ...] = (
    (("test", "Test"), ("value", "Result"), ("reference", "Normal range")),
    (("test", "Item"), ("value", "Value"), ("unit", "Unit")),
    (("test", "Examination"), ("reference", "Normal"), ("value", "Result")),
)
VALUE_FIRST: tuple[tuple[Pair, ...], ...] = (
    (("value", "ผลตรวจ"), ("test", "รายการตรวจ"), ("reference unit", "ค่าปกติ")),
    (("value", "ผล"), ("unit", "หน่วย"), ("test", "การตรวจ"), ("reference", "ค่าอ้างอิง")),
)
THAI_UNITS = {"mg/dL": "มก./ดล.", "kg": "กก.", "cm": "ซม.", "mmHg": "มม.ปรอท"}
THAI_ONLY: dict[str, str] = {
    "Weight": "น้ำหนักตัว", "Height": "ส่วนสูง", "BMI": "ดัชนีมวลกาย", "bp": "ความดันโลหิต",
    "FBS": "ระดับน้ำตาลในเลือด", "Cholesterol": "คอเลสเตอรอลรวม", "HDL": "ไขมันดี", "LDL": "ไขมันเลว",
}  # fmt: skip


def _rows_side_by_side(report: Report, captions: Sequence[Pair], results: Sequence[Result]) -> None:
    """One table in two halves: the first results left, the others right."""
    half = (len(results) + 1) // 2
    start, top = report.sheet.width / 2, report.y
    heights = []
    for part, left in ((results[:half], float(MARGIN)), (results[half:], start + 16)):
        report.y = top
        _panel(report, captions, part, left, start - MARGIN - 16)
        heights.append(report.y)
    report.y = max(heights)


def _panel(report: Report, captions: Sequence[Pair], results: Sequence[Result], left: float, width: float) -> None:
    shares = (0.0, 0.58, 0.76)
    for (_, caption), share in zip(captions, shares, strict=True):
        report.sheet.write((left + width * share, report.y), caption, report.pens.section)
    report.down()
    for result in results:
        for (field, _), share in zip(captions, shares, strict=True):
            report.sheet.write((left + width * share, report.y), getattr(result, field), report.pens.body)
        report.down()


def paint_panels(check: InventedHealthCheck, dice: Random) -> Painted:
    """English: personal data in pairs, all results in two panels."""
    size = dice.choice((22, 24))
    report = Report(Sheet(int(size * dice.uniform(66, 70)), 2000), health_english._pens(dice, size), dice)
    date_text, born_text = english_day(check.visit, "month"), english_day(check.born, "month")
    health_form.heading(report, check.hospital, dice.choice(health_english.TITLES))
    personal: list[Item] = [
        (health_english.caption(dice, "name"), check.name, "Name"),
        (health_english.caption(dice, "visit"), date_text, "Date"),
        (health_english.caption(dice, "born"), born_text, "DOB"),
        (health_english.caption(dice, "age"), f"{check.age} years", "Age"),
        ("Sex", "M" if check.gender == 1 else "F", ""),
    ]
    health_form.pairs(report, personal, ": ", columns=dice.choice((2, 3)))
    report.down(0.6)
    _rows_side_by_side(report, dice.choice(ENGLISH_PANELS), health_english._results(dice, check.measures))
    return _painted(report, check, "health-panels", date_text, born_text)


def paint_columns(check: InventedHealthCheck, dice: Random) -> Painted:
    """Thai: the body's measures below their captions, and a table whose first column is the result."""
    size = dice.choice((27, 29))
    report = Report(Sheet(int(size * dice.uniform(50, 54)), 2400), health_thai._pens(dice, size), dice)
    date_text, born_text = thai_day(check.visit, dice.choice(("short", "long"))), thai_day(check.born, "numeric")
    health_form.heading(report, check.hospital, dice.choice(health_thai.TITLES))
    health_form.pairs(report, health_thai._personal(dice, check, date_text, born_text), dice.choice((" : ", "  ")))
    report.down(0.4)
    physical = health_thai._physical(dice, check.measures)
    for writing in ("test", "value"):
        for n, result in enumerate(physical):
            text = result.test if writing == "test" else f"{result.value} {result.unit}"
            report.sheet.write((MARGIN + report.inner * n / 4, report.y), text, report.pens.body)
        report.down()
    report.down(0.6)
    health_form.table(report, dice.choice(VALUE_FIRST), health_thai._laboratory(dice, check.measures), ruled=True)
    return _painted(report, check, "health-columns", date_text, born_text)


def paint_plain(check: InventedHealthCheck, dice: Random) -> Painted:
    """Thai and nothing else, a result a line; in Thai digits now and then."""
    size = dice.choice((28, 31))
    report = Report(Sheet(int(size * dice.uniform(44, 48)), 2600), health_thai._pens(dice, size), dice)
    thai_digits = dice.random() < 0.5
    date_text = thai_day(check.visit, "thai digits" if thai_digits else "long")
    born_text = thai_day(check.born, "thai digits" if thai_digits else "long")
    health_form.heading(report, check.hospital, "ใบรายงานผลการตรวจสุขภาพ")
    items: list[Item] = [
        ("ชื่อ-สกุล", check.name, "Name"), ("วันเกิด", born_text, "DOB"), ("อายุ", f"{check.age} ปี", "Age"),
        ("วันที่ตรวจ", date_text, "Date"),
    ]  # fmt: skip
    results = [*health_thai._physical(dice, check.measures), *health_thai._laboratory(dice, check.measures)]
    items += [
        (THAI_ONLY[row.key], f"{row.value} {THAI_UNITS.get(row.unit, row.unit)}".strip(), row.key)
        for row in results
        if row.key in THAI_ONLY
    ]
    if thai_digits:
        items = [(caption, value.translate(THAI_DIGITS), key) for caption, value, key in items]
    health_form.pairs(report, items, dice.choice((" : ", "  ")), columns=dice.choice((1, 2)))
    return _painted(report, check, "health-plain", date_text, born_text)


def _painted(report: Report, check: InventedHealthCheck, layout: str, date_text: str, born_text: str) -> Painted:
    report.down(0.8)
    truth = health_truth(health_report(check, date_text=date_text, born_text=born_text), layout)
    return Painted((health_form.finish(report),), truth)
