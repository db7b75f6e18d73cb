"""Several claims of the queue at once: one action for all, and a word about each that refused; or all in one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from claims import bulk
from claims.bulk import Action, Order, Result
from claims.exports.files import SEVERAL, export
from claims.exports.sending import attachment, desk_address
from claims.models import Claim, User
from claims.permissions import Permission, require
from claims.time_limits import end_of_day
from claims.views.types import signed_in

MOST_NAMED = 20
"""Refused claims that one message names."""


class OrderForm(forms.Form):
    """The parts of an order as the page sends them; each action takes what it needs."""

    action = forms.ChoiceField(choices=[(action, action) for action in Action])
    to = forms.CharField(required=False, max_length=150)
    due = forms.DateField(required=False)
    until = forms.DateField(required=False)
    reason = forms.CharField(required=False, max_length=400)

    def order(self) -> Order:
        """Raises `Http404` for somebody who cannot be given a claim."""
        asked = self.cleaned_data
        due: date | None = asked["due"]
        return Order(
            action=Action(asked["action"]),
            to=_colleague(asked["to"]) if asked["action"] == Action.GIVE else None,
            due_at=end_of_day(due) if due else None,
            until=asked["until"],
            reason=asked["reason"].strip(),
        )


def _colleague(username: str) -> User:
    try:
        return bulk.colleague(username)
    except bulk.NoColleague as error:
        raise Http404(str(error)) from None


@login_required
@require_POST
def queue_bulk(request: HttpRequest) -> HttpResponse:
    """Does one thing to the chosen claims; tells which of them refused, and why."""
    user, form = signed_in(request), OrderForm(request.POST)
    if not form.is_valid():
        if "action" in form.errors:
            raise PermissionDenied
        messages.error(request, _("Choose a day, as in 2026-12-31."))
        return redirect(_back(request))
    if form.cleaned_data["action"] == Action.GIVE:
        require(user, Permission.ASSIGN)  # who may not give learns nothing of who is there
    try:
        results = bulk.carry_out(form.order(), numbers=request.POST.getlist("number"), user=user)
    except bulk.Unfinished as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, Action(form.cleaned_data["action"]), results)
    return redirect(_back(request))


def _tell(request: HttpRequest, action: Action, results: Sequence[Result]) -> None:
    done = sum(result.done for result in results)
    if done:
        messages.success(request, said_of(action, done))
    refused: defaultdict[str, list[str]] = defaultdict(list)
    for result in results:
        if not result.done:
            refused[result.why].append(result.number)
    for why, numbers in refused.items():
        messages.warning(request, f"{_named(numbers)}: {why}")


def _named(numbers: Sequence[str]) -> str:
    named = ", ".join(numbers[:MOST_NAMED])
    left = len(numbers) - MOST_NAMED
    return named if left <= 0 else _("%(numbers)s and %(n)d more") % {"numbers": named, "n": left}


def said_of(action: Action, done: int) -> str:
    """What was done, to how many."""
    said = {
        Action.DUE: ngettext("%(n)d claim has its day.", "%(n)d claims have their day.", done),
        Action.SENIOR: ngettext("%(n)d claim passed to a senior.", "%(n)d claims passed to a senior.", done),
        Action.READ_AGAIN: ngettext("%(n)d claim is read again.", "%(n)d claims are read again.", done),
        Action.HOLD: ngettext("%(n)d claim is held.", "%(n)d claims are held.", done),
    }
    return said.get(action, ngettext("%(n)d claim assigned.", "%(n)d claims assigned.", done)) % {"n": done}


@login_required
@require_POST
def queue_export(request: HttpRequest) -> HttpResponse:
    """The chosen claims as one file, in the order of the list."""
    user = signed_in(request)
    require(user, Permission.EXPORT)
    form = request.POST.get("form", "")
    if form not in SEVERAL:
        raise Http404(_("There is no such form of export."))
    claims = chosen(request.POST.getlist("number"), user)
    if not claims:
        messages.error(request, _("Choose claims first, at most %(most)d.") % {"most": bulk.MOST})
        return redirect(_back(request))
    return attachment(export(claims, form=form, user=user, desk=desk_address(request)))


def chosen(numbers: Iterable[str], user: User) -> list[Claim]:
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > bulk.MOST:
        return []
    found = bulk.find(wanted, user=user)
    return [found[number] for number in wanted if number in found]


def _back(request: HttpRequest) -> str:
    """The filtered list one came from."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours and target.startswith("/") else "/"
