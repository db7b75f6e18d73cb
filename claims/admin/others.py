"""Roles, tokens, second factors and records of sign-ins: models of other apps, under the rules of this admin.

Each change says why, goes on record (`recording.settings_record`), and no secret is shown that is stored.
"""

from __future__ import annotations

from typing import Any, TypeVar

from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from axes.admin import AccessAttemptAdmin, AccessFailureLogAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.admin import TokenAdmin
from rest_framework.authtoken.models import TokenProxy

from claims.admin.base import CappedPaginator
from ocr_providers.reasons import AsksWhy

M = TypeVar("M", bound=Model)
SHOWN = 6
"""Characters of a token that lists show: enough to tell which one it is."""

for model in (Group, TokenProxy, Authenticator, AccessAttempt, AccessFailureLog, AccessLog):
    admin.site.unregister(model)


@admin.register(Group)
class RoleAdmin(AsksWhy[Group], GroupAdmin):
    """What people with a role may do."""

    asks_why_to_add = True


@admin.register(TokenProxy)
class ApiTokenAdmin(AsksWhy[TokenProxy], TokenAdmin):
    """A program's way in. Its key is shown once, when it is made: later there is only its beginning."""

    asks_why_to_add = True
    list_display = ("user", "beginning", "created")

    @admin.display(description=_("begins with"))
    def beginning(self, token: TokenProxy) -> str:
        return f"{token.key[:SHOWN]}…"

    def save_model(self, request: HttpRequest, obj: TokenProxy, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        said = gettext("Token of %(person)s, shown this once: %(key)s") % {"person": obj.user, "key": obj.key}
        self.message_user(request, said, messages.WARNING)

    def response_add(self, request: HttpRequest, obj: TokenProxy, post_url_continue: str | None = None) -> Any:
        """Back to the list: Django's own message would call the token by its key, and again on every page."""
        return self.response_post_save_add(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A token is taken away and another one made."""
        return False


@admin.register(Authenticator)
class SecondFactorAdmin(AsksWhy[Authenticator], AuthenticatorAdmin):  # type: ignore[misc] # allauth ships no types
    """A second factor that was lost is taken away here, and the person sets up a new one. Its secret is not shown."""

    fields = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class _SignIns(AsksWhy[M]):
    """Records of sign-ins: deleted with a reason, which ends a lock-out; never changed."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    actions: Any = ()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(AccessAttempt)
class FailedSignInsAdmin(_SignIns[AccessAttempt], AccessAttemptAdmin):  # type: ignore[misc] # nor does axes
    """Who is locked out; deleting the row lets them in again."""


@admin.register(AccessFailureLog)
class FailureLogAdmin(_SignIns[AccessFailureLog], AccessFailureLogAdmin): ...  # type: ignore[misc]


@admin.register(AccessLog)
class SignInLogAdmin(_SignIns[AccessLog], AccessLogAdmin): ...  # type: ignore[misc]
