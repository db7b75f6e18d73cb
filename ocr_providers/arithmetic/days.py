"""Which day it can be at most."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def latest_today() -> date:
    """The date where the day is farthest on: nothing printed can be later."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()
