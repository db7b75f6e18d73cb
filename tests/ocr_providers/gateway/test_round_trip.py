"""The project's own clients, pointed at its own gateway, do the whole job over HTTP."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_django.live_server_helper import LiveServer

from ocr_providers.accounts import provider_for, set_credentials
from ocr_providers.exceptions import ClockWrong, RateLimited, TellAdministrator
from ocr_providers.gateway.models import GatewayClient
from ocr_providers.ledger import read_with_account
from ocr_providers.models import ProviderAccount, ProviderCall
from ocr_providers.providers import jd
from ocr_providers.results import HealthReport, Invoice, Kind
from tests.ocr_providers.gateway.conftest import HEALTH, INVOICE, Credentials, Engine
from tests.ocr_providers.scripted import make_account, picture

pytestmark = pytest.mark.django_db(transaction=True)


def gateway_of(server: LiveServer) -> str:
    """By address: the name "localhost" would be a look-up, which tests may not do."""
    return f"{server.url.replace('localhost', '127.0.0.1')}/gateway"


@pytest.fixture
def jd_account(live_server: LiveServer, credentials: Credentials) -> ProviderAccount:
    account = make_account("jd", endpoint=gateway_of(live_server))
    set_credentials(account, {"appkey": credentials.appkey, "secretkey": credentials.secretkey})
    account.save()
    return account


@pytest.fixture
def aigen_account(live_server: LiveServer, credentials: Credentials) -> ProviderAccount:
    account = make_account("aigen", endpoint=gateway_of(live_server))
    set_credentials(account, {"key": credentials.aigen_key})
    account.save()
    return account


def test_an_invoice(jd_account: ProviderAccount, engine: Engine) -> None:
    engine(INVOICE)
    result = read_with_account(jd_account, picture())
    assert isinstance(result.document, Invoice)
    assert (result.document.note_no, result.document.total_cost) == ("0123456789", Decimal("120.50"))
    call = ProviderCall.objects.get(account=jd_account)
    assert (call.charged, call.vendor_code, call.remaining_calls) == (True, "10000", -1)


def test_a_health_report(aigen_account: ProviderAccount, engine: Engine) -> None:
    engine(HEALTH)
    result = read_with_account(aigen_account, picture(kind=Kind.HEALTH_CHECK))
    assert isinstance(result.document, HealthReport)
    assert result.document.number("Weight") == Decimal("73.1")


def test_the_connection_tests(jd_account: ProviderAccount, aigen_account: ProviderAccount) -> None:
    for account in (jd_account, aigen_account):
        assert "accepts the key" in provider_for(account).test_connection()
    set_credentials(jd_account, {"secretkey": "wrong"})
    set_credentials(aigen_account, {"key": "wrong"})
    for account in (jd_account, aigen_account):
        with pytest.raises(TellAdministrator):
            provider_for(account).test_connection()


def test_limits_reach_the_client(jd_account: ProviderAccount, aigen_account: ProviderAccount) -> None:
    GatewayClient.objects.update(calls_per_second=0)
    for account, kind in ((jd_account, Kind.INVOICE), (aigen_account, Kind.HEALTH_CHECK)):
        with pytest.raises(RateLimited):
            read_with_account(account, picture(kind=kind))


def test_a_clock_that_is_off_is_corrected_and_the_call_signed_anew(
    jd_account: ProviderAccount, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(INVOICE)
    ProviderAccount.objects.filter(pk=jd_account.pk).update(clock_offset=4000.0)
    jd_account.refresh_from_db()
    read_with_account(jd_account, picture())

    jd_account.refresh_from_db()
    assert abs(jd_account.clock_offset) < 30
    first, second = ProviderCall.objects.filter(account=jd_account).order_by("id")
    assert (first.error_class, second.state) == (ClockWrong.__name__, ProviderCall.State.OK)
    assert jd.JdProvider.vendor == second.vendor
