"""Who calls the API: a signed-in browser or a token."""

from __future__ import annotations

from drf_spectacular.authentication import SessionScheme as DrfSessionScheme
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(DrfSessionAuthentication):
    """Answers 401 when nobody is signed in, so that a page can tell an expired session from a forbidden act (403)."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SessionScheme(DrfSessionScheme):  # type: ignore[no-untyped-call] # its registration is untyped
    """The same, for the OpenAPI description."""

    target_class = "claims.api.authentication.SessionAuthentication"
