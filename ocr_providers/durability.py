"""What a power cut may take back.

A transaction that has ended survives the death of its process in any case. On SQLite it survives a power cut only when
it waits for the disk, and while it waits nobody else can write: at 64 calls a second that wait is most of the time. A
worker (`relax`) therefore waits only where what is lost cannot be made again: before a call leaves and when its answer
is recorded (`durable`). A result whose end is lost is stored again, from the answer on record. PostgreSQL lets others
work meanwhile, and always waits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

WAITS, DOES_NOT_WAIT = "PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL"

_relaxed = threading.Event()
"""Of the whole process."""


def relax() -> None:
    """From now on, this process's commits do not wait for the disk unless they are `durable`."""
    _relaxed.set()
    connection_created.connect(_relax_connection, dispatch_uid=__name__)
    for made in connections.all(initialized_only=True):
        _relax_connection(made)


def _relax_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite" and connection.connection is not None:
        connection.connection.execute(DOES_NOT_WAIT)


@contextmanager
def durable() -> Iterator[None]:
    """The transaction inside waits for the disk, whatever the process does otherwise. Around `atomic`, not inside."""
    if connection.vendor != "sqlite" or not _relaxed.is_set() or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    connection.connection.execute(WAITS)
    try:
        yield
    finally:
        connection.connection.execute(DOES_NOT_WAIT)
