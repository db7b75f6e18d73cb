"""The way into the admin is the desk's own; and what a token is called there."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from rest_framework.authtoken.models import TokenProxy


@secure_admin_login  # type: ignore[untyped-decorator] # allauth ships no types
def sign_in(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """The desk's sign-in page instead of the admin's own, which asks nobody for a second factor."""
    return redirect("admin:index")


admin.site.login = sign_in  # type: ignore[method-assign]


def _called_by_its_person(token: TokenProxy) -> str:
    """The one place that names a token: pages, Django's history and our log take this text, which was the key."""
    return str(token.user.get_username())


TokenProxy.__str__ = _called_by_its_person  # type: ignore[assignment,method-assign]
