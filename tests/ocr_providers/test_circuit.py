"""An account that does not work is left alone for a while, and tried again by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ocr_providers import circuit
from ocr_providers.exceptions import (
    AskAgainLater,
    FateUnknown,
    FixTheRequest,
    NotSent,
    OcrError,
    RateLimited,
    SmallerPicture,
    TellAdministrator,
)
from ocr_providers.ledger import read_with_account
from ocr_providers.models import ProviderAccount
from tests.ocr_providers.conftest import Script
from tests.ocr_providers.scripted import ScriptedProvider, picture

pytestmark = pytest.mark.django_db


def fail_times(account: ProviderAccount, count: int, first: int = 0) -> None:
    for number in range(count):
        with pytest.raises(OcrError):
            read_with_account(account, picture(first + number), respect_pause=False)
    account.refresh_from_db()


def seconds_paused(account: ProviderAccount) -> float:
    account.refresh_from_db()
    return (account.paused_until - timezone.now()).total_seconds() if account.paused_until else 0.0


def end_pause(account: ProviderAccount) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(paused_until=timezone.now() - timedelta(seconds=1))
    account.refresh_from_db()


@pytest.mark.parametrize("error", [NotSent("x"), AskAgainLater("x"), FateUnknown("x"), SmallerPicture("x")])
def test_the_circuit_opens_after_failures_in_a_row(account: ProviderAccount, script: Script, error: OcrError) -> None:
    script(error)
    fail_times(account, circuit.THRESHOLD - 1)
    assert not account.is_paused()
    fail_times(account, 1, first=100)
    assert account.is_paused()

    with pytest.raises(AskAgainLater) as caught:
        read_with_account(account, picture(200))
    assert caught.value.code == "paused"
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= circuit.FIRST_PAUSE


def test_a_success_in_between_starts_the_count_anew(account: ProviderAccount, script: Script) -> None:
    script(NotSent("x"))
    fail_times(account, circuit.THRESHOLD - 1)
    script(b"charged 1")
    read_with_account(account, picture(100))
    script(NotSent("x"))
    fail_times(account, circuit.THRESHOLD - 1, first=200)
    assert not account.is_paused()


def test_after_the_pause_one_call_is_let_through_and_its_success_closes_the_circuit(
    account: ProviderAccount, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(NotSent("x"))
    fail_times(account, circuit.THRESHOLD)
    end_pause(account)

    others: list[str] = []
    call = ScriptedProvider.call

    def while_probing(provider: ScriptedProvider, document: object) -> object:
        with pytest.raises(AskAgainLater) as caught:
            read_with_account(account, picture(222))
        others.append(caught.value.code)
        return call(provider, document)  # type: ignore[arg-type]

    script(b"charged 1")
    with monkeypatch.context() as probing:
        probing.setattr(ScriptedProvider, "call", while_probing)
        read_with_account(account, picture(221))

    account.refresh_from_db()
    assert others == ["paused"]
    assert (account.failures, account.paused_until, account.pause_reason) == (0, None, "")
    read_with_account(account, picture(222))


def test_a_probe_that_fails_opens_the_circuit_for_longer(account: ProviderAccount, script: Script) -> None:
    script(NotSent("x"))
    fail_times(account, circuit.THRESHOLD)
    end_pause(account)
    with pytest.raises(NotSent):
        read_with_account(account, picture(200))
    assert circuit.FIRST_PAUSE < seconds_paused(account) <= 2 * circuit.FIRST_PAUSE


@pytest.mark.parametrize(("asked", "paused"), [(90.0, 90.0), (1e9, circuit.LONGEST_VENDOR_PAUSE)])
def test_a_time_that_the_vendor_named_is_kept_by_all_workers(
    account: ProviderAccount, script: Script, asked: float, paused: float
) -> None:
    script(RateLimited("x", retry_after=asked))
    fail_times(account, 1)
    assert paused - 5 < seconds_paused(account) <= paused


def test_a_key_that_does_not_work_pauses_the_account_until_somebody_acts(
    account: ProviderAccount, script: Script
) -> None:
    script(TellAdministrator("the key is wrong", code="10001"))
    fail_times(account, 1)
    assert account.is_paused()
    assert account.pause_reason == "10001: the key is wrong"

    circuit.resume(account)
    script(b"charged 1")
    read_with_account(account, picture())


def test_a_document_that_is_refused_says_nothing_about_the_account(account: ProviderAccount, script: Script) -> None:
    script(FixTheRequest("x"))
    fail_times(account, circuit.THRESHOLD + 1)
    assert (account.failures, account.is_paused()) == (0, False)


def test_a_person_who_asks_now_is_not_held_up_by_the_circuit(account: ProviderAccount, script: Script) -> None:
    script(TellAdministrator("x"))
    fail_times(account, 1)
    script(b"charged 1")
    read_with_account(account, picture(9), respect_pause=False)
    account.refresh_from_db()
    assert not account.is_paused()
