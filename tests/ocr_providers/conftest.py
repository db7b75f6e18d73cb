"""Accounts at a vendor that does what the test says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from ocr_providers import providers
from ocr_providers.models import ProviderAccount
from tests.ocr_providers.scripted import SCRIPTED, ScriptedProvider, make_account

Script = Callable[..., type[ScriptedProvider]]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """`script(b"charged 1", NotSent("…"))` writes what the scripted vendors do next."""
    for provider in SCRIPTED:
        monkeypatch.setitem(providers.PROVIDERS, provider.vendor, f"{provider.__module__}.{provider.__name__}")

    def write(*steps: bytes | BaseException) -> type[ScriptedProvider]:
        ScriptedProvider.script, ScriptedProvider.sent = list(steps), []
        return ScriptedProvider

    return write


@pytest.fixture(autouse=True)
def own_credentials_key(settings: LazySettings) -> None:
    settings.CREDENTIALS_KEYS = ["3Zk4pVYt6m5O2nUuJv0wqX8rS1aBcDeFgHiJkLmNoPw="]


@pytest.fixture
def account(db: None, script: Script) -> ProviderAccount:
    script(b"charged 1")
    return make_account()
