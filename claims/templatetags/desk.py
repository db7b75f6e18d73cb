"""Small helpers of every template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from claims.models import PaperRequest
from claims.presence import initials

register = template.Library()

register.filter("initials", initials)


@register.filter
def names(people: Iterable[Mapping[str, str]]) -> str:
    """The names of people as the API lists them: "陈静, Sarah Park"."""
    return ", ".join(person["name"] for person in people)


PAPER_TONES = {
    PaperRequest.State.REMINDER_DUE: "warning",
    PaperRequest.State.OVERDUE: "error",
    PaperRequest.State.RECEIVED: "done",
}


@register.filter
def paper_tone(state: PaperRequest.State) -> str:
    """The tone of the pill that shows how a request for papers stands."""
    return PAPER_TONES.get(state, "neutral")


@register.filter
def without_placeholder(field: BoundField) -> SafeString:
    """The control of a field whose label says already what its placeholder would repeat."""
    return field.as_widget(attrs={"placeholder": False})
