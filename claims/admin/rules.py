"""Severity and tolerance of the rules, where this desk differs from what is documented."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims import audit
from claims.admin.base import DeskAdmin
from claims.models import RuleSetting
from ocr_providers.arithmetic import RULES


def _choices() -> list[tuple[str, str]]:
    return [(code, f"{code} [{rule.unit}]" if rule.unit else code) for code, rule in RULES.items()]


class RuleSettingForm(forms.ModelForm[RuleSetting]):
    """Only rules that exist, and a tolerance only where the rule has one."""

    code = forms.ChoiceField(
        label=_("rule"),
        choices=_choices,
        help_text=_("In brackets the unit of the tolerance; rules without brackets have none."),
    )

    class Meta:
        model = RuleSetting
        fields = ("code", "enabled", "severity", "tolerance", "reason")

    def clean_tolerance(self) -> Decimal | None:
        tolerance: Decimal | None = self.cleaned_data["tolerance"]
        rule = RULES.get(self.cleaned_data.get("code", ""))
        if tolerance is not None and rule and not rule.unit:
            raise forms.ValidationError(_("This rule has no tolerance."))
        if tolerance is not None and rule and rule.unit == "similarity" and tolerance > 1:
            raise forms.ValidationError(_("A similarity is a number from 0 to 1."))
        return tolerance


@admin.register(RuleSetting)
class RuleSettingAdmin(DeskAdmin[RuleSetting]):
    form = RuleSettingForm
    list_display = ("code", "enabled", "severity", "tolerance", "unit", "documented", "reason")
    list_filter = ("enabled", "severity")
    search_fields = ("code",)

    @admin.display(description=_("unit"))
    def unit(self, setting: RuleSetting) -> str:
        rule = RULES.get(setting.code)
        return rule.unit if rule else ""

    @admin.display(description=_("as documented"))
    def documented(self, setting: RuleSetting) -> str:
        rule = RULES.get(setting.code)
        return f"{rule.severity}; {rule.tolerance}" if rule else ""

    def reason_in(self, form: Any) -> str:
        return str(form.cleaned_data["reason"])

    def detail_of(self, form: Any) -> audit.Detail:
        """What was set, too: no value of a document is in it."""
        values = [f"{name}: {form.cleaned_data[name]}" for name in sorted(form.changed_data) if name != "reason"]
        return {**super().detail_of(form), "set": values}
