"""Several claims at once for other programs: one action with a result for each, or all in one file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims import bulk
from claims.api.requests import caller, read
from claims.exports.files import FORMS, SEVERAL, export
from claims.exports.sending import attachment, desk_address
from claims.models import User
from claims.permissions import Permission, require

FILES = {(200, FORMS[form].media_type.partition(";")[0]): OpenApiTypes.BINARY for form in SEVERAL}


class NumbersSerializer(serializers.Serializer[Any]):
    numbers = serializers.ListField(child=serializers.CharField(max_length=30), min_length=1, max_length=bulk.MOST)


class BulkSerializer(NumbersSerializer):
    """Each action takes the parts that it needs: `give` `to`, `due` `due_at`, `senior` and `hold` a `reason`.

    `until`: last day of the hold, without it until somebody lifts it. `account`: who reads again.
    """

    action = serializers.ChoiceField([(action.value, action.value) for action in bulk.Action])
    to = serializers.CharField(required=False, max_length=150)
    due_at = serializers.DateTimeField(required=False)
    until = serializers.DateField(required=False)
    reason = serializers.CharField(allow_blank=True, default="", max_length=400)
    account = serializers.CharField(allow_blank=True, default="", max_length=80)


class ResultSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    done = serializers.BooleanField()
    why = serializers.CharField(help_text="Of a refusal.")


class ResultsSerializer(serializers.Serializer[Any]):
    results = ResultSerializer(many=True)


class ManyExportSerializer(NumbersSerializer):
    """`identity_in_full`: identity numbers unmasked, for who may reveal them."""

    form = serializers.ChoiceField([(form, form) for form in SEVERAL])
    identity_in_full = serializers.BooleanField(default=False)


@extend_schema(
    request=BulkSerializer,
    responses={200: ResultsSerializer, **{code: OpenApiResponse() for code in (400, 403, 409)}},
)
@api_view(["POST"])
def carry_out(request: Request) -> Response:
    """Does one thing to several claims. 200 with a result for each, also where all refused; 409 when a part lacks."""
    body, user = read(request, BulkSerializer), caller(request)
    numbers, to = body.pop("numbers"), body.pop("to", None)
    if body["action"] == bulk.Action.GIVE:
        require(user, Permission.ASSIGN)
        body["to"] = _colleague(to)
    order = bulk.Order(**{**body, "action": bulk.Action(body["action"])})
    results = bulk.carry_out(order, numbers=numbers, user=user)
    return Response({"results": [asdict(result) for result in results]})


def _colleague(username: str | None) -> User:
    try:
        return bulk.colleague(username)
    except bulk.NoColleague as error:
        raise ValidationError({"to": [str(error)]}) from None


@extend_schema(request=ManyExportSerializer, responses={**FILES, 400: OpenApiResponse(), 403: OpenApiResponse()})
@api_view(["POST"])
def export_claims(request: Request) -> HttpResponse:
    """Several claims in one file (`csv`, `xlsx`, `json`), in the order of `numbers`. On record for each of them."""
    user = caller(request)
    require(user, Permission.EXPORT)
    body = read(request, ManyExportSerializer)
    found = bulk.find(body["numbers"], user=user)
    claims = [found[number] for number in dict.fromkeys(body["numbers"]) if number in found]
    if not claims:
        raise NotFound(_("There is no such claim."))
    in_full = body["identity_in_full"]
    return attachment(export(claims, form=body["form"], user=user, desk=desk_address(request), in_full=in_full))
