"""JSON Pointers to the values of a health-check report."""

from __future__ import annotations

from ocr_providers.results import HealthReport


def path_of(report: HealthReport, key: str) -> str:
    """The cell of the first entry with this key; the key must be there."""
    wanted = key.casefold()
    return next(f"/data/{index}/value" for index, entry in enumerate(report.values) if entry.key.casefold() == wanted)


def paths_of(report: HealthReport, *keys: str) -> list[str]:
    """The cells of those keys that are there."""
    return [path_of(report, key) for key in keys if report.get(key)]
