"""What people set for themselves: this browser's theme, the end of all their sessions. The language is Django's."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.staff import people
from claims.views.context import THEMES
from claims.views.types import signed_in

YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remembers the theme in a cookie and goes back; works signed out, too."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest("theme")
    response = HttpResponseRedirect(_way_back(request))
    response.set_cookie("theme", chosen, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
    return response


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Ends the person's sessions on every machine, this one too."""
    person = signed_in(request)
    people.sign_out_everywhere(person=person, by=person)
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("account_login")


def not_here(request: HttpRequest) -> HttpResponse:
    """For addresses of the sign-in library that this desk has no use for."""
    raise Http404


def _way_back(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if ours else "/"
