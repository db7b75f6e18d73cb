"""The record of corrections as the page shows it: newest first, with what was taken back marked."""

from __future__ import annotations

from typing import Any

from claims.editing.undo import undone
from claims.masking import mask
from claims.models import Correction, Document
from claims.working_values.cells import HEADER, Cell, column_of

MOST_SHOWN = 200


def history(document: Document) -> list[dict[str, Any]]:
    """Two queries: all links between actions, which may be thousands, and the latest entries in full."""
    taken_back = undone(list(document.corrections.order_by("id").values_list("pk", "batch", "undoes")))
    latest = document.corrections.order_by("-id")[:MOST_SHOWN]
    return [_entry(item, item.pk in taken_back) for item in latest]


def _entry(item: Correction, taken_back: bool) -> dict[str, Any]:
    return {
        "id": item.pk,
        "at": item.made_at.isoformat(),
        "person": item.person,
        "cell": item.cell,
        "label": item.label,
        "old": shown_value(item.cell, item.old),
        "new": shown_value(item.cell, item.new),
        "why": item.why,
        "why_label": item.get_why_display(),
        "reason": item.reason,
        "batch": str(item.batch),
        "undone": taken_back,
    }


def shown_value(cell: str, value: Any) -> str | None:
    """One line of text: a value, the values of a whole row, or the place it moved to. Identity numbers masked."""
    if isinstance(value, dict):
        return " · ".join(value["values"].values()) if "values" in value else str(value["n"] + 1)
    if isinstance(value, str) and cell.startswith(HEADER) and column_of(Cell.parse(cell)).identity:
        return mask(value)
    return None if value is None else str(value)
