"""Threads of one process share a transaction: whoever comes while one is being committed goes into the next.

A commit that waits for the disk takes longer than what it commits: together, sixty threads commit about as often as
one of them would.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction

from ocr_providers.durability import durable
from ocr_providers.together import Together, Work

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def durable_transaction() -> Iterator[None]:
    with durable(), transaction.atomic(durable=True):
        yield


_commits = Together(durable_transaction)


def committed(work: Work[T, R], item: T) -> R:
    """What `work` made of `item`, once that is committed and on the disk, together with what other threads brought."""
    return _commits.run(work, item)
