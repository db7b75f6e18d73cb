"""Plans and policies."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.base import DeskAdmin
from claims.models import Plan, Policy


@admin.register(Plan)
class PlanAdmin(DeskAdmin[Plan]):
    list_display = ("code", "name", "cover_class_b", "cover_class_c", "ratio_insured", "ratio_uninsured", "check_above")
    search_fields = ("code", "name")


@admin.register(Policy)
class PolicyAdmin(DeskAdmin[Policy]):
    list_display = ("number", "insured_name", "plan", "effective_from", "effective_until")
    list_filter = ("plan",)
    search_fields = ("number", "insured_name")
    autocomplete_fields = ("plan",)
    list_select_related = ("plan",)
