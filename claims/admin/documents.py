"""Claims, documents, their pages and values. Values are corrected on the review screen, not here."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.base import DeskAdmin, LookOnlyAdmin
from claims.models import (
    Claim,
    CostCategory,
    Document,
    Duplicate,
    Finding,
    HealthValue,
    InvoiceHeader,
    LineItem,
    Move,
    Note,
    Page,
    Payment,
    Presence,
)


@admin.register(Claim)
class ClaimAdmin(DeskAdmin[Claim]):
    list_display = ("number", "patient_name", "status", "amount_asked", "amount_approved", "assignee", "received_at")
    list_filter = ("status", "currency", "policy__plan")
    search_fields = ("number", "patient_name", "policy__number")
    date_hierarchy = "received_at"
    raw_id_fields = ("policy", "assignee", "created_by", "locked_by")
    list_select_related = ("assignee",)
    readonly_fields = (
        "number",
        "status",
        "amount_asked",
        "amount_approved",
        "error_count",
        "warning_count",
        "created_by",
    )

    def has_add_permission(self, request: object) -> bool:
        """A claim is opened at the desk, where it gets its number."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(Document)
class DocumentAdmin(LookOnlyAdmin[Document]):
    list_display = ("original_name", "claim", "kind", "status", "page_count", "uploaded_by", "uploaded_at")
    list_filter = ("status", "kind", "media_type")
    search_fields = ("original_name", "sha256", "claim__number")
    list_select_related = ("claim", "uploaded_by")


@admin.register(Finding)
class FindingAdmin(LookOnlyAdmin[Finding]):
    list_display = ("code", "severity", "document", "acknowledged_by", "found_at")
    list_filter = ("severity", "code")
    search_fields = ("document__claim__number", "code")
    list_select_related = ("document", "acknowledged_by")


@admin.register(Duplicate)
class DuplicateAdmin(LookOnlyAdmin[Duplicate]):
    list_display = ("document", "other", "reason", "detail", "dismissed_by", "found_at")
    list_filter = ("reason",)
    list_select_related = ("document", "other", "dismissed_by")


@admin.register(Move)
class MoveAdmin(LookOnlyAdmin[Move]):
    list_display = ("what", "from_claim", "to_claim", "moved_by", "moved_at", "undone_at")
    list_filter = ("what",)
    search_fields = ("from_claim__number", "to_claim__number")
    list_select_related = ("from_claim", "to_claim", "moved_by")


@admin.register(Note)
class NoteAdmin(LookOnlyAdmin[Note]):
    list_display = ("claim", "author", "created_at")
    search_fields = ("claim__number", "text")
    list_select_related = ("claim", "author")


@admin.register(Page, Presence, InvoiceHeader, LineItem, CostCategory, Payment, HealthValue)
class ValuesAdmin(LookOnlyAdmin):  # type: ignore[type-arg] # one page for seven models
    search_fields = ("document__claim__number", "document__original_name")
    list_display = ("__str__", "document")
    list_select_related = ("document",)
