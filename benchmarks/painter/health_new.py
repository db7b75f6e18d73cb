"""Health-check reports of yet other makes: earlier years beside this one's, units in headings, parts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from benchmarks.painter import health_form
from benchmarks.painter.fonts import OTHER_LATIN, OTHER_THAI, THAI_ALONE, choose
from benchmarks.painter.health_form import MARGIN, Item, Pens, Report, health_truth
from benchmarks.painter.sheet import Pen, Sheet
from benchmarks.painter.truth import Painted
from claims.demo.invented_health import (
    BUDDHIST_ERA,
    THAI_MONTHS,
    THAI_MONTHS_SHORT,
    InventedHealthCheck,
    english_day,
    health_report,
)


@dataclass(frozen=True, slots=True)
class Test:
    """One row: what it measures, its names in both languages, unit, reference."""

    field: str
    english: str
    thai: str
    unit: str
    reference: str


TESTS: tuple[Test, ...] = (
    Test("weight", "Body Weight", "น้ำหนักตัว", "kg", "-"),
    Test("height", "Height", "ส่วนสูง", "cm", "-"),
    Test("bmi", "BMI", "ดัชนีมวลกาย", "kg/m²", "18.5 - 22.9"),
    Test("pressure", "Blood Pressure", "ความดันโลหิต", "mmHg", "< 140/90"),
    Test("fasting_glucose", "Fasting Blood Sugar", "น้ำตาลในเลือด", "mg/dL", "74 - 99"),
    Test("cholesterol", "Total Cholesterol", "คอเลสเตอรอลรวม", "mg/dL", "0 - 200"),
    Test("triglyceride", "Triglyceride", "ไตรกลีเซอไรด์", "mg/dL", "0 - 150"),
    Test("hdl", "HDL-Cholesterol", "เอช ดี แอล", "mg/dL", "> 40"),
    Test("ldl", "LDL-Cholesterol", "แอล ดี แอล", "mg/dL", "0 - 130"),
    Test("creatinine", "Creatinine", "ครีเอตินิน", "mg/dL", "0.67 - 1.17"),
    Test("uric_acid", "Uric Acid", "กรดยูริก", "mg/dL", "3.4 - 7.0"),
)
INKS = ((20, 60, 110), (90, 30, 30), (20, 20, 24))
THAI_DATES = ("short BE", "long era", "dashes", "padded", "short")


def thai_date(day: date, form: str) -> str:
    """Shapes of dates in Buddhist years."""
    year = day.year + BUDDHIST_ERA
    return {
        "short BE": f"{day.day} {THAI_MONTHS_SHORT[day.month - 1]} {year}",
        "long era": f"{day.day} {THAI_MONTHS[day.month - 1]} พ.ศ. {year}",
        "dashes": f"{day:%d-%m}-{year}",
        "padded": f"{day:%d}/{day:%m}/{year}",
        "short": f"{day.day} {THAI_MONTHS_SHORT[day.month - 1]} {year % 100:02d}",
    }[form]


def _result(check: InventedHealthCheck, test: Test) -> str:
    measures = check.measures
    if test.field == "pressure":
        return f"{measures.systolic}/{measures.diastolic}"
    return str(getattr(measures, test.field))


def _earlier(dice: Random, check: InventedHealthCheck, test: Test) -> str:
    """An earlier visit's result: near this one's, never the same."""
    measures = check.measures
    if test.field == "pressure":
        return f"{measures.systolic + dice.randint(3, 9)}/{measures.diastolic - dice.randint(2, 6)}"
    value = Decimal(str(getattr(measures, test.field)))
    step = Decimal(dice.choice((2, 3, 4, 5))) if value > 20 else Decimal("0.1") * dice.randint(1, 3)
    return str(value - step)


def _pens(dice: Random, size: int, thai: bool) -> Pens:
    face, ink = (
        choose(dice, OTHER_THAI if thai else OTHER_LATIN),
        dice.choice(((20, 60, 110), (90, 30, 30), (20, 20, 24))),
    )
    latin = choose(dice, OTHER_LATIN) if face[0] in THAI_ALONE else None
    heading, section, body = (
        Pen(face, round(size * factor), colour, latin) for factor, colour in ((1.4, ink), (1, ink), (1, (22, 22, 26)))
    )
    return Pens(heading, section, body, (120, 124, 130))


def _table(report: Report, rows: Sequence[Sequence[str]], shares: Sequence[float], *, ruled: bool) -> None:
    """The first row is the head."""
    for number, row in enumerate(rows):
        pen = report.pens.section if number == 0 else report.pens.body
        for text, share in zip(row, shares, strict=True):
            report.sheet.write((MARGIN + 8 + report.inner * share, report.y), text, pen)
        report.down()
        if ruled or number == 0:
            height = report.y - report.row * 0.68
            report.sheet.line([(MARGIN, height), (report.sheet.width - MARGIN, height)], report.pens.rule, 1)
    report.down(0.3)


def _rows_with_years(check: InventedHealthCheck, dice: Random, *, thai: bool) -> tuple[list[list[str]], list[float]]:
    """This visit's results first or last, an earlier one's beside them."""
    first = dice.random() < 0.5
    if thai:
        year = check.visit.year + BUDDHIST_ERA
        heads = dice.choice((("ครั้งนี้", "ครั้งก่อน"), (f"ปี {year}", f"ปี {year - 1}"), ("ผลตรวจ", "ผลครั้งก่อน")))
        names = ("รายการตรวจ", "ค่าปกติ", "หน่วย")
    else:
        year = check.visit.year
        heads = dice.choice((("Result", "Previous"), (f"{year}", f"{year - 1}"), ("Current", "Last result")))
        names = ("Test", "Normal range", "Unit")
    now, before = heads
    rows = [[names[0], *((now, before) if first else (before, now)), names[1], names[2]]]
    for test in TESTS:
        pair = [_result(check, test), _earlier(dice, check, test)]
        name = f"{test.thai} ({test.english})" if thai and dice.random() < 0.5 else test.thai if thai else test.english
        rows.append([name, *(pair if first else pair[::-1]), test.reference, test.unit])
    return rows, [0.0, 0.46, 0.60, 0.74, 0.90]


def _rows_with_units_in_names(
    check: InventedHealthCheck, dice: Random, *, thai: bool
) -> tuple[list[list[str]], list[float]]:
    """Units in the names of the tests, the reference before the result."""
    heads = ("รายการ", "ค่ามาตรฐาน", "ผลที่ได้") if thai else ("Parameter", "Reference interval", "Your value")
    rows = [
        [f"{test.thai if thai else test.english} ({test.unit})", test.reference, _result(check, test)] for test in TESTS
    ]
    return [list(heads), *rows], [0.0, 0.56, 0.8]


def _rows_mixed(check: InventedHealthCheck, dice: Random, *, thai: bool) -> tuple[list[list[str]], list[float]]:
    """Both languages in a row of their own columns, a flag behind the result."""
    rows = [["No.", "Test", "รายการ" if thai else "Method", "Result", "Unit", "Ref."]]
    for n, test in enumerate(TESTS):
        other = test.thai if thai else dice.choice(("Enzymatic", "Calculated", "Direct"))
        flag = dice.choice(("", "", " H", " *")) if test.unit == "mg/dL" else ""
        rows.append([f"{n + 1}", test.english, other, _result(check, test) + flag, test.unit, test.reference])
    return rows, [0.0, 0.06, 0.34, 0.60, 0.75, 0.87]


TABLES = (_rows_with_years, _rows_with_units_in_names, _rows_mixed)


def _personal(check: InventedHealthCheck, dice: Random, texts: tuple[str, str], *, thai: bool) -> list[Item]:
    visit, born = texts
    if thai:
        items = [
            ("โรงพยาบาล", "", ""), ("ชื่อ-นามสกุล", check.name, ""), ("HN", check.hospital_number, ""),
            ("วัน เดือน ปีเกิด", born, ""), ("อายุ", f"{check.age} ปี", ""), ("วันที่รับบริการ", visit, ""),
            ("เพศ", "ชาย" if check.gender == 1 else "หญิง", ""),
        ]  # fmt: skip
    else:
        items = [
            ("", "", ""), ("Patient Name", check.name, ""), ("Hospital No.", check.hospital_number, ""),
            ("Birth Date", born, ""), ("Age", f"{check.age} Yrs", ""), ("Visit Date", visit, ""),
            ("Sex", "Male" if check.gender == 1 else "Female", ""),
        ]  # fmt: skip
    rest = items[1:]
    dice.shuffle(rest)
    return rest


def paint(check: InventedHealthCheck, dice: Random, *, thai: bool) -> Painted:
    size = dice.choice((26, 28, 30)) if thai else dice.choice((23, 25))
    report = Report(Sheet(int(size * dice.uniform(50, 56)), 2600), _pens(dice, size, thai), dice)
    if thai:
        form = dice.choice(THAI_DATES)
        date_text, born_text = thai_date(check.visit, form), thai_date(check.born, dice.choice(THAI_DATES[:4]))
    else:
        form = dice.choice(("month", "iso", "numeric"))
        date_text, born_text = english_day(check.visit, form), english_day(check.born, form)
    title = "ผลการตรวจสุขภาพประจำปี" if thai else "HEALTH EXAMINATION REPORT"
    health_form.heading(report, check.hospital, title)
    personal = _personal(check, dice, (date_text, born_text), thai=thai)
    health_form.pairs(report, personal, dice.choice((" : ", ": ", "  ")), columns=dice.choice((2, 2, 3)))
    report.down(0.4)
    rows, shares = dice.choice(TABLES)(check, dice, thai=thai)
    _table(report, rows, shares, ruled=dice.random() < 0.5)
    truth = health_truth(health_report(check, date_text=date_text, born_text=born_text), "health-new")
    return Painted((health_form.finish(report),), truth)
