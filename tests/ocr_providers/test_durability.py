"""A worker's commits wait for the disk where what is lost could not be made again, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from ocr_providers import durability

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL always waits, and lets others work"),
]
NORMAL, FULL = 1, 2
"""Of `PRAGMA synchronous`."""


def synchronous() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        found: int = cursor.fetchone()[0]
    return found


@pytest.fixture
def relaxed() -> Iterator[None]:
    durability.relax()
    yield
    durability._relaxed.clear()
    connection_created.disconnect(dispatch_uid=durability.__name__)
    connection.close()


def test_every_commit_waits_in_a_process_that_was_not_told_otherwise() -> None:
    assert synchronous() == FULL
    with durability.durable():
        assert synchronous() == FULL
    assert synchronous() == FULL


@pytest.mark.usefixtures("relaxed")
def test_a_relaxed_process_waits_where_it_is_asked_to() -> None:
    connection.close()
    assert synchronous() == NORMAL
    with durability.durable():
        assert synchronous() == FULL
    assert synchronous() == NORMAL
