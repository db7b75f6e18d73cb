"""Invented health-check reports: measures that fit together, dates in Buddhist years on Thai paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from claims.demo import words
from claims.demo.invented import digits
from ocr_providers.results import HealthReport, HealthValue

BUDDHIST_ERA = 543
"""พ.ศ. 2568 is 2025."""
THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
THAI_MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Measures:
    """Weight in kg, height in cm, pressure in mmHg, the rest in mg/dL."""

    weight: Decimal
    height: Decimal
    bmi: Decimal
    systolic: int
    diastolic: int
    fasting_glucose: int
    cholesterol: int
    hdl: int
    ldl: int
    triglyceride: int
    uric_acid: Decimal
    creatinine: Decimal


@dataclass(frozen=True, slots=True)
class InventedHealthCheck:
    """A report, and what it prints besides the sixteen keys."""

    name: str
    gender: int
    """1 male, 2 female."""
    born: date
    visit: date
    age: int
    hospital: str
    hospital_number: str
    """HN"""
    measures: Measures


def bmi(weight: Decimal, height: Decimal) -> Decimal:
    """kg/m2, two decimals."""
    return (weight / (height / 100) ** 2).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _tenths(dice: Random, least: int, most: int) -> Decimal:
    return Decimal(dice.randint(least * 10, most * 10)) / 10


def invent_measures(dice: Random) -> Measures:
    """LDL after Friedewald: cholesterol - HDL - triglyceride / 5."""
    height = Decimal(dice.randint(148 * 2, 184 * 2)) / 2
    weight = (_tenths(dice, 18, 31) * (height / 100) ** 2).quantize(Decimal("0.1"))
    systolic = dice.randint(102, 156)
    triglyceride = dice.randint(11, 48) * 5
    hdl, ldl = dice.randint(36, 78), dice.randint(68, 172)
    return Measures(
        weight=weight,
        height=height,
        bmi=bmi(weight, height),
        systolic=systolic,
        diastolic=systolic - dice.randint(34, 58),
        fasting_glucose=dice.randint(74, 138),
        cholesterol=hdl + ldl + triglyceride // 5,
        hdl=hdl,
        ldl=ldl,
        triglyceride=triglyceride,
        uric_acid=_tenths(dice, 3, 8),
        creatinine=Decimal(dice.randint(58, 128)) / 100,
    )


def years_between(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def invent_health_check(
    dice: Random,
    *,
    thai: bool = True,
    visit: date | None = None,
    name: str | None = None,
    gender: int | None = None,
    born: date | None = None,
) -> InventedHealthCheck:
    gender = gender or dice.choice((1, 2))
    visit = visit or date(2024, 1, 3) + timedelta(days=dice.randrange(660))
    born = born or visit - timedelta(days=dice.randrange(21 * 365, 76 * 365))
    return InventedHealthCheck(
        name=name or (thai_name(dice, gender) if thai else english_name(dice, gender)),
        gender=gender,
        born=born,
        visit=visit,
        age=years_between(born, visit),
        hospital=dice.choice(words.THAI_HOSPITALS if thai else words.ENGLISH_HOSPITALS),
        hospital_number=digits(dice, 8),
        measures=invent_measures(dice),
    )


def thai_name(dice: Random, gender: int) -> str:
    first = dice.choice(words.THAI_MALE if gender == 1 else words.THAI_FEMALE)
    return f"{dice.choice(words.THAI_TITLES[gender])}{first} {dice.choice(words.THAI_SURNAMES)}"


def english_name(dice: Random, gender: int) -> str:
    title, first = dice.choice(words.ENGLISH_TITLES[gender]), dice.choice(words.ENGLISH_NAMES[gender])
    return f"{title} {first} {dice.choice(words.ENGLISH_SURNAMES)}"


def thai_day(day: date, form: str) -> str:
    """`day` in a Buddhist year. Forms: short (02 ก.ค. 68), long (2 กรกฎาคม 2568), numeric (02/07/2568), thai digits."""
    year = day.year + BUDDHIST_ERA
    if form == "short":
        return f"{day.day:02d} {THAI_MONTHS_SHORT[day.month - 1]} {year % 100:02d}"
    if form == "short year":
        return f"{day.day} {THAI_MONTHS_SHORT[day.month - 1]} {year}"
    if form == "numeric":
        return f"{day:%d/%m}/{year}"
    long = f"{day.day} {THAI_MONTHS[day.month - 1]} {year}"
    return long.translate(THAI_DIGITS) if form == "thai digits" else long


def english_day(day: date, form: str) -> str:
    """Forms: month (02 Jul 2025), iso (2025-07-02), numeric (02/07/2025)."""
    if form == "month":
        return f"{day.day:02d} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return day.isoformat() if form == "iso" else f"{day:%d/%m/%Y}"


def health_report(check: InventedHealthCheck, *, date_text: str, born_text: str) -> HealthReport:
    """The sixteen keys as a perfect reading gives them. Dates as printed; `Date_reformatted` in the common era."""
    measures = check.measures
    values: dict[str, Decimal | str] = {
        "bp": f"{measures.systolic}/{measures.diastolic}",
        "Weight": measures.weight,
        "Height": measures.height,
        "BMI": measures.bmi,
        "BP-Systolic": Decimal(measures.systolic),
        "BP-Diastolic": Decimal(measures.diastolic),
        "Date": date_text,
        "Date_reformatted": f"{check.visit:%d/%m/%Y}",
        "Name": check.name,
        "FBS": Decimal(measures.fasting_glucose),
        "Hospital_name": check.hospital,
        "Age": Decimal(check.age),
        "LDL": Decimal(measures.ldl),
        "Cholesterol": Decimal(measures.cholesterol),
        "HDL": Decimal(measures.hdl),
        "DOB": born_text,
    }
    return HealthReport(values=tuple(HealthValue(key=key, value=value, found=True) for key, value in values.items()))
