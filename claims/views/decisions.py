"""What the second person and the supervisor do on a claim's page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims import access
from claims.deciding import decisions
from claims.views.attempts import attempt
from claims.views.types import signed_in

MOST_DIGITS = 10
UNSEEN = -1
"""No claim has this version."""


def _version_seen(request: HttpRequest) -> int:
    """The claim's, as the page showed it: nobody agrees to a decision that they have not seen."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS else UNSEEN


@login_required
@require_POST
def check(request: HttpRequest, number: str) -> HttpResponse:
    """The second person confirms or refuses the decision."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    agree, reason = request.POST.get("agree") == "yes", request.POST.get("reason", "").strip()
    version = _version_seen(request)
    done = _("Confirmed.") if agree else _("Refused: the claim is open again.")
    attempt(request, lambda: decisions.check(claim=claim, user=user, agree=agree, reason=reason, version=version), done)
    return redirect("claims:claim", number=number)


@login_required
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Takes the decision out of force, for a reason."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    reason = request.POST.get("reason", "").strip()
    version = _version_seen(request)
    done = _("The claim is open again.")
    attempt(request, lambda: decisions.reopen(claim=claim, user=user, reason=reason, version=version), done)
    return redirect("claims:claim", number=number)
