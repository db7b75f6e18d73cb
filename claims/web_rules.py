"""What holds for every request and every answer, whichever page or call it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

log = structlog.get_logger(__name__)

NUL = "\0"
FORM = "application/x-www-form-urlencoded"
API, GATEWAY = "/api/", "/gateway/"


class NothingIsKept:
    """Middleware: what a browser gets of the desk stays on no disk, and is not there for the next person.

    Views that say otherwise (page pictures) keep their word.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class WhatNoDatabaseHolds:
    """Middleware: 400 for a NUL character, which PostgreSQL refuses and SQLite would keep, and for numbers and days
    beyond what a column or a calendar holds. JSON bodies are checked by their serializers; the gateway answers in the
    words of its protocols."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _holds_nul(request) or _is_foreign_form(request):
            return _not_understood(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: object, kwargs: object) -> HttpResponse | None:
        """Forms; behind the check against forged ones, which has read them already. Calls of programs have none."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        said = (text for name, texts in request.POST.lists() for text in (name, *map(str, texts)))
        return _not_understood(request) if any(NUL in text for text in said) else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OverflowError | DataError):
            return None
        log.warning("out_of_range", path=request.path_info, error=type(error).__name__)  # its text may quote a value
        return _not_understood(request)


def _holds_nul(request: HttpRequest) -> bool:
    asked = request.META.get("QUERY_STRING", "")
    return not request.path_info.startswith(GATEWAY) and (NUL in request.path_info or "%00" in asked)


def _is_foreign_form(request: HttpRequest) -> bool:
    """Django refuses a form that is not in UTF-8, and again, with 500, while it writes the page that says so."""
    charset = (request.content_params or {}).get("charset", "utf-8")
    return request.content_type == FORM and charset.strip("\"' ").casefold() not in ("utf-8", "utf8")


def _not_understood(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith((API, GATEWAY)):
        detail = _("A value is out of range, or holds a character that no text may hold.")
        return JsonResponse({"detail": detail}, status=400)
    return render(request, "400.html", status=400)
