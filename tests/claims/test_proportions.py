"""Limits of a share that was counted, against published values."""

from __future__ import annotations

import pytest

from claims.proportions import share


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (10, 100, 0.0552, 0.1744),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_wilson_limits_are_those_of_the_tables(hits: int, of: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3, and the closed forms for 0 and all."""
    found = share(hits, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.value == pytest.approx(hits / of)


def test_without_a_sample_it_may_be_anything() -> None:
    empty = share(0, 0)
    assert (empty.value, empty.low, empty.high) == (None, 0.0, 1.0)


def test_more_hits_than_tries_are_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        share(3, 2)
