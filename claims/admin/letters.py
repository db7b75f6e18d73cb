"""Letters and requests for papers: look only. Letter heads: data that an administrator edits."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.base import DeskAdmin, LookOnlyAdmin
from claims.models import Letter, LetterHead, PaperRequest


@admin.register(Letter)
class LetterAdmin(LookOnlyAdmin[Letter]):
    list_display = ("number", "claim", "kind", "language", "made_by", "made_at")
    list_filter = ("kind", "language")
    search_fields = ("number", "claim__number", "pdf_sha256")
    list_select_related = ("claim", "made_by")
    date_hierarchy = "made_at"


@admin.register(LetterHead)
class LetterHeadAdmin(DeskAdmin[LetterHead]):
    list_display = ("language", "name", "contact")


@admin.register(PaperRequest)
class PaperRequestAdmin(LookOnlyAdmin[PaperRequest]):
    list_display = ("claim", "asked_at", "until", "reminded_at", "received_at", "withdrawn_at")
    list_filter = ("until",)
    search_fields = ("claim__number",)
    list_select_related = ("claim",)
