"""How numbers were written: whether the reading kept the zeros at the end, and with how many decimals a column prints.

Where it did, a number with other decimals than its column has lost a digit or its point; where it did not (a binary
float drops the zeros), nothing follows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.money import decimals, digits_of

FEWEST = 4
"""So many numbers show a habit, and so many times as many as there are others."""


MONEY = "money"


@lru_cache(maxsize=32768)
def column_of(path: str) -> str:
    """The number's column in the detail list: "amount", "unit_price" or "selfpay_ratio"; `MONEY` for what was paid or
    charged, wherever it stands; "" for the amount in capitals."""
    name = paths.field_of(path)
    if name == "amount":
        return name if path.startswith(paths.LINES) else MONEY
    return "" if path == paths.TOTAL_IN_WORDS else name if name in ("unit_price", "selfpay_ratio") else MONEY


def is_quantity(path: str) -> bool:
    return column_of(path) == "amount"


def is_money(path: str) -> bool:
    """An amount that was paid or charged, in digits: no quantity, ratio or unit price."""
    return column_of(path) == MONEY


def written_places(cells: Mapping[str, Decimal]) -> dict[str, int]:
    """Decimals that a number's column is printed with, by path, where the reading kept the zeros."""
    columns: defaultdict[str, list[str]] = defaultdict(list)
    for path in cells:
        columns[column_of(path)].append(path)
    return _column(columns["unit_price"], cells) | _column(columns[MONEY], cells)


def _column(column: Sequence[str], cells: Mapping[str, Decimal]) -> dict[str, int]:
    counts = Counter(places_of(cells[path]) for path in column)
    places, count = counts.most_common(1)[0] if counts else (0, 0)
    if count < FEWEST or (len(column) - count) * FEWEST > count:
        return {}
    kept = any(decimals(cells[path]) < places == places_of(cells[path]) for path in column)
    return dict.fromkeys(column, places) if kept else {}


def places_of(number: Decimal) -> int:
    """Digits after the point as they came, zeros included."""
    return len(digits_of(number).partition(".")[2])
