"""Amounts in Chinese capitals (大写金额), as printed on receipts (DOMAIN notes 1.8).

Forms are compared by value, never as text: 壹拾万柒仟元 and 壹拾万零柒仟元 are the same amount.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

DIGITS = {
    glyph: value
    for value, glyphs in enumerate(
        ("零〇○另⊗×✕xX", "壹一弌", "贰二貳弍两", "叁三叄參弎", "肆四", "伍五", "陆六陸", "柒七", "捌八", "玖九")
    )
    for glyph in glyphs
}
UNITS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
SECTIONS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_AMOUNT = re.compile(r"(?:(?P<yuan>[^元圆圓角分]*)[元圆圓])?(?:(?P<jiao>[^元角分])角)?(?:(?P<fen>[^元角分])分)?")
_NOISE = re.compile(r"人民币|合计|大写|[整正￥¥$\s:：()（）,，.。]")


@lru_cache(maxsize=4096)
def parse_amount_in_words(text: str) -> Decimal | None:
    """The amount, or `None` when it cannot be understood in full ("cannot be checked", never a guess).

    >>> parse_amount_in_words("壹万陆仟肆佰零玖元零贰分")
    Decimal('16409.02')
    """
    cleaned = _NOISE.sub("", text)
    minus = cleaned.startswith("负")
    match = _AMOUNT.fullmatch(_without_joining_zeros(cleaned.removeprefix("负")))
    if not match or not any(match.groupdict().values()):
        return None
    parts = [_whole(match["yuan"] or ""), _digit(match["jiao"]), _digit(match["fen"])]
    if None in parts:
        return None
    yuan, jiao, fen = (part or 0 for part in parts)
    amount = Decimal(yuan * 100 + jiao * 10 + fen).scaleb(-2)
    return -amount if minus else amount


def _without_joining_zeros(text: str) -> str:
    """A zero that only joins two parts stands before a digit: 元零贰分, 元零伍角."""
    return re.sub(r"([元圆圓角])[零〇○另](?=[^零角分][角分])", r"\1", text)


def _digit(glyph: str | None) -> int | None:
    return 0 if glyph is None else DIGITS.get(glyph)


def _whole(text: str) -> int | None:
    """The part before 元: digits, 拾佰仟 within a section, 万 and 亿 between sections."""
    result = section = digit = 0
    for glyph in text:
        if glyph in DIGITS:
            digit = DIGITS[glyph]
        elif glyph in UNITS:
            # 拾贰元 is twelve: a ten at the beginning stands for itself.
            section += (digit or int(glyph in "拾十" and not section)) * UNITS[glyph]
            digit = 0
        elif glyph in SECTIONS:
            result = (
                (result + section + digit) * SECTIONS[glyph] if glyph in "亿億" else result + (section + digit) * 10_000
            )
            section = digit = 0
        else:
            return None
    return result + section + digit
