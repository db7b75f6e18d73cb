"""The vendors' own paths, under one prefix: a client changes its base URL and nothing else."""

from __future__ import annotations

from django.urls import path, re_path

from ocr_providers.gateway import aigen, jd

urlpatterns = [
    path("deepfinch/ocr_medical_invoice_zhejiang", jd.ocr_medical_invoice, name="gateway-jd"),
    path("aiscript/healthcheck-form/v2", aigen.healthcheck_form, name="gateway-aigen"),
    re_path(r"^deepfinch/", jd.not_found),
    re_path(r"^aiscript/", aigen.not_found),
]
