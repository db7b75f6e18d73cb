"""What limits sign-ins is counted by all web processes together: none of it is kept in the memory of one."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache.backends import locmem
from django.test import Client
from django.urls import reverse

from claims.models import User
from tests.second_factor import code_now

pytestmark = pytest.mark.django_db


def another_process() -> None:
    """What a web process keeps for itself is not there in the next one."""
    for kept in (*locmem._caches.values(), *locmem._expire_info.values()):  # type: ignore[attr-defined]
        kept.clear()


def answer_with(code: str, reviewer: User) -> Any:
    """Password, then code, each in another process."""
    client = Client()
    client.post(reverse("account_login"), {"login": reviewer.username, "password": "correct horse"})
    another_process()
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    another_process()
    return answer


def test_wrong_codes_are_counted_by_all_web_processes_together(reviewer: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(reviewer, secret)
    wrong = f"{(int(code_now(secret)) + 500_000) % 1_000_000:06d}"
    for _n in range(10):
        assert answer_with(wrong, reviewer).status_code == 200
    answer = answer_with(code_now(secret), reviewer)
    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.content.decode()


def test_a_code_that_was_used_is_refused_by_every_web_process(reviewer: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(reviewer, secret)
    code = code_now(secret)
    assert answer_with(code, reviewer).status_code == 302
    assert answer_with(code, reviewer).status_code == 200
