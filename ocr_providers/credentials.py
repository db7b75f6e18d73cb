"""Vendor credentials at rest: one encrypted text per account.

Keys are Fernet keys in the setting `CREDENTIALS_KEYS`, newest first. The newest encrypts; every one decrypts. To
rotate: put a new key in front, run `manage.py rotate_credentials`, take the old key away (docs/adding-a-provider.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from ocr_providers.exceptions import Misconfigured

NO_KEY = "The stored credentials cannot be decrypted: a key is missing in CREDENTIALS_KEYS."


def _keys() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key.strip()) for key in settings.CREDENTIALS_KEYS if key.strip()])
    except ValueError:
        raise Misconfigured("CREDENTIALS_KEYS holds something that is not a Fernet key.") from None


def encrypt(credentials: Mapping[str, str]) -> str:
    """The text to store. Nothing at all gives an empty text."""
    kept = {name: value for name, value in credentials.items() if value}
    return _keys().encrypt(json.dumps(kept).encode()).decode() if kept else ""


def decrypt(token: str) -> dict[str, str]:
    """The credentials by name. Raises `Misconfigured` when no key of ours opens the text."""
    if not token:
        return {}
    try:
        credentials: dict[str, str] = json.loads(_keys().decrypt(token.encode()))
    except InvalidToken:
        raise Misconfigured(NO_KEY) from None
    return credentials


def rotate(token: str) -> str:
    """The same credentials under the newest key."""
    try:
        return _keys().rotate(token.encode()).decode() if token else ""
    except InvalidToken:
        raise Misconfigured(NO_KEY) from None
