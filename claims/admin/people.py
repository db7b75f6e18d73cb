"""People and the rules of their roles. Who was given which role goes on record, as every setting does."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from claims import people
from claims.admin.base import ActionReasonForm, DeskAdmin
from claims.models import RoleRule, User
from claims.permissions import Permission, may
from claims.views.types import signed_in
from ocr_providers.reasons import why_in


@admin.register(User)
class PersonAdmin(DeskAdmin[User], UserAdmin[User]):
    list_display = ("username", "display_name", "roles", "is_active", "last_login", "signed_out_at")
    list_filter = ("groups", "is_active", "is_superuser")
    search_fields = ("username", "display_name", "email")
    action_form = ActionReasonForm
    actions = ("sign_out_everywhere",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("At the desk"), {"fields": ("display_name", "language", "reads_languages")}),
    )

    @admin.display(description=_("roles"))
    def roles(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all())

    def get_queryset(self, request):  # type: ignore[no-untyped-def] # the stub of UserAdmin has no generic query set
        return super().get_queryset(request).prefetch_related("groups")

    def has_sign_out_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.ADMINISTER)

    @admin.action(description=_("Sign out everywhere"), permissions=["sign_out"])
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, gettext("Say why these people are signed out."), messages.ERROR)
            return
        for person in queryset:
            people.sign_out_everywhere(person=person, by=signed_in(request), reason=reason)
        done = len(queryset)
        said = ngettext("%(n)d person is signed out.", "%(n)d people are signed out.", done) % {"n": done}
        self.message_user(request, said, messages.SUCCESS)


@admin.register(RoleRule)
class RoleRuleAdmin(DeskAdmin[RoleRule]):
    list_display = ("role", "requires_two_factor")

    def save_model(self, request: HttpRequest, obj: RoleRule, form: Any, change: bool) -> None:
        """A stricter rule holds at once: the role's people sign in again."""
        super().save_model(request, obj, form, change)
        if obj.requires_two_factor and "requires_two_factor" in form.changed_data:
            reason = why_in(request) or gettext("Two factors are required now.")
            people.end_sessions_of_role(obj.role, by=signed_in(request), reason=reason)
