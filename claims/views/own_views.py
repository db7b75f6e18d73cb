"""Saving a list of the queue under a name, and forgetting it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims import links
from claims.queueing import own_views
from claims.views.attempts import attempt
from claims.views.types import signed_in


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """`query`: the list's own query string. Back to that list."""
    user, query = signed_in(request), request.POST.get("query", "")
    name, shared = request.POST.get("name", ""), request.POST.get("shared") == "on"
    attempt(request, lambda: own_views.save(user=user, name=name, query=query, shared=shared), _("The view is saved."))
    kept = own_views.canonical(query)
    return redirect(f"{links.queue()}?{kept}" if kept else links.queue())


@login_required
@require_POST
def forget_view(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    view = get_object_or_404(own_views.views_for(user), pk=pk)
    attempt(request, lambda: own_views.forget(user=user, view=view), _("The view is forgotten."))
    return redirect(links.queue())
