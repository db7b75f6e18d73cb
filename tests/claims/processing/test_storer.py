"""The thread that stores answers: several at once, none forgotten."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from claims import workers
from claims.models import Job
from claims.processing import storer
from claims.processing.storer import Storer, Traffic
from claims.workers import Worker

PATIENCE = 30.0


class Shelf:
    """Takes what is stored, and says what other threads do meanwhile."""

    def __init__(self) -> None:
        self.batches: list[list[Any]] = []
        self.filled = threading.Event()
        self.looked = threading.Event()
        self.asking, self.out = 0, 1

    def traffic(self) -> Traffic:
        self.looked.set()
        return Traffic(asking=self.asking, out=self.out)

    def store(self, answered: list[Any]) -> None:
        self.batches.append(answered)
        self.filled.set()


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setattr(storer, "GATHER_SECONDS", PATIENCE)
    monkeypatch.setattr(storer, "MOST", 3)
    return Shelf()


def test_answers_that_come_together_are_stored_together(shelf: Shelf) -> None:
    thread: Any = Storer(shelf.store, shelf.traffic)
    for answer in "abc":
        thread.put(answer)
    thread.start()
    assert shelf.filled.wait(PATIENCE)
    assert shelf.batches == [["a", "b", "c"]]
    thread.stop(PATIENCE)


def test_a_stop_stores_what_waits_without_waiting_for_more(shelf: Shelf) -> None:
    thread: Any = Storer(shelf.store, shelf.traffic)
    for answer in "abcde":
        thread.put(answer)
    thread.start()
    thread.stop(PATIENCE)
    assert shelf.batches == [["a", "b", "c"], ["d", "e"]]


def store_one(shelf: Shelf) -> None:
    """Brings one answer, and no other, to a thread that runs already."""
    thread: Any = Storer(shelf.store, shelf.traffic)
    thread.start()
    thread.put("a")
    assert shelf.filled.wait(PATIENCE)
    thread.stop(PATIENCE)
    assert shelf.batches == [["a"]]


def test_one_answer_is_not_kept_waiting_for_ever(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storer, "GATHER_SECONDS", 0.01)
    store_one(shelf)


def test_an_answer_waits_for_nobody_when_nobody_asks(shelf: Shelf) -> None:
    shelf.out = 0
    store_one(shelf)


def test_asking_goes_first(shelf: Shelf) -> None:
    shelf.asking, shelf.out = 1, 0
    thread: Any = Storer(shelf.store, shelf.traffic)
    thread.put("a")
    thread.start()
    assert shelf.looked.wait(PATIENCE)
    assert not shelf.batches
    shelf.asking = 0
    assert shelf.filled.wait(PATIENCE)
    thread.stop(PATIENCE)


def test_threads_that_ask_without_an_end_hold_nothing_up(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storer, "GATHER_SECONDS", 0.01)
    monkeypatch.setattr(storer, "YIELD_SECONDS", 0.01)
    shelf.asking = 1
    store_one(shelf)


def test_a_job_keeps_its_lease_until_its_answer_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()
    held: list[int] = []
    answered: Any = type("Answered", (), {"job": Job(pk=7, kind="test")})()
    monkeypatch.setattr(workers, "execute", lambda _job: answered)

    def store(_answered: Sequence[Any]) -> None:
        held.extend(job.pk for job in worker._under_way())

    monkeypatch.setattr(workers, "store", store)
    came: Any = worker._execute(answered.job)
    assert came is answered
    worker._store([came])
    assert held == [7]
    assert worker._under_way() == []
