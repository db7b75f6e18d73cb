"""JSON Pointers to the cells of an invoice, in the vendor's own names."""

from __future__ import annotations

from functools import lru_cache

ROOT = "/medical_result"
TOTAL = f"{ROOT}/total_cost"
TOTAL_IN_WORDS = f"{ROOT}/extra/total_cost_in_words"
LINES = f"{ROOT}/cost_detail_list"
CATEGORIES = f"{ROOT}/cost_categories"
PAYMENTS = f"{ROOT}/payments_info"


def header(name: str) -> str:
    return f"{ROOT}/{name}"


@lru_cache(maxsize=32768)
def line(index: int, name: str) -> str:
    return f"{LINES}/{index}/{name}"


def category(index: int, name: str = "cost") -> str:
    return f"{CATEGORIES}/{index}/{name}"


def payment(index: int, name: str = "amount") -> str:
    return f"{PAYMENTS}/{index}/{name}"


def field_of(path: str) -> str:
    """The vendor's name at the end of a path: "price"."""
    return path.rpartition("/")[2]


def row_of(path: str) -> int:
    """Index of the row a path stands in; the path must be inside a list."""
    return int(path.split("/")[3])
