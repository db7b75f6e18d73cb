"""Threads share a transaction or a look, and each gets what came of its own work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection

from ocr_providers.group_commit import committed, durable_transaction
from ocr_providers.models import ProviderAccount
from ocr_providers.together import Together, Work, looked_up

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30.0


def account(name: str) -> ProviderAccount:
    return ProviderAccount.objects.create(name=name, vendor="jd")


def called(works: list[Callable[[], object]]) -> list[object]:
    return [work() for work in works]


def together(*works: Callable[[], object]) -> list[Future[object]]:
    """Runs the works in one transaction."""
    return brought(Together(durable_transaction), *((called, work) for work in works))


def brought(group: Together, *asked: tuple[Work[Any, Any], Any]) -> list[Future[object]]:
    """Runs them in one round: all have come before the one in front of them is done."""
    come, begun = threading.Event(), threading.Event()

    def in_front() -> None:
        begun.set()
        assert come.wait(PATIENCE)

    def closing(work: Work[Any, Any], item: object) -> object:
        try:
            return group.run(work, item)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asked) + 1) as pool:
        pool.submit(closing, called, in_front)
        assert begun.wait(PATIENCE)
        futures = [pool.submit(closing, work, item) for work, item in asked]
        while len(group._waiting) < len(asked):
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
    work: Callable[[], object] = partial(account, "one")
    assert committed(called, work) == ProviderAccount.objects.get(name="one")


def test_what_is_alike_is_asked_once_and_each_gets_its_own_answer() -> None:
    rounds: list[list[object]] = []

    def doubled(numbers: list[int]) -> list[int]:
        rounds.append([*numbers])
        return [2 * number for number in numbers]

    def turned(words: list[str]) -> list[str]:
        rounds.append([*words])
        return [word[::-1] for word in words]

    asks: list[tuple[Work[Any, Any], Any]] = [(doubled, 1), (turned, "ab"), (doubled, 3), (turned, "cd")]
    futures = brought(Together(), *asks)
    assert [future.result() for future in futures] == [2, "ba", 6, "dc"]
    assert sorted(map(len, rounds)) == [2, 2]


def test_a_look_is_made_after_it_was_asked_for() -> None:
    account("one")

    def names(_: list[None]) -> list[list[str]]:
        return [list(ProviderAccount.objects.values_list("name", flat=True))]

    assert looked_up(names, None) == ["one"]
    account("two")
    assert sorted(looked_up(names, None)) == ["one", "two"]
