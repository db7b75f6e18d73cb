"""`manage.py ocr_account`: an account without a browser; secrets come from the environment only."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from ocr_providers import credentials
from ocr_providers.models import ProviderAccount
from tests.ocr_providers.fault_server import FaultServer, fault_server, reply

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", "key-1")
    monkeypatch.setenv("THE_SECRET", "secret-1")


@pytest.fixture
def vendor() -> Iterator[FaultServer]:
    with fault_server() as server:
        yield server


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("ocr_account", *arguments, stdout=out)
    return out.getvalue()


def account(name: str = "main") -> ProviderAccount:
    return ProviderAccount.objects.get(name=name)


KEYS = ("--key-env", "THE_KEY", "--secret-env", "THE_SECRET")


def test_a_new_account_with_its_secrets_is_ready() -> None:
    said = run("main", "--vendor", "jd", "--endpoint", "http://127.0.0.1:9/gateway/", *KEYS)
    assert (account().endpoint, account().enabled, account().documents_may_leave) == (
        "http://127.0.0.1:9/gateway", True, True,
    )  # fmt: skip
    assert credentials.decrypt(account().encrypted_credentials) == {"appkey": "key-1", "secretkey": "secret-1"}
    assert "key-1" not in said
    assert "secret-1" not in said


def test_a_new_account_without_secrets_waits_disabled() -> None:
    assert "without key" in run("main", "--vendor", "aigen")
    assert not account().enabled
    with pytest.raises(CommandError, match="cannot be enabled"):
        run("main", "--enable")
    run("main", "--key-env", "THE_KEY", "--enable")
    assert account().enabled


def test_what_is_not_said_stays_as_it_is() -> None:
    run("main", "--vendor", "jd", "--endpoint", "https://127.0.0.1:1", *KEYS, "--documents-stay")
    run("main", "--disable")
    assert (account().enabled, account().documents_may_leave, account().endpoint) == (
        False,
        False,
        "https://127.0.0.1:1",
    )
    assert credentials.decrypt(account().encrypted_credentials)["secretkey"] == "secret-1"


def test_a_local_account_needs_nothing() -> None:
    assert "this machine" in run("engine", "--vendor", "local")
    assert (account("engine").enabled, account("engine").documents_may_leave) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("main",), "say its --vendor"),
        (("main", "--vendor", "jd", "--key-env", "NOT_THERE"), "NOT_THERE is not set"),
        (("main", "--vendor", "aigen", *KEYS), "no place for THE_SECRET"),
        (("main", "--vendor", "jd", "--endpoint", "ftp://x"), "https://"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run(*arguments)
    assert not ProviderAccount.objects.exists()


def test_an_account_does_not_change_its_vendor() -> None:
    run("main", "--vendor", "jd")
    with pytest.raises(CommandError, match="account at jd"):
        run("main", "--vendor", "aigen")


def test_the_connection_can_be_tested(vendor: FaultServer) -> None:
    vendor.script(reply({"status": "INVALID_ARGUMENT"}, 400), reply(b"", 401))
    assert "accepts the key" in run("main", "--vendor", "jd", "--endpoint", vendor.url, *KEYS, "--test")
    with pytest.raises(CommandError, match="missing or wrong"):
        run("main", "--test")
