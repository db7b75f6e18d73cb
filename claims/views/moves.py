"""Moving documents, splitting and merging claims: a form, a page that says what will happen, and the way back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from claims import access
from claims.forms import MoveForm
from claims.guards import EDITABLE
from claims.models import Claim, Move, User
from claims.permissions import Permission, require
from claims.receiving import moves
from claims.views.attempts import attempt
from claims.views.types import signed_in

DONE = _("Done. It can be taken back on the page of either claim.")


@login_required
@require_http_methods(["GET", "POST"])
def move_documents(request: HttpRequest, number: str) -> HttpResponse:
    """GET: the form. POST: what will happen; with `confirmed`, it happens."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    require(user, Permission.RECEIVE)
    form = MoveForm(request.POST or None, claim=claim, visible=access.claims_for(user))
    context = {"claim": claim, "form": form, "movable": claim.status in EDITABLE}
    if request.method == "GET" or not form.is_valid():
        return render(request, "claims/move.html", context)
    if "confirmed" not in request.POST:
        to = form.cleaned_data["to"]
        differ = bool(to and moves.policies_differ(claim, to))
        return render(request, "claims/move_confirm.html", {**context, **form.cleaned_data, "policies_differ": differ})
    done = attempt(request, lambda: _act(form, user), DONE)
    return redirect("claims:claim", number=done.to_claim.number if done else number)


def _act(form: MoveForm, user: User) -> Move:
    what, to, reason = (form.cleaned_data[name] for name in ("what", "to", "reason"))
    documents, confirmed = list(form.cleaned_data["documents"]), form.cleaned_data["other_policy"]
    if what == Move.What.SPLIT:
        return moves.split(documents=documents, user=user, reason=reason)
    if what == Move.What.MERGED:
        return moves.merge(claim=form.claim, into=to, user=user, reason=reason, other_policy=confirmed)
    return moves.move(documents=documents, to=to, user=user, reason=reason, other_policy=confirmed)


@login_required
@require_POST
def take_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The documents of one move go home."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    require(user, Permission.RECEIVE)
    wanted = next((done for done in moves.takes_back(claim) if done.pk == pk), None)
    done = wanted or get_object_or_404(Move, pk=pk, from_claim=claim)
    attempt(request, lambda: moves.take_back(done=done, user=user), DONE)
    return redirect("claims:claim", number=number)


def parts_of(claim: Claim) -> dict[str, object]:
    """What the claim's page shows of moves: two queries."""
    return {"moves": moves.takes_back(claim), "movable": claim.status in EDITABLE}
