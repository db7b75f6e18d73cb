"""Thai health-check reports: captions and their synonyms, Buddhist years, Thai digits now and then."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from benchmarks.painter import health_form
from benchmarks.painter.fonts import THAI, THAI_BOLD, choose
from benchmarks.painter.health_form import KEYS, Item, Pair, Pens, Report, Result, health_truth
from benchmarks.painter.sheet import Colour, Pen, Sheet
from benchmarks.painter.truth import Painted
from claims.demo.invented_health import InventedHealthCheck, Measures, health_report, thai_day

LAYOUT = "health-thai"
TITLES = ("รายงานผลการตรวจสุขภาพประจำปี", "ใบรายงานผลตรวจสุขภาพ", "ผลการตรวจสุขภาพ  Health Check-up Report")
CAPTIONS: dict[str, tuple[str, ...]] = {
    "name": ("ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อผู้รับบริการ", "ชื่อ - สกุล (Name)"),
    "age": ("อายุ", "อายุ (Age)"),
    "born": ("วันเกิด", "วันเดือนปีเกิด", "วันเกิด (DOB)"),
    "visit": ("วันที่ตรวจ", "วันที่เข้ารับการตรวจ", "วันที่ตรวจ (Date)"),
    "number": ("HN", "เลขที่ HN", "รหัสผู้ป่วย"),
    "weight": ("น้ำหนัก", "น้ำหนักตัว", "น้ำหนัก (Weight)"),
    "height": ("ส่วนสูง", "ส่วนสูง (Height)"),
    "bmi": ("ดัชนีมวลกาย", "ดัชนีมวลกาย (BMI)", "ค่าดัชนีมวลกาย"),
    "pressure": ("ความดันโลหิต", "ความดันโลหิต (BP)", "ความดัน"),
    "fasting_glucose": ("น้ำตาลในเลือด (FBS)", "ระดับน้ำตาลในเลือด", "น้ำตาลในเลือดหลังอดอาหาร", "FBS"),
    "cholesterol": ("คอเลสเตอรอล", "ไขมันคอเลสเตอรอล (Cholesterol)", "โคเลสเตอรอลรวม", "Cholesterol"),
    "triglyceride": ("ไตรกลีเซอไรด์", "ไขมันไตรกลีเซอไรด์ (Triglyceride)", "Triglyceride"),
    "hdl": ("เอชดีแอล (HDL)", "ไขมันดี (HDL)", "HDL-C", "HDL Cholesterol"),
    "ldl": ("แอลดีแอล (LDL)", "ไขมันเลว (LDL)", "LDL-C", "LDL Cholesterol"),
    "uric_acid": ("กรดยูริก (Uric acid)", "Uric acid", "กรดยูริก"),
    "creatinine": ("ครีเอตินิน (Creatinine)", "Creatinine", "การทำงานของไต (Creatinine)"),
}
LABORATORY: tuple[tuple[str, str, str, tuple[float, float]], ...] = (
    ("fasting_glucose", "mg/dL", "70-99", (70, 99)),
    ("cholesterol", "mg/dL", "< 200", (0, 200)),
    ("triglyceride", "mg/dL", "< 150", (0, 150)),
    ("hdl", "mg/dL", "> 40", (40, 500)),
    ("ldl", "mg/dL", "< 130", (0, 130)),
    ("uric_acid", "mg/dL", "3.4-7.0", (3.4, 7.0)),
    ("creatinine", "mg/dL", "0.67-1.17", (0.67, 1.17)),
)
"""Field, unit, reference range as printed, and the same as numbers."""
TABLES: tuple[tuple[Pair, ...], ...] = (
    (("test", "รายการตรวจ"), ("value", "ผลตรวจ"), ("reference unit", "ค่าปกติ"), ("remark", "แปลผล")),
    (("test", "รายการ"), ("value", "ผล"), ("unit", "หน่วย"), ("reference", "ค่าอ้างอิง"), ("remark", "สรุป")),
    (("test", "การตรวจ"), ("reference unit", "ค่าปกติ"), ("value", "ผลการตรวจ"), ("remark", "ความหมาย")),
    (("test", "รายการตรวจ"), ("unit", "หน่วย"), ("value", "ค่าที่ได้"), ("reference", "ค่าปกติ")),
)
INKS: tuple[Colour, ...] = ((16, 66, 120), (20, 92, 80), (110, 30, 60), (30, 30, 34))


def caption(dice: Random, field: str) -> str:
    return dice.choice(CAPTIONS[field])


def remark(value: Decimal, bounds: tuple[float, float]) -> str:
    low, high = (Decimal(str(bound)) for bound in bounds)
    return "ต่ำ" if value < low else "สูง" if value > high else "ปกติ"


def _laboratory(dice: Random, measures: Measures) -> list[Result]:
    chosen = LABORATORY if dice.random() < 0.6 else LABORATORY[:5]
    rows = []
    for field, unit, reference, bounds in chosen:
        value = Decimal(getattr(measures, field))
        rows.append(
            Result(caption(dice, field), f"{value}", unit, reference, remark(value, bounds), KEYS.get(field, ""))
        )
    return rows


def _physical(dice: Random, measures: Measures) -> list[Result]:
    pressure = f"{measures.systolic}/{measures.diastolic}"
    return [
        Result(caption(dice, "weight"), f"{measures.weight}", dice.choice(("กก.", "กิโลกรัม", "kg")), "", "", "Weight"),
        Result(caption(dice, "height"), f"{measures.height}", dice.choice(("ซม.", "เซนติเมตร", "cm")), "", "", "Height"),
        Result(
            caption(dice, "bmi"), f"{measures.bmi}", "กก./ม²", "18.5-22.9", remark(measures.bmi, (18.5, 22.9)), "BMI"
        ),
        Result(caption(dice, "pressure"), pressure, "mmHg", "< 120/80", "", "bp"),
    ]


def _personal(dice: Random, check: InventedHealthCheck, date_text: str, born_text: str) -> list[Item]:
    items = [
        (caption(dice, "name"), check.name, "Name"),
        (caption(dice, "number"), check.hospital_number, ""),
        (caption(dice, "born"), born_text, "DOB"),
        (caption(dice, "age"), f"{check.age} ปี", "Age"),
        (caption(dice, "visit"), date_text, "Date"),
        ("เพศ", "ชาย" if check.gender == 1 else "หญิง", ""),
    ]
    return items if dice.random() < 0.5 else [items[n] for n in (4, 1, 0, 5, 2, 3)]


def _pens(dice: Random, size: int) -> Pens:
    ink = dice.choice(INKS)
    body = Pen(choose(dice, THAI), size, (24, 24, 28))
    bold = choose(dice, THAI_BOLD)
    return Pens(Pen(bold, int(size * 1.4), ink), Pen(bold, size, ink), body, dice.choice((ink, (120, 120, 124))))


def _body(report: Report, physical: Sequence[Result], laboratory: Sequence[Result], colon: str) -> None:
    """Physical measures as pairs above the table, or everything in one table."""
    captions, ruled = report.dice.choice(TABLES), report.dice.random() < 0.6
    if report.dice.random() < 0.6:
        health_form.section(report, report.dice.choice(("ผลการตรวจร่างกายทั่วไป", "การตรวจร่างกาย", "สัญญาณชีพ")))
        health_form.pairs(report, [(row.test, f"{row.value} {row.unit}", row.key) for row in physical], colon)
        health_form.section(report, report.dice.choice(("ผลการตรวจทางห้องปฏิบัติการ", "ผลตรวจเลือด")))
        health_form.table(report, captions, laboratory, ruled=ruled)
    else:
        health_form.table(report, captions, [*physical, *laboratory], ruled=ruled)


def paint(check: InventedHealthCheck, dice: Random) -> Painted:
    size = dice.choice((27, 29, 31))
    report = Report(Sheet(int(size * dice.uniform(48, 53)), 2600), _pens(dice, size), dice)
    form = dice.choice(("short", "short", "short year", "long", "numeric", "thai digits"))
    date_text, born_text = (
        thai_day(check.visit, form),
        thai_day(check.born, dice.choice(("numeric", "numeric", "long"))),
    )
    colon = dice.choice((" : ", ": ", "  "))
    health_form.heading(report, check.hospital, dice.choice(TITLES))
    health_form.pairs(report, _personal(dice, check, date_text, born_text), colon)
    _body(report, _physical(dice, check.measures), _laboratory(dice, check.measures), colon)
    report.down(0.6)
    advice = dice.choice(("ควรออกกำลังกายสม่ำเสมอและพักผ่อนให้เพียงพอ", "แนะนำให้ตรวจซ้ำใน 6 เดือน", "ควรลดอาหารหวานและมัน"))
    report.sheet.write((health_form.MARGIN, report.y), f"สรุปผล{colon}{advice}", report.pens.body)
    report.down(1.5)
    report.sheet.write(
        (report.sheet.width * 0.6, report.y), "แพทย์ผู้ตรวจ ..............................", report.pens.body
    )
    truth = health_truth(health_report(check, date_text=date_text, born_text=born_text), LAYOUT)
    return Painted((health_form.finish(report),), truth, (health_form.marks(report),))
