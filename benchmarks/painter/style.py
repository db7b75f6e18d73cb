"""How one form looks: fonts, inks, wordings. Chosen by the dice, so that no two series of pictures are alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from benchmarks.painter.fonts import BOLD, BRUSH, SANS, SERIF, Face, choose
from benchmarks.painter.sheet import Colour, Pen

FORM_INKS: tuple[Colour, ...] = ((112, 60, 22), (150, 48, 30), (30, 30, 34), (24, 66, 120), (92, 38, 30))
PAPERS: tuple[Colour, ...] = ((255, 255, 255), (255, 255, 255), (253, 252, 247), (250, 250, 252), (255, 251, 248))


@dataclass(frozen=True, slots=True)
class Style:
    caption: Pen
    value: Pen
    title: Pen
    rule: Colour
    paper: Colour
    colon: str
    date_format: str
    level_format: str
    """One of LEVEL_FORMATS' keys."""
    framed: bool
    """Rules down the columns too."""
    qr: bool
    row: int
    """Height of a line of writing in pixels."""

    def day(self, value: date) -> str:
        return value.strftime(self.date_format)

    @property
    def prints_ratio(self) -> bool:
        """Class B lines carry their self-pay ratio."""
        return "{ratio}" in LEVEL_FORMATS[self.level_format]["乙"]


def choose_style(dice: Random, size: int = 27) -> Style:
    """`size`: height of the writing in pixels."""
    faces: list[Face] = [choose(dice, (*SERIF, *SANS)) for _ in range(2)]
    ink = dice.choice(FORM_INKS)
    return Style(
        caption=Pen(faces[0], size, ink),
        value=Pen(faces[dice.choice((0, 1))], size, dice.choice(((20, 20, 24), (44, 44, 50), (16, 22, 60)))),
        title=Pen(choose(dice, (*BRUSH, *BOLD)), int(size * 1.7), ink),
        rule=ink,
        paper=dice.choice(PAPERS),
        colon=dice.choice(("：", "：", ":", ": ")),
        date_format=dice.choice(("%Y-%m-%d", "%Y-%m-%d", "%Y年%m月%d日", "%Y%m%d", "%Y/%m/%d")),
        level_format=dice.choice(tuple(LEVEL_FORMATS)),
        framed=dice.random() < 0.5,
        qr=dice.random() < 0.6,
        row=int(size * dice.uniform(1.5, 1.75)),
    )


LEVEL_FORMATS: dict[str, dict[str, str]] = {
    "class": {"甲": "甲类", "乙": "乙类", "丙": "自费"},
    "class with ratio": {"甲": "甲类", "乙": "乙类{ratio}", "丙": "丙类"},
    "short": {"甲": "甲", "乙": "乙", "丙": "丙"},
    "share": {"甲": "无自付", "乙": "有自付{ratio}", "丙": "全自付"},
}


def level_text(style: Style, level: str | None, ratio: str) -> str:
    """The class as the form prints it; empty when the line has none."""
    return LEVEL_FORMATS[style.level_format][level].format(ratio=ratio) if level else ""
