"""How likely is it that `printed` stands on the paper where `read` was read?

A reader makes one of a few kinds of mistake (shares of all mistakes, below) at one of the places where it is possible:
a mistake with more ways to happen is likelier, a particular digit of a long number less likely to be the one. Natural
logarithms, relative to each other. The digit pairs are those that OCR confuses on receipts (DOMAIN notes, and errors of
the local engine on low-resolution pictures); everything else that happens to numbers costs more.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache
from operator import ne

from ocr_providers.arithmetic.money import digits_of

CONFUSED = frozenset(
    pair
    for group in ("0689", "147", "13", "358", "356", "27", "49")
    for first in group
    for pair in (first + second for second in group if second != first)
)
"""Ordered pairs of digits that look alike: 0/6/8/9, 1/4/7, 1/3, 3/5/8, 3/5/6, 2/7, 4/9."""

SAME = 0.0
SECOND_CHOICE = -1.0
"""The OCR engine itself named this value as its second choice."""
SIGN_LOST = -6.0
ANYTHING = -14.0
"""No known way from one number to the other."""
PLAUSIBLE = -8.0
"""The least likely mistake that counts as one slip of the reader."""

CONFUSION = 0.45
OTHER_DIGIT = 0.06
DIGIT_DROPPED = 0.1
DIGIT_DOUBLED = 0.1
DIGIT_ADDED = 0.05
SWAPPED_NEIGHBOURS = 0.1
POINT_LOST = 0.08
POINT_MOVED = {1: 0.05, 2: 0.02, 3: 0.002, 4: 0.002}
"""By so many places, in each direction."""
OTHER_ZEROS = 4
"""A point that moved leaves the zeros at the end as they were; so much less likely is it where they are not."""
TWO_CONFUSIONS = 0.004
LOOK_ALIKES = 3
"""So many digits look like one, on average."""

WRITINGS = (0.35, 0.1, 0.55)
"""How an amount stands on the paper: shares of as few decimals as it needs, of at least one, of two."""
WHOLE_WRITINGS = (0.65, 0.2, 0.15)
"""How a count of pieces does."""


def is_possible(read: Decimal, printed: Decimal) -> bool:
    """False only where no mistake leads from one number to the other: quick, where `likelihood` is thorough.

    A digit confused, or two, change a number by one or two digits with zeros or nines between them; one lost or added
    before the point by a whole number, and about tenfold; one behind it by less than 1. A point moves, the digits stay.
    """
    if read.is_signed() is not printed.is_signed():
        return read == -printed
    off = abs(read - printed)
    if off < 1 or significant(off) in DIFFERENCES or significant(read) == significant(printed):
        return True
    less, more = sorted((abs(read), abs(printed)))
    return 5 * less <= more <= 20 * less and off == off.to_integral_value()


def significant(number: Decimal) -> str:
    """Its digits from the first to the last that is not 0: "125" for 0.1250 and for -12500."""
    return digits_of(number).replace(".", "").strip("-0")


MOST_DIGITS = 16
DIFFERENCES = frozenset(
    str(first * 10**places + sign * second).strip("0")
    for places in range(1, MOST_DIGITS)
    for sign in (1, -1)
    for first in range(10)
    for second in range(10)
    if first or sign * second > 0
)
"""Significant digits of all differences that one or two changed digits make."""


@lru_cache(maxsize=65536)
def likelihood(read: Decimal, printed: Decimal, *, whole: bool = False) -> float:
    """Logarithm of the likelihood of reading `read` where `printed` stands. `whole`: it is a count of pieces."""
    if read == printed:
        return SAME
    if read == -printed:
        return SIGN_LOST
    shares = WHOLE_WRITINGS if whole else WRITINGS
    chances = (_chance_of(read, text) * share for text, share in zip(_writings(printed), shares, strict=True) if text)
    return _logarithm(sum(chances))


@lru_cache(maxsize=65536)
def likelihood_as_written(read: str, printed: str) -> float:
    """As `likelihood`, of two texts that are known to the last zero."""
    if read == printed:
        return SAME
    moved = _chance_of_moved_point(read, printed)
    if moved and read.replace(".", "") != printed.replace(".", ""):
        moved /= OTHER_ZEROS
    return _logarithm(moved + sum(_chance(text, printed) for text in _with_leading_zeros(read, len(printed))))


def _logarithm(chance: float) -> float:
    return max(ANYTHING, math.log(chance)) if chance else ANYTHING


def _chance_of(read: Decimal, printed: str) -> float:
    plain = (text for text in _writings(read) if text)
    texts = {text for writing in plain for text in _with_leading_zeros(writing, len(printed))}
    return sum(_chance(text, printed) for text in texts) + _chance_of_moved_point(digits_of(read), printed)


def _with_leading_zeros(read: str, length: int) -> set[str]:
    """The value does not show zeros that were seen before it: 20.00 with swapped digits is 02.00; and it shows one that
    was not: 1.30 without its first digit is .30."""
    missing = length - len(read)
    if missing > 0:
        return {read, read.rjust(length, "0"), read.rjust(length - 1, "0")}
    return {read, read[1:]} if read.startswith("0.") else {read}


def _chance_of_moved_point(read: str, printed: str) -> float:
    """The same digits with the decimal point at another place."""
    if "." not in printed or read.replace(".", "").strip("-0") != printed.replace(".", "").strip("-0"):
        return 0.0
    a, b = Decimal(read), Decimal(printed)
    return POINT_MOVED.get(abs(a.adjusted() - b.adjusted()), 0.0) if (a < 0) is (b < 0) else 0.0


@lru_cache(maxsize=65536)
def _writings(number: Decimal) -> tuple[str, str, str]:
    """The ways a number may stand on the paper, as in `WRITINGS`; "" for one that would lose a decimal."""
    plain = f"{number.normalize():f}"
    places = len(plain.partition(".")[2])
    return plain, (f"{number:.1f}" if places <= 1 else ""), (f"{number:.2f}" if places <= 2 else "")


def _chance(read: str, printed: str) -> float:
    """That one thing happens to the characters of `printed` and they become `read`."""
    longer = len(read) - len(printed)
    if not longer:
        return _replaced(read, printed)
    if longer == -1:
        return _one_less(read, printed)
    return _one_more(read, printed) if longer == 1 else 0.0


def _replaced(read: str, printed: str) -> float:
    if sum(map(ne, read, printed)) > 2:
        return 0.0
    at = [n for n, (a, b) in enumerate(zip(read, printed, strict=True)) if a != b]
    if not all(read[n].isdigit() and printed[n].isdigit() for n in at):
        return 0.0
    digits = _digits(printed)
    alike = all(read[n] + printed[n] in CONFUSED for n in at)
    if len(at) < 2:
        return (CONFUSION / LOOK_ALIKES * alike + OTHER_DIGIT / 9) / digits if at else 0.0
    first, second = at
    swapped = second == first + 1 and (read[first], read[second]) == (printed[second], printed[first])
    pairs = digits * (digits - 1) / 2
    return SWAPPED_NEIGHBOURS / (digits - 1) * swapped + TWO_CONFUSIONS / LOOK_ALIKES**2 / pairs * alike


def _one_less(read: str, printed: str) -> float:
    """A digit or the point is lost."""
    lost, ways = _extra(read, printed)
    if lost == ".":
        return POINT_LOST
    return DIGIT_DROPPED * ways / _digits(printed)


def _one_more(read: str, printed: str) -> float:
    """A digit was read twice, or one that is not there."""
    added, ways = _extra(printed, read)
    if not added.isdigit():
        return 0.0
    digits = _digits(printed)
    return DIGIT_DOUBLED * (ways - 1) / digits + DIGIT_ADDED / 10 / (digits + 1)


def _extra(shorter: str, longer: str) -> tuple[str, int]:
    """The character that `longer` has more, and at how many places it may have come in; ("", 0) if it is not so."""
    same = 0
    while same < len(shorter) and shorter[same] == longer[same]:
        same += 1
    if shorter[same:] != longer[same + 1 :]:
        return "", 0
    run = longer[: same + 1]
    return longer[same], len(run) - len(run.rstrip(longer[same]))


def _digits(text: str) -> int:
    return len(text) - text.count(".") - text.count("-")


@lru_cache(maxsize=4096)
def slips(read: Decimal) -> tuple[Decimal, ...]:
    """Numbers that one usual mistake turns into `read`: a digit confused, dropped, doubled or exchanged with its
    neighbour, or the point moved."""
    if read < 0:
        return tuple(-other for other in slips(-read))
    writings = [text for text in _writings(read) if text]
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
