"""A worker's threads: one looks for work, the others wait behind it, and all of them work when there is work."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError

from claims import workers
from claims.models import Job
from claims.processing import jobs
from claims.workers import Worker

THREADS = 6
PATIENCE = 30.0


class Desk:
    """Stands in for the job table: hands out what it is given, and counts who looks at the same time."""

    def __init__(self) -> None:
        self.waiting: list[Job] = []
        self.looks = self.looking = self.most_looking = 0
        self.idle = threading.Event()
        self._lock = threading.Lock()

    def take_some(self, _queues: list[Job.Queue], _worker: str, *, most: int, **_: object) -> list[Job]:
        with self._lock:
            self.looks += 1
            self.looking += 1
            self.most_looking = max(self.most_looking, self.looking)
            taken, self.waiting = self.waiting[:most], self.waiting[most:]
        if self.looks > 5:
            self.idle.set()
        with self._lock:
            self.looking -= 1
        return taken


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()
    monkeypatch.setattr(workers, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(jobs, "take_some", made.take_some)
    monkeypatch.setattr(workers, "connections", type("NoConnections", (), {"close_all": staticmethod(lambda: None)}))
    return made


Start = Callable[[Worker], threading.Thread]


@pytest.fixture
def start(desk: Desk) -> Start:
    def run(worker: Worker) -> threading.Thread:
        thread = threading.Thread(target=worker.run, args=({Job.Queue.VENDOR: THREADS},), kwargs={"grace": PATIENCE})
        thread.start()
        return thread

    return run


def test_of_many_idle_threads_one_looks_and_all_end_when_told(desk: Desk, start: Start) -> None:
    worker = Worker()
    running = start(worker)
    assert desk.idle.wait(PATIENCE)
    worker.stop()
    running.join(PATIENCE)
    assert not running.is_alive()
    assert desk.most_looking == 1


def test_as_many_jobs_as_threads_are_done_at_the_same_time(
    desk: Desk, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(THREADS + 1, timeout=PATIENCE)
    monkeypatch.setattr(workers, "execute", lambda _job: together.wait() and None)
    desk.waiting = [Job(pk=n, kind="test") for n in range(THREADS)]
    worker = Worker()
    running = start(worker)
    together.wait()  # raises unless every thread is at work
    worker.stop()
    running.join(PATIENCE)
    assert not running.is_alive()


def test_a_database_that_is_away_for_a_moment_ends_no_thread(
    desk: Desk, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, take, failures = threading.Event(), desk.take_some, iter([True, True, True])

    def away_at_first(queues: list[Job.Queue], name: str, *, most: int, **_: object) -> list[Job]:
        if next(failures, False):
            raise OperationalError("away")
        return take(queues, name, most=most)

    monkeypatch.setattr(jobs, "take_some", away_at_first)
    monkeypatch.setattr(workers, "execute", lambda _job: done.set())
    desk.waiting = [Job(pk=1, kind="test")]
    worker = Worker()
    running = start(worker)
    assert done.wait(PATIENCE)
    worker.stop()
    running.join(PATIENCE)
    assert not running.is_alive()
