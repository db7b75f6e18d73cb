"""What a person is told of a verb that a page called: that it is done, or why it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.http import HttpRequest

from claims.deciding.decisions import Incomplete
from claims.guards import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

T = TypeVar("T")


def attempt(request: HttpRequest, act: Callable[[], T], done: StrOrPromise) -> T | None:
    """What `act` gives; `None` when the state of things does not allow it. Either way the next page says so."""
    try:
        result = act()
    except (Refused, Incomplete) as error:
        messages.error(request, said(error))
        return None
    messages.success(request, str(done))
    return result


def said(error: Exception) -> str:
    """An error of a verb in words for the person."""
    if isinstance(error, Incomplete):
        return " ".join(message for _field, message in error.errors)
    return str(error)
