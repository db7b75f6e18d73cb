"""The admin: every list and page opens; the record is looked at only."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from claims.admin.base import LookOnlyAdmin
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
from tests.claims.admin.conftest import OURS, SignIn, address, name_of
from tests.claims.conftest import ReadDocument

pytestmark = pytest.mark.django_db


LOOK_ONLY = [model for model in OURS if isinstance(admin.site._registry[model], LookOnlyAdmin)]


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


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_every_list_and_one_page_of_it_open(
    full_desk: None, administrator: User, signed_in: SignIn, model: type[Model]
) -> None:
    client = signed_in(administrator)
    assert (
        client.get(
            address(model, "changelist"), {"q": "x"} if admin.site._registry[model].search_fields else {}
        ).status_code
        == 200
    )
    row = model._default_manager.first()
    if row is not None:
        assert client.get(address(model, "change", row.pk)).status_code == 200
    elif model.__name__ != "Correction":
        pytest.fail("full_desk makes no such row")


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_an_auditor_looks_and_changes_nothing(
    full_desk: None, auditor_in_the_admin: User, signed_in: SignIn, model: type[Model]
) -> None:
    client = signed_in(auditor_in_the_admin)
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        page = address(model, "change", row.pk)
        assert client.get(page).status_code == 200
        assert client.post(page, {}).status_code == 403
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", LOOK_ONLY, ids=name_of)
def test_nobody_changes_the_record_in_the_admin(
    full_desk: None, administrator: User, signed_in: SignIn, model: type[Model]
) -> None:
    client = signed_in(administrator)
    assert client.get(address(model, "add")).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        assert client.post(address(model, "change", row.pk), {}).status_code == 403
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["clerk", "reviewer", "supervisor", "auditor", "stranger"])
def test_whoever_is_no_administrator_is_not_let_in(people: dict[str, User], signed_in: SignIn, role: str) -> None:
    assert signed_in(people[role]).get(reverse("admin:index")).status_code == 302


def test_a_claim_is_not_opened_here_where_it_would_have_no_number(administrator: User, signed_in: SignIn) -> None:
    assert signed_in(administrator).get(address(Claim, "add")).status_code == 403
