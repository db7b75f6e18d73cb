"""The letters of a claim for other programs: what was issued, the files, and issuing one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from claims import audit, storage
from claims.access import get_claim
from claims.api.requests import caller, read
from claims.correspondence import letters
from claims.deciding import decisions
from claims.guards import Refused
from claims.models import Letter, LetterLanguage


class LetterSerializer(serializers.ModelSerializer[Letter]):
    """One letter as it was issued; `html` is empty once it was erased."""

    made_by: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="username", read_only=True)
    replaces: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="number", read_only=True)

    class Meta:
        model = Letter
        fields = (
            "id", "number", "kind", "language", "html", "html_sha256", "pdf_sha256", "pdf_size", "made_by", "made_at",
            "replaces", "reason",
        )  # fmt: skip
        read_only_fields = fields


class IssueSerializer(serializers.Serializer[Any]):
    """`replaces`: number of the letter to be issued again, with the reason; else the decision's letter."""

    language = serializers.ChoiceField(LetterLanguage.choices, required=False)
    replaces = serializers.CharField(required=False, max_length=40)
    reason = serializers.CharField(allow_blank=True, default="", max_length=400)


@extend_schema(methods=["GET"], operation_id="letters_list", responses={200: LetterSerializer(many=True)})
@extend_schema(
    methods=["POST"],
    request=IssueSerializer,
    responses={201: LetterSerializer, **{code: OpenApiResponse() for code in (400, 403, 404, 409)}},
)
@api_view(["GET", "POST"])
def claim_letters(request: Request, number: str) -> Response:
    """GET: the claim's letters, oldest first. POST: issues one from the decision in force, or one again."""
    claim = get_claim(caller(request), number)
    if request.method == "POST":
        made = _issue(request, number)
        return Response(LetterSerializer(made).data, status.HTTP_201_CREATED)
    return Response(LetterSerializer(claim.letters.select_related("made_by", "replaces"), many=True).data)


def _issue(request: Request, number: str) -> Letter:
    claim, body = get_claim(caller(request), number), read(request, IssueSerializer)
    if "replaces" in body:
        letter = _found(request, number, number=body["replaces"])
        return letters.issue_again(letter=letter, user=caller(request), reason=body["reason"])
    decision = decisions.current(claim)
    if decision is None:
        raise Refused(_("There is no decision about this claim."))
    language = body.get("language") or letters.usual_language(claim)
    return letters.issue(decision=decision, user=caller(request), language=language)


def _found(request: Request, claim: str, **which: Any) -> Letter:
    letter = get_claim(caller(request), claim).letters.select_related("claim").filter(**which).first()
    if letter is None:
        raise NotFound
    return letter


@extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY, 404: OpenApiResponse()})
@api_view(["GET"])
def letter_pdf(request: Request, number: str, pk: int) -> HttpResponse:
    """The letter as it was printed. Who took it is on record."""
    letter = _found(request, number, pk=pk)
    try:
        content = letters.pdf_of(letter)
    except storage.FileDamaged as error:
        raise NotFound(str(error)) from error
    audit.record(person=caller(request), action="letter.opened", claim=letter.claim, subject=letter.number)
    return HttpResponse(content, content_type="application/pdf", headers={"Cache-Control": "private, no-store"})
