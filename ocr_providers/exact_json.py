"""JSON with exact numbers, both ways: what a vendor wrote is kept digit for digit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import simplejson

from ocr_providers.results import JSON

MOST_DIGITS_OF_INT = 4000
"""Python refuses to make an `int` of much more (`sys.get_int_max_str_digits`)."""


def loads(text: str | bytes) -> JSON:
    """JSON with exact numbers: fractions become `Decimal`. Raises `ValueError` when it is not JSON."""
    try:
        value: JSON = simplejson.loads(text, use_decimal=True, parse_constant=str)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    except simplejson.JSONDecodeError:
        raise
    except ValueError:  # a whole number of thousands of digits, or no text at all
        value = simplejson.loads(text, use_decimal=True, parse_constant=str, parse_int=_whole_number)
    return value


def _whole_number(digits: str) -> int | str:
    """One absurd number does not cost the whole answer: it is kept as its text, which no field of a number takes."""
    return int(digits) if len(digits) <= MOST_DIGITS_OF_INT else digits


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which JSON may hold and no database stores."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def dumps(value: object, *, indent: int | None = None) -> str:
    """As `json_text`, for a database or a page: half a character (a lone surrogate) becomes a question mark."""
    return storable(json_text(value, indent=indent))


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON; a `Decimal` is written digit for digit as a number, a date as YYYY-MM-DD. May hold lone surrogates."""
    text: str = simplejson.dumps(
        value, use_decimal=True, ensure_ascii=False, indent=indent, default=_encode, namedtuple_as_object=False
    )
    return text


def _encode(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"not JSON: {type(value).__name__}")
