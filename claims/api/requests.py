"""What every API view does first: who asks, and what the body says."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import Serializer

from claims.models import User

MOST_DIGITS = 18
"""Of a number that every database holds."""


def caller(request: Request) -> User:
    """The signed-in person; the permission class has refused everybody else already."""
    assert isinstance(request.user, User)  # noqa: S101 - for the type checker
    return request.user


def known_revision(request: Request) -> int | None:
    """`?revision=`: what the page shows already; `None` when it does not say."""
    text = request.query_params.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def read(request: Request, serializer: type[Serializer[Any]]) -> dict[str, Any]:
    """The checked body; raises `ValidationError` (400)."""
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)
