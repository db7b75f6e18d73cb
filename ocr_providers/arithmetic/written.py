"""How numbers were written: whether the reading kept the zeros at the end, and with how many decimals a column prints.

Where it did, a number with other decimals than its column has lost a digit or its point; where it did not (a binary
float drops the zeros), nothing follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.money import decimals

FEWEST = 4
"""So many numbers show a habit, and so many times as many as there are others."""


def is_quantity(path: str) -> bool:
    return path.endswith("/amount") and "/cost_detail_list/" in path


def is_money(path: str) -> bool:
    """An amount that was paid or charged, in digits: no quantity, ratio or unit price."""
    return (
        not is_quantity(path) and not path.endswith(("/unit_price", "/selfpay_ratio")) and path != paths.TOTAL_IN_WORDS
    )


def written_places(cells: Mapping[str, Decimal]) -> dict[str, int]:
    """Decimals that a number's column is printed with, by path, where the reading kept the zeros."""
    unit_prices = [path for path in cells if path.endswith("/unit_price")]
    amounts = [path for path in cells if is_money(path)]
    return _column(unit_prices, cells) | _column(amounts, cells)


def _column(column: Sequence[str], cells: Mapping[str, Decimal]) -> dict[str, int]:
    counts = Counter(places_of(cells[path]) for path in column)
    places, count = counts.most_common(1)[0] if counts else (0, 0)
    if count < FEWEST or (len(column) - count) * FEWEST > count:
        return {}
    kept = any(decimals(cells[path]) < places == places_of(cells[path]) for path in column)
    return dict.fromkeys(column, places) if kept else {}


def places_of(number: Decimal) -> int:
    """Digits after the point as they came, zeros included."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
