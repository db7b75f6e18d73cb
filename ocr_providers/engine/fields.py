"""Captions and their values outside the table: "票据号码：3595736284", in one box, in two, or out of register.

A caption is looked for in every cell. Its value is what follows in the same cell, else the nearest cell to its right
at nearly the same height that fits the field and stands before the next caption. On pre-printed paper the typed values
sit higher or lower than their captions, so "nearly" is nearly a line. A value that is itself a caption is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rapidfuzz import fuzz, process

from ocr_providers.engine.field_captions import (
    ALL,
    ANY_CAPTION,
    INSTITUTION,
    LEGEND,
    NO_VALUE,
    Caption,
    day,
    institution,
    leading_money,
)
from ocr_providers.engine.found import Found
from ocr_providers.engine.rows import Cell, source_of
from ocr_providers.engine.text import squeezed

OUT_OF_REGISTER = 0.9
"""How far typed values may stand above or below pre-printed captions, text heights."""
REGISTER = 0.45
"""How far a value may stand off that, text heights."""
REACH = 14.0
"""How far to the right of its caption a value may begin, text heights."""
OVER_CAPTION = 1.0
"""How far a value may be typed over the end of its caption, text heights."""
WORD_GAP = 1.6
"""Parts of one text value are not further apart than this, text heights."""

NO_FIELDS = frozenset({"", "total", "record_no"})
"""Captions that are known, and stand at most for another one's value."""
INSURANCE = re.compile(r"自费")
"""A caption of a payment, and what is printed behind 医保类型."""

PLAIN_CAPTIONS = (
    "票据代码", "票据号码", "校验码", "交款人", "开票日期", "就诊日期", "业务流水号", "门诊号",
    "医疗机构类型", "医保类型", "医保编号", "社会保障号码", "收款单位", "收款人", "复核人",
    "医保统筹基金支付", "医保统筹支付", "其他支付", "个人账户支付", "个人现金支付", "个人自付", "个人自费",
    "自付一", "自付二", "住院号", "住院时间", "住院天数", "入院日期", "出院日期",
)  # fmt: skip
"""Captions as they are printed most, for those that were misread by a character."""
NEARLY = 74.0
"""Likeness (0..100) of a misread caption: one character of four."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A caption found in a cell, and the rest of the cell behind it."""

    caption: Caption
    label: Cell
    rest: Cell | None
    or_else: Caption | None = None
    """What a misread caption may be as well: one of the two is meant where the other was found elsewhere."""


def find_fields(cells: Sequence[Cell]) -> dict[str, Found[Any]]:
    """Values by field; the first caption that has a value wins. Fields without one are absent."""
    hits = _all_hits(cells)
    free = _free(cells, hits)
    search = _Search(hits, free, _register(hits, free))
    found: dict[str, Found[Any]] = {}
    for hit in (hit for hit in hits if hit.or_else is None):
        known = found.get(hit.caption.field)
        if (known is None or known.value is None) and (value := _value(hit, search)) is not None:
            found[hit.caption.field] = value
    for hit in (hit for hit in hits if hit.or_else is not None):
        meant = [each.field for each in (hit.caption, hit.or_else) if each and each.field not in found]
        if len(meant) == 1 and (value := _value(hit, search)) is not None:
            found[meant[0]] = value
    return _with_loose(found, cells)


def _all_hits(cells: Sequence[Cell]) -> list[Hit]:
    hits = sorted((hit for cell in cells for hit in _hits(cell)), key=lambda hit: (hit.label.middle, hit.label.left))
    types = [hit.label for hit in hits if hit.caption.field == "medical_insurance_type" and hit.rest is None]
    return [hit for hit in hits if not any(_is_type(hit, label) for label in types)]


def _is_type(hit: Hit, label: Cell) -> bool:
    """自费 behind 医保类型 is that one's value, no caption."""
    beside = 0 < hit.label.left - label.right < REACH / 2 and abs(hit.label.middle - label.middle) < OUT_OF_REGISTER
    return beside and hit.rest is None and INSURANCE.fullmatch(hit.label.text) is not None


