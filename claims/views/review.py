"""The review page: the document's state as JSON inside a page that the scripts bring to life (docs/review-api.md)."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from claims.access import get_document
from claims.correspondence import letters
from claims.deciding import decisions
from claims.glossary import by_printed_word
from claims.models import Claim, LetterLanguage, Paper, User
from claims.models.decision import ReasonCode
from claims.permissions import Permission, may
from claims.reviewing import drafts, review
from claims.views.types import signed_in
from ocr_providers.models import ProviderAccount


class CompactEncoder(DjangoJSONEncoder):
    """Without spaces, and a Chinese character in its three bytes: a long invoice is half as large."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False, "separators": (",", ":")})


MARKUP = (("&", "\\u0026"), ("<", "\\u003C"), (">", "\\u003E"))


def state_script(state: review.Part) -> SafeString:
    """As Django's `json_script`, whose way through a long text sign by sign takes longer than everything else in it."""
    text = json.dumps(state, cls=CompactEncoder)
    for sign, escaped in MARKUP:
        text = text.replace(sign, escaped)
    return format_html('<script id="document-state" type="application/json">{}</script>', mark_safe(text))  # noqa: S308


@login_required
@require_GET
@cache_control(private=True, no_store=True)
def review_document(request: HttpRequest, pk: int) -> HttpResponse:
    """`?list=`: query string of the queue that one came from. `?by-hand` opens the fields of an unread document."""
    user = signed_in(request)
    document = get_document(user, pk)
    accounts = ProviderAccount.objects.filter(enabled=True).order_by("name").values_list("name", flat=True)
    state = review.state(document, user=user, list_query=request.GET.get("list", ""))
    context = {
        "state": state,
        "state_script": state_script(state),
        "reason_codes": ReasonCode.choices,
        "returning": _returning(document.claim, user),
        "person": {"id": user.pk, "key": drafts.key_of(user)},
        "accounts": list(accounts),
        "by_hand": "by-hand" in request.GET,
        "terms": by_printed_word(),
    }
    return render(request, "claims/review.html", context)


def _returning(claim: Claim, user: User) -> dict[str, Any]:
    """What a return asks for: the usual papers, and whether they were asked for before."""
    return {
        "papers": Paper.choices,
        "languages": LetterLanguage.choices,
        "language": letters.usual_language(claim),
        "asked_before": decisions.was_returned(claim),
        "may_again": may(user, Permission.REOPEN),
    }
