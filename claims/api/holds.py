"""Legal holds for other programs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from claims import holds
from claims.access import get_claim
from claims.api.requests import caller, read
from claims.models import LegalHold


class HoldSerializer(serializers.ModelSerializer[LegalHold]):
    """`until` of null: until it is lifted."""

    placed_by: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = LegalHold
        fields = ("id", "reason", "until", "placed_by", "placed_at", "lifted_at", "lifted_reason")
        read_only_fields = ("placed_at", "lifted_at", "lifted_reason")


class LiftSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=400)


@extend_schema(methods=["GET"], operation_id="holds_list", responses={200: HoldSerializer(many=True)})
@extend_schema(
    methods=["POST"],
    request=HoldSerializer,
    responses={201: HoldSerializer, **{code: OpenApiResponse() for code in (400, 403, 404, 409)}},
)
@api_view(["GET", "POST"])
def claim_holds(request: Request, number: str) -> Response:
    """GET: holds of the claim, newest first, those lifted too. POST: places one."""
    claim = get_claim(caller(request), number)
    if request.method == "POST":
        hold = holds.place(claim=claim, user=caller(request), **read(request, HoldSerializer))
        return Response(HoldSerializer(hold).data, status.HTTP_201_CREATED)
    return Response(HoldSerializer(claim.holds.select_related("placed_by"), many=True).data)


@extend_schema(request=LiftSerializer, responses={200: HoldSerializer, 403: OpenApiResponse(), 409: OpenApiResponse()})
@api_view(["POST"])
def lift(request: Request, number: str, pk: int) -> Response:
    """Ends a hold, for a reason."""
    hold = get_claim(caller(request), number).holds.filter(pk=pk).first()
    if hold is None:
        raise NotFound
    holds.lift(hold=hold, user=caller(request), reason=read(request, LiftSerializer)["reason"])
    hold.refresh_from_db()
    return Response(HoldSerializer(hold).data)
