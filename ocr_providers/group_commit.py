"""Threads of one process share a transaction: whoever comes while one is being committed goes into the next.

A commit that waits for the disk takes longer than what it commits. Sixty threads that each commit twice a second would
wait for each other most of the time; together they commit about as often as one of them would.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import OperationalError, transaction

from ocr_providers.durability import durable

R = TypeVar("R")


@dataclass(slots=True, eq=False)
class _Entry:
    """The work of one thread, and what came of it."""

    work: Callable[[], Any]
    told: threading.Event = field(default_factory=threading.Event)
    """It is done, or its thread is to do it, together with what has come since."""
    done: bool = False
    result: Any = None
    error: Exception | None = field(default_factory=lambda: OperationalError("not committed"))
    """Until it is."""


class GroupCommit:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Entry] = []
        self._busy = False

    def run(self, work: Callable[[], R]) -> R:
        """What `work` returned, once that is committed and on the disk. Raises what it raised.

        `work` may be run twice: when that of another thread fails, each is repeated in a transaction of its own.
        """
        entry = _Entry(work)
        with self._lock:
            self._waiting.append(entry)
            first, self._busy = not self._busy, True
        if not first:
            entry.told.wait()
        if not entry.done:
            self._run_waiting()
        if entry.error:
            raise entry.error
        result: R = entry.result
        return result

    def _run_waiting(self) -> None:
        """Does what waits; then the next thread that has come meanwhile does what waits by then."""
        with self._lock:
            batch, self._waiting = self._waiting, []
        try:
            _commit(batch)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._busy = following is not None
            for entry in batch:
                entry.done = True
            for told in (following, *batch):
                if told:
                    told.told.set()


def _commit(batch: list[_Entry]) -> None:
    try:
        with durable(), transaction.atomic(durable=True):
            results = [entry.work() for entry in batch]
    except Exception as error:  # noqa: BLE001 - goes to the thread whose work it was
        if len(batch) == 1 or isinstance(error, OperationalError):  # the database itself: nobody fares better alone
            for entry in batch:
                entry.error = error
            return
        for entry in batch:
            _commit([entry])
        return
    for entry, result in zip(batch, results, strict=True):
        entry.result, entry.error = result, None


_of_this_process = GroupCommit()


def _renew() -> None:
    global _of_this_process
    _of_this_process = GroupCommit()


os.register_at_fork(after_in_child=_renew)


def committed(work: Callable[[], R]) -> R:
    """Runs `work` in a durable transaction that it shares with that of other threads; see `GroupCommit.run`."""
    return _of_this_process.run(work)
