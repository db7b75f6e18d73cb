"""Claims and their documents for other programs: list, open, look at, change."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from claims import intake
from claims.access import get_claim
from claims.api.claim_list import ListQuery, list_claims, page_of
from claims.api.requests import caller
from claims.models import Claim, Document, Policy
from claims.permissions import Permission, require
from claims.receiving import claim_changes


class PreconditionRequired(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Name the version you saw in If-Match: the ETag of the claim."
    default_code = "precondition-required"


class PreconditionFailed(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "The claim has changed since; its new ETag comes with a GET."
    default_code = "precondition-failed"


class DocumentInClaim(serializers.ModelSerializer[Document]):
    class Meta:
        model = Document
        fields = (
            "id", "original_name", "sha256", "media_type", "byte_size", "kind", "status", "failure_code",
            "failure_reason", "partial", "partial_confirmed", "page_count", "error_count", "warning_count",
            "uploaded_at",
        )  # fmt: skip
        read_only_fields = fields


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """A claim as lists show it. Amounts are strings."""

    policy: serializers.SlugRelatedField[Policy] = serializers.SlugRelatedField(
        slug_field="number", queryset=Policy.objects.all(), allow_null=True, required=False
    )
    assignee: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Claim
        fields = (
            "number", "status", "patient_name", "policy", "currency", "priority", "assignee", "received_at", "due_at",
            "amount_asked", "amount_approved", "error_count", "warning_count", "line_count", "version",
        )  # fmt: skip
        read_only_fields = (
            "status", "received_at", "amount_asked", "amount_approved", "error_count", "warning_count", "line_count",
            "version",
        )  # fmt: skip
        extra_kwargs = {"number": {"required": False}}

    def validate_number(self, number: str) -> str:
        if not intake.is_number(number):
            raise serializers.ValidationError(
                _("A claim number has letters, digits, hyphens, dots and underscores only.")
            )
        return number


class ClaimDetailSerializer(ClaimSerializer):
    documents = DocumentInClaim(many=True, read_only=True)

    class Meta(ClaimSerializer.Meta):
        fields = (*ClaimSerializer.Meta.fields, "documents")  # type: ignore[assignment]


class ClaimChangesSerializer(serializers.ModelSerializer[Claim]):
    """What may be changed from outside; all parts are optional."""

    policy: serializers.SlugRelatedField[Policy] = serializers.SlugRelatedField(
        slug_field="number", queryset=Policy.objects.all(), allow_null=True, required=False
    )

    class Meta:
        model = Claim
        fields = ("patient_name", "policy", "priority", "due_at")


class ClaimList(generics.GenericAPIView[Claim]):
    """The queue for programs, and the way to open a claim."""

    serializer_class = ClaimSerializer
    queryset = Claim.objects.none()

    @extend_schema(parameters=[ListQuery], responses={200: page_of(ClaimSerializer), 400: OpenApiResponse()})
    def get(self, request: Request) -> Response:
        """Claims by view, filters and order, a page at a time. Newest first if not told otherwise.

        A page may hold fewer claims than asked for and still have a `next`: it looked through as many claims as one
        request may. Go on until `next` is null.
        """
        return list_claims(request, ClaimSerializer)

    @extend_schema(responses={201: ClaimSerializer, **{code: OpenApiResponse() for code in (400, 403, 409)}})
    def post(self, request: Request) -> Response:
        """Opens a claim; without a number it gets the next one."""
        require(caller(request), Permission.RECEIVE)
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = {name: body.validated_data.get(name) for name in ("policy", "patient_name", "currency", "number")}
        claim = intake.open_claim(user=caller(request), **{name: value for name, value in wanted.items() if value})
        return _with_etag(Response(self.get_serializer(claim).data, status.HTTP_201_CREATED), claim)


ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="Version of the claim.")
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag seen.")


class ClaimDetail(generics.GenericAPIView[Claim]):
    """One claim with its documents."""

    serializer_class = ClaimDetailSerializer
    queryset = Claim.objects.none()
    lookup_field = "number"

    @extend_schema(parameters=[ETAG], responses={200: ClaimDetailSerializer, 404: OpenApiResponse()})
    def get(self, request: Request, number: str) -> Response:
        claim = get_claim(caller(request), number)
        return _with_etag(Response(ClaimDetailSerializer(claim).data), claim)

    @extend_schema(
        parameters=[ETAG, IF_MATCH],
        request=ClaimChangesSerializer,
        responses={
            200: ClaimDetailSerializer,
            **{code: OpenApiResponse() for code in (400, 403, 404, 409)},
            412: OpenApiResponse(description="The claim has changed since."),
            428: OpenApiResponse(description="If-Match is missing."),
        },
    )
    def patch(self, request: Request, number: str) -> Response:
        """Changes a claim, if it is as the caller saw it."""
        claim = get_claim(caller(request), number)
        body = ClaimChangesSerializer(claim, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changed = claim_changes.change_claim(
            claim=claim, user=caller(request), version=_version_seen(request), changes=body.validated_data
        )
        if not changed:
            raise PreconditionFailed
        claim = get_claim(caller(request), number)
        return _with_etag(Response(ClaimDetailSerializer(claim).data), claim)


def _version_seen(request: Request) -> int:
    """From `If-Match: "17"`."""
    tag = request.headers.get("If-Match", "").strip()
    if not tag:
        raise PreconditionRequired
    number = tag.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise PreconditionFailed
    return int(number)


def _with_etag(response: Response, claim: Claim) -> Response:
    response["ETag"] = f'"{claim.version}"'
    return response
