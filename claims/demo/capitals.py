"""An amount in Chinese capitals, as receipts print it beside the figure (会计基础工作规范, article 52)."""

from __future__ import annotations

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
SECTIONS = ("", "万", "亿")


def _section(number: int) -> str:
    """Four digits, zeros inside joined to one 零: 6409 is 陆仟肆佰零玖."""
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return text


def _whole(number: int) -> str:
    text = ""
    for level in (2, 1, 0):
        part = number // 10 ** (4 * level) % 10000
        if part:
            text += ("零" if text and part < 1000 else "") + _section(part) + SECTIONS[level]
    return text


def amount_in_words(amount: Decimal, *, yuan: str = "元", whole: str = "整") -> str:
    """`amount` (0 <= amount < 10^12, two decimals) in capitals: 16409.02 is 壹万陆仟肆佰零玖元零贰分."""
    cents = int(amount * 100)
    jiao, fen = cents // 10 % 10, cents % 10
    head = _whole(cents // 100)
    text = f"{head}{yuan}" if head else ""
    if not jiao and not fen:
        return f"{text or '零' + yuan}{whole}"
    text += f"{DIGITS[jiao]}角" if jiao else ("零" if head else "")
    return text + (f"{DIGITS[fen]}分" if fen else whole)
