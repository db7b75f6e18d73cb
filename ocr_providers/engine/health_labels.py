"""The words of health-check reports: captions in Thai and English, and where they stand in a line (DOMAIN.md §4.1).

Captions are compared by their skeletons: small letters, no blanks, points or hyphens, no Thai marks above and below
(which a recogniser loses first), no tone. Long captions may differ by a character or two, short ones must be exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz

from ocr_providers.arithmetic.thai_dates import LONG_MONTHS, SHORT_MONTHS

CAPTIONS: dict[str, tuple[str, ...]] = {
    # the keys of the AIGEN document
    "Weight": ("Weight", "Body weight", "Wt", "BW", "น้ำหนัก", "น้ำหนักตัว", "นน."),
    "Height": ("Height", "Body height", "Ht", "ส่วนสูง", "ความสูง", "สส."),
    "BMI": ("BMI", "Body mass index", "ดัชนีมวลกาย", "ค่าดัชนีมวลกาย", "ดัชนีความหนาของร่างกาย"),
    "bp": ("BP", "Blood pressure", "ความดันโลหิต", "ความดัน", "ระดับความดันโลหิต"),
    "BP-Systolic": (
        "SBP", "Systolic", "Systolic BP", "Systolic blood pressure", "BP Systolic", "Blood pressure systolic",
        "ตัวบน", "ความดันตัวบน", "ความดันโลหิตตัวบน", "ซิสโตลิก", "ความดันซิสโตลิก", "ความดันโลหิตซิสโตลิก",
    ),
    "BP-Diastolic": (
        "DBP", "Diastolic", "Diastolic BP", "Diastolic blood pressure", "BP Diastolic", "Blood pressure diastolic",
        "ตัวล่าง", "ความดันตัวล่าง", "ความดันโลหิตตัวล่าง", "ไดแอสโตลิก", "ความดันไดแอสโตลิก",
        "ความดันโลหิตไดแอสโตลิก",
    ),
    "FBS": (
        "FBS", "FPG", "FBG", "Fasting glucose", "Fasting blood sugar", "Fasting plasma glucose",
        "Fasting blood glucose",
        "Glucose", "Glucose fasting", "Blood sugar", "Blood glucose", "Plasma glucose", "Sugar", "น้ำตาล",
        "น้ำตาลในเลือด",
        "ระดับน้ำตาลในเลือด", "น้ำตาลในเลือดหลังอดอาหาร", "ระดับน้ำตาลในเลือดหลังอดอาหาร", "ระดับน้ำตาล",
        "กลูโคส", "เบาหวาน",
    ),
    "Cholesterol": (
        "Cholesterol", "Total cholesterol", "Cholesterol total", "Serum cholesterol", "TC", "Chol", "T-Chol",
        "คอเลสเตอรอล", "คอเลสเตอรอลรวม", "โคเลสเตอรอล", "โคเลสเตอรอลรวม", "ไขมันคอเลสเตอรอล", "ไขมันโคเลสเตอรอล",
        "ไขมันรวม", "ไขมันในเลือด", "คลอเรสเตอรอล", "โคเลสเตอรอลทั้งหมด",
    ),
    "HDL": (
        "HDL", "HDL-C", "HDL Chol", "HDL cholesterol", "Cholesterol HDL", "High density lipoprotein", "เอชดีแอล",
        "เอช ดี แอล", "ไขมันดี", "คอเลสเตอรอลชนิดดี", "ไขมันชนิดดี", "ไขมันเอชดีแอล", "ไขมันความหนาแน่นสูง",
        "โคเลสเตอรอลชนิดดี",
    ),
    "LDL": (
        "LDL", "LDL-C", "LDL Chol", "LDL cholesterol", "Cholesterol LDL", "Low density lipoprotein", "LDL direct",
        "LDL calculated", "Direct LDL", "แอลดีแอล", "แอล ดี แอล", "ไขมันไม่ดี", "ไขมันเลว", "ไขมันร้าย",
        "คอเลสเตอรอลชนิดไม่ดี",
        "คอเลสเตอรอลชนิดเลว", "ไขมันชนิดไม่ดี", "ไขมันชนิดเลว", "ไขมันแอลดีแอล", "ไขมันความหนาแน่นต่ำ",
    ),
    "Age": ("Age", "อายุ"),
    "DOB": (
        "DOB", "D.O.B.", "Date of birth", "Birth date", "Birthday", "Birthdate", "วันเกิด", "วันเดือนปีเกิด",
        "วัน/เดือน/ปีเกิด",
        "ว/ด/ป เกิด", "วดป.เกิด", "เกิดวันที่", "วัน เดือน ปี เกิด",
    ),
    "Date": (
        "Visit date", "Date of visit", "Exam date", "Examination date", "Date of examination", "Date of exam",
        "Check-up date",
        "Date of check-up", "Service date", "Date of service", "Screening date", "Test date", "Checkup date",
        "Visited on",
        "วันที่ตรวจ", "วันที่เข้ารับการตรวจ", "วันที่รับบริการ", "วันที่เข้ารับบริการ", "วันที่มารับบริการ",
        "วันที่ตรวจสุขภาพ", "ตรวจเมื่อวันที่",
        "วันตรวจ", "วันเดือนปีที่ตรวจ", "วันที่รับการตรวจ",
    ),
    "Name": (
        "Name", "Patient name", "Full name", "Name-Surname", "Name of patient", "Patient", "Customer name",
        "Name Surname",
        "ชื่อ", "ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อผู้รับบริการ", "ชื่อผู้ป่วย", "ชื่อผู้เข้ารับการตรวจ",
        "ชื่อผู้ตรวจสุขภาพ", "ชื่อผู้รับการตรวจ",
        "ชื่อและนามสกุล", "ชื่อ-สกุลผู้รับบริการ", "ชื่อคนไข้", "ผู้รับบริการ", "ชื่อตัว-ชื่อสกุล",
    ),
    "Hospital_name": ("Hospital", "Hospital name", "สถานพยาบาล", "ชื่อสถานพยาบาล", "ชื่อโรงพยาบาล",
    "สถานที่ตรวจ", "หน่วยบริการ"),
    # other tests: reported besides
    "Triglyceride": ("Triglyceride", "Triglycerides", "TG", "ไตรกลีเซอไรด์", "ไขมันไตรกลีเซอไรด์"),
    "HbA1c": ("HbA1c", "Hb A1c", "A1C", "Glycated hemoglobin", "น้ำตาลสะสม", "น้ำตาลในเลือดสะสม",
    "น้ำตาลเฉลี่ยสะสม"),
    "Uric acid": ("Uric acid", "Uric", "กรดยูริก", "กรดยูริค"),
    "Creatinine": ("Creatinine", "Cr", "Serum creatinine", "ครีเอตินิน", "ครีเอตินีน", "ครีอะตินิน", "ครีเอทินิน"),
    "BUN": ("BUN", "Blood urea nitrogen", "บียูเอ็น"),
    "eGFR": ("eGFR", "GFR", "อัตราการกรองของไต"),
    "AST": ("AST", "SGOT", "เอเอสที"),
    "ALT": ("ALT", "SGPT", "เอแอลที"),
    "ALP": ("ALP", "Alkaline phosphatase", "Alk phos"),
    "Hemoglobin": ("Hemoglobin", "Haemoglobin", "Hb", "Hgb", "ฮีโมโกลบิน"),
    "Hematocrit": ("Hematocrit", "Haematocrit", "Hct", "ฮีมาโตคริต"),
    "Pulse": ("Pulse", "Pulse rate", "Heart rate", "PR", "HR", "ชีพจร", "อัตราการเต้นของหัวใจ"),
    "Temperature": ("Temperature", "Temp", "อุณหภูมิ", "อุณหภูมิร่างกาย"),
    "Waist": ("Waist", "Waist circumference", "รอบเอว", "เส้นรอบเอว"),
}  # fmt: skip
"""By key: what is printed before its value. Keys beyond AIGEN's sixteen are named as on English reports."""

