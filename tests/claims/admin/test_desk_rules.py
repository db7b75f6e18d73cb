"""The rules of the desk in the admin: changed with a reason, refused beside the field, and who arranges them."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import (
    AssignmentRule,
    LogEntry,
    StraightThroughRule,
    User,
)
from tests.claims.admin.conftest import OURS, SignIn, address

pytestmark = pytest.mark.django_db


PASSING = {"plan": "", "enabled": "on", "lowest_score": "0.97", "pays_below": "150", "sample_share": "0.2"}


def errors_of(response: Any) -> set[str]:
    return set(response.context["adminform"].form.errors)


def test_a_rule_of_the_desk_is_changed_with_a_reason_and_both_values_on_record(
    administrator: User, signed_in: SignIn
) -> None:
    rule = StraightThroughRule.objects.create()
    client, page = signed_in(administrator), address(StraightThroughRule, "change", rule.pk)
    assert errors_of(client.post(page, PASSING)) == {"why"}
    assert client.post(page, {**PASSING, "why": "Agreed with claims control."}).status_code == 302
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.reason) == ("setting.changed", "Agreed with claims control.")
    assert entry.detail == {
        "fields": ["enabled", "lowest_score", "pays_below", "sample_share"],
        "from": ["False", "0.9500", "200.00", "0.1000"],
        "to": ["True", "0.97", "150", "0.2"],
    }
    assert client.post(address(StraightThroughRule, "delete", rule.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [({"sample_share": "0"}, {"sample_share"}), ({"sample_share": "1.1"}, {"sample_share"}),
     ({"lowest_score": "2"}, {"lowest_score"}), ({"pays_below": "0"}, {"pays_below"})],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_said_beside_its_field(
    administrator: User, signed_in: SignIn, changes: dict[str, str], wrong: set[str]
) -> None:
    page = signed_in(administrator).post(address(StraightThroughRule, "add"), {**PASSING, "why": "x", **changes})
    assert errors_of(page) == wrong


def test_there_is_one_row_for_every_other_plan(administrator: User, signed_in: SignIn) -> None:
    StraightThroughRule.objects.create()
    page = signed_in(administrator).post(address(StraightThroughRule, "add"), {**PASSING, "why": "x"})
    assert errors_of(page) == {"__all__"}


@pytest.fixture
def supervisor_in_the_admin(supervisor: User) -> User:
    supervisor.is_staff = True
    supervisor.save()
    return supervisor


def test_a_supervisor_arranges_who_gets_what_and_nothing_else(
    full_desk: None, supervisor_in_the_admin: User, reviewer: User, signed_in: SignIn
) -> None:
    client = signed_in(supervisor_in_the_admin)
    form = {"order": 2, "name": "Large", "amount_from": "1000", "people": [reviewer.pk], "due_hours": "24", "why": "x"}
    assert client.post(address(AssignmentRule, "add"), form).status_code == 302
    assert list(AssignmentRule.objects.get(name="Large").people.all()) == [reviewer]
    assert LogEntry.objects.latest("id").detail["to"] == ["2", "Large", "False", "1000", "rui.reviewer", "24"]
    others = [model for model in OURS if model is not AssignmentRule]
    assert {client.get(address(model, "changelist")).status_code for model in others} == {403}


def test_only_those_who_decide_can_be_given_claims(
    administrator: User, reviewer: User, clerk: User, signed_in: SignIn
) -> None:
    form = {"order": 1, "name": "Large", "people": [clerk.pk], "why": "x"}
    assert errors_of(signed_in(administrator).post(address(AssignmentRule, "add"), form)) == {"people"}
