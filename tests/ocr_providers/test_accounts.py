"""Which account is asked for a document, and what an account may be."""

from __future__ import annotations

import socket

import pytest

from ocr_providers.accounts import accounts_for, check_endpoint, default_local_account, provider_for, set_credentials
from ocr_providers.exceptions import Misconfigured
from ocr_providers.providers import PROVIDERS, provider_class
from ocr_providers.results import Kind
from tests.ocr_providers.scripted import make_account


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names resolve without a network: those with "internal" in them to a private address."""

    def look_up(host: str, *_args: object, **_options: object) -> list[tuple[object, ...]]:
        literal = host.replace(":", "").replace(".", "").isalnum() and (host[0].isdecimal() or ":" in host)
        address = host if literal else ("10.0.0.1" if "internal" in host or host == "localhost" else "93.184.216.34")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.django_db
class TestChoice:
    def test_the_preferred_account_comes_first(self) -> None:
        make_account("jd", name="second", preference=20)
        make_account("jd", name="first", preference=10)
        default_local_account()
        assert [account.name for account in accounts_for(Kind.INVOICE)] == ["first", "second", "local"]

    def test_only_those_that_read_the_kind(self) -> None:
        make_account("aigen")
        make_account("jd")
        make_account("local", kinds=["invoice"])
        assert [account.name for account in accounts_for(Kind.HEALTH_CHECK)] == ["aigen"]

    def test_an_unknown_kind_goes_only_to_those_that_recognise_kinds(self) -> None:
        make_account("jd")
        default_local_account()
        assert [account.name for account in accounts_for(Kind.AUTO)] == ["local"]

    def test_documents_stay_in_the_house_unless_the_account_says_otherwise(self) -> None:
        make_account("jd", documents_may_leave=False)
        default_local_account()
        assert [account.name for account in accounts_for(Kind.INVOICE)] == ["local"]

    def test_a_region_keeps_its_documents(self) -> None:
        make_account("jd", name="thai", region="th")
        make_account("jd", name="chinese", region="cn")
        make_account("jd", name="anywhere", region="")
        assert {account.name for account in accounts_for(Kind.INVOICE, region="cn")} == {"chinese", "anywhere"}

    def test_disabled_accounts_are_left_out(self) -> None:
        make_account("jd", enabled=False)
        assert accounts_for(Kind.INVOICE) == []

    def test_the_local_account_is_made_once(self) -> None:
        assert default_local_account() == default_local_account()

    def test_an_account_without_its_secrets_is_misconfigured(self) -> None:
        account = make_account("jd")
        with pytest.raises(Misconfigured, match="appkey, secretkey"):
            provider_for(account)
        set_credentials(account, {"appkey": "a"})
        set_credentials(account, {"secretkey": "s", "appkey": ""})
        assert provider_for(account).connection.credentials == {"appkey": "a", "secretkey": "s"}
        with pytest.raises(Misconfigured, match="has no password"):
            set_credentials(account, {"password": "x"})


def test_every_vendor_of_the_registry_is_there_under_its_own_name() -> None:
    assert {name: provider_class(name).vendor for name in PROVIDERS} == {name: name for name in PROVIDERS}
    with pytest.raises(Misconfigured, match="known: jd"):
        provider_class("nobody")


@pytest.mark.usefixtures("resolver")
class TestEndpoint:
    @pytest.mark.parametrize("endpoint", ["https://aiapi.jd.com", "https://api.aigen.online/base"])
    def test_public_https_is_accepted(self, endpoint: str) -> None:
        check_endpoint(endpoint, allow_private=False)

    @pytest.mark.parametrize(
        "endpoint",
        [
            "http://127.0.0.1:8000", "https://localhost", "https://10.1.2.3", "https://[::1]/x", "https://internal.example",
            "http://169.254.169.254", "https://100.64.0.1",
        ],
    )  # fmt: skip
    def test_a_private_address_only_where_that_is_allowed(self, endpoint: str) -> None:
        check_endpoint(endpoint, allow_private=True)
        with pytest.raises(Misconfigured, match="private"):
            check_endpoint(endpoint, allow_private=False)

    @pytest.mark.parametrize(
        "endpoint",
        [
            "",
            "aiapi.jd.com",
            "ftp://a.example",
            "https://",
            "https://a.example?x=1",
            "https://me:pw@a.example",
            "https://:pw@a.example",
            "http://a.example",
            "https://[",
            "https://[a.example]",
            "https://a.example:port",
            "https://a.example:99999",
        ],
    )
    def test_what_is_no_base_url_for_secrets_is_refused(self, endpoint: str) -> None:
        with pytest.raises(Misconfigured):
            check_endpoint(endpoint, allow_private=True)
