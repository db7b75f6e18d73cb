"""What tests of the admin share: pages' addresses, an auditor who is let in, and a desk with a row of everything."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from claims.correspondence import letters, webhooks
from claims.deciding import decisions
from claims.filing import pages
from claims.models import (
    AssignmentRule,
    Claim,
    Decision,
    Duplicate,
    Erasure,
    LegalHold,
    LetterHead,
    Move,
    Note,
    Policy,
    Role,
    RoleRule,
    RuleSetting,
    SampleDraw,
    SecondReviewRule,
    StraightThroughRule,
    User,
    WebhookEndpoint,
)
from claims.queueing import own_views
from claims.receiving.uploads import receive_file
from claims.reviewing.presence import touch
from ocr_providers.results import Kind
from tests.claims.conftest import ReadDocument

SignIn = Callable[[User], Client]
OURS = [model for model in admin.site._registry if model._meta.app_label == "claims"]


def name_of(model: type[Model]) -> str:
    return str(model._meta.model_name)


def address(model: type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:claims_{model._meta.model_name}_{page}", args=arguments)


@pytest.fixture
def auditor_in_the_admin(auditor: User) -> User:
    auditor.is_staff = True
    auditor.save()
    return auditor


@pytest.fixture
def full_desk(read_document: ReadDocument, policy: Policy, reviewer: User, picture: Callable[..., bytes]) -> None:
    """At least one row of every model."""
    document = read_document(total_cost=Decimal("9.99"))
    claim = document.claim
    read_document(Kind.HEALTH_CHECK)
    other = Claim.objects.create(number="other")
    received = receive_file(claim=other, file=picture(), name="a.jpg", user=reviewer).document
    pages.make_pages(received, picture())
    Duplicate.objects.create(document=document, other=received, reason=Duplicate.Reason.SAME_VISIT)
    Note.objects.create(claim=claim, author=reviewer, text="Called.")
    RuleSetting.objects.create(code="LIN-PRICE", reason="Rounded by the hospital.")
    StraightThroughRule.objects.create()
    SecondReviewRule.objects.create()
    AssignmentRule.objects.create(order=1, name="All").people.add(reviewer)
    SampleDraw.objects.create(claim=other, drawn="0.5", share="0.1", held=False, payable=1)
    RoleRule.objects.create(role=Role.SUPERVISOR)
    own_views.save(user=reviewer, name="Mine", query="view=all")
    webhook = WebhookEndpoint(name="payments", url="https://payments.example/")
    webhooks.new_secret(webhook)
    webhook.save()
    webhooks.send_test(endpoint=webhook, user=User.objects.create_superuser("root"))
    touch(document, reviewer)
    claim.refresh_from_db()
    verdict = decisions.Verdict(outcome=Decision.Outcome.REJECTED, reason_code="period", reason="Too late.")
    decision = decisions.decide(claim=claim, user=reviewer, verdict=verdict, version=claim.version)
    third = Claim.objects.create(number="third")
    Move.objects.create(what="moved", from_claim=claim, to_claim=third, reason="x", moved_by=reviewer)
    LegalHold.objects.create(claim=claim, reason="x", placed_by=reviewer)
    Erasure.objects.create(claim=third)
    letters.issue(decision=decision, user=reviewer, language="en")
    LetterHead.objects.create(language="en", name="Good Friends")
    returned = decisions.Verdict(outcome=Decision.Outcome.RETURNED, reason="The list of charges.")
    other.refresh_from_db()
    decisions.decide(claim=other, user=reviewer, verdict=returned, version=other.version)
