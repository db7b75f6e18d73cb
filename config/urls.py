"""Every address of the house."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView, TemplateView
from django.views.i18n import JavaScriptCatalog

from claims.views import preferences

NOT_HERE = r"^accounts/(?:confirm-email|email|login/code|password/reset|signup)/"
"""What the sign-in library offers where people help themselves by e-mail. This desk sends none (docs/security.md)."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    # The desk sends no mail: an administrator sets a new password, and nobody adds an address.
    path("accounts/password/reset/", TemplateView.as_view(template_name="account/password_reset.html")),
    path("accounts/email/", RedirectView.as_view(pattern_name="mfa_index")),
    re_path(NOT_HERE, preferences.not_here),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["claims"]), name="javascript-catalog"),
    path("gateway/", include("ocr_providers.gateway.urls")),
    path("", include("claims.urls")),
]
