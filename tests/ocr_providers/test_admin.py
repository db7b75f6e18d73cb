"""Accounts, calls and gateway clients in the admin."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from claims.models import User
from ocr_providers import credentials
from ocr_providers.exceptions import NotSent
from ocr_providers.gateway.models import GatewayClient
from ocr_providers.ledger import read_with_account
from ocr_providers.models import ProviderAccount, ProviderCall
from tests.ocr_providers.conftest import Script
from tests.ocr_providers.scripted import ScriptedProvider, picture

pytestmark = pytest.mark.django_db
ACCOUNTS = "/admin/ocr_providers/provideraccount/"
CALLS = "/admin/ocr_providers/providercall/"
CLIENTS = "/admin/ocr_providers/gatewayclient/"
FORM = {
    "name": "main", "vendor": "jd", "endpoint": "", "enabled": "on", "documents_may_leave": "on", "preference": "10",
    "key": "key-1", "secret": "secret-1", "connect_timeout": "5", "read_timeout": "60", "total_timeout": "120",
    "max_in_flight": "8", "price_per_call": "0.1", "currency": "CNY",
}  # fmt: skip


@pytest.fixture
def admin_client(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("root", password="correct horse"))
    return client


def errors(response: object) -> str:
    return str(getattr(response, "context", {})["errors"])


def test_an_account_is_made_and_its_secrets_are_never_shown_again(admin_client: Client) -> None:
    admin_client.post(f"{ACCOUNTS}add/", FORM)
    account = ProviderAccount.objects.get()
    page = admin_client.get(f"{ACCOUNTS}{account.pk}/change/").content.decode()

    assert credentials.decrypt(account.encrypted_credentials) == {"appkey": "key-1", "secretkey": "secret-1"}
    assert "key-1" not in page
    assert "secret-1" not in page
    assert "complete" in page


def test_secrets_left_empty_stay_and_a_pause_ends_with_the_change(admin_client: Client) -> None:
    admin_client.post(f"{ACCOUNTS}add/", FORM)
    ProviderAccount.objects.update(failures=9)
    account = ProviderAccount.objects.get()
    changed = {**FORM, "key": "", "secret": "", "preference": "5"}
    assert "why" in errors(admin_client.post(f"{ACCOUNTS}{account.pk}/change/", changed))
    admin_client.post(f"{ACCOUNTS}{account.pk}/change/", {**changed, "why": "Cheaper."})
    assert "Cheaper." in LogEntry.objects.latest("id").get_change_message()
    account.refresh_from_db()
    assert (account.preference, account.failures) == (5, 0)
    assert credentials.decrypt(account.encrypted_credentials)["secretkey"] == "secret-1"


def test_an_enabled_account_needs_its_secrets(admin_client: Client) -> None:
    response = admin_client.post(f"{ACCOUNTS}add/", {**FORM, "secret": ""})
    assert "secretkey" in errors(response)


def test_a_private_address_only_where_the_setting_allows_it(admin_client: Client, settings: LazySettings) -> None:
    form = {**FORM, "endpoint": "http://127.0.0.1:8000/gateway"}
    assert "private" in errors(admin_client.post(f"{ACCOUNTS}add/", form))
    settings.PROVIDER_ALLOW_PRIVATE_ENDPOINTS = True
    admin_client.post(f"{ACCOUNTS}add/", form)
    assert ProviderAccount.objects.get().endpoint == form["endpoint"]


def test_the_connection_test_says_how_it_went(
    admin_client: Client, account: ProviderAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_provider: ScriptedProvider) -> str:
        raise NotSent("nobody there")

    form = {"action": "test_connection", "_selected_action": account.pk}
    assert "“scripted”: well" in admin_client.post(ACCOUNTS, form, follow=True).content.decode()
    monkeypatch.setattr(ScriptedProvider, "test_connection", fail)
    assert "“scripted”: nobody there" in admin_client.post(ACCOUNTS, form, follow=True).content.decode()


def test_the_ledger_shows_totals_and_can_only_be_looked_at(
    admin_client: Client, account: ProviderAccount, script: Script
) -> None:
    script(b"charged 1", NotSent("x"))
    read_with_account(account, picture(1))
    with pytest.raises(NotSent):
        read_with_account(account, picture(2))
    call = ProviderCall.objects.earliest("id")

    listed = admin_client.get(CALLS)
    (total,) = listed.context["totals"]
    assert (total.calls, total.charged, str(total.cost), total.errors) == (2, 1, "0.1000", (("NotSent", 1),))
    assert total.remaining == 7
    assert "NotSent × 1" in listed.content.decode()
    assert admin_client.get(f"{CALLS}?state=ok").context["totals"][0].calls == 1
    assert "charged 1" in admin_client.get(f"{CALLS}{call.pk}/change/").content.decode()
    assert admin_client.post(f"{CALLS}{call.pk}/delete/").status_code == 403
    assert admin_client.get(f"{CALLS}add/").status_code == 403


def test_the_raw_answer_is_for_those_who_may_see_it(client: Client, account: ProviderAccount) -> None:
    read_with_account(account, picture())
    person = User.objects.create_user("mei", password="correct horse", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_providercall"))
    client.force_login(person)
    assert "charged 1" not in client.get(f"{CALLS}{ProviderCall.objects.get().pk}/change/").content.decode()


def test_a_gateway_client_sees_its_credentials_once(admin_client: Client) -> None:
    form = {"name": "hospital", "enabled": "on", "calls_per_second": "5"}
    shown = admin_client.post(f"{CLIENTS}add/", form, follow=True).content.decode()
    client = GatewayClient.objects.get()
    assert client.appkey in shown
    assert client.secret in shown

    later = admin_client.get(f"{CLIENTS}{client.pk}/change/").content.decode()
    assert client.secret not in later
    old = client.secret
    asked = {"action": "make_new_credentials", "_selected_action": client.pk}
    admin_client.post(CLIENTS, asked)
    client.refresh_from_db()
    assert client.secret == old
    admin_client.post(CLIENTS, {**asked, "reason": "It was sent by mail."})
    client.refresh_from_db()
    assert client.secret != old
    assert "It was sent by mail." in LogEntry.objects.latest("id").change_message


def test_an_account_is_deleted_with_a_reason(admin_client: Client) -> None:
    admin_client.post(f"{ACCOUNTS}add/", FORM)
    page = f"{ACCOUNTS}{ProviderAccount.objects.get().pk}/delete/"
    admin_client.post(page, {"post": "yes"})
    assert ProviderAccount.objects.exists()
    admin_client.post(page, {"post": "yes", "why": "The contract ended."})
    assert not ProviderAccount.objects.exists()
    assert LogEntry.objects.latest("id").change_message == "The contract ended."


def test_a_raw_answer_shows_no_identity_number(admin_client: Client) -> None:
    account = ProviderAccount.objects.create(name="a", vendor="local")
    call = ProviderCall.objects.create(
        account=account, answer=b'{"card": "11010519491231002X"}', expires_at=timezone.now()
    )
    page = admin_client.get(f"{CALLS}{call.pk}/change/").content.decode()
    assert "110105********002X" in page
    assert "11010519491231002X" not in page
