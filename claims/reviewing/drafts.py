"""Changes that a browser could not send yet outlive its crash: it keeps them sealed with a key that only their person
gets (docs/decisions/0020-unsent-changes-are-kept-sealed.md)."""

from __future__ import annotations

import base64

from django.utils.crypto import salted_hmac

from claims.models import User


def key_of(user: User) -> str:
    """256 bits in Base64, the same after the next sign-in; another one when the password has changed."""
    digest = salted_hmac("claims.drafts", f"{user.pk}/{user.get_session_auth_hash()}", algorithm="sha256").digest()
    return base64.b64encode(digest).decode()
