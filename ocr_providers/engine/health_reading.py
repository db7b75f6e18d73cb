"""A value of a health-check report as it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from ocr_providers.results import Source


@dataclass(frozen=True, slots=True)
class Reading:
    """What becomes a `HealthValue` and its `Source`."""

    value: Decimal | str | None = None
    source: Source = field(default_factory=Source)
    unit: str | None = None
    """As printed."""
    reference: str | None = None
    """As printed."""
    text: str | None = None
    """As printed, where that differs from the value."""
