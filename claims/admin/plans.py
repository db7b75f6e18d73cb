"""Plans, policies and the settings of rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims import search
from claims.admin.base import DeskAdmin
from claims.admin.identity import RevealingAdmin
from claims.models import Plan, Policy, RuleSetting


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
    fields = ("number", "plan", "insured_name", "masked_identity", "effective_from", "effective_until")
    readonly_fields = ("masked_identity",)

    def get_fields(self, request: HttpRequest, obj: Policy | None = None) -> Any:
        may_write = self.has_change_permission(request, obj) if obj else True
        return (*self.fields, "new_identity_number") if may_write else self.fields

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        search.refresh_policy(obj.pk)


@admin.register(RuleSetting)
class RuleSettingAdmin(DeskAdmin[RuleSetting]):
    list_display = ("code", "enabled", "severity", "tolerance", "reason")
    list_filter = ("enabled", "severity")
    search_fields = ("code",)
