"""API tokens, second factors and passwords in the admin: no secret on a page or in a log, no way around two factors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry as History
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from claims.models import LogEntry, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TOKENS = "/admin/authtoken/tokenproxy/"


def test_a_token_is_shown_once_and_stands_in_no_log(administrator: User, reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(administrator)
    shown = client.post(f"{TOKENS}add/", {"user": reviewer.pk, "why": "A program."}, follow=True).content.decode()
    token = Token.objects.get(user=reviewer)
    assert token.key in shown
    pages = [TOKENS, f"{TOKENS}{reviewer.pk}/change/", f"{TOKENS}{reviewer.pk}/delete/", "/admin/"]
    assert not any(token.key in client.get(page).content.decode() for page in pages)
    client.post(f"{TOKENS}{reviewer.pk}/delete/", {"post": "yes", "why": "The program is gone."})
    assert not Token.objects.exists()
    added, deleted = LogEntry.objects.order_by("id")
    assert added.subject == deleted.subject == f"authtoken.tokenproxy: {reviewer.username}"
    assert (added.action, deleted.action, deleted.reason) == (
        "setting.added", "setting.deleted", "The program is gone.",
    )  # fmt: skip
    assert {entry.object_repr for entry in History.objects.all()} == {reviewer.username}


def test_nobody_sees_what_the_codes_of_a_second_factor_are_made_of(administrator: User, signed_in: SignIn) -> None:
    factor = Authenticator.objects.create(user=administrator, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    answer = signed_in(administrator).get(f"/admin/mfa/authenticator/{factor.pk}/change/")
    assert answer.status_code == 200
    assert "JBSWY3DPEHPK3PXP" not in answer.content.decode()


def test_the_admin_lets_nobody_in_without_the_second_factor(administrator: User, client: Client) -> None:
    Authenticator.objects.create(user=administrator, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    form = {"username": administrator.username, "password": "correct horse"}
    answer = client.post(reverse("admin:login"), form, follow=True)
    assert "_auth_user_id" not in client.session
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    client.post(reverse("account_login"), {"login": administrator.username, "password": "correct horse"})
    assert client.get("/admin/").status_code == 302


def test_a_password_that_another_person_set_is_on_record(
    administrator: User, reviewer: User, signed_in: SignIn
) -> None:
    url = reverse("admin:auth_user_password_change", args=[reviewer.pk])
    password = {"password1": "battery staple 9", "password2": "battery staple 9"}
    form = {**password, "usable_password": "true", "why": "Locked out."}
    assert signed_in(administrator).post(url, {**form, "password2": "x"}).status_code == 200
    assert not LogEntry.objects.exists()
    assert signed_in(administrator).post(url, form).status_code == 302
    entry = LogEntry.objects.get()
    assert (entry.person, entry.action, entry.subject) == (
        administrator.username, "person.password-set", f"claims.User: {reviewer.username}",
    )  # fmt: skip


def test_a_password_that_its_person_changed_is_on_record(reviewer: User, signed_in: SignIn) -> None:
    form = {"oldpassword": "correct horse", "password1": "battery staple 9", "password2": "battery staple 9"}
    signed_in(reviewer).post(reverse("account_change_password"), form)
    entry = LogEntry.objects.get()
    assert (entry.person, entry.action) == (reviewer.username, "person.password-changed")


def test_the_admin_has_no_sign_in_form_of_its_own(administrator: User, reviewer: User, signed_in: SignIn) -> None:
    form = {"username": "x" * 300, "password": "x"}
    answer = signed_in(administrator).post(reverse("admin:login"), form)
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))
    assert signed_in(reviewer).post(reverse("admin:login"), form).status_code == 403
