"""The thread of a worker that stores answers, while other threads wait for vendors.

Answers that come within a moment of each other are stored together: that costs a fraction of storing each by itself.
Asking goes first: a call that leaves later ends later, while an answer on record can wait until all have asked.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from claims.processing.storing import Answered

MOST = 16
"""Answers in one transaction: others wait for the database meanwhile."""
GATHER_SECONDS = 0.3
"""How long the first one waits for others, as long as there are any."""
YIELD_SECONDS = 0.3
"""How much longer it waits while threads are busy asking."""
LOOK_SECONDS = 0.01
WAITING_MOST = 64
"""Answers in memory. A thread that brings more waits: nothing is asked that cannot be stored."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Threads of this process that ask."""

    asking: int
    """On their way to a vendor, or back from it."""
    out: int
    """Waiting for a vendor: each may bring an answer."""


class Storer:
    def __init__(self, store: Callable[[list[Answered]], None], traffic: Callable[[], Traffic]) -> None:
        self._store = store
        self._traffic = traffic
        self._waiting: queue.Queue[Answered | None] = queue.Queue(WAITING_MOST)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="storer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, answered: Answered) -> None:
        self._waiting.put(answered)

    def stop(self, seconds: float) -> None:
        """What was brought before is stored first, if it can be in this time."""
        self._stopping = True
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=seconds)
        self._thread.join(seconds)

    def _run(self) -> None:
        while first := self._waiting.get():
            self._wait_for_others()
            self._store([first, *self._more()])

    def _wait_for_others(self) -> None:
        come = time.monotonic()
        while not self._stopping:
            waited, traffic = time.monotonic() - come, self._traffic()
            gathered = waited >= GATHER_SECONDS or self._waiting.qsize() >= MOST - 1 or not traffic.out
            if gathered and (not traffic.asking or waited >= GATHER_SECONDS + YIELD_SECONDS):
                return
            time.sleep(LOOK_SECONDS)

    def _more(self) -> Iterator[Answered]:
        """What has come by now."""
        for _ in range(1, MOST):
            try:
                answered = self._waiting.get_nowait()
            except queue.Empty:
                return
            if answered is None:
                self._waiting.put(None)  # for the loop above
                return
            yield answered
