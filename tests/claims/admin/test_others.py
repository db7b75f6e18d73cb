"""Models of other apps in the admin: every dangerous thing says why, is on record, and shows no stored secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.authtoken.models import Token, TokenProxy

from claims import audit
from claims.models import LogEntry, Role, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WHY = "Agreed with the head of the desk."
DEVICE = {"user_agent": "x", "ip_address": "127.0.0.1", "username": "clara.clerk", "path_info": "/"}


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


@pytest.fixture
def desk(administrator: User, signed_in: SignIn) -> Client:
    return signed_in(administrator)


def last_entry() -> tuple[str, str, str]:
    entry = LogEntry.objects.latest("id")
    return entry.action, entry.subject, entry.reason


def test_a_role_is_made_and_changed_with_a_reason(desk: Client) -> None:
    page = address(Group, "add")
    assert desk.post(page, {"name": "archive"}).context["adminform"].form.errors.keys() == {"why"}
    assert desk.post(page, {"name": "archive", "why": WHY}).status_code == 302
    action, subject, reason = last_entry()
    assert (action, subject) == ("setting.added", "auth.group: archive")
    assert WHY in reason
    role = Group.objects.get(name="archive")
    desk.post(address(Group, "change", role.pk), {"name": "archives", "why": "Two of them."})
    assert "Two of them." in last_entry()[2]
    assert desk.post(address(Group, "change", role.pk), {"name": "x"}).status_code == 200
    assert Group.objects.get(pk=role.pk).name == "archives"


def test_a_token_is_made_with_a_reason_and_shown_once(desk: Client, clerk: User) -> None:
    page = address(TokenProxy, "add")
    desk.post(page, {"user": clerk.pk})
    assert not Token.objects.exists()
    answer = desk.post(page, {"user": clerk.pk, "why": WHY}, follow=True)
    key = Token.objects.get().key
    assert [key in message for message in said(answer)] == [True]
    listed = desk.get(address(TokenProxy, "changelist")).content.decode()
    assert key not in listed
    assert key[:6] in listed


def test_no_record_holds_the_key_of_a_token(desk: Client, clerk: User) -> None:
    desk.post(address(TokenProxy, "add"), {"user": clerk.pk, "why": WHY})
    key = Token.objects.get().key
    desk.post(address(TokenProxy, "delete", clerk.pk), {"post": "yes", "why": "The program is gone."})
    assert not Token.objects.exists()
    records = [*AdminEntry.objects.values_list("object_repr", "change_message", "object_id")]
    records += [*LogEntry.objects.values_list("subject", "reason", "detail")]
    assert key not in str(records)
    assert last_entry() == ("setting.deleted", f"authtoken.tokenproxy: {clerk.username}", "The program is gone.")


def make_factor(person: User) -> Authenticator:
    return Authenticator.objects.create(user=person, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})


def test_a_second_factor_is_taken_away_with_a_reason_and_never_shown(desk: Client, clerk: User) -> None:
    factor = make_factor(clerk)
    page = desk.get(address(Authenticator, "change", factor.pk)).content.decode()
    assert "JBSWY3DPEHPK3PXP" not in page
    desk.post(address(Authenticator, "delete", factor.pk), {"post": "yes"})
    assert Authenticator.objects.exists()
    desk.post(address(Authenticator, "delete", factor.pk), {"post": "yes", "why": "Lost her phone."})
    assert not Authenticator.objects.exists()
    assert last_entry()[2] == "Lost her phone."


@pytest.mark.parametrize("model", [AccessAttempt, AccessFailureLog, AccessLog])
def test_a_record_of_a_sign_in_is_deleted_with_a_reason_alone(desk: Client, model: type[Any]) -> None:
    fields = {"failures_since_start": 8} if model is AccessAttempt else {}
    row = model.objects.create(**DEVICE, **fields)
    assert desk.get(address(model, "changelist")).status_code == 200
    assert desk.post(address(model, "change", row.pk), {"username": "x"}).status_code == 403
    desk.post(address(model, "delete", row.pk), {"post": "yes", "why": ""})
    assert model.objects.filter(pk=row.pk).exists()
    desk.post(address(model, "delete", row.pk), {"post": "yes", "why": "He remembered it."})
    assert not model.objects.filter(pk=row.pk).exists()
    assert last_entry()[::2] == ("setting.deleted", "He remembered it.")
    assert audit.verify() == []


def test_somebody_s_password_is_set_with_a_reason(desk: Client, clerk: User) -> None:
    page = reverse("admin:auth_user_password_change", args=[clerk.pk])
    form = {"password1": "correct horse battery", "password2": "correct horse battery", "set-password": "1",
            "usable_password": "true"}  # fmt: skip
    assert 'name="why"' in desk.get(page).content.decode()
    assert desk.post(page, form).status_code == 200
    assert desk.post(page, {**form, "why": "Forgotten; asked by phone."}).status_code == 302
    assert last_entry() == ("person.password-set", f"claims.User: {clerk.username}", "Forgotten; asked by phone.")
    clerk.refresh_from_db()
    assert clerk.check_password("correct horse battery")


ASKS_NOTHING = {
    "account.emailaddress",  # nobody may do anything there
    "ocr_providers.providercall",  # look only
}


def test_every_model_of_the_admin_that_can_be_changed_asks_why(administrator: User, rf: Any) -> None:
    request = rf.get("/admin/")
    request.user = administrator
    silent = {
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if (page.has_change_permission(request) or page.has_delete_permission(request))
        and not hasattr(page, "asks_why")
    }
    assert silent <= ASKS_NOTHING


def test_a_role_that_is_given_is_on_record(desk: Client, clerk: User) -> None:
    group = Group.objects.get(name=Role.SUPERVISOR.value)
    form = {
        "username": clerk.username, "groups": [group.pk], "is_active": "on", "language": "", "reads_languages": "[]",
        "date_joined_0": f"{timezone.now():%Y-%m-%d}", "date_joined_1": "08:00:00", "why": WHY,
    }  # fmt: skip
    desk.post(address(User, "change", clerk.pk), form)
    assert clerk.groups.filter(pk=group.pk).exists()
    assert last_entry()[2] == WHY
