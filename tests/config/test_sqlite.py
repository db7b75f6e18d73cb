"""SQLite with threads that take turns: nobody sleeps while the database is free, nobody is forgotten."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from claims.models import LogHead
from config.sqlite.base import DatabaseWrapper

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has row locks"),
]
THREADS = 8


def add_one(_n: int) -> None:
    try:
        with transaction.atomic():
            head = LogHead.objects.get(pk=1)
            LogHead.objects.filter(pk=1).update(entries=head.entries + 1)
    finally:
        connection.close()


def test_transactions_of_many_threads_follow_one_another() -> None:
    LogHead.objects.create(pk=1, digest="", entries=0)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add_one, range(THREADS * 5)))
    assert LogHead.objects.get(pk=1).entries == THREADS * 5


def test_a_turn_ends_with_its_transaction_however_that_ends() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        raise RuntimeError
    connection.set_autocommit(False)
    connection.close()
    with ThreadPoolExecutor(1) as pool:
        LogHead.objects.create(pk=1, digest="", entries=0)
        pool.submit(add_one, 1).result(30)
    assert LogHead.objects.get(pk=1).entries == 1


def test_a_turn_is_not_waited_for_longer_than_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            begun.set()
            done.wait(30)
        connection.close()

    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        assert begun.wait(30)
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pass
        done.set()
        held.result(30)


def test_a_new_database_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    made = DatabaseWrapper({**connection.settings_dict, "NAME": str(tmp_path / "new.sqlite3")})
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE x (y)")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    made.close()
    assert modes == dict.fromkeys(("new.sqlite3", "new.sqlite3-wal", "new.sqlite3-shm"), 0o600)
