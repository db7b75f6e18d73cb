"""Help: keys, terms, rules."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from claims.glossary import TERMS
from ocr_providers.arithmetic.rules import RULES


@login_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "claims/help.html", {"terms": TERMS, "rules": RULES.values()})
