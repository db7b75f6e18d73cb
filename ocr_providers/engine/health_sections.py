"""Sections of a laboratory report: sugar among the findings in urine is none of the blood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_providers.engine.rows import Cell

URINE = re.compile(r"urin|ปัสสาวะ|尿(?:常规|液|分析)", re.IGNORECASE)
OTHER_SECTION = re.compile(
    r"blood|chemistry|lipid|h[ae]+matology|\bcbc\b|liver|kidney|renal|serology|immunology|vital|physical|thyroid|stool"
    r"|x-?ray|เคมี|เลือด|ไขมัน|ตับ|ไต|ร่างกาย|อุจจาระ|เอกซเรย์|血|生化|肝功|肾功|粪便|一般检查",
    re.IGNORECASE,
)
FIGURE = re.compile(r"\d")
ANY_SUGAR = re.compile(r"(?:glucose|sugar|น้ำตาล|กลูโคส|葡萄糖)\W*", re.IGNORECASE)
"""A caption that does not say of what."""
EDGE = 3.0
"""What stands this much left of a section's heading, text heights, is still below it."""


@dataclass(frozen=True, slots=True)
class Section:
    """Where the findings in urine stand, from left to right, in text heights; nowhere in another section."""

    left: float
    right: float


def section_of(chunks: Sequence[Sequence[Cell]]) -> Section | None:
    """The section that a line without figures is the heading of; `None` for any other line."""
    texts = [" ".join(cell.text for cell in chunk) for chunk in chunks]
    if any(FIGURE.search(text) for text in texts):
        return None
    urine = next((n for n, text in enumerate(texts) if URINE.search(text)), None)
    if urine is not None:
        right = chunks[urine + 1][0].left - EDGE if urine + 1 < len(chunks) else float("inf")
        return Section(chunks[urine][0].left - EDGE, right)
    return Section(0.0, 0.0) if len(texts) == 1 and OTHER_SECTION.search(texts[0]) else None


def is_of_urine(field: str, caption: Sequence[Cell], section: Section | None) -> bool:
    """Whether a caption that may stand for sugar in blood or in urine stands among findings in urine."""
    if field != "FBS" or section is None or not caption:
        return False
    text = " ".join(cell.text for cell in caption)
    return section.left < caption[0].left < section.right and ANY_SUGAR.fullmatch(text.strip()) is not None
