"""Time limits are edited here; legal holds and erasures are looked at. Holds are placed on a claim's own page."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.base import DeskAdmin, LookOnlyAdmin
from claims.models import Erasure, LegalHold, TimeLimit


@admin.register(TimeLimit)
class TimeLimitAdmin(DeskAdmin[TimeLimit]):
    """One row per limit, made by `migrate`: changed here, neither added nor deleted."""

    list_display = ("code", "days", "source")
    readonly_fields = ("code",)

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(LegalHold)
class LegalHoldAdmin(LookOnlyAdmin[LegalHold]):
    list_display = ("claim", "reason", "until", "placed_by", "placed_at", "lifted_by", "lifted_at")
    list_filter = ("until", "lifted_at")
    search_fields = ("claim__number", "reason")
    list_select_related = ("claim", "placed_by", "lifted_by")


@admin.register(Erasure)
class ErasureAdmin(LookOnlyAdmin[Erasure]):
    list_display = ("claim", "pictures_at", "answers_at", "values_at")
    search_fields = ("claim__number",)
    list_select_related = ("claim",)