SECOND_DATES = ("Date", "วันที่", "Report date", "Date of report", "วันที่รายงาน", "วันที่รายงานผล",
    "Collected", "Collection date",
                "Date collected", "วันที่เก็บตัวอย่าง", "วันที่เจาะเลือด", "Received date",
                "วันที่รับตัวอย่าง", "Registered", "วันที่ลงทะเบียน")  # fmt: skip
"""Stand for the visit's date only where no better caption is printed."""
SECOND_DATE = "Date?"
FIRST_NAME, LAST_NAME = "First name", "Last name"

OTHERS: dict[str, tuple[str, ...]] = {
    SECOND_DATE: SECOND_DATES,
    FIRST_NAME: ("First name", "Given name"),
    LAST_NAME: ("Last name", "Surname", "Family name", "นามสกุล", "สกุล"),
    "": (
        # captions whose values are not ours: they end the value before them, and shield what looks alike
        "HN", "VN", "AN", "ID", "Lab No", "Hospital number", "Patient ID", "เลขที่ HN", "รหัสผู้ป่วย",
        "รหัสผู้รับบริการ", "เลขประจำตัว",
        "เลขประจำตัวผู้ป่วย", "เลขบัตรประชาชน", "เลขประจำตัวประชาชน", "Sex", "Gender", "เพศ", "Tel", "โทร",
        "โทรศัพท์", "Phone",
        "Address", "ที่อยู่", "Company", "บริษัท", "หน่วยงาน", "แผนก", "Department", "สิทธิ", "สิทธิการรักษา",
        "กรุ๊ปเลือด", "หมู่เลือด",
        "Blood group", "Doctor", "Physician", "Doctor name", "Physician name", "แพทย์", "แพทย์ผู้ตรวจ",
        "ชื่อแพทย์", "Hospital No",
        "Print date", "Printed", "วันที่พิมพ์", "พิมพ์วันที่", "วันนัด", "วันที่นัด", "วันหมดอายุ",
        "Test name", "ชื่อการตรวจ", "Time", "เวลา",
        "Non-HDL", "Non-HDL cholesterol", "VLDL", "Chol/HDL", "Cholesterol/HDL", "TC/HDL", "LDL/HDL",
        "Cholesterol/HDL ratio",
        "LDL/HDL ratio", "Urine glucose", "Urine sugar", "น้ำตาลในปัสสาวะ", "Ideal weight",
        "Ideal body weight", "น้ำหนักมาตรฐาน",
        "น้ำหนักที่ควรเป็น", "น้ำหนักที่เหมาะสม", "น้ำหนักเกิน", "Nationality", "สัญชาติ", "Occupation",
        "อาชีพ", "Weight loss", "สรุปผล",
        "Conclusion", "คำแนะนำ", "Recommendation", "Remark", "หมายเหตุ", "Overweight", "Eye pressure",
        "ความดันลูกตา", "Employee ID",
        "รหัสพนักงาน", "Package", "โปรแกรม", "Postprandial glucose", "2 hr glucose", "Random glucose",
        "Random blood sugar",
    ),
}  # fmt: skip

