"""What the second person and the supervisor do on a claim's page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims import access, decisions
from claims.guards import Refused
from claims.views.types import signed_in


@login_required
@require_POST
def check(request: HttpRequest, number: str) -> HttpResponse:
    """The second person confirms or refuses the decision."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    agree, reason = request.POST.get("agree") == "yes", request.POST.get("reason", "").strip()
    try:
        decisions.check(claim=claim, user=user, agree=agree, reason=reason, version=None)
    except (Refused, decisions.Incomplete) as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("Confirmed.") if agree else _("Refused: the claim is open again."))
    return redirect("claims:claim", number=number)


@login_required
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Takes the decision out of force, for a reason."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    try:
        decisions.reopen(claim=claim, user=user, reason=request.POST.get("reason", "").strip(), version=None)
    except (Refused, decisions.Incomplete) as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("The claim is open again."))
    return redirect("claims:claim", number=number)


def said(error: Exception) -> str:
    """An error of a verb in words for the person."""
    if isinstance(error, decisions.Incomplete):
        return " ".join(message for _field, message in error.errors)
    return str(error)
