"""How long a sign-in lasts, who must have two factors, and how all sessions end at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims import permissions
from claims.guards import Refused
from claims.models import Document, LogEntry, Role, RoleRule, User
from claims.staff import people
from claims.staff.accounts import StaffTwoFactorAdapter, client_address
from tests.second_factor import code_now

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def later(**time: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


# --- time ------------------------------------------------------------------------------------------------------------


def test_an_hour_without_an_act_ends_a_session(reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    with later(minutes=59):
        assert is_in(client)
    with later(minutes=118):
        assert is_in(client)
    with later(minutes=180):
        assert not is_in(client)


def test_a_page_that_asks_for_news_is_no_act(reviewer: User, invoice: Document, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    for minutes in (20, 40, 59):
        with later(minutes=minutes):
            assert client.get(reverse("claims:now-reading")).status_code == 200
            assert client.get(f"/api/v1/documents/{invoice.pk}/state/?since=x").status_code == 200
    with later(minutes=61):
        assert client.get(f"/api/v1/documents/{invoice.pk}/state/?since=x").status_code == 401


def test_after_ten_hours_everybody_signs_in_again(reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    for minutes in range(50, 600, 50):
        with later(minutes=minutes):
            assert is_in(client)
    with later(minutes=601):
        assert not is_in(client)


def test_acts_within_a_minute_write_nothing(reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(reviewer)
    client.get("/help/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/help/")
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []


# --- everywhere ------------------------------------------------------------------------------------------------------


def test_one_signs_out_of_every_machine_at_once(reviewer: User, supervisor: User, signed_in: SignIn) -> None:
    here, there, other = signed_in(reviewer), signed_in(reviewer), signed_in(supervisor)
    here.post(reverse("claims:sign-out-everywhere"))
    assert (is_in(here), is_in(there), is_in(other)) == (False, False, True)
    with later(seconds=1):
        assert is_in(signed_in(reviewer))
    entry = LogEntry.objects.latest("id")
    assert (entry.person, entry.action, entry.subject) == (reviewer.username, "person.signed-out", reviewer.username)


def test_a_new_password_ends_the_other_sessions(reviewer: User, signed_in: SignIn) -> None:
    here, there = signed_in(reviewer), signed_in(reviewer)
    form = {"oldpassword": "correct horse", "password1": "battery staple 9", "password2": "battery staple 9"}
    here.post(reverse("account_change_password"), form)
    assert (is_in(here), is_in(there)) == (True, False)


def test_an_administrator_signs_somebody_out_with_a_reason(
    reviewer: User, administrator: User, supervisor: User, signed_in: SignIn
) -> None:
    client = signed_in(reviewer)
    with pytest.raises(PermissionDenied):
        people.sign_out_everywhere(person=reviewer, by=supervisor, reason="Because.")
    with pytest.raises(Refused):
        people.sign_out_everywhere(person=reviewer, by=administrator, reason=" ")
    data = {"action": "sign_out_everywhere", "_selected_action": [reviewer.pk], "reason": "The laptop was lost."}
    answer = signed_in(administrator).post(reverse("admin:claims_user_changelist"), data, follow=True)
    assert "1 person is signed out." in answer.content.decode()
    assert not is_in(client)
    assert LogEntry.objects.latest("id").reason == "The laptop was lost."


# --- two factors by duty ---------------------------------------------------------------------------------------------


@pytest.fixture
def rule(db: None) -> RoleRule:
    return RoleRule.objects.create(role=Role.SUPERVISOR, requires_two_factor=True)


def enrol(user: User) -> Authenticator:
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})


def test_who_must_have_two_factors_sees_nothing_before(rule: RoleRule, supervisor: User, signed_in: SignIn) -> None:
    client = signed_in(supervisor)
    enrolment = reverse("mfa_activate_totp")
    assert client.get("/")["Location"] == enrolment
    assert client.post(reverse("claims:search"), {"q": "x"})["Location"] == enrolment
    assert client.get("/api/v1/claims/").status_code == 403
    assert client.get("/admin/").status_code == 302
    enrol(supervisor)
    assert is_in(client)


def test_other_roles_are_left_alone(rule: RoleRule, reviewer: User, signed_in: SignIn) -> None:
    assert is_in(signed_in(reviewer))


def test_a_second_factor_that_is_a_duty_cannot_be_switched_off(
    rule: RoleRule, supervisor: User, reviewer: User
) -> None:
    adapter = StaffTwoFactorAdapter()
    assert [adapter.can_delete_authenticator(enrol(person)) for person in (supervisor, reviewer)] == [False, True]


def test_a_stricter_rule_ends_the_sessions_of_the_role(
    administrator: User, supervisor: User, reviewer: User, signed_in: SignIn
) -> None:
    theirs, other = signed_in(supervisor), signed_in(reviewer)
    form = {"role": Role.SUPERVISOR.value, "requires_two_factor": "on"}
    answer = signed_in(administrator).post(reverse("admin:claims_rolerule_add"), form)
    assert answer.status_code == 302
    assert (is_in(theirs), is_in(other)) == (False, True)


def test_the_secret_of_a_second_factor_is_encrypted_at_rest(reviewer: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(reviewer, secret)
    RecoveryCodes.activate(reviewer)
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes()
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not any(code in str(list(Authenticator.objects.values_list("data", flat=True))) for code in codes)
    call_command("rotate_credentials")
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code_now(secret))
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes() == codes


def test_a_second_factor_that_no_key_opens_stops_the_rotation(reviewer: User) -> None:
    enrol(reviewer)
    with pytest.raises(CommandError):
        call_command("rotate_credentials")


# --- metrics ---------------------------------------------------------------------------------------------------------


def measure(client: Client, **meta: str) -> int:
    return client.get("/metrics", **meta).status_code  # type: ignore[arg-type]


def test_metrics_are_for_this_machine_unless_there_is_a_token(client: Client, settings: LazySettings) -> None:
    assert measure(client) == 200
    assert measure(client, REMOTE_ADDR="::1") == 200
    assert measure(client, REMOTE_ADDR="10.0.0.7") == 403
    assert measure(client, REMOTE_ADDR="") == 403
    assert measure(client, HTTP_X_FORWARDED_FOR="127.0.0.1") == 403
    settings.METRICS_TOKEN = "a-long-token"
    assert measure(client) == 403
    assert measure(client, HTTP_AUTHORIZATION="Bearer another") == 403
    assert measure(client, REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION="Bearer a-long-token") == 200


def test_the_auditor_of_the_demo_looks_into_the_admin_and_changes_nothing(db: None, signed_in: SignIn) -> None:
    from claims.demo.people import make_staff

    auditor = make_staff()["auditor"]
    client = signed_in(auditor)
    assert client.get("/admin/claims/plan/").status_code == 200
    assert client.get("/admin/claims/plan/add/").status_code == 403
    writing = ("add", "change", "delete")
    assert not [name for name in auditor.get_all_permissions() if name.partition(".")[2].startswith(writing)]
    assert not permissions.may(auditor, permissions.Permission.ADMINISTER)


# --- failed sign-ins -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.1"), (1, "203.0.113.7"), (2, "198.51.100.9")])
def test_failed_sign_ins_are_counted_for_whom_the_proxies_speak(
    settings: LazySettings, proxies: int, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    said = {"X-Forwarded-For": "192.0.2.1, 198.51.100.9, 203.0.113.7"}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=said)) == address


def test_one_address_behind_the_proxy_does_not_lock_the_others_out(
    reviewer: User, settings: LazySettings, client: Client
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    form = {"login": reviewer.username, "password": "wrong"}
    for _n in range(8):
        client.post(reverse("account_login"), form, headers={"X-Forwarded-For": "203.0.113.7"})
    right = {**form, "password": "correct horse"}
    client.post(reverse("account_login"), right, headers={"X-Forwarded-For": "203.0.113.7"})
    assert not is_in(client)
    client.post(reverse("account_login"), right, headers={"X-Forwarded-For": "203.0.113.8"})
    assert is_in(client)
