"""Plans and policies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from claims.admin.base import DeskAdmin
from claims.admin.identity import RevealingAdmin
from claims.guards import Refused
from claims.models import Plan, Policy
from claims.permissions import Permission, may
from claims.queueing import search
from claims.recording import persons
from claims.views.types import signed_in


@admin.register(Plan)
class PlanAdmin(DeskAdmin[Plan]):
    list_display = ("code", "name", "cover_class_b", "cover_class_c", "ratio_insured", "ratio_uninsured", "check_above")
    search_fields = ("code", "name")


class PolicyForm(forms.ModelForm[Policy]):
    """The identity number is written here, and read nowhere."""

    new_identity_number = forms.CharField(
        label=_("new identity number"), required=False, max_length=30, help_text=_("Empty: stays as it is.")
    )

    class Meta:
        model = Policy
        fields = ("number", "plan", "insured_name", "effective_from", "effective_until")

    def save(self, commit: bool = True) -> Policy:
        self.instance.identity_number = self.cleaned_data["new_identity_number"] or self.instance.identity_number
        saved: Policy = super().save(commit)
        return saved


@admin.register(Policy)
class PolicyAdmin(RevealingAdmin[Policy]):
    form = PolicyForm
    identity_field = "identity_number"
    list_display = ("number", "insured_name", "plan", "masked_identity", "effective_from", "effective_until")
    list_filter = ("plan",)
    search_fields = ("^number", "insured_name")
    autocomplete_fields = ("plan",)
    list_select_related = ("plan",)
    actions = ("reveal", "erase_person")
    fields = ("number", "plan", "insured_name", "masked_identity", "effective_from", "effective_until")
    readonly_fields = ("masked_identity",)

    def get_fields(self, request: HttpRequest, obj: Policy | None = None) -> Any:
        may_write = self.has_change_permission(request, obj) if obj else True
        return (*self.fields, "new_identity_number") if may_write else self.fields

    def store(self, obj: Policy, form: Any) -> None:
        super().store(obj, form)
        search.refresh_policy(obj.pk)

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.ADMINISTER)

    @admin.action(description=_("Erase this person's data"), permissions=["erase"])
    def erase_person(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        """On the person's request, for the reason given; refused while a claim is open or under a legal hold."""
        for policy in queryset:
            person = persons.person(policy=policy)
            kept = persons.kept(persons.find(person))
            try:
                count = len(persons.erase(person=person, by=signed_in(request), reason=request.POST.get("reason", "")))
            except Refused as refusal:
                self.message_user(request, f"{policy.number}: {refusal}", messages.ERROR)
            else:
                said = ngettext("%(policy)s: %(n)d claim erased.", "%(policy)s: %(n)d claims erased.", count)
                self.message_user(request, said % {"policy": policy.number, "n": count}, messages.SUCCESS)
                if kept:
                    self.message_user(request, _kept(policy, kept), messages.WARNING)


def _kept(policy: Policy, numbers: list[str]) -> str:
    return gettext(
        "%(policy)s: these claims bear the name or the number too and were kept, as they may be another's: %(claims)s"
    ) % {"policy": policy.number, "claims": ", ".join(numbers)}
