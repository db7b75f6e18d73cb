"""Documents between claims for other programs: move, split, merge, take back."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from claims.access import documents_for, get_claim
from claims.api.requests import caller, read
from claims.models import Document, Move
from claims.receiving import moves


class MoveSerializer(serializers.ModelSerializer[Move]):
    """What went where. `undone_at`: taken back."""

    from_claim: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="number", read_only=True)
    to_claim: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="number", read_only=True)

    class Meta:
        model = Move
        fields = ("id", "what", "documents", "from_claim", "to_claim", "reason", "moved_at", "undone_at")
        read_only_fields = fields


class MoveRequest(serializers.Serializer[Any]):
    """`to`: number of a claim; without it the documents become a claim of their own."""

    documents = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=500)
    to = serializers.CharField(required=False, max_length=30)
    reason = serializers.CharField(max_length=400)
    other_policy = serializers.BooleanField(default=False)


class MergeRequest(serializers.Serializer[Any]):
    """`into`: number of the claim that gets all documents. `other_policy`: confirmed although the policies differ."""

    into = serializers.CharField(max_length=30)
    reason = serializers.CharField(max_length=400)
    other_policy = serializers.BooleanField(default=False)


ANSWERS = {201: MoveSerializer, **{code: OpenApiResponse() for code in (400, 403, 404, 409)}}


@extend_schema(request=MoveRequest, responses=ANSWERS)
@api_view(["POST"])
def move(request: Request, number: str) -> Response:
    """Moves documents of this claim into another, or splits them off into a new one."""
    user, body = caller(request), read(request, MoveRequest)
    documents = _documents(request, number, body["documents"])
    if "to" not in body:
        done = moves.split(documents=documents, user=user, reason=body["reason"])
    else:
        to = get_claim(user, body["to"])
        done = moves.move(
            documents=documents, to=to, user=user, reason=body["reason"], other_policy=body["other_policy"]
        )
    return Response(MoveSerializer(done).data, status.HTTP_201_CREATED)


def _documents(request: Request, number: str, wanted: list[int]) -> list[Document]:
    """All of them, or 404."""
    claim = get_claim(caller(request), number)
    found = documents_for(caller(request)).select_related("claim__policy").filter(claim=claim, pk__in=wanted)
    if len(found) != len(set(wanted)):
        raise NotFound
    return list(found)


@extend_schema(request=MergeRequest, responses=ANSWERS)
@api_view(["POST"])
def merge(request: Request, number: str) -> Response:
    """Moves all documents of this claim into another, and closes this one."""
    user, body = caller(request), read(request, MergeRequest)
    claim, into = get_claim(user, number), get_claim(user, body["into"])
    done = moves.merge(claim=claim, into=into, user=user, reason=body["reason"], other_policy=body["other_policy"])
    return Response(MoveSerializer(done).data, status.HTTP_201_CREATED)


@extend_schema(request=None, responses={**ANSWERS, 200: MoveSerializer})
@api_view(["POST"])
def take_back(request: Request, number: str, pk: int) -> Response:
    """Moves the documents of one move home."""
    claim = get_claim(caller(request), number)
    done = next((found for found in moves.takes_back(claim) if found.pk == pk), None)
    if done is None:
        raise NotFound
    return Response(MoveSerializer(moves.take_back(done=done, user=caller(request))).data)
