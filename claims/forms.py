"""Forms of the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Policy


class NewClaimForm(forms.Form):
    """Person, policy and currency of a claim that is opened by hand."""

    policy_number = forms.CharField(
        label=_("Policy number"),
        required=False,
        max_length=40,
        help_text=_("Leave it empty where it is not known yet."),
    )
    patient_name = forms.CharField(label=_("Patient"), required=False, max_length=120)
    currency = forms.ChoiceField(label=_("Currency"), choices=Claim.Currency.choices, initial=Claim.Currency.CNY)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        number = cleaned.pop("policy_number", "")
        cleaned["policy"] = Policy.objects.filter(number=number).first() if number else None
        if number and cleaned["policy"] is None:
            self.add_error("policy_number", _("There is no policy with this number."))
        return cleaned


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000)


class DismissForm(forms.Form):
    reason = forms.CharField(label=_("Why this is no duplicate"), max_length=400)
