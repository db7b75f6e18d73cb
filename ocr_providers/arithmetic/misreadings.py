"""How likely is it that `printed` stands on the paper where `read` was read?

Natural logarithms, relative to each other. The digit pairs are those that OCR confuses on receipts (DOMAIN notes, and
errors of the local engine on low-resolution pictures); everything else that happens to numbers costs more.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

CONFUSED = frozenset(
    pair
    for group in ("0689", "147", "358", "356", "27", "49")
    for first in group
    for pair in (first + second for second in group if second != first)
)
"""Ordered pairs of digits that look alike: 0/6/8/9, 1/4/7, 3/5/8, 3/5/6, 2/7, 4/9."""

SAME = 0.0
SECOND_CHOICE = -1.0
"""The OCR engine itself named this value as its second choice."""
CONFUSION = -3.0
POINT_MOVED = -3.3
DIGIT_DROPPED = -3.7
DIGIT_DOUBLED = -3.7
SWAPPED_NEIGHBOURS = -4.5
DIGIT_ADDED = -5.0
OTHER_DIGIT = -5.0
SIGN_LOST = -6.0
TWO_CONFUSIONS = -7.5
ANYTHING = -14.0
"""No known way from one number to the other."""

PLAUSIBLE = OTHER_DIGIT
"""The least likely mistake that counts as one slip of the reader."""


@lru_cache(maxsize=65536)
def likelihood(read: Decimal, printed: Decimal, *, pointless: bool = False) -> float:
    """Logarithm of the likelihood of reading `read` where `printed` stands. `pointless`: there was no point to lose."""
    if read == printed:
        return SAME
    if read == -printed:
        return SIGN_LOST
    if not pointless and _point_moved(read, printed):
        return POINT_MOVED
    pairs = {(a, b) for a in _writings(read) for b in _writings(printed)}
    return max(_slip(a, b) for a, b in pairs)


def _point_moved(read: Decimal, printed: Decimal) -> bool:
    """The same digits with the decimal point lost or at another place, by up to four digits."""
    a, b = read.normalize(), printed.normalize()
    return a.as_tuple()[:2] == b.as_tuple()[:2] and abs(a.adjusted() - b.adjusted()) <= 4


@lru_cache(maxsize=65536)
def _writings(number: Decimal) -> tuple[str, ...]:
    """The ways a number may have stood on the paper: "12.5" and "12.50"; "3", "3.0" and "3.00"."""
    plain = f"{number.normalize():f}"
    padded = (f"{number:.1f}", f"{number:.2f}")
    return (plain, *(text for text in padded if Decimal(text) == number and text != plain))


def _slip(read: str, printed: str) -> float:
    """One thing that may have happened to the characters."""
    if len(read) == len(printed):
        return _replaced(read, printed)
    if len(read) < len(printed) and printed[1:].lstrip("0").rjust(len(read), "0") == read:
        return DIGIT_DROPPED  # the first digit, and with it the zeros that then led
    if len(read) == len(printed) - 1 and _lacks_one(read, printed):
        return DIGIT_DROPPED
    if len(read) == len(printed) + 1 and _lacks_one(printed, read):
        return DIGIT_DOUBLED if _has_double(read, printed) else DIGIT_ADDED
    return ANYTHING


def _replaced(read: str, printed: str) -> float:
    at = [n for n, (a, b) in enumerate(zip(read, printed, strict=True)) if a != b]
    differing = [(read[n], printed[n]) for n in at]
    if any(not (a.isdigit() and b.isdigit()) for a, b in differing) or len(differing) > 2:
        return ANYTHING
    alike = all(a + b in CONFUSED for a, b in differing)
    if len(differing) == 1:
        return CONFUSION if alike else OTHER_DIGIT
    if at[1] - at[0] == 1 and differing[0] == differing[1][::-1]:
        return SWAPPED_NEIGHBOURS
    return TWO_CONFUSIONS if alike else ANYTHING


def _lacks_one(shorter: str, longer: str) -> bool:
    """`shorter` is `longer` with one digit left out."""
    at = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return longer[at].isdigit() and shorter[at:] == longer[at + 1 :]


def _has_double(longer: str, shorter: str) -> bool:
    """The extra digit of `longer` repeats its neighbour."""
    at = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return at > 0 and longer[at] == longer[at - 1]


@lru_cache(maxsize=4096)
def slips(read: Decimal) -> tuple[Decimal, ...]:
    """Numbers that one usual mistake turns into `read`: a digit confused, dropped, doubled or exchanged with its
    neighbour, or the point moved."""
    if read < 0:
        return tuple(-other for other in slips(-read))
    writings = _writings(read)
    texts = {
        text[:at] + digit + text[end:]
        for text in writings
        for at in range(len(text) + 1)
        for digit in "0123456789"
        for end in (at, at + 1)
        if end == at or text[at:end].isdigit()
    }
    pairs = [(text, at) for text in writings for at in range(len(text) - 1) if text[at : at + 2].isdigit()]
    texts |= {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for text, at in pairs}
    texts |= {text[:at] + text[at + 1 :] for text, at in pairs if text[at] == text[at + 1]}
    printed = {Decimal(text) for text in texts if not _LEADING_ZERO.match(text)}
    moved = {read.scaleb(places) for places in (-4, -3, -2, -1, 1, 2, 3, 4)}
    return tuple((printed | moved) - {read})


_LEADING_ZERO = re.compile(r"0\d")
