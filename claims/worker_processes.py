"""One worker in several processes: its threads share the machine's cores, which the threads of one process cannot."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence

from django.db import connections


def shares(threads: int, processes: int) -> list[int]:
    """Threads of each process; never a process without any."""
    count = max(1, min(threads, processes))
    return [threads // count + (n < threads % count) for n in range(count)]


def run(parts: Sequence[Callable[[], None]]) -> int:
    """Runs each part in a process of its own until all have ended; 0 when all ended well.

    SIGTERM and Ctrl+C are passed on. A process that dies takes the others with it, in order: whoever watches over
    this one starts them all again.
    """
    connections.close_all()  # two processes must not share one
    children = {_start(part) for part in parts}
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: _tell(children))
    worst = 0
    while children:
        child, status = os.wait()
        children.discard(child)
        code = os.waitstatus_to_exitcode(status)
        if code:
            worst = worst or abs(code)
            _tell(children)
    return worst


def _start(part: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            part()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def _tell(children: set[int]) -> None:
    for child in tuple(children):
        os.kill(child, signal.SIGTERM)
