"""Who was examined, and where: names in Thai or Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from ocr_providers.engine.health_labels import FIRST_NAME, LAST_NAME, find_captions
from ocr_providers.engine.health_layout import Entry, chunks, row_of
from ocr_providers.engine.health_reading import Reading
from ocr_providers.engine.rows import Cell, source_of

COLUMN_GAP = 2.5
OTHER_BOX_GAP = 1.2
"""A name ends where so many text heights stay empty; before a box of its own, fewer."""
SURE_LATIN = 0.85
"""Below this, Latin letters are what the recogniser made of Thai that was not read."""
THAI_LETTER = re.compile(r"[ก-๎]")
THAI_NAME = re.compile(r"[ก-๎.\-]+")
LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z.'’\-]*,?")
TITLE = re.compile(
    r"(?:^|\s)(?:นาย|นางสาว|นาง|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|คุณ|Mr\.?|Mrs\.?|Ms\.?|Miss)(?=[\sก-๎A-Z])"
)
THAI_PLACE = re.compile(
    r"(?:โรงพยาบาล|รพ\.|คลินิก|ศูนย์ตรวจสุขภาพ|ศูนย์การแพทย์|ศูนย์แพทย์|ศูนย์สุขภาพ|สถานพยาบาล|สหคลินิก|สถาบัน)"
    r"[ก-๎.\-]*(?: [ก-๎.\-]+)*(?: \d{1,2})?(?![\d/-])"
)
LATIN_PLACE = re.compile(
    r"[A-Za-z][A-Za-z&.,'’\- ]*?\b(?:hospital|(?:poly)?clinic|(?:medical|health|wellness|check-?up) cent(?:er|re))\b"
    r"(?: \d{1,2}\b| [A-Z][A-Za-z]+)*",
    re.IGNORECASE,
)
THAI_PLACE_WORDS = ("โรงพยาบาล", "ศูนย์ตรวจสุขภาพ", "คลินิก")
LIKENESS = 85.0
TELEPHONE = re.compile(r"\s*(?:โทร|tel|ที่อยู่|เลขที่|ถนน).*", re.IGNORECASE | re.DOTALL)
SENTENCE = re.compile(r"ติดต่อ|กรุณา|โปรด|please|contact|\bthe\b", re.IGNORECASE)


def read_name(entries: Sequence[Entry], rows: Sequence[Sequence[Cell]]) -> Reading | None:
    """The name behind its caption, in one part or two; else the first name that begins with a title."""
    first = _captioned(entries, "Name") or _captioned(entries, FIRST_NAME)
    last = _captioned(entries, LAST_NAME)
    if first and last and last.value and first.value and " " not in str(first.value):
        return Reading(f"{first.value} {last.value}", first.source)
    return first if first and first.value else _titled(rows) or first


def _captioned(entries: Sequence[Entry], field: str) -> Reading | None:
    readings = [_name(_until_gap(entry.value.cells)) for entry in entries if entry.field == field]
    return next((reading for reading in readings if reading.value), readings[0] if readings else None)


def _until_gap(cells: Sequence[Cell]) -> list[Cell]:
    kept: list[Cell] = []
    for cell in cells:
        if kept and re.search(r"\w", kept[-1].text):
            widest = COLUMN_GAP if cell.word is kept[-1].word else OTHER_BOX_GAP
            if cell.left - kept[-1].right > widest:
                break
        kept.append(cell)
    return kept


def _name(cells: Sequence[Cell]) -> Reading:
    """The words of a name at the beginning of the cells; digits and signs end it."""
    cells = [cell for cell in cells if re.search(r"[^\W_]", cell.text)]
    thai = any(THAI_LETTER.search(cell.text) for cell in cells)
    part = THAI_NAME if thai else LATIN_NAME
    kept: list[Cell] = []
    for cell in cells:
        if not part.fullmatch(cell.text.strip(" :()")):
            break
        kept.append(cell)
    text = " ".join(cell.text.strip(" :()") for cell in kept)
    unsure = not thai and any(cell.word.score < SURE_LATIN for cell in kept)
    if not text or unsure:
        return Reading(source=source_of(cells), text=" ".join(cell.text for cell in cells) or None)
    return Reading(text, source_of(kept))


def _titled(rows: Sequence[Sequence[Cell]]) -> Reading | None:
    for row in rows:
        for chunk in chunks(row):
            title = TITLE.search(text := " ".join(cell.text for cell in chunk))
            if title and not find_captions(text):
                return _name(row_of(chunk).cells_in(title.start(), len(text)))
    return None


def read_hospital(entries: Sequence[Entry], rows: Sequence[Sequence[Cell]]) -> Reading | None:
    """The name behind its caption, else the largest print that names a place of treatment."""
    for entry in entries:
        if entry.field == "Hospital_name" and (reading := _place(entry.value.cells)):
            return reading
    named = [(_height(chunk), reading) for chunk in _headings(rows) if (reading := _place(chunk))]
    return max(named, key=lambda pair: pair[0])[1] if named else None


def _headings(rows: Sequence[Sequence[Cell]]) -> Iterator[list[Cell]]:
    for row in rows:
        yield from chunks(row)


def _height(cells: Sequence[Cell]) -> float:
    quad = cells[0].word.quad
    return float(abs(quad[3][1] - quad[0][1]))


def _place(cells: Sequence[Cell]) -> Reading | None:
    text = TELEPHONE.sub("", " ".join(cell.text for cell in cells))
    match = THAI_PLACE.search(text) or LATIN_PLACE.search(text)
    if SENTENCE.search(text):
        return None
    if match:
        return Reading(match.group().strip(), source_of(cells))
    return Reading(text.strip(), source_of(cells)) if _nearly_a_place(text) else None


def _nearly_a_place(text: str) -> bool:
    """Whether a line begins with a misread word for such a place."""
    return any(fuzz.ratio(text[: len(word)], word) >= LIKENESS for word in THAI_PLACE_WORDS)
