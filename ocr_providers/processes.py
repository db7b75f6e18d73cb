"""Who holds a call in flight: a mark that another process of the same machine can check.

A process number alone is reused and means nothing in another container, so the mark carries the host, the process
namespace and the start time. Where the mark cannot be checked, only the call's own deadline ends it.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

PROC = Path("/proc")
START_TIME_FIELD = 19
"""Index of `starttime` after the parenthesised command name in /proc/PID/stat (proc(5), field 22)."""


def own_mark() -> str:
    return _mark(os.getpid())


@cache
def _mark(process: int) -> str:
    return "/".join((*_place(), str(process), _start_time(process)))


def is_gone(mark: str) -> bool:
    """Whether the process of this mark has certainly ended. `False` when that cannot be told from here."""
    host, _, rest = mark.partition("/")
    namespace, _, rest = rest.partition("/")
    number, _, start = rest.partition("/")
    if (host, namespace) != _place() or not namespace or not number.isdecimal():
        return False
    return _start_time(int(number)) != start


def _place() -> tuple[str, str]:
    try:
        namespace = str((PROC / "self/ns/pid").stat().st_ino)
    except OSError:
        namespace = ""
    return socket.gethostname().replace("/", "-"), namespace


def _start_time(process: int) -> str:
    """Clock ticks after boot; empty when there is no such process."""
    try:
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[START_TIME_FIELD]
    except (OSError, IndexError):
        return ""
