"""Help: keys, states, terms, rules."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from claims.glossary import TERMS
from claims.models import Claim
from ocr_providers.arithmetic.rules import RULES

STATES = (
    (Claim.Status.RECEIVED, _("Its papers came in; not all of them have been read.")),
    (Claim.Status.READY, _("Every paper was read, or could not be: somebody may begin.")),
    (Claim.Status.IN_REVIEW, _("Somebody is checking its values.")),
    (Claim.Status.CHECKING, _("It was decided; a second person has to agree before the decision is final.")),
    (Claim.Status.RETURNED, _("The claimant was asked for papers; the first that comes brings it back.")),
    (Claim.Status.DECIDED, _("The decision is final. A supervisor can reopen it.")),
    (Claim.Status.MERGED, _("Its documents were moved into another claim, which goes on.")),
)


@login_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "claims/help.html", {"states": STATES, "terms": TERMS, "rules": RULES.values()})
