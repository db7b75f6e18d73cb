"""Sign-in rules: staff accounts are made by an administrator, never by signing up; two factors may be a duty."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.apps import AppConfig
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.http import HttpRequest

from claims import audit
from claims.staff import sessions
from ocr_providers import credentials

SECRET = "secret"  # noqa: S105 - a name
ENCRYPTED = ("secret", "seed")
"""Parts of a second factor's data that the adapter encrypts: of an app, of recovery codes."""


def rotate(data: dict[str, Any]) -> dict[str, Any]:
    """The data of a second factor with its secrets under the newest key."""
    return {name: credentials.rotate(part) if name in ENCRYPTED else part for name, part in data.items()}


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class StaffTwoFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        """Whoever reads a copy of the database cannot make anybody's codes."""
        return credentials.encrypt({SECRET: text})

    def decrypt(self, encrypted_text: str) -> str:
        return credentials.decrypt(encrypted_text)[SECRET]

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whoever must have a second factor cannot switch it off."""
        return not sessions.must_have_two_factor(authenticator.user)


def client_address(request: HttpRequest) -> str | None:
    """Whose failed sign-ins are counted together: behind a proxy not everybody's. `None` where nothing says it."""
    try:
        address: str = StaffAccountAdapter().get_client_ip(request)
    except PermissionDenied:
        return None
    return address


def ensure_cache(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`: the table behind `CACHES`, for which Django has a command and no migration."""
    call_command("createcachetable", database=kwargs.get("using", "default"), verbosity=0)


def record_authenticator(sender: Any, user: Any, authenticator: Any, signal: Any, **_kwargs: Any) -> None:
    """A second factor that was set up or taken away goes on record."""
    from allauth.mfa import signals

    happened = {
        signals.authenticator_added: "person.two-factor-on",
        signals.authenticator_removed: "person.two-factor-off",
    }
    action = happened.get(signal, "person.recovery-codes-made")
    audit.record(person=user, action=action, subject=str(authenticator.get_type_display()))


def record_password(sender: Any, user: Any, **_kwargs: Any) -> None:
    """A password that its own person changed goes on record."""
    audit.record(person=user, action="person.password-changed", subject=user.get_username())


def connect() -> None:
    from allauth.account.signals import password_changed
    from allauth.mfa import signals

    password_changed.connect(record_password, dispatch_uid="claims.accounts.password")
    for signal in (signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset):
        signal.connect(record_authenticator, dispatch_uid=f"claims.accounts.{id(signal)}")
