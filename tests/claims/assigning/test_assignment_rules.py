"""A claim finds its person by the first rule that fits, and the log says by which."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from claims import workers
from claims.assigning import assignment_rules
from claims.assigning.assignment_rules import assign_by_rules, fits
from claims.models import AssignmentRule, Claim, Document, Job, LogEntry, Plan, Policy, Role, User
from claims.processing import routing

pytestmark = pytest.mark.django_db
MakeRule = Callable[..., AssignmentRule]


@pytest.fixture
def make_rule(reviewer: User) -> MakeRule:
    def make(*people: User, **fields: Any) -> AssignmentRule:
        order = AssignmentRule.objects.count() + 1
        rule = AssignmentRule.objects.create(**{"order": order, "name": f"rule {order}", **fields})
        rule.people.set(people or [reviewer])
        return rule

    return make


@pytest.fixture
def second_reviewer(make_user: Callable[..., User]) -> User:
    return make_user("xia.reviewer", Role.REVIEWER)


def ready(number: str = "R-1", **fields: Any) -> Claim:
    return Claim.objects.create(number=number, **{"status": Claim.Status.READY, "amount_asked": 500, **fields})


def holder(claim: Claim) -> str | None:
    claim.refresh_from_db()
    return claim.assignee.username if claim.assignee else None


def test_a_claim_goes_to_the_person_of_the_first_rule_that_fits(
    make_rule: MakeRule, reviewer: User, supervisor: User
) -> None:
    make_rule(supervisor, name="Large amounts", amount_from=1000, due_hours=24)
    make_rule(reviewer, name="The rest")
    large, small = ready("large", amount_asked=1000), ready("small", amount_asked=Decimal("999.99"))
    assert assign_by_rules([large, small]) == [large, small]
    assert (holder(large), holder(small)) == (supervisor.username, reviewer.username)
    assert large.due_at == large.received_at + timedelta(hours=24)
    entries = LogEntry.objects.filter(action="claim.assigned").order_by("id").values_list("person", "reason")
    assert list(entries) == [("assignment rules", "“Large amounts”"), ("assignment rules", "“The rest”")]


def test_of_several_people_the_least_loaded_gets_it(make_rule: MakeRule, reviewer: User, second_reviewer: User) -> None:
    ready("busy", assignee=reviewer)
    ready("done", assignee=second_reviewer, status=Claim.Status.DECIDED)
    make_rule(reviewer, second_reviewer)
    claims = [ready(f"R-{n}") for n in range(3)]
    assign_by_rules(claims)
    assert [holder(claim) for claim in claims] == ["xia.reviewer", "rui.reviewer", "xia.reviewer"]
    assert LogEntry.objects.latest("id").reason == "“rule 1”, fewest open claims: 1"


def test_whoever_cannot_read_it_or_may_not_decide_or_has_left_gets_nothing(
    make_rule: MakeRule, reviewer: User, second_reviewer: User, clerk: User
) -> None:
    reviewer.reads_languages = ["th"]
    reviewer.save()
    User.objects.filter(pk=second_reviewer.pk).update(is_active=False)
    make_rule(reviewer, second_reviewer, clerk)
    chinese, thai = ready("zh", currency="CNY"), ready("th", currency="THB")
    assert assign_by_rules([chinese, thai]) == [thai]
    assert (holder(chinese), holder(thai)) == (None, reviewer.username)


def test_a_rule_that_has_nobody_free_leaves_the_claim_to_the_next(
    make_rule: MakeRule, reviewer: User, clerk: User
) -> None:
    make_rule(clerk)
    make_rule(reviewer)
    claim = ready()
    assign_by_rules([claim])
    assert holder(claim) == reviewer.username


@pytest.mark.parametrize(
    ("conditions", "fitting"),
    [
        ({}, True),
        ({"amount_from": 500}, True),
        ({"amount_from": Decimal("500.01")}, False),
        ({"amount_below": 500}, False),
        ({"amount_below": Decimal("500.01")}, True),
        ({"kind": "invoice"}, True),
        ({"kind": "health-check"}, False),
        ({"language": "zh"}, True),
        ({"language": "th"}, False),
    ],
)
def test_every_condition_must_be_met(
    make_rule: MakeRule, document: Document, conditions: dict[str, Any], fitting: bool
) -> None:
    Document.objects.update(kind=Document.Kind.INVOICE)
    Claim.objects.update(amount_asked=500, status=Claim.Status.READY)
    assert fits(make_rule(**conditions), Claim.objects.get()) is fitting


def test_the_plan_is_a_condition(make_rule: MakeRule, policy: Policy, plan: Plan) -> None:
    rule = make_rule(plan=plan)
    assert fits(rule, ready("with", policy=policy))
    assert not fits(rule, ready("without"))


def test_an_amount_nobody_knows_meets_no_amount(make_rule: MakeRule) -> None:
    claim = ready(amount_asked=None)
    assert not fits(make_rule(amount_from=0), claim)
    assert not fits(make_rule(amount_below=1), claim)


def test_whoever_was_quicker_keeps_the_claim(make_rule: MakeRule, supervisor: User) -> None:
    make_rule(due_hours=1)
    claim = ready()
    Claim.objects.update(assignee=supervisor)
    assert assign_by_rules([claim]) == []
    assert holder(claim) == supervisor.username
    assert claim.due_at is None


def test_a_claim_is_assigned_when_it_is_ready(make_rule: MakeRule, reviewer: User) -> None:
    make_rule()
    claim = ready()
    routing.enqueue({claim.pk: Job.Queue.ENGINE})
    workers.Worker().run_once([Job.Queue.ENGINE])
    assert holder(claim) == reviewer.username


def test_a_rule_that_is_off_is_not_asked(make_rule: MakeRule) -> None:
    make_rule(enabled=False)
    claim = ready()
    routing.enqueue({claim.pk: Job.Queue.ENGINE})
    assert not Job.objects.exists()
    assert assign_by_rules([claim]) == []


# --- what waits, at a supervisor's word ------------------------------------------------------------------------------


@pytest.fixture
def waiting(make_rule: MakeRule) -> None:
    make_rule(amount_below=1000)
    ready("fits")
    ready("too large", amount_asked=5000)
    ready("not yet", status=Claim.Status.RECEIVED)


def test_a_supervisor_has_the_waiting_claims_assigned(
    waiting: None, supervisor: User, reviewer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(supervisor)
    assert "2 claims wait for somebody." in client.get("/").content.decode()
    answer = client.post(reverse("claims:assign-by-rules"), follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert said == ["1 claim assigned.", "1 claim fits no rule."]
    assert list(Claim.objects.filter(assignee=reviewer).values_list("number", flat=True)) == ["fits"]
    assert LogEntry.objects.get(action="claim.assigned").person == supervisor.username


def test_a_reviewer_is_not_offered_it(waiting: None, reviewer: User, signed_in: Callable[[User], Client]) -> None:
    assert "Assign by rules now" not in signed_in(reviewer).get("/").content.decode()


def test_without_rules_it_is_not_offered(supervisor: User, signed_in: Callable[[User], Client]) -> None:
    ready()
    assert "Assign by rules now" not in signed_in(supervisor).get("/").content.decode()


def test_the_urgent_and_the_old_come_first(waiting: None, monkeypatch: pytest.MonkeyPatch, supervisor: User) -> None:
    monkeypatch.setattr(assignment_rules, "MOST_AT_ONCE", 1)
    urgent = ready("urgent", priority=1)
    assert assignment_rules.assign_waiting(by=supervisor) == (1, 0)
    assert holder(urgent) is not None


def test_finding_people_costs_no_queries_for_each_claim(
    make_rule: MakeRule, django_assert_max_num_queries: DjangoAssertNumQueries, policy: Policy
) -> None:
    for n in range(5):
        make_rule(amount_from=10_000 + n)
        ready(f"R-{n}", policy=policy)
    claims = list(assignment_rules.waiting().select_related("policy").prefetch_related("documents"))
    with django_assert_max_num_queries(6):  # rules, people, two for what the one reviewer may, loads
        assert assign_by_rules(claims) == []
