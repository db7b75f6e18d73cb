"""Legal holds on a claim's page, and what was erased of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims import access, holds
from claims.models import Claim, Erasure
from claims.permissions import Permission, require
from claims.views.attempts import attempt
from claims.views.types import signed_in


@login_required
@require_POST
def place(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing of this claim is erased from now on."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    reason, day = request.POST.get("reason", ""), request.POST.get("until", "")
    try:
        until = parse_date(day) if day else None
    except ValueError:
        until = None
    if day and until is None:
        require(user, Permission.HOLD)
        messages.error(request, _("This is no day: %(day)s.") % {"day": day})
        return redirect("claims:claim", number=number)
    attempt(
        request, lambda: holds.place(claim=claim, user=user, reason=reason, until=until), _("The claim is on hold.")
    )
    return redirect("claims:claim", number=number)


@login_required
@require_POST
def lift(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user = signed_in(request)
    claim = access.get_claim(user, number)
    require(user, Permission.HOLD)
    hold = get_object_or_404(claim.holds, pk=pk)
    reason = request.POST.get("reason", "")
    attempt(request, lambda: holds.lift(hold=hold, user=user, reason=reason), _("The hold is lifted."))
    return redirect("claims:claim", number=number)


def parts_of(claim: Claim) -> dict[str, object]:
    """What the claim's page shows: two queries."""
    return {
        "holds": list(holds.in_force().filter(claim=claim).select_related("placed_by")),
        "erasure": Erasure.objects.filter(claim=claim).first(),
    }
