"""English health-check reports: result, reference and unit in different orders, other names for the same tests."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from benchmarks.painter import health_form
from benchmarks.painter.fonts import LATIN, LATIN_BOLD, choose
from benchmarks.painter.health_form import KEYS, Pair, Pens, Report, Result, health_truth
from benchmarks.painter.sheet import Colour, Pen, Sheet
from benchmarks.painter.truth import Painted
from claims.demo.invented_health import InventedHealthCheck, Measures, english_day, health_report

LAYOUT = "health-english"
TITLES = ("Annual Health Check Report", "Medical Check-up Results", "HEALTH SCREENING REPORT")
CAPTIONS: dict[str, tuple[str, ...]] = {
    "name": ("Name", "Patient name", "Full name"),
    "age": ("Age", "Age (years)"),
    "born": ("Date of birth", "DOB", "Birth date"),
    "visit": ("Date", "Visit date", "Date of examination"),
    "weight": ("Weight", "Body weight", "Wt"),
    "height": ("Height", "Ht"),
    "bmi": ("BMI", "Body mass index", "Body Mass Index (BMI)"),
    "pressure": ("Blood pressure", "BP", "Blood Pressure (BP)"),
    "fasting_glucose": ("Fasting blood sugar (FBS)", "FBS", "Fasting glucose", "FPG"),
    "cholesterol": ("Total cholesterol", "Cholesterol", "Cholesterol, total"),
    "triglyceride": ("Triglyceride", "Triglycerides", "TG"),
    "hdl": ("HDL cholesterol", "HDL-C", "HDL"),
    "ldl": ("LDL cholesterol", "LDL-C (calculated)", "LDL"),
    "uric_acid": ("Uric acid",),
    "creatinine": ("Creatinine", "Serum creatinine"),
}
LABORATORY: tuple[tuple[str, str, tuple[float, float]], ...] = (
    ("fasting_glucose", "70 - 99", (70, 99)),
    ("cholesterol", "<200", (0, 200)),
    ("triglyceride", "<150", (0, 150)),
    ("hdl", ">40", (40, 500)),
    ("ldl", "<130", (0, 130)),
    ("uric_acid", "3.4 - 7.0", (3.4, 7.0)),
    ("creatinine", "0.67 - 1.17", (0.67, 1.17)),
)
TABLES: tuple[tuple[Pair, ...], ...] = (
    (("test", "Test"), ("value", "Result"), ("unit", "Unit"), ("reference", "Reference range"), ("remark", "Flag")),
    (("test", "Examination"), ("reference", "Normal range"), ("unit", "Units"), ("value", "Result")),
    (("test", "Investigation"), ("unit", "Unit"), ("value", "Value"), ("reference", "Reference")),
    (
        ("test", "Test name"),
        ("value", "Result"),
        ("reference unit", "Reference interval"),
        ("remark", "Interpretation"),
    ),
)
INKS: tuple[Colour, ...] = ((12, 72, 110), (18, 98, 72), (80, 30, 96), (24, 24, 28))


def caption(dice: Random, field: str) -> str:
    return dice.choice(CAPTIONS[field])


def remark(value: Decimal, bounds: tuple[float, float]) -> str:
    low, high = (Decimal(str(bound)) for bound in bounds)
    return "Low" if value < low else "High" if value > high else "Normal"


def _results(dice: Random, measures: Measures) -> list[Result]:
    rows = [
        Result(caption(dice, "weight"), f"{measures.weight}", "kg", "", "", "Weight"),
        Result(caption(dice, "height"), f"{measures.height}", "cm", "", "", "Height"),
        Result(
            caption(dice, "bmi"), f"{measures.bmi}", "kg/m²", "18.5 - 22.9", remark(measures.bmi, (18.5, 22.9)), "BMI"
        ),
        Result(caption(dice, "pressure"), f"{measures.systolic}/{measures.diastolic}", "mmHg", "<120/80", "", "bp"),
    ]
    for field, reference, bounds in LABORATORY:
        value = Decimal(getattr(measures, field))
        rows.append(
            Result(caption(dice, field), f"{value}", "mg/dL", reference, remark(value, bounds), KEYS.get(field, ""))
        )
    return rows


def _pens(dice: Random, size: int) -> Pens:
    ink, bold = dice.choice(INKS), choose(dice, LATIN_BOLD)
    body = Pen(choose(dice, LATIN), size, (20, 20, 24))
    return Pens(Pen(bold, int(size * 1.45), ink), Pen(bold, size, ink), body, (130, 134, 140))


def paint(check: InventedHealthCheck, dice: Random) -> Painted:
    size = dice.choice((24, 26, 28))
    report = Report(Sheet(int(size * dice.uniform(52, 58)), 2400), _pens(dice, size), dice)
    form = dice.choice(("month", "month", "iso", "numeric"))
    date_text, born_text = english_day(check.visit, form), english_day(check.born, form)
    colon = dice.choice((": ", " : "))
    health_form.heading(report, check.hospital, dice.choice(TITLES))
    personal = [
        (caption(dice, "name"), check.name, "Name"),
        ("HN", check.hospital_number, ""),
        (caption(dice, "born"), born_text, "DOB"),
        (caption(dice, "age"), f"{check.age}", "Age"),
        ("Gender", "Male" if check.gender == 1 else "Female", ""),
        (caption(dice, "visit"), date_text, "Date"),
    ]
    health_form.pairs(report, personal, colon)
    rows, captions = _results(dice, check.measures), dice.choice(TABLES)
    if dice.random() < 0.5:
        health_form.section(report, dice.choice(("Physical examination", "Vital signs")))
        health_form.pairs(report, [(row.test, f"{row.value} {row.unit}", row.key) for row in rows[:4]], colon)
        rows = rows[4:]
        health_form.section(report, dice.choice(("Laboratory", "Blood chemistry")))
    health_form.table(report, captions, rows, ruled=dice.random() < 0.5)
    report.down(0.8)
    report.sheet.write((health_form.MARGIN, report.y), "Examined by ..............................", report.pens.body)
    truth = health_truth(health_report(check, date_text=date_text, born_text=born_text), LAYOUT)
    return Painted((health_form.finish(report),), truth, (health_form.marks(report),))
