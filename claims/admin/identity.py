"""Identity numbers in the admin: masked, and revealed one by one by who may, with a reason, on record."""

from __future__ import annotations

from typing import TypeVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims import audit, masking
from claims.admin.base import ActionReasonForm, DeskAdmin
from claims.models import InvoiceHeader
from claims.permissions import Permission, may
from claims.views.types import signed_in
from ocr_providers.exact_json import loads

M = TypeVar("M", bound=Model)


class RevealingAdmin(DeskAdmin[M]):
    """`identity_field`: the column that is shown masked, as `masked_identity`."""

    identity_field = ""
    action_form = ActionReasonForm
    actions: tuple[str, ...] = ("reveal",)

    @admin.display(description=_("identity number"))
    def masked_identity(self, row: M) -> str:
        return masking.mask(getattr(row, self.identity_field)) or "–"

    def has_reveal_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.REVEAL)

    @admin.action(description=_("Reveal identity numbers (with a reason, logged)"), permissions=["reveal"])
    def reveal(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, gettext("Say why the number has to be seen."), messages.ERROR)
            return
        for row in queryset[:10]:
            audit.record(
                person=signed_in(request),
                action="value.revealed",
                document=row.document if isinstance(row, InvoiceHeader) else None,
                subject=f"{row._meta.verbose_name} {row.pk}: {self.identity_field}",
                reason=reason,
            )
            self.message_user(request, f"{row}: {getattr(row, self.identity_field) or '–'}", messages.WARNING)


def numbers_in(answer: str) -> list[str]:
    """The identity numbers that a stored answer names as such, whatever their length."""
    read = loads(answer)
    invoice = read.get("medical_result") if isinstance(read, dict) else None
    number = invoice.get("social_security_card_number") if isinstance(invoice, dict) else None
    return [number] if isinstance(number, str) else []
