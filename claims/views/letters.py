"""Letters of a claim, and the papers that people were asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from claims import access, audit, storage
from claims.correspondence import letters
from claims.deciding import decisions, papers
from claims.forms import ReturnForm
from claims.guards import Refused
from claims.models import Claim, Decision, Letter, LetterLanguage, PaperRequest, User
from claims.permissions import Permission, may, require
from claims.views.types import signed_in

MOST_WAITING = 500


@login_required
@require_GET
def letter(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A letter as it was issued."""
    found = _letter(signed_in(request), number, pk)
    return render(request, "claims/letter.html", {"letter": found, "claim": found.claim})


@login_required
@require_GET
def letter_pdf(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The printed letter; the log says who took it."""
    found = _letter(signed_in(request), number, pk)
    try:
        content = letters.pdf_of(found)
    except storage.FileDamaged:
        raise Http404(_("The file is not there.")) from None
    audit.record(person=signed_in(request), action="letter.opened", claim=found.claim, subject=found.number)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"letter-{found.number}.pdf") or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _letter(user: User, number: str, pk: int) -> Letter:
    claim = access.get_claim(user, number)
    of_claim = claim.letters.select_related("claim", "made_by", "replaces", "replaced_by")
    found: Letter = get_object_or_404(of_claim, pk=pk)
    return found


@login_required
@require_POST
def issue_letter(request: HttpRequest, number: str) -> HttpResponse:
    """The letter of the decision in force, in the language chosen."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    require(user, Permission.DECIDE)
    decision = decisions.current(claim)
    language = request.POST.get("language", "")
    if decision is None or language not in LetterLanguage.values:
        messages.error(request, _("Choose a language; a claim that is not decided has no letter."))
        return redirect("claims:claim", number=number)
    return _issued(request, claim, lambda: letters.issue(decision=decision, user=user, language=language))


@login_required
@require_POST
def reissue_letter(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Another letter in place of this one."""
    user = signed_in(request)
    found = _letter(user, number, pk)
    reason = request.POST.get("reason", "")
    return _issued(request, found.claim, lambda: letters.issue_again(letter=found, user=user, reason=reason))


def _issued(request: HttpRequest, claim: Claim, issue: Callable[[], Letter]) -> HttpResponse:
    try:
        made = issue()
    except Refused as error:
        messages.error(request, str(error))
        return redirect("claims:claim", number=claim.number)
    messages.success(request, _("Letter %(number)s is issued.") % {"number": made.number})
    return redirect("claims:letter", number=claim.number, pk=made.pk)


# --- papers that are missing -----------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def return_claim(request: HttpRequest, number: str) -> HttpResponse:
    """The list of what is missing, the deadline and the letter: one form, one transaction."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    require(user, Permission.DECIDE)
    asked_before = decisions.was_returned(claim)
    initial = {"language": letters.usual_language(claim), "version": claim.version}
    form = ReturnForm(request.POST or None, initial=initial, asked_before=asked_before)
    if request.method == "POST" and form.is_valid() and _return(request, claim, form):
        return redirect("claims:claim", number=number)
    context = {"claim": claim, "form": form, "asked_before": asked_before, "may_again": may(user, Permission.REOPEN)}
    return render(request, "claims/return.html", context)


def _return(request: HttpRequest, claim: Claim, form: ReturnForm) -> bool:
    """Whether it was done; if not, the form says why."""
    user = signed_in(request)
    try:
        _decision, made = letters.decide(
            claim=claim,
            user=user,
            verdict=form.verdict(),
            version=form.version_seen,
            language=form.cleaned_data["language"],
        )
    except decisions.Incomplete as problem:
        for field, message in problem.errors:
            form.add_error(field if field in form.fields else None, message)
    except Refused as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _("Returned. Letter %(number)s asks for the papers.") % {"number": made.number})
        return True
    return False


@login_required
@require_GET
def papers_waiting(request: HttpRequest) -> HttpResponse:
    """Every claim that waits for papers, the most urgent first."""
    user = signed_in(request)
    visible = access.claims_for(user)
    state = request.GET.get("state", "")
    found = papers.waiting(visible, state).annotate(letters=Count("decision__letters"))[:MOST_WAITING]
    states = [choice for choice in PaperRequest.State.choices if choice[0] not in ("received", "withdrawn")]
    context = {
        "waiting": [(item, PaperRequest.State(item.state())) for item in found],
        "states": states,
        "chosen": state,
    }
    return render(request, "claims/papers.html", context)


@login_required
@require_POST
def remind(request: HttpRequest, number: str) -> HttpResponse:
    """A reminder of the papers this claim waits for."""
    user = signed_in(request)
    claim = access.get_claim(user, number)
    require(user, Permission.DECIDE)
    waiting = papers.still_open().filter(claim=claim).select_related("decision__claim", "claim").first()
    if waiting is None:
        messages.error(request, _("Nothing is waited for any more."))
        return redirect("claims:claim", number=number)
    return _issued(request, claim, lambda: letters.remind(request=waiting, user=user))


def parts_of(claim: Claim) -> dict[str, object]:
    """What the claim's page shows of letters and papers: three queries."""
    request = claim.paper_requests.order_by("-id").first()
    issued = claim.letters.select_related("made_by", "replaced_by").order_by("-id")
    return {
        "letters": issued,
        "paper_request": request,
        "paper_state": request.state() if request else None,
        "letter_languages": LetterLanguage.choices,
        "usual_language": letters.usual_language(claim),
        "returnable": claim.status in decisions.DECIDABLE,
        "outcome_returned": Decision.Outcome.RETURNED,
    }
