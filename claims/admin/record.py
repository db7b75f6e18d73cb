"""The record: readings, corrections, decisions, log. Look only."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims import masking
from claims.admin.base import LookOnlyAdmin
from claims.admin.identity import numbers_in
from claims.models import Correction, Decision, DecisionLine, LogEntry, Reading
from claims.reviewing.review import IDENTITY_CELLS
from ocr_providers.arithmetic.identity_numbers import hidden


def _shown(correction: Correction, value: object) -> str:
    """A corrected value, masked where it is an identity number."""
    text = str(value if value is not None else "–")
    return masking.mask(text) if correction.cell in IDENTITY_CELLS else text


@admin.register(Reading)
class ReadingAdmin(LookOnlyAdmin[Reading]):
    list_display = ("document", "vendor", "account_name", "kind", "partial", "charged", "finished_at")
    list_filter = ("vendor", "kind", "partial", "charged")
    search_fields = ("document__claim__number", "account_name")
    list_select_related = ("document",)
    exclude = ("answer",)
    readonly_fields = ("masked_answer",)

    @admin.display(description=_("answer"))
    def masked_answer(self, reading: Reading) -> SafeString:
        """In the vendor's schema, identity numbers masked."""
        answer = masking.hide(reading.answer, numbers_in(reading.answer))
        return format_html("<pre>{}</pre>", hidden(answer))


@admin.register(Correction)
class CorrectionAdmin(LookOnlyAdmin[Correction]):
    list_display = ("document", "label", "why", "finding_code", "person", "made_at")
    list_filter = ("why", "finding_code")
    search_fields = ("document__claim__number", "person", "label")
    list_select_related = ("document",)
    exclude = ("old", "new")
    readonly_fields = ("masked_old", "masked_new")

    @admin.display(description=_("old value"))
    def masked_old(self, correction: Correction) -> str:
        return _shown(correction, correction.old)

    @admin.display(description=_("new value"))
    def masked_new(self, correction: Correction) -> str:
        return _shown(correction, correction.new)


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
