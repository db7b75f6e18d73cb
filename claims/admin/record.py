"""The record: readings, corrections, decisions, log. Look only."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.base import LookOnlyAdmin
from claims.models import Correction, Decision, DecisionLine, LogEntry, Reading


@admin.register(Reading)
class ReadingAdmin(LookOnlyAdmin[Reading]):
    list_display = ("document", "vendor", "account_name", "kind", "partial", "charged", "finished_at")
    list_filter = ("vendor", "kind", "partial", "charged")
    search_fields = ("document__claim__number", "account_name")
    list_select_related = ("document",)


@admin.register(Correction)
class CorrectionAdmin(LookOnlyAdmin[Correction]):
    list_display = ("document", "label", "why", "finding_code", "person", "made_at")
    list_filter = ("why", "finding_code")
    search_fields = ("document__claim__number", "person", "label")
    list_select_related = ("document",)


class DecisionLineInline(admin.TabularInline[DecisionLine, Decision]):
    model = DecisionLine
    extra = 0
    can_delete = False

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(Decision)
class DecisionAdmin(LookOnlyAdmin[Decision]):
    list_display = ("claim", "outcome", "asked", "eligible", "approved", "decided_by", "checked_by", "decided_at")
    list_filter = ("outcome", "reason_code", "needs_check")
    search_fields = ("claim__number",)
    list_select_related = ("claim", "decided_by", "checked_by")
    inlines = (DecisionLineInline,)


@admin.register(LogEntry)
class LogEntryAdmin(LookOnlyAdmin[LogEntry]):
    list_display = ("at", "person", "action", "claim_number", "subject")
    list_filter = ("action",)
    search_fields = ("claim_number", "person", "action")
    date_hierarchy = "at"
