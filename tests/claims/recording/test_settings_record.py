"""What the admin changes of other apps is in the hash-chained log, without a value."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from claims import audit
from claims.models import LogEntry, User
from ocr_providers.models import ProviderAccount

pytestmark = pytest.mark.django_db
ACCOUNTS = "/admin/ocr_providers/provideraccount/"
FORM = {
    "name": "main", "vendor": "jd", "endpoint": "", "enabled": "on", "documents_may_leave": "on", "preference": "10",
    "key": "key-1", "secret": "secret-1", "connect_timeout": "5", "read_timeout": "60", "total_timeout": "120",
    "max_in_flight": "8", "price_per_call": "0.1", "currency": "CNY",
}  # fmt: skip


def test_a_provider_account_that_was_changed_is_on_record(
    administrator: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(administrator)
    assert client.post(f"{ACCOUNTS}add/", FORM).status_code == 302
    added = LogEntry.objects.latest("id")
    assert (added.person, added.action, added.subject) == (
        administrator.username,
        "setting.added",
        "ocr_providers.provideraccount: main",
    )
    account = ProviderAccount.objects.get(name="main").pk
    client.post(f"{ACCOUNTS}{account}/change/", {**FORM, "preference": "3", "key": "other", "why": "A better price."})
    changed = LogEntry.objects.latest("id")
    assert changed.action == "setting.changed"
    assert "A better price." in changed.reason
    assert "other" not in changed.reason
    client.post(f"{ACCOUNTS}{account}/delete/", {"post": "yes", "why": "The contract ended."})
    deleted = LogEntry.objects.latest("id")
    assert (deleted.action, deleted.reason) == ("setting.deleted", "The contract ended.")
    assert audit.verify() == []
