"""The thread of a worker that stores answers, while other threads wait for vendors.

Answers that come within a moment of each other are stored together: that costs a fraction of storing each by itself.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator

from claims.processing.storing import Answered

MOST = 16
"""Answers in one transaction: others wait for the database meanwhile."""
GATHER_SECONDS = 0.3
"""How long the first one waits for others."""
WAITING_MOST = 64
"""Answers in memory. A thread that brings more waits: nothing is asked that cannot be stored."""


class Storer:
    def __init__(self, store: Callable[[list[Answered]], None]) -> None:
        self._store = store
        self._waiting: queue.Queue[Answered | None] = queue.Queue(WAITING_MOST)
        self._thread = threading.Thread(target=self._run, name="storer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, answered: Answered) -> None:
        self._waiting.put(answered)

    def stop(self, seconds: float) -> None:
        """What was brought before is stored first, if it can be in this time."""
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=seconds)
        self._thread.join(seconds)

    def _run(self) -> None:
        while first := self._waiting.get():
            self._store([first, *self._more()])

    def _more(self) -> Iterator[Answered]:
        """What comes meanwhile, until there is enough."""
        until = time.monotonic() + GATHER_SECONDS
        for _ in range(1, MOST):
            try:
                answered = self._waiting.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return
            if answered is None:
                self._waiting.put(None)  # for the loop above
                return
            yield answered
