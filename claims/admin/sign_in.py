"""API tokens and second factors: made and taken away here. Their secrets stand on no page and in no log."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from rest_framework.authtoken.admin import TokenAdmin
from rest_framework.authtoken.models import TokenProxy

from ocr_providers.reasons import AsksWhy


@secure_admin_login  # type: ignore[untyped-decorator] # allauth ships no types
def sign_in(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """The desk's sign-in page instead of the admin's own, which asks nobody for a second factor."""
    return redirect("admin:index")


admin.site.login = sign_in  # type: ignore[method-assign]

# These two were registered by their apps when they were imported above.
admin.site.unregister(TokenProxy)
admin.site.unregister(Authenticator)


def _called_by_its_person(token: TokenProxy) -> str:
    """Pages, Django's history and our log call a row by its text, and a token's own is the key."""
    return str(token.user.get_username())


TokenProxy.__str__ = _called_by_its_person  # type: ignore[assignment,method-assign]


@admin.register(TokenProxy)
class ApiTokenAdmin(AsksWhy[TokenProxy], TokenAdmin):
    """One for each person. Not changed: deleted, and made anew."""

    list_display = ("user", "created")

    def save_model(self, request: HttpRequest, obj: TokenProxy, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        said = gettext("The token of “%(person)s”, shown this once: %(key)s") % {"person": obj, "key": obj.key}
        self.message_user(request, said, messages.WARNING)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Authenticator)
class SecondFactorAdmin(AsksWhy[Authenticator], AuthenticatorAdmin):  # type: ignore[misc]
    """Taken away when somebody lost theirs. Nobody sees what the codes are made of."""

    exclude = ("data",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
