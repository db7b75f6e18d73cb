"""PostgreSQL plans short requests without helpers."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="DATABASE_URL names no PostgreSQL"),
]


@pytest.mark.parametrize(("name", "value"), [("max_parallel_workers_per_gather", "0"), ("jit", "off")])
def test_every_connection_is_told(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        assert cursor.fetchone() == (value,)
