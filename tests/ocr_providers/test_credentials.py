"""Secrets are encrypted at rest, and keys can be rotated."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.management import call_command

from ocr_providers import credentials
from ocr_providers.accounts import set_credentials
from ocr_providers.exceptions import Misconfigured
from ocr_providers.gateway.models import GatewayClient
from tests.ocr_providers.scripted import make_account

SECRETS = {"appkey": "public-1", "secretkey": "private-1"}


def test_what_is_stored_does_not_show_the_secret() -> None:
    token = credentials.encrypt(SECRETS)
    assert "private-1" not in token
    assert credentials.decrypt(token) == SECRETS


def test_nothing_is_stored_as_nothing() -> None:
    assert credentials.encrypt({"key": ""}) == ""
    assert credentials.decrypt("") == {}


def test_an_older_key_still_opens_and_rotation_makes_it_superfluous(settings: LazySettings) -> None:
    token = credentials.encrypt(SECRETS)
    old, new = settings.CREDENTIALS_KEYS[0], Fernet.generate_key().decode()
    settings.CREDENTIALS_KEYS = [new, old]
    assert credentials.decrypt(token) == SECRETS

    rotated = credentials.rotate(token)
    settings.CREDENTIALS_KEYS = [new]
    assert credentials.decrypt(rotated) == SECRETS
    with pytest.raises(Misconfigured):
        credentials.decrypt(token)


def test_a_key_that_is_none_is_said() -> None:
    with pytest.raises(Misconfigured, match="cannot be decrypted"):
        credentials.decrypt("not a token")


@pytest.mark.django_db
def test_the_command_rotates_accounts_and_clients(settings: LazySettings) -> None:
    account = make_account("jd")
    set_credentials(account, SECRETS)
    account.save()
    client = GatewayClient(name="hospital")
    made = client.make_credentials()
    client.save()
    new = Fernet.generate_key().decode()
    settings.CREDENTIALS_KEYS = [new, *settings.CREDENTIALS_KEYS]

    call_command("rotate_credentials", verbosity=0)

    settings.CREDENTIALS_KEYS = [new]
    account.refresh_from_db()
    client.refresh_from_db()
    assert credentials.decrypt(account.encrypted_credentials) == SECRETS
    assert client.secret == made["secretkey"]
