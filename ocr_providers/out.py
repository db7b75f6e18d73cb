"""How many threads of this process wait for a provider just now."""

from __future__ import annotations

import os
import threading


class Out:
    """Entered by each thread for as long as its call is out."""

    def __init__(self) -> None:
        self._start()
        os.register_at_fork(after_in_child=self._start)

    def _start(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.count += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.count -= 1


calls = Out()
