"""Threads share a transaction, and each gets what came of its own work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import IntegrityError, OperationalError, connection

from ocr_providers.group_commit import GroupCommit
from ocr_providers.models import ProviderAccount

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30.0


def account(name: str) -> ProviderAccount:
    return ProviderAccount.objects.create(name=name, vendor="jd")


def together(*works: Callable[[], object]) -> list[Future[object]]:
    """Runs the works in one transaction: all have come before the one in front of them is done."""
    group, come, begun = GroupCommit(), threading.Event(), threading.Event()

    def in_front() -> None:
        begun.set()
        assert come.wait(PATIENCE)

    def closing(work: Callable[[], object]) -> object:
        try:
            return group.run(work)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works) + 1) as pool:
        pool.submit(closing, in_front)
        assert begun.wait(PATIENCE)
        futures = [pool.submit(closing, work) for work in works]
        while len(group._waiting) < len(works):
            threading.Event().wait(0.001)
        come.set()
    return futures


def test_all_that_came_meanwhile_is_one_transaction() -> None:
    blocks: list[object] = []

    def work(n: int) -> Callable[[], int]:
        def run() -> int:
            account(f"account {n}")
            blocks.append((threading.get_ident(), connection.in_atomic_block))
            return n

        return run

    futures = together(*map(work, range(5)))
    assert [future.result() for future in futures] == list(range(5))
    assert len(set(blocks)) == 1
    assert ProviderAccount.objects.count() == 5


def test_a_work_that_fails_costs_the_others_nothing() -> None:
    futures = together(lambda: account("one"), lambda: account("one"), lambda: account("two"), lambda: 1 / 0)
    errors = [type(future.exception()) for future in futures]
    assert errors == [type(None), IntegrityError, type(None), ZeroDivisionError]
    assert sorted(ProviderAccount.objects.values_list("name", flat=True)) == ["one", "two"]


def test_when_the_database_is_away_everybody_hears_it_and_nothing_is_repeated() -> None:
    asked = []

    def away() -> None:
        asked.append(1)
        raise OperationalError("away")

    futures = together(away, away, away)
    assert {type(future.exception()) for future in futures} == {OperationalError}
    assert len(asked) == 1


def test_whoever_is_interrupted_has_committed_nothing_for_anybody() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    futures = together(lambda: account("one"), interrupted)
    failed = [future.exception() for future in futures]
    assert all(isinstance(error, OperationalError | KeyboardInterrupt) for error in failed)
    assert not ProviderAccount.objects.exists()


def test_a_thread_that_comes_alone_waits_for_nobody() -> None:
    assert GroupCommit().run(lambda: account("one")).name == "one"
