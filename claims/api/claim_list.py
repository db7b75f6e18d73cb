"""The queue for other programs: the same views, filters, order and pages as the queue's own page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from claims.access import claims_for
from claims.api.requests import caller
from claims.models import Claim, Document
from claims.queueing import queue, queue_filters
from claims.queueing.queue_order import ORDERS
from claims.queueing.queue_views import SAVED_VIEWS

LARGEST_PAGE = 200
VIEWS = [(view.name, str(view.name)) for view in SAVED_VIEWS]
SORTS = [(order.name, str(order.name)) for order in ORDERS]


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, required=False)


class ListQuery(serializers.Serializer[Any]):
    """Parameters of the list. `view` and `sort` are the tabs and orders of the queue; `q` searches as its box does."""

    view = serializers.ChoiceField(choices=VIEWS, required=False)
    sort = serializers.ChoiceField(choices=SORTS, required=False)
    q = serializers.CharField(required=False, max_length=100)
    status = serializers.MultipleChoiceField(choices=Claim.Status.choices, required=False)
    findings = serializers.ChoiceField(choices=[(name, name) for name in queue_filters.FINDINGS], required=False)
    has_errors = serializers.BooleanField(required=False, allow_null=True)
    due = serializers.ChoiceField(choices=[("overdue", "overdue"), ("soon", "soon")], required=False)
    kind = serializers.ChoiceField(choices=Document.Kind.choices, required=False)
    provider = serializers.CharField(required=False, max_length=80)
    assignee = serializers.CharField(required=False, max_length=150)
    policy = serializers.CharField(required=False, max_length=40)
    plan = serializers.CharField(required=False, max_length=30)
    asked_from = _amount()
    asked_to = _amount()
    older = serializers.IntegerField(required=False, min_value=0, max_value=9999)
    received_after = serializers.DateTimeField(required=False)
    received_before = serializers.DateTimeField(required=False)
    numbers = serializers.CharField(required=False, max_length=8000)
    after = serializers.CharField(required=False, max_length=80)
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE)


SAME = ("sort", "q", "findings", "due", "kind", "provider", "assignee", "plan", "older", "numbers")
"""Called the same as on the page."""


def list_claims(request: Request, serializer: type[serializers.ModelSerializer[Claim]]) -> Response:
    query = ListQuery(data=request.query_params, partial=True)
    query.is_valid(raise_exception=True)
    wanted = query.validated_data
    arrived = queue_filters.Arrival(after=wanted.get("received_after"), before=wanted.get("received_before"))
    asked = queue_filters.asked(_as_page(wanted), *_besides(wanted), arrived=arrived)
    listing = queue.listing(claims_for(caller(request)), caller(request), asked)
    page = queue.page(listing, wanted.get("after", ""), wanted.get("page_size"))
    following = page.next_cursor
    address = replace_query_param(request.build_absolute_uri(), "after", str(following)) if following else None
    return Response({"next": address, "results": serializer(page.claims, many=True).data})


def _as_page(wanted: Mapping[str, Any]) -> dict[str, str]:
    found = {name: str(wanted[name]) for name in SAME if name in wanted}
    renamed = {"above": wanted.get("asked_from"), "below": wanted.get("asked_to")}
    return {"view": wanted.get("view", "all"), **found, **{k: str(v) for k, v in renamed.items() if v is not None}}


def _besides(wanted: Mapping[str, Any]) -> list[Q]:
    """What only programs ask."""
    conditions: dict[str, Callable[[Any], Q]] = {
        "status": lambda statuses: Q(status__in=sorted(statuses)),
        "has_errors": lambda wanted: Q(error_count__gt=0) if wanted else Q(error_count=0),
        "policy": lambda number: Q(policy__number=number),
    }
    given = {name: wanted.get(name) for name in conditions}
    return [conditions[name](value) for name, value in given.items() if value is not None and value != set()]


def page_of(serializer: type[serializers.ModelSerializer[Claim]]) -> serializers.Serializer[Any]:
    """The answer, for the OpenAPI description."""
    fields: dict[str, Any] = {"next": serializers.URLField(allow_null=True), "results": serializer(many=True)}
    return inline_serializer("PageOfClaims", fields)
