"""Deciding about a claim, the second person's check, opening it again, and passing it to a senior."""

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims import locks
from claims.access import get_claim
from claims.api.requests import caller, read
from claims.assigning import assignment
from claims.correspondence import letters
from claims.deciding import decisions
from claims.deciding.papers import Wanted
from claims.models import Claim, Decision, LetterLanguage, Paper
from claims.models.decision import ReasonCode
from claims.queueing import neighbours
from claims.reviewing import review

ANSWERS = {"200": dict, "400": dict, "403": dict, "404": dict, "409": dict}


class DecisionSerializer(serializers.Serializer[Any]):
    """`version`: the claim's, as the person saw it. `list`: query string of the list they came from.

    `papers`, `other_papers`, `papers_until`: the list of a return; without them the reason names what is missing.
    `letter`: the language of a letter that is issued with the decision.
    """

    outcome = serializers.ChoiceField(Decision.Outcome.choices)
    approved = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, default=None, min_value=0)
    reason_code = serializers.ChoiceField(ReasonCode.choices, allow_blank=True, default="")
    reason = serializers.CharField(allow_blank=True, default="", max_length=4000)
    version = serializers.IntegerField(min_value=0)
    override_reason = serializers.CharField(allow_blank=True, default="", max_length=4000)
    papers = serializers.ListField(child=serializers.ChoiceField(Paper.choices), default=list)
    other_papers = serializers.CharField(allow_blank=True, default="", max_length=2000)
    papers_until = serializers.DateField(allow_null=True, default=None)
    letter = serializers.ChoiceField(LetterLanguage.choices, allow_blank=True, default="")
    list = serializers.CharField(allow_blank=True, default="", max_length=2000)


class CheckSerializer(serializers.Serializer[Any]):
    """`version` and `list` as in a decision."""

    agree = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True, default="", max_length=4000)
    version = serializers.IntegerField(min_value=0, allow_null=True, default=None)
    list = serializers.CharField(allow_blank=True, default="", max_length=2000)


class ReopenSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=4000)
    version = serializers.IntegerField(min_value=0, allow_null=True, default=None)


class PassSerializer(serializers.Serializer[Any]):
    """`version` and `list` as in a decision."""

    reason = serializers.CharField(max_length=4000)
    version = serializers.IntegerField(min_value=0)
    list = serializers.CharField(allow_blank=True, default="", max_length=2000)


class TakeOverSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=400)


@extend_schema(request=DecisionSerializer, responses=ANSWERS)
@api_view(["POST"])
def decide(request: Request, number: str) -> Response:
    """Approves, approves in part, rejects, or returns for papers."""
    claim = get_claim(caller(request), number)
    body = read(request, DecisionSerializer)
    version, list_query, language = body.pop("version"), body.pop("list"), body.pop("letter")
    wanted = _wanted(body.pop("papers"), body.pop("other_papers"), body.pop("papers_until"))
    verdict = decisions.Verdict(**{**body, "outcome": Decision.Outcome(body["outcome"]), "wanted": wanted})
    decision = _decide(language, claim=claim, user=caller(request), verdict=verdict, version=version)
    following = neighbours.next_claim(claim, user=caller(request), list_query=list_query)
    return _answer(claim, decision, next=following)


def _decide(language: str, **order: Any) -> Decision:
    """With its letter, where a language says so."""
    return letters.decide(language=language, **order)[0] if language else decisions.decide(**order)


def _wanted(papers: list[str], other: str, until: date | None) -> Wanted | None:
    named = papers or other or until
    return Wanted(papers=tuple(papers), other=other, until=until) if named else None


@extend_schema(request=CheckSerializer, responses=ANSWERS)
@api_view(["POST"])
def check(request: Request, number: str) -> Response:
    """The second person agrees or disagrees."""
    claim = get_claim(caller(request), number)
    body = read(request, CheckSerializer)
    list_query = body.pop("list")
    decision = decisions.check(claim=claim, user=caller(request), **body)
    following = neighbours.next_claim(claim, user=caller(request), list_query=list_query)
    return _answer(claim, decision, next=following)


@extend_schema(request=ReopenSerializer, responses=ANSWERS)
@api_view(["POST"])
def reopen(request: Request, number: str) -> Response:
    """Takes the decision out of force."""
    claim = get_claim(caller(request), number)
    decision = decisions.reopen(claim=claim, user=caller(request), **read(request, ReopenSerializer))
    return _answer(claim, decision)


@extend_schema(request=PassSerializer, responses=ANSWERS)
@api_view(["POST"])
def pass_to_senior(request: Request, number: str) -> Response:
    """Gives the claim to the supervisor with the fewest open claims; the reason is kept as a note."""
    claim = get_claim(caller(request), number)
    body = read(request, PassSerializer)
    assignment.pass_to_senior(claim=claim, by=caller(request), reason=body["reason"], version=body["version"])
    following = neighbours.next_claim(claim, user=caller(request), list_query=body["list"])
    return Response({"claim": review.claim_part(claim), "next": following})


@extend_schema(request=TakeOverSerializer, responses=ANSWERS)
@api_view(["POST"])
def take_over(request: Request, number: str) -> Response:
    """Takes the work on a claim over from whoever has it open; for supervisors and the claim's own assignee."""
    claim = get_claim(caller(request), number)
    locks.take_over(claim=claim, user=caller(request), **read(request, TakeOverSerializer))
    return Response({"claim": review.claim_part(claim)})


def _answer(claim: Claim, decision: Decision, **more: Any) -> Response:
    in_force = decision if decision.superseded_at is None else None
    return Response({"decision": review.decision_part(in_force), "claim": review.claim_part(claim), **more})