def _free(cells: Sequence[Cell], hits: Sequence[Hit]) -> list[Cell]:
    """Cells that may be values: no captions, nor in one box with a caption unless behind a blank."""
    labelled = {id(hit.label.word) for hit in hits}
    return [cell for cell in cells if id(cell.word) not in labelled or _is_value_part(cell)]


def register_of(cells: Sequence[Cell]) -> float:
    """How much lower than their captions typed values stand on this page, text heights (negative: higher)."""
    hits = _all_hits(cells)
    return _register(hits, _free(cells, hits))


def _register(hits: Sequence[Hit], free: Sequence[Cell]) -> float:
    """What suits most captions that have no value in their own box."""
    offsets = [
        [cell.middle - hit.label.middle for cell in free if -OVER_CAPTION < cell.left - hit.label.right < REACH / 2]
        for hit in hits
        if hit.rest is None
    ]
    if len(offsets) < 4:
        return 0.0
    shifts = [step / 20 for step in range(-18, 19)]
    best = max(shifts, key=lambda shift: (len(_agreeing(offsets, shift)), -abs(shift)))
    return median(_agreeing(offsets, best) or [0.0])


def _agreeing(offsets: Sequence[Sequence[float]], shift: float) -> list[float]:
    """For each caption that has one, the offset nearest to `shift`."""
    nearest = [min(each, key=lambda offset: abs(offset - shift)) for each in offsets if each]
    return [offset for offset in nearest if abs(offset - shift) < 0.2]


def _with_loose(found: dict[str, Found[Any]], cells: Sequence[Cell]) -> dict[str, Found[Any]]:
    """Values without a caption of their own."""
    if "total" in found and ("total_cost" not in found or found["total_cost"].value is None):
        found["total_cost"] = found["total"]
    if "hospital_no" not in found and "record_no" in found:
        found["hospital_no"] = found["record_no"]
    if "hospital_name" not in found and (named := _loose_institution(cells)):
        found["hospital_name"] = named
    if "billing_date" not in found and (printed := _loose_date(cells)):
        found["billing_date"] = printed
    return {name: value for name, value in found.items() if name not in NO_FIELDS}


def _loose_institution(cells: Sequence[Cell]) -> Found[Any] | None:
    """A hospital's name that stands alone, as in the title of a detail list."""
    for cell in sorted(cells, key=lambda cell: cell.middle):
        match = INSTITUTION.match(cell.text)
        if match and not any(each.search(cell.text) for each in (NO_VALUE, LEGEND)) and institution(match[0]):
            return Found(match[0], source_of([cell]))
    return None


def _loose_date(cells: Sequence[Cell]) -> Found[Any] | None:
    """A date like 2019 年 11 月 07 日, struck between pre-printed characters: the lowest such row is the date."""
    years = [cell for cell in cells if re.match(r"(?:19|20)\d\d", cell.text)]
    for year in sorted(years, key=lambda cell: -cell.middle):
        behind = [
            cell
            for cell in cells
            if abs(cell.middle - year.middle) < OUT_OF_REGISTER and year.left <= cell.left < year.left + REACH
        ]
        run = sorted(behind, key=lambda cell: cell.left)[:6]
        if value := day("".join(cell.text for cell in run)):
            return Found(value, source_of(run))
    return None


def _in_one_box(label: Cell, cell: Cell) -> bool:
    """Printed together: the red number of a paper form is not struck with the values."""
    return cell.word is label.word and cell.first >= label.last


def _is_value_part(cell: Cell) -> bool:
    """A cell behind a blank in the same box as a caption."""
    return cell.first > 0 and not ANY_CAPTION.search(cell.text)


def _hits(cell: Cell) -> Iterator[Hit]:
    """Captions in a cell from left to right; each one's rest ends where the next begins."""
    found: list[tuple[int, int, Caption]] = []
    for caption in ALL:
        for match in re.finditer(caption.pattern, cell.text):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), caption))
    found = [each for each in sorted(found, key=lambda each: each[0]) if _stands_as_caption(cell.text, each)]
    nearly = [] if found else _misread_caption(cell.text)
    for at, (start, end, caption) in enumerate(found or nearly[:1]):
        until = found[at + 1][0] if at + 1 < len(found) else len(cell.text)
        begin = end + len(cell.text[end:until]) - len(cell.text[end:until].lstrip(":.)]( "))
        rest = cell.part(begin, until) if cell.text[begin:until].strip() else None
        yield Hit(caption, cell.part(start, end), rest, next((other for _, _, other in nearly[1:]), None))


