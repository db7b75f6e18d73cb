"""Which period, plan and provider a person asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Plan
from claims.reports.report import VENDORS
from claims.reports.scope import DAYS, MOST_DAYS, Scope

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class ScopeForm(forms.Form):
    """All fields may be empty: the last 60 days, every plan, every provider."""

    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=DAY)
    last = forms.DateField(label=gettext_lazy("To"), required=False, widget=DAY)
    plan = forms.ModelChoiceField(
        Plan.objects.all(), label=gettext_lazy("Plan"), required=False, to_field_name="code",
        empty_label=gettext_lazy("Any"),
    )  # fmt: skip
    provider = forms.ChoiceField(
        label=gettext_lazy("Provider"), required=False, choices=(("", gettext_lazy("Any")), *VENDORS.items())
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["last"] = cleaned.get("last") or timezone.localdate()
        cleaned["first"] = cleaned.get("first") or cleaned["last"] - timedelta(days=DAYS - 1)
        days = (cleaned["last"] - cleaned["first"]).days + 1
        if days < 1:
            self.add_error("last", _("The period ends before it begins."))
        elif days > MOST_DAYS:
            self.add_error("first", _("A report covers three years at most."))
        return cleaned

    def scope(self) -> Scope:
        """What was asked for; the usual scope where that makes no sense."""
        if not self.is_bound or not self.is_valid():
            return Scope.usual()
        asked = self.cleaned_data
        return Scope(first=asked["first"], last=asked["last"], plan=asked["plan"], vendor=asked["provider"])
