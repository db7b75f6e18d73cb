"""A claim's own page: people, documents, calculation, duplicates, notes, story."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from claims import access, intake, locks, policies
from claims.deciding import decisions
from claims.filing import comparison, duplicates
from claims.forms import DismissForm, EditClaimForm, NewClaimForm, NoteForm
from claims.guards import EDITABLE, Refused
from claims.models import Claim, Document, Duplicate, User
from claims.permissions import Permission, may, require, require_any
from claims.receiving import claim_changes
from claims.recording import story
from claims.views import holds, letters, moves
from claims.views.attempts import attempt
from claims.views.types import signed_in

MOST_DIGITS = 19
"""Of an id that the database can hold."""


@login_required
@require_GET
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one claim, with a fixed number of queries."""
    found = access.get_claim(signed_in(request), number)
    documents = found.documents.prefetch_related("pages", "invoice").order_by("id")
    context = {
        "claim": found,
        "documents": documents,
        "first_read": next((paper for paper in documents if paper.status == Document.Status.READ), None),
        "current": decisions.current(found),
        "duplicates": _duplicates(found),
        "notes": found.notes.select_related("author"),
        "note_form": NoteForm(),
        "dismiss_form": DismissForm(),
        "holder": locks.holder(found, signed_in(request)),
        "can_take_over": locks.may_take_over(found, signed_in(request)),
        "story": _story(request, found),
        "story_topics": story.Topic.choices,
        "can_check": _can_check(signed_in(request), found),
        **holds.parts_of(found),
        **letters.parts_of(found),
        **moves.parts_of(found),
    }
    return render(request, "claims/claim.html", context)


def _story(request: HttpRequest, found: Claim) -> story.Story:
    before = request.GET.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) < MOST_DIGITS
    return story.story(found.number, topic=request.GET.get("story", ""), before=int(before) if is_number else None)


def _duplicates(found: Claim) -> list[Duplicate]:
    others = Prefetch("other", Document.objects.select_related("claim").prefetch_related("pages"))
    mine = Duplicate.objects.filter(document__claim=found)
    return list(mine.select_related("document", "dismissed_by").prefetch_related("document__pages", others))


def _can_check(user: User, found: Claim) -> bool:
    waiting = found.decisions.filter(superseded_at=None, needs_check=True, checked_by=None).exclude(decided_by=user)
    return may(user, Permission.CHECK) and waiting.exists()


@login_required
@require_http_methods(["GET", "POST"])
def new_claim(request: HttpRequest) -> HttpResponse:
    """Opens a claim by hand; papers follow on the upload page."""
    require(signed_in(request), Permission.RECEIVE)
    form = NewClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = intake.open_claim(user=signed_in(request), **form.cleaned_data)
        messages.success(request, _("Claim %(number)s is open. Add its documents.") % {"number": opened.number})
        return redirect(f"{reverse('claims:upload')}?claim={opened.number}")
    return render(request, "claims/new_claim.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def edit_claim(request: HttpRequest, number: str) -> HttpResponse:
    """Person, policy, currency, priority, due day: of a claim that nobody has decided yet."""
    user = signed_in(request)
    found = access.get_claim(user, number)
    require(user, Permission.RECEIVE)
    form = EditClaimForm.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, found, form):
        return redirect("claims:claim", number=number)
    context = {
        "claim": found,
        "form": form,
        "policies": policies.suggested(found),
        "editable": found.status in EDITABLE,
    }
    return render(request, "claims/edit_claim.html", context)


def _changed(request: HttpRequest, found: Claim, form: EditClaimForm) -> bool:
    """Whether it was done; if not, the form says why."""
    changes, reason = form.changes(), form.cleaned_data["reason"].strip()
    version = form.cleaned_data["version"]
    try:
        done = not changes or claim_changes.change_claim(
            claim=found, user=signed_in(request), version=version, changes=changes, reason=reason
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    if not done:
        form.add_error(None, _("The claim has changed since you looked. Look again, then change it."))
    elif changes:
        messages.success(request, _("Changed. The documents are checked again."))
    return done


@login_required
@require_POST
def add_note(request: HttpRequest, number: str) -> HttpResponse:
    found = access.get_claim(signed_in(request), number)
    require_any(signed_in(request), Permission.RECEIVE, Permission.CORRECT)
    form = NoteForm(request.POST)
    if form.is_valid():
        intake.add_note(claim=found, author=signed_in(request), text=form.cleaned_data["text"])
    else:
        messages.error(request, _("A note needs some text."))
    return redirect("claims:claim", number=found.number)


@login_required
@require_GET
def compare_duplicate(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Two papers that look alike, pictures and values side by side."""
    found = access.get_claim(signed_in(request), number)
    wanted = Duplicate.objects.select_related("dismissed_by", "document__claim", "other__claim")
    duplicate = get_object_or_404(wanted, pk=pk, document__claim=found)
    context = {
        "claim": found,
        "duplicate": duplicate,
        "sides": duplicate.sides,
        "pairs": comparison.compare(*duplicate.sides),
    }
    return render(request, "claims/compare.html", context)


@login_required
@require_POST
def take_over(request: HttpRequest, number: str) -> HttpResponse:
    """The work on the claim goes on with this person, for a reason."""
    user = signed_in(request)
    found = access.get_claim(user, number)
    reason = request.POST.get("reason", "")
    attempt(
        request, lambda: locks.take_over(claim=found, user=user, reason=reason), _("The claim is yours to work on.")
    )
    return redirect("claims:claim", number=found.number)


@login_required
@require_POST
def dismiss_duplicate(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    found = access.get_claim(signed_in(request), number)
    require(signed_in(request), Permission.CORRECT)
    duplicate = get_object_or_404(Duplicate, pk=pk, document__claim=found)
    form = DismissForm(request.POST)
    if form.is_valid():
        user, reason = signed_in(request), form.cleaned_data["reason"]
        said = _("Noted: no duplicate.")
        attempt(request, lambda: duplicates.dismiss(duplicate=duplicate, user=user, reason=reason), said)
    else:
        messages.error(request, _("Say why this is no duplicate."))
    return redirect("claims:claim", number=found.number)
