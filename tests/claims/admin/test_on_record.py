"""What is changed in the admin goes on record, with its reason; what means nothing is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.forms import model_to_dict
from django.utils import timezone

from claims import audit
from claims.models import (
    LogEntry,
    Plan,
    Role,
    RuleSetting,
    User,
)
from tests.claims.admin.conftest import SignIn, address

pytestmark = pytest.mark.django_db


def last_entry() -> tuple[str, str, str]:
    entry = LogEntry.objects.latest("id")
    return entry.person, entry.action, entry.subject


def test_a_changed_rule_goes_on_record(administrator: User, signed_in: SignIn) -> None:
    form = {"code": "LIN-PRICE", "reason": "Rounded by the hospital.", "severity": "", "tolerance": ""}
    response = signed_in(administrator).post(address(RuleSetting, "add"), form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    person, action, subject = last_entry()
    assert (person, action) == (administrator.username, "setting.added")
    assert subject.startswith("claims.RuleSetting: ")


def test_what_was_set_is_in_the_log(administrator: User, signed_in: SignIn) -> None:
    form = {"code": "LIN-PRICE", "enabled": "on", "reason": "Rounded.", "severity": "error", "tolerance": "0.05"}
    signed_in(administrator).post(address(RuleSetting, "add"), form)
    detail = LogEntry.objects.latest("id").detail
    assert detail["set"] == ["code: LIN-PRICE", "severity: error", "tolerance: 0.05"]


@pytest.mark.parametrize(
    ("code", "tolerance", "field"),
    [("LIN-DUP", "0.05", "tolerance"), ("LIN-NAME", "3", "tolerance"), ("X", "", "code")],
)
def test_a_setting_that_means_nothing_is_refused(
    administrator: User, signed_in: SignIn, code: str, tolerance: str, field: str
) -> None:
    form = {"code": code, "enabled": "on", "reason": "Rounded.", "severity": "", "tolerance": tolerance}
    response = signed_in(administrator).post(address(RuleSetting, "add"), form)
    assert field in response.context["adminform"].form.errors
    assert not RuleSetting.objects.exists()


def test_a_plan_is_deleted_with_a_reason_on_record(administrator: User, signed_in: SignIn) -> None:
    plan = Plan.objects.create(code="a", name="a")
    client, page = signed_in(administrator), address(Plan, "delete", plan.pk)
    assert 'name="why" required' in client.get(page).content.decode()
    refused = client.post(page, {"post": "yes", "why": " "}, follow=True)
    assert "Say why this is deleted." in refused.content.decode()
    assert Plan.objects.exists()
    client.post(page, {"post": "yes", "why": "Made by mistake."})
    assert not Plan.objects.exists()
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.reason) == ("setting.deleted", "Made by mistake.")
    assert audit.verify() == []


def test_nothing_is_deleted_in_bulk(administrator: User, signed_in: SignIn) -> None:
    plan = Plan.objects.create(code="a", name="a")
    data = {"action": "delete_selected", "_selected_action": [plan.pk], "post": "yes"}
    signed_in(administrator).post(address(Plan, "changelist"), data)
    assert Plan.objects.exists()


def test_a_plan_is_changed_with_a_reason_on_record(administrator: User, signed_in: SignIn) -> None:
    plan = Plan.objects.create(code="a", name="a")
    client, page = signed_in(administrator), address(Plan, "change", plan.pk)
    form = {name: value for name, value in model_to_dict(plan).items() if value is not None}
    form = {**form, "hospitals": "[]", "check_above": "9000", "cover_class_b": "", "cover_class_c": ""}
    assert client.post(page, form).context["adminform"].form.errors == {"why": ["This field is required."]}
    assert client.post(page, {**form, "why": "New wording from May on."}).status_code == 302
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.reason) == ("setting.changed", "New wording from May on.")
    assert "check_above" in entry.detail["fields"]
    assert "why" not in entry.detail["fields"]


def test_a_role_that_was_given_goes_on_record(administrator: User, clerk: User, signed_in: SignIn) -> None:
    group = Group.objects.get(name=Role.SUPERVISOR)
    joined = timezone.localtime(clerk.date_joined)
    form: dict[str, Any] = {
        "username": clerk.username, "is_active": "on", "groups": [group.pk], "display_name": "", "language": "en",
        "reads_languages": "[]", "why": "Promoted.",
        "date_joined_0": f"{joined:%Y-%m-%d}", "date_joined_1": f"{joined:%H:%M:%S}",
    }  # fmt: skip
    response = signed_in(administrator).post(address(User, "change", clerk.pk), form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert set(clerk.groups.all()) == {group}
    person, action, subject = last_entry()
    assert (person, action) == (administrator.username, "setting.changed")
    assert clerk.username in subject
    assert "groups" in str(LogEntry.objects.latest("id").detail)


def test_a_plan_with_a_negative_limit_is_refused_beside_the_form(administrator: User, signed_in: SignIn) -> None:
    plan = Plan.objects.create(code="a", name="a")
    form = {name: value for name, value in model_to_dict(plan).items() if value is not None}
    form = {**form, "hospitals": "[]", "cover_class_b": "", "cover_class_c": "", "limit_per_year": "-1", "why": "x"}
    answer = signed_in(administrator).post(address(Plan, "change", plan.pk), form)
    assert "Amounts of a plan are not negative." in answer.content.decode()
