"""Threads of one process do the same things together: whoever comes while one round is under way goes into the next.

Nobody waits for company: who comes alone is served at once, and the busier the threads are, the larger the rounds
become. What a statement costs (its making, its turn at the database and, where it commits, the disk) is paid once a
round. Sixty threads that each looked and committed for themselves would wait for each other most of the time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from django.db import OperationalError

T = TypeVar("T")
R = TypeVar("R")
Work: TypeAlias = Callable[[list[T]], Sequence[R]]
"""What came of each item, in their order. May be run again for one of them alone, after another one failed."""


@dataclass(slots=True, eq=False)
class _Entry:
    """What one thread brought, and what came of it."""

    work: Work[Any, Any]
    item: Any
    told: threading.Event = field(default_factory=threading.Event)
    """It is done, or its thread is to do it, together with what has come since."""
    done: bool = False
    result: Any = None
    error: Exception | None = field(default_factory=lambda: OperationalError("interrupted"))
    """Until it is done."""


class Together:
    def __init__(self, around: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        """`around`: what every round runs in, such as a transaction."""
        self._around = around
        self._start()
        os.register_at_fork(after_in_child=self._start)  # what was under way is the other process's

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Entry] = []
        self._busy = False

    def run(self, work: Work[T, R], item: T) -> R:
        """What `work` made of `item`, once its round has ended well. Raises what it raised."""
        entry = _Entry(work, item)
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
            entries, self._waiting = self._waiting, []
        try:
            self._round(entries)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._busy = following is not None
            for entry in entries:
                entry.done = True
            for told in (following, *entries):
                if told:
                    told.told.set()

    def _round(self, entries: list[_Entry]) -> None:
        """All at once; when something fails each by itself, so that it costs the others nothing."""
        try:
            with self._around():
                results = _results(entries)
        except Exception as error:  # noqa: BLE001 - goes to the thread whose work it was
            if len(entries) > 1 and not isinstance(error, OperationalError):
                for entry in entries:
                    self._round([entry])
                return
            for entry in entries:  # the database itself fails: nobody fares better alone
                entry.error = error
            return
        for entry in entries:
            entry.result, entry.error = results[entry], None


def _results(entries: list[_Entry]) -> dict[_Entry, Any]:
    """By one run of each kind of work."""
    results: dict[_Entry, Any] = {}
    for work in dict.fromkeys(entry.work for entry in entries):
        alike = [entry for entry in entries if entry.work == work]
        results.update(zip(alike, work([entry.item for entry in alike]), strict=True))
    return results


_looks = Together()


def looked_up(work: Work[T, R], item: T) -> R:
    """What `work`, which only reads the database, finds about `item`: with one statement for all that ask just now.

    It is read after it was asked for, outside of the caller's transaction.
    """
    return _looks.run(work, item)
