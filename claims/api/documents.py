"""One document: turn a page, place values on it, read again, confirm a partial reading, reveal a masked value."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims.access import get_document
from claims.api.requests import caller, known_revision, read
from claims.editing.corrections import Invalid
from claims.filing import documents
from claims.processing import locating, reading
from claims.reviewing import review
from claims.working_values.cells import Cell
from ocr_providers.results import Box

REFUSALS = {"400": dict, "403": dict, "404": dict, "409": dict}


class RotationSerializer(serializers.Serializer[Any]):
    rotation = serializers.ChoiceField([(angle, str(angle)) for angle in documents.RIGHT_ANGLES])


class PinSerializer(serializers.Serializer[Any]):
    """`rect`: left, top, right, bottom in pixels of the unrotated page picture."""

    cell = serializers.CharField(max_length=120)
    rect = serializers.ListField(child=serializers.IntegerField(), min_length=4, max_length=4)
    page = serializers.IntegerField(min_value=0)

    def validate_rect(self, rect: list[int]) -> list[int]:
        left, top, right, bottom = rect
        if not (0 <= left < right and 0 <= top < bottom):
            raise serializers.ValidationError(_("This is not a place on a page."))
        return rect


class ReadAgainSerializer(serializers.Serializer[Any]):
    """`account`: name of the provider account to ask; none: as for a new document."""

    account = serializers.CharField(allow_null=True, allow_blank=True, default="", max_length=80)


class RevealSerializer(serializers.Serializer[Any]):
    cell = serializers.CharField(max_length=120)


@extend_schema(request=RotationSerializer, responses={"204": None, **REFUSALS})
@api_view(["POST"])
def rotate_page(request: Request, pk: int, index: int) -> Response:
    """How a page stands on the screen, for everybody."""
    document = get_document(caller(request), pk)
    rotation = int(read(request, RotationSerializer)["rotation"])
    documents.rotate_page(document=document, user=caller(request), index=index, rotation=rotation)
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(request=None, responses={"200": dict, **REFUSALS})
@api_view(["POST"])
def confirm_partial(request: Request, pk: int) -> Response:
    """The values of a partly read document may be relied on."""
    document = get_document(caller(request), pk)
    documents.confirm_partial(document=document, user=caller(request))
    return Response(review.current(document, user=caller(request), known=known_revision(request)))


@extend_schema(request=PinSerializer, responses={"200": dict, **REFUSALS})
@api_view(["POST"])
def pin(request: Request, pk: int) -> Response:
    """Where on the paper a value stands, as a person shows it."""
    document = get_document(caller(request), pk)
    body = read(request, PinSerializer)
    left, top, right, bottom = body["rect"]
    box = Box(left, top, right, bottom, body["page"])
    documents.pin(document=document, user=caller(request), cell=_cell(body["cell"]), box=box)
    return Response(review.current(document, user=caller(request), known=known_revision(request)))


@extend_schema(request=None, responses={"202": dict, "204": None, **REFUSALS})
@api_view(["POST"])
def locate(request: Request, pk: int) -> Response:
    """Has the engine look for the places of values; they come with the state. 204: every value has been looked for."""
    document = get_document(caller(request), pk)
    job = locating.ask_now(document=document, user=caller(request))
    return Response({"job": job.pk}, status.HTTP_202_ACCEPTED) if job else Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(request=ReadAgainSerializer, responses={"202": dict, **REFUSALS})
@api_view(["POST"])
def read_again(request: Request, pk: int) -> Response:
    """Queues another reading; it may be charged. Corrections stay."""
    document = get_document(caller(request), pk)
    account = read(request, ReadAgainSerializer)["account"] or ""
    job = reading.read_again(document=document, user=caller(request), account=account)
    return Response({"job": job.pk}, status.HTTP_202_ACCEPTED)


@extend_schema(request=RevealSerializer, responses={"200": dict, **REFUSALS})
@api_view(["POST"])
def reveal(request: Request, pk: int) -> Response:
    """A masked value in full; the log keeps who saw it."""
    document = get_document(caller(request), pk)
    cell = _cell(read(request, RevealSerializer)["cell"])
    return Response({"value": documents.reveal(document=document, user=caller(request), cell=cell)})


def _cell(address: str) -> Cell:
    try:
        return Cell.parse(address)
    except ValueError:
        raise Invalid([(address, "")]) from None