HEADINGS: dict[str, tuple[str, ...]] = {
    "test": ("Test", "Tests", "Examination", "Investigation", "Test name", "Item", "Parameter", "รายการ",
    "รายการตรวจ", "การตรวจ",
             "ชื่อการตรวจ", "รายการทดสอบ"),
    "result": ("Result", "Results", "Value", "Your result", "Current", "Your value", "ผล", "ผลตรวจ",
    "ผลการตรวจ", "ค่าที่ได้", "ผลที่ได้",
               "ค่าที่ตรวจได้", "ผลครั้งนี้", "ครั้งนี้", "ผลตรวจครั้งนี้", "ผลการทดสอบ", "ค่าที่วัดได้",
               "ผลปัจจุบัน"),
    "unit": ("Unit", "Units", "หน่วย", "หน่วยวัด"),
    "reference": ("Reference", "Reference range", "Normal", "Normal range", "Normal value", "Reference value",
    "Reference interval",
                  "Ref. range", "Ref", "Range", "ค่าปกติ", "ค่าอ้างอิง", "เกณฑ์ปกติ", "เกณฑ์มาตรฐาน",
                  "ค่ามาตรฐาน", "ช่วงค่าปกติ", "ช่วงอ้างอิง"),
    "previous": ("Previous", "Previous result", "Last", "Last result", "ครั้งก่อน", "ผลครั้งก่อน",
    "ผลครั้งที่แล้ว", "ครั้งที่แล้ว", "ปีก่อน", "ปีที่แล้ว"),
    "flag": ("Flag", "Interpretation", "Status", "Remark", "แปลผล", "สรุป", "ความหมาย", "หมายเหตุ",
    "การแปลผล", "สรุปผล"),
}  # fmt: skip
"""Column headings of a table of results."""

COMMON = (
    "กก.",
    "ซม.",
    "ปี",
    "ม.",
    "มม.ปรอท",
    "กก./ม",
    "กิโลกรัม",
    "เซนติเมตร",
    "ปกติ",
    "ผิดปกติ",
    "สูง",
    "ต่ำ",
    "พ.ศ.",
    "ชาย",
    "หญิง",
)
"""Units and findings."""

MARKS = re.compile(r"[ัิ-ฺ็-๎]")
LEADING_MARKS = re.compile(rf"^{MARKS.pattern}+")
DROPPED = re.compile(r"[\s.\-–_,•*]")
SHORT = 4
"""Skeletons up to this length must be found exactly, and as words of their own."""
NOT_SO_SHORT = 3
"""A short Thai caption of this length that a colon follows may touch what stands before it."""
LIKENESS = 80.0
"""Per cent of a long caption's skeleton that must be right: one character in five."""


