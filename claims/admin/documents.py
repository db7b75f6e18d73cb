"""Claims, documents, their pages and values. Values are corrected on the review screen, not here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest

from claims.admin.base import DeskAdmin, LookOnlyAdmin
from claims.admin.identity import RevealingAdmin
from claims.guards import EDITABLE
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
from claims.queueing import grams, search

OF_A_DECISION = ("patient_name", "policy", "currency", "received_at")


@admin.register(Claim)
class ClaimAdmin(DeskAdmin[Claim]):
    list_display = ("number", "patient_name", "status", "amount_asked", "amount_approved", "assignee", "received_at")
    list_filter = ("status", "currency", "policy__plan")
    search_fields = ("number", "patient_name", "policy__number")
    date_hierarchy = "received_at"
    raw_id_fields = ("policy", "assignee")
    list_select_related = ("assignee",)
    readonly_fields = (
        "number",
        "status",
        "amount_asked",
        "amount_approved",
        "error_count",
        "warning_count",
        "line_count",
        "kinds",
        "providers",
        "locked_by",
        "locked_until",
        "created_by",
    )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str) -> Any:
        """As the queue searches: by index, however many claims there are."""
        words = grams.words_of(search_term)
        found = search.find(words) if words else None
        queryset = queryset.filter(search.holds(words))
        return (queryset if found is None else queryset.filter(pk__in=found)), False

    def get_readonly_fields(self, request: HttpRequest, obj: Claim | None = None) -> tuple[str, ...]:
        """A decision stands on what the claim says, and on when it came."""
        decided = obj is not None and obj.status not in EDITABLE
        return (*self.readonly_fields, *OF_A_DECISION) if decided else self.readonly_fields

    def store(self, obj: Claim, form: Any) -> None:
        """Only what was changed: what somebody else did at the same moment stays done."""
        obj.version = F("version") + 1  # counted by the database
        changed = [name for name in form.changed_data if name in form.base_fields and name != "why"]
        obj.save(update_fields=[*changed, "version"])
        search.refresh(obj.pk)

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


@admin.register(InvoiceHeader)
class InvoiceHeaderAdmin(LookOnlyAdmin[InvoiceHeader], RevealingAdmin[InvoiceHeader]):
    """Where the values came from is left out: it quotes them, the identity number too."""

    identity_field = "social_security_card_number"
    actions = ("reveal",)
    search_fields = ("=note_no", "document__claim__number")
    list_display = ("note_no", "document", "hospital_name", "billing_date", "total_cost", "masked_identity")
    list_select_related = ("document",)
    exclude = ("social_security_card_number", "sources", "extra", "qr_code")
    readonly_fields = ("masked_identity",)


@admin.register(Page, Presence, LineItem, CostCategory, Payment, HealthValue)
class ValuesAdmin(LookOnlyAdmin):  # type: ignore[type-arg] # one page for six models
    search_fields = ("document__claim__number", "document__original_name")
    list_display = ("__str__", "document")
    list_select_related = ("document",)
