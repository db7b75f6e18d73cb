"""The admin's form of a provider account: what the vendor needs is known from its class, secrets only go in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ocr_providers.accounts import check_endpoint, missing_credentials, set_credentials
from ocr_providers.exceptions import Misconfigured
from ocr_providers.models import ProviderAccount
from ocr_providers.providers import PROVIDERS, provider_class
from ocr_providers.results import Kind

KINDS = [(str(Kind.INVOICE), _("Medical invoice")), (str(Kind.HEALTH_CHECK), _("Health-check report"))]


class ProviderAccountForm(forms.ModelForm[ProviderAccount]):
    vendor = forms.ChoiceField(label=_("Vendor"), choices=[(name, name) for name in PROVIDERS])
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of document"),
        choices=KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all that the vendor reads."),
    )
    key = forms.CharField(
        label=_("Key"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("JD: appkey. AIGEN: x-aigen-key. Never shown again; left empty, the stored one stays."),
    )
    secret = forms.CharField(
        label=_("Secret key"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("JD: secretkey. Never shown again; left empty, the stored one stays."),
    )

    class Meta:
        model = ProviderAccount
        fields = "__all__"  # noqa: DJ007 - what is not to be edited says so on the model

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"].rstrip("/")
        if endpoint:
            try:
                check_endpoint(endpoint, allow_private=settings.PROVIDER_ALLOW_PRIVATE_ENDPOINTS)
            except Misconfigured as error:
                raise ValidationError(str(error)) from None
        return endpoint

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "vendor" in cleaned:
            self._take_credentials(cleaned)
        return cleaned

    def _take_credentials(self, cleaned: dict[str, Any]) -> None:
        names = provider_class(cleaned["vendor"]).credential_names
        given = dict(zip(names, (cleaned.get("key", ""), cleaned.get("secret", "")), strict=False))
        self.instance.vendor = cleaned["vendor"]
        try:
            set_credentials(self.instance, given)
            missing = missing_credentials(self.instance)
        except Misconfigured as error:
            raise ValidationError(str(error)) from None
        if cleaned.get("enabled") and missing:
            raise ValidationError(_("An enabled account needs %(names)s."), params={"names": ", ".join(missing)})
