"""Plans and policies."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from claims import erasure
from claims.admin.base import ActionReasonForm, DeskAdmin
from claims.guards import Refused
from claims.models import Plan, Policy
from claims.permissions import Permission, may
from claims.views.types import signed_in


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
    action_form = ActionReasonForm
    actions = ("erase_person",)

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.ADMINISTER)

    @admin.action(description=_("Erase this person's data"), permissions=["erase"])
    def erase_person(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        """On the person's request, for the reason given; refused while a claim is open or under a legal hold."""
        for policy in queryset:
            try:
                count = erasure.erase_person(
                    policy=policy, by=signed_in(request), reason=request.POST.get("reason", "")
                )
            except Refused as refusal:
                self.message_user(request, f"{policy.number}: {refusal}", messages.ERROR)
            else:
                said = ngettext("%(policy)s: %(n)d claim erased.", "%(policy)s: %(n)d claims erased.", count)
                self.message_user(request, said % {"policy": policy.number, "n": count}, messages.SUCCESS)
