"""A value together with where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from ocr_providers.results import Source

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """`value` is `None` where characters were found that are no such value; they are kept in `source.text`."""

    value: T_co
    source: Source

    @property
    def derived(self) -> bool:
        return self.source.derived


def derived(value: T, *, because: str = "") -> Found[T]:
    """A value computed from others; `because` keeps the characters that did not make a value, if there were any."""
    return Found(value, Source(text=because, derived=True))
