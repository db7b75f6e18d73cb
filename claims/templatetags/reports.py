"""How figures of a report are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template

from claims.reports.report import Item

register = template.Library()


@register.filter
def figure(item: Item) -> str:
    """Thousands separated; a dash for what is not known."""
    if item is None:
        return "–"
    if isinstance(item, int | Decimal):
        return f"{item:,}"
    return item.isoformat() if isinstance(item, date) else item


@register.filter
def is_number(item: Item) -> bool:
    """Numbers stand at the right."""
    return item is None or isinstance(item, int | Decimal)