@dataclass(frozen=True, slots=True)
class Match:
    """A caption found in a text: characters `start` to `end` stand for `field`."""

    field: str
    start: int
    end: int
    weight: float
    """Length, much less for a caption that is only nearly right: between two that overlap, the heavier is meant."""


@dataclass(frozen=True, slots=True)
class _Skeleton:
    text: str
    positions: tuple[int, ...]
    """Where each character stood in the original."""


def skeleton(text: str) -> _Skeleton:
    kept = [
        (n, "า" if character == "ำ" else character.lower())
        for n, character in enumerate(text)
        if not (MARKS.match(character) or DROPPED.match(character)) and len(character.lower()) == 1
    ]
    return _Skeleton("".join(character for _, character in kept), tuple(n for n, _ in kept))


@cache
def _vocabulary(headings: bool) -> tuple[tuple[str, str], ...]:
    """(field, skeleton of a caption), every skeleton once."""
    tables = [HEADINGS] if headings else [CAPTIONS, OTHERS]
    words = {skeleton(word).text: field for table in tables for field, words in table.items() for word in words}
    return tuple((field, word) for word, field in words.items())


@cache
def known_words() -> frozenset[str]:
    """Skeletons of every Thai word of the tables above, and of what else these reports are full of."""
    words = [word for headings in (False, True) for _, word in _vocabulary(headings)]
    common = (skeleton(word).text for word in (*COMMON, *SHORT_MONTHS, *LONG_MONTHS))
    return frozenset(word for word in (*words, *common) if not word.isascii())


def find_captions(text: str) -> list[Match]:
    """Captions in `text` from left to right, none overlapping another."""
    return _find(text, _vocabulary(headings=False))


def find_headings(text: str) -> list[Match]:
    """Column headings in `text`, likewise."""
    return _find(text, _vocabulary(headings=True))


def _find(text: str, vocabulary: Sequence[tuple[str, str]]) -> list[Match]:
    bones = skeleton(text)
    found = [match for field, word in vocabulary for match in _occurrences(text, bones, field, word)]
    chosen: list[Match] = []
    for match in sorted(found, key=lambda match: (-match.weight, match.start)):
        if all(match.end <= other.start or match.start >= other.end for other in chosen):
            chosen.append(match)
    return sorted(chosen, key=lambda match: match.start)


def _occurrences(text: str, bones: _Skeleton, field: str, word: str) -> list[Match]:
    hits = [hit.span() for hit in re.finditer(re.escape(word), bones.text)]
    exact = [_match(bones, field, start, end, 1.0) for start, end in hits]
    standing = [match for match in exact if _stands_alone(text, match, word)]
    if standing or len(word) <= SHORT:
        return [_with_marks(text, match) for match in standing]
    near = fuzz.partial_ratio_alignment(word, bones.text, score_cutoff=LIKENESS)
    if not near or not near.dest_end - near.dest_start >= len(word) - 1:
        return []
    match = _with_marks(text, _match(bones, field, near.dest_start, near.dest_end, near.score / 100))
    return [match] if _is_whole(text, match) and not _has_foreign(text, match, word) else []


def _match(bones: _Skeleton, field: str, start: int, end: int, likeness: float) -> Match:
    return Match(field, bones.positions[start], bones.positions[end - 1] + 1, (end - start) * likeness**3)


def _with_marks(text: str, match: Match) -> Match:
    """The caption with the marks above and below its last letter."""
    return replace(match, end=match.end + len(text[match.end :]) - len(LEADING_MARKS.sub("", text[match.end :])))


def _is_whole(text: str, match: Match) -> bool:
    """No letter beside a caption that is only nearly right: it may be the beginning of quite another."""
    return not re.match(r"[A-Za-zก-๎]", text[: match.start][-1:]) and not re.match(r"[A-Za-zก-๎]", text[match.end :])


def _has_foreign(text: str, match: Match, word: str) -> bool:
    """Whether a caption that is only nearly right reaches over signs or digits that it does not have."""
    return any(sign not in word for sign in re.findall(r"[\d:()/]", text[match.start : match.end]))


def _stands_alone(text: str, match: Match, word: str) -> bool:
    """Latin captions and short Thai ones are words of their own: no letter of their script beside them."""
    before, after = text[: match.start][-1:], re.sub(MARKS, "", text[match.end :])[:1]
    if word.isascii():
        return not (before.isascii() and before.isalpha()) and not (after.isascii() and after.isalpha())
    if len(word) > SHORT or (len(word) >= NOT_SO_SHORT and re.match(rf"{MARKS.pattern}*\s*:", text[match.end :])):
        return True
    return not re.match(r"[ก-๎]", before) and not re.match(r"[ก-๎]", after)