def _misread_caption(text: str) -> list[tuple[int, int, Caption]]:
    """What stands before the first colon and is nearly a caption; two where it is as near to both."""
    head = text[: text.find(":")] if ":" in text else ""
    if len(head) < 3 or ANY_CAPTION.fullmatch(head):
        return []
    best = process.extract(head, PLAIN_CAPTIONS, scorer=fuzz.ratio, score_cutoff=NEARLY, limit=2)
    words = [word for word, score, _ in best if score == best[0][1]]
    captions = [next(caption for caption in ALL if re.fullmatch(caption.pattern, word)) for word in words]
    return [(0, len(head), caption) for caption in captions]


def _stands_as_caption(text: str, found: tuple[int, int, Caption]) -> bool:
    """A caption begins its cell, follows a figure or a bracket, or is followed by a colon ("医保类型:自费" has one)."""
    start, end, _ = found
    if start == 0 or text[start] == "(":
        return True
    return bool(re.match(r"[:(]", text[end:])) or bool(re.search(r"[\d().]$", text[:start]))


def _value(hit: Hit, search: _Search) -> Found[Any] | None:
    if hit.rest is not None:
        cells = [hit.rest, *search.run_after(hit.rest, hit.rest.middle)]
        if (found := _parsed(hit.caption, cells)) is not None:
            return found
    beside = search.right_of(hit.label)
    for cell in beside:
        run = [cell, *search.run_after(cell, cell.middle)]
        if (found := _parsed(hit.caption, run)) is not None:
            return found
    return _unread(hit, beside)


def _unread(hit: Hit, beside: Sequence[Cell]) -> Found[Any] | None:
    """An amount is printed that could not be read: no value, but its characters and its place."""
    if hit.caption.parse is not leading_money:
        return None
    cell = next(iter(beside), hit.rest)
    return Found(None, source_of([cell])) if cell and re.search(r"\d", cell.text) else None


def _parsed(caption: Caption, cells: Sequence[Cell]) -> Found[Any] | None:
    """The most cells of the run that together make a value; else the first alone."""
    for count in sorted({len(cells), 1}, reverse=True):
        text = " ".join(cell.text for cell in cells[:count])
        value = None if NO_VALUE.fullmatch(squeezed(text).strip(":")) else caption.parse(text)
        if value is not None:
            return Found(value, source_of(cells[:count]))
    return None


@dataclass(frozen=True, slots=True)
class _Search:
    """Where values may stand."""

    hits: Sequence[Hit]
    free: Sequence[Cell]
    register: float

    def right_of(self, label: Cell) -> list[Cell]:
        """Free cells right of a caption, at the register of the page, before the next caption; nearest first."""
        level = label.middle + self.register
        end = min(self._barrier(label), label.right + REACH)
        near = [
            cell
            for cell in self.free
            if (abs(cell.middle - level) < REGISTER or _in_one_box(label, cell))
            and label.right - OVER_CAPTION < cell.left < end
        ]
        return sorted(near, key=lambda cell: cell.left)

    def run_after(self, start: Cell, level: float) -> list[Cell]:
        """Free cells that follow each other without a gap, on one line."""
        run: list[Cell] = []
        right, barrier = start.right, self._barrier(start)
        for cell in sorted(self.free, key=lambda cell: cell.left):
            if abs(cell.middle - level) > REGISTER or not right - 0.5 < cell.left < min(right + WORD_GAP, barrier):
                continue
            if cell.word is start.word and cell.first <= start.first:
                continue
            run.append(cell)
            right = cell.right
        return run

    def _barrier(self, cell: Cell) -> float:
        """Where the next caption to the right begins."""
        labels = (hit.label for hit in self.hits)
        return min(
            (
                label.left
                for label in labels
                if abs(label.middle - cell.middle) < OUT_OF_REGISTER and label.left > cell.right - 0.3
            ),
            default=float("inf"),
        )
