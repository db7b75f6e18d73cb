"""Types that every view needs."""

from __future__ import annotations

from django.http import HttpRequest

from claims.models import User


def signed_in(request: HttpRequest) -> User:
    """The person, where `@login_required` has made sure that there is one."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("signed_in() is for views behind @login_required")
    return user
