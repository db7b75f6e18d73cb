"""Identity numbers: the Chinese 公民身份号码 (GB 11643) and the Thai national number.

A social security number of 18 characters is the identity number (Social Insurance Law, art. 58); older forms print a
card number of another length instead, which has no check digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ocr_providers.arithmetic.days import latest_today
from ocr_providers.arithmetic.misreadings import CONFUSED

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()  # noqa: SIM905
)
FIRST_YEAR = 1900
LENGTH = 18
SHAPES = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)|(?<!\d)\d{13}(?!\d)", re.ASCII)
"""What may be an identity number inside of a longer text."""


def normal(text: str) -> str:
    """Without spaces, x as X."""
    return "".join(text.split()).upper()


def has_identity_shape(text: str) -> bool:
    """17 digits and a digit or X: whether it is an identity number is another question."""
    number = normal(text)
    return len(number) == LENGTH and number[:17].isdigit() and number[17] in "0123456789X" and number.isascii()


def birth_date(text: str) -> date | None:
    """Digits 7 to 14; `None` when they are no date of a living person."""
    number = normal(text)
    if not has_identity_shape(number):
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= FIRST_YEAR and born <= latest_today() else None


def check_character(first_17: str) -> str:
    """GB 11643: Σ digit × weight mod 11, by table.

    >>> check_character("11010519491231002")
    'X'
    """
    return CHECK_CHARACTERS[
        sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True)) % len(CHECK_CHARACTERS)
    ]


def is_valid(text: str) -> bool:
    """Province, birth date and check character are all right."""
    number = normal(text)
    known = has_identity_shape(number) and number[:2] in PROVINCES and birth_date(number) is not None
    return known and check_character(number[:17]) == number[17]


def gender(text: str) -> int | None:
    """1 male, 2 female, as `patient_gender`; `None` unless the number is valid."""
    return 2 - int(normal(text)[16]) % 2 if is_valid(text) else None


def repairs(text: str) -> tuple[str, ...]:
    """Valid numbers that differ by one look-alike digit."""
    number = normal(text)
    return tuple(other for other in _look_alikes(number) if is_valid(other)) if has_identity_shape(number) else ()


def _look_alikes(number: str) -> Iterator[str]:
    for at, read in enumerate(number):
        for printed in "0123456789X":
            if read + printed in CONFUSED:
                yield number[:at] + printed + number[at + 1 :]


def is_valid_thai(text: str) -> bool:
    """13 digits; the last is (11 - Σ (13 - i) × digit mod 11) mod 10."""
    digits = [int(glyph) for glyph in text if glyph.isdecimal()]
    if len(digits) != 13:
        return False
    weighted = sum((13 - at) * digit for at, digit in enumerate(digits[:12]))
    return (11 - weighted % 11) % 10 == digits[12]


def hidden(text: str) -> str:
    """The text with everything that has the shape of an identity number starred out.

    >>> hidden('{"social_security_card_number": "11010519491231002X"}')
    '{"social_security_card_number": "110105********002X"}'
    """
    return SHAPES.sub(lambda found: f"{found[1]}********{found[2]}" if found[1] else "*" * 13, text)
