"""Who calls the API: a signed-in browser or a token."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme as DrfSessionScheme
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

PAGE_OF = "X-Page-Of"
"""Header: id of the person whose page it is that asks."""


class SessionAuthentication(DrfSessionAuthentication):
    """Answers 401 when nobody is signed in, so that a page can tell an expired session from a forbidden act (403).

    And when somebody else has signed in since the page was opened: nobody works under another person's name.
    """

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        page_of = request.headers.get(PAGE_OF)
        if found and page_of and page_of != str(found[0].pk):
            raise AuthenticationFailed(_("Somebody else is signed in here now."))
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SessionScheme(DrfSessionScheme):  # type: ignore[no-untyped-call] # its registration is untyped
    """The same, for the OpenAPI description."""

    target_class = "claims.api.authentication.SessionAuthentication"
