"""Identity numbers, shown so that a person can tell two apart and cannot copy one (DOMAIN notes 7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

HIDDEN = "*"
SHORTEST = 4
"""Shorter texts are not looked for elsewhere: they would hide harmless digits."""


def mask(number: str) -> str:
    """`110105********002X`: of long numbers the first six and the last four, of shorter ones less."""
    length = len(number)
    first, last = (6, 4) if length >= 15 else (2, 2) if length >= 8 else (1, 0)
    return number[:first] + HIDDEN * max(0, length - first - last) + number[length - last :]


def hide(value: Any, numbers: Iterable[str]) -> Any:
    """Any JSON with each of the numbers masked wherever it stands in a text."""
    wanted = sorted({number for number in numbers if len(number) >= SHORTEST}, key=len, reverse=True)
    return _hide(value, wanted) if wanted else value


def _hide(value: Any, numbers: list[str]) -> Any:
    if isinstance(value, str):
        for number in numbers:
            value = value.replace(number, mask(number))
        return value
    if isinstance(value, dict):
        return {_hide(key, numbers): _hide(item, numbers) for key, item in value.items()}
    return [_hide(item, numbers) for item in value] if isinstance(value, list) else value
