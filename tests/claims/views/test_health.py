"""What operators' tools ask."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_living_process_says_ok_to_anybody(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_a_desk_that_can_work_is_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "migrations": True, "store": True}


def test_a_store_that_is_away_makes_it_not_ready_and_says_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(name: str) -> bool:
        raise OSError("secret-bucket.internal")

    monkeypatch.setattr(default_storage, "exists", away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "migrations": True, "store": False}
    monkeypatch.undo()
