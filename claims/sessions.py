"""How long a sign-in lasts, and what has to be done before anything else in it.

A session ends after `SESSION_HOURS`, after `SESSION_IDLE_MINUTES` without an act of the person (a page that asks for
news by itself is none), and when the person, or an administrator, signs them out everywhere. Whoever must sign in with
two factors and has not set that up sees nothing but the page that does it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.models import RoleRule, User

SIGNED_IN, SEEN, MUST_ENROL = "desk_signed_in", "desk_seen", "desk_must_enrol"
"""Keys of the session: seconds since 1970, twice, and a mark."""
NOTED_EVERY = 60
"""Seconds: how often an act is written into the session."""
OPEN_WITHOUT_SECOND_FACTOR = ("/accounts/", "/i18n/", "/jsi18n/", "/static/", "/preferences/", "/healthz", "/readyz")


class SessionRules:
    """Middleware: ends sessions that are over, leads to two-factor sign-in who must have it. No query of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SIGNED_IN in request.session and isinstance(request.user, User):
            if _is_over(request, request.user):
                logout(request)
                messages.info(request, _("Your session has ended. Sign in to go on."))
            elif request.session.get(MUST_ENROL) and not _may_pass(request, request.user):
                return _lead_to_enrolment(request)
            elif not _asks_by_itself(request):
                _note_act(request)
        return _whole_page(request, self.get_response(request))


def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A part of a page that is asked for after the sign-in ended: the sign-in replaces the page, not the part."""
    leads_to_sign_in = response.status_code == 302 and response.headers["Location"].startswith(reverse("account_login"))
    if leads_to_sign_in and request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return response


def _is_over(request: HttpRequest, user: User) -> bool:
    now, began = time.time(), request.session[SIGNED_IN]
    ended = user.signed_out_at
    return (
        now - began > settings.SESSION_COOKIE_AGE
        or now - request.session.get(SEEN, began) > settings.SESSION_IDLE_SECONDS
        or (ended is not None and ended.timestamp() >= began)
    )


def _asks_by_itself(request: HttpRequest) -> bool:
    """A page that is open asks for news, whether anybody sits before it or not."""
    return request.method == "GET" and ("since" in request.GET or request.path == reverse("claims:now-reading"))


def _note_act(request: HttpRequest) -> None:
    if time.time() - request.session.get(SEEN, 0) > NOTED_EVERY:
        request.session[SEEN] = time.time()


def _may_pass(request: HttpRequest, user: User) -> bool:
    if request.path.startswith(OPEN_WITHOUT_SECOND_FACTOR):
        return True
    if has_two_factor(user):
        del request.session[MUST_ENROL]
        return True
    return False


def _lead_to_enrolment(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": _("Set up two-factor sign-in first.")}, status=403)
    return redirect("mfa_activate_totp")


def has_two_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def must_have_two_factor(user: User) -> bool:
    """Whether a rule of one of their roles says so."""
    roles = user.groups.values("name")
    return RoleRule.objects.filter(role__in=roles, requires_two_factor=True).exists()


def begin(sender: Any, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """At sign-in."""
    request.session[SIGNED_IN] = request.session[SEEN] = time.time()
    if must_have_two_factor(user) and not has_two_factor(user):
        request.session[MUST_ENROL] = True


def connect() -> None:
    user_logged_in.connect(begin, dispatch_uid="claims.sessions.begin")
