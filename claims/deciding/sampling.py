"""Draws at random that nobody can foresee, choose or repeat, and that an auditor can check.

A draw is the keyed digest (HMAC-SHA256, RFC 2104) of its purpose and the claim's number, read as a number between 0
and 1. The same claim always draws the same: reopening it or trying again changes nothing. Without the desk's
`SECRET_KEY` nobody knows beforehand which number is drawn.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from django.utils.crypto import salted_hmac

DIGITS = 8


class Purpose(StrEnum):
    """Each has draws of its own."""

    STRAIGHT_THROUGH = "straight-through"
    SECOND_REVIEW = "second-review"


def draw(purpose: Purpose, number: str) -> Decimal:
    """From 0 up to, but not including, 1, with eight digits; even to within one in a thousand million."""
    digest = salted_hmac(f"claims.sampling.{purpose}", number, algorithm="sha256").digest()
    return Decimal(int.from_bytes(digest) % 10**DIGITS).scaleb(-DIGITS)
