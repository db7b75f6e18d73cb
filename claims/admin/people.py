"""People. Who was given which role goes on record, as every setting does."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from claims.admin.base import DeskAdmin
from claims.models import User


@admin.register(User)
class PersonAdmin(DeskAdmin[User], UserAdmin[User]):
    list_display = ("username", "display_name", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active", "is_superuser")
    search_fields = ("username", "display_name", "email")
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("At the desk"), {"fields": ("display_name", "language", "reads_languages")}),
    )

    @admin.display(description=_("roles"))
    def roles(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all())

    def get_queryset(self, request):  # type: ignore[no-untyped-def] # the stub of UserAdmin has no generic query set
        return super().get_queryset(request).prefetch_related("groups")
