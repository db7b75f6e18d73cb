"""Captions in cells: whole, misread by a character, several in one cell; each with what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ocr_providers.engine.field_captions import ALL, ANY_CAPTION, BARE_SELFPAY, PAYMENTS, Caption
from ocr_providers.engine.rows import Cell

INSURANCE = re.compile(r"[全普通]{0,2}自费")
"""What is printed behind 医保类型, and the caption of a payment as well."""

SECOND_SELFPAY = next(caption for caption in PAYMENTS if caption.field == "自付二")
PLAIN_CAPTIONS = (
    "票据代码", "票据号码", "校验码", "交款人", "开票日期", "就诊日期", "业务流水号", "门诊号",
    "医疗机构类型", "医保类型", "医保编号", "社会保障号码", "收款单位", "收款人", "复核人",
    "医保统筹基金支付", "医保统筹支付", "其他支付", "个人账户支付", "个人现金支付", "个人自付", "个人自费",
    "自付一", "自付二", "住院号", "住院时间", "住院天数", "入院日期", "出院日期",
)  # fmt: skip
"""Captions as they are printed most, for those that were misread by a character."""
SEALED_BRACKET = re.compile(r"^[收费专用章财务](?=[^):])")
NEARLY = 74.0
"""Likeness (0..100) of a misread caption: one character of four."""


OUT_OF_REGISTER = 0.9
"""How far typed values may stand above or below pre-printed captions, text heights."""
REACH = 14.0
"""How far to the right of its caption a value may begin, text heights."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A caption found in a cell, and the rest of the cell behind it."""

    caption: Caption
    label: Cell
    rest: Cell | None
    or_else: Caption | None = None
    """What a caption may be as well: one of the two is meant where the other was found elsewhere."""

    @property
    def misread(self) -> bool:
        """As like one caption as another: where neither was found elsewhere, nothing tells which is meant."""
        return self.or_else is not None and self.caption is not BARE_SELFPAY


def all_hits(cells: Sequence[Cell]) -> list[Hit]:
    """The captions of a page, from top to bottom."""
    hits = sorted((hit for cell in cells for hit in _hits(cell)), key=lambda hit: (hit.label.middle, hit.label.left))
    types = [hit.label for hit in hits if hit.caption.field == "medical_insurance_type" and hit.rest is None]
    return [hit for hit in hits if not any(_is_type(hit, label) for label in types)]


def _is_type(hit: Hit, label: Cell) -> bool:
    """自费 behind 医保类型 is that one's value, no caption."""
    beside = 0 < hit.label.left - label.right < REACH / 2 and abs(hit.label.middle - label.middle) < OUT_OF_REGISTER
    return beside and hit.rest is None and INSURANCE.fullmatch(hit.label.text) is not None


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
        begin = until - len(_behind(cell.text[start:end], cell.text[end:until]))
        rest = cell.part(begin, until) if cell.text[begin:until].strip() else None
        other = SECOND_SELFPAY if caption is BARE_SELFPAY else next((other for _, _, other in nearly[1:]), None)
        yield Hit(caption, cell.part(start, end), rest, other)


def _behind(caption: str, rest: str) -> str:
    """The rest without colons and brackets; a stroke of a seal makes a character of its legend of a closing one."""
    if caption.count("(") > caption.count(")"):
        rest = SEALED_BRACKET.sub("", rest)
    return rest.lstrip(":.)]( ")


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
