"""A worker process: takes jobs, keeps their leases alive, ends well when it is told to stop."""

from __future__ import annotations

import os
import random
import socket
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from claims.correspondence import webhooks
from claims.models import Job
from claims.processing import jobs, locating, reading, routing, storing
from claims.processing.storer import Storer, Traffic
from claims.processing.storing import Answered
from ocr_providers import out

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Handler:
    """`run` does the job and ends it, or returns what remains to be stored (`store`) and ends it by that.

    `crashed` ends it after an error that nobody foresaw.
    """

    run: Callable[[Job], Answered | None] | Callable[[Job], None]
    crashed: Callable[[Job, Exception], None]


HANDLERS = {
    reading.READ: Handler(reading.run, reading.crashed),
    reading.MAKE_PAGES: Handler(reading.run_make_pages, jobs.crashed),
    routing.ROUTE: Handler(routing.run, jobs.crashed),
    locating.LOCATE: Handler(locating.run, jobs.crashed),
    webhooks.DELIVER: Handler(webhooks.run, webhooks.crashed),
}


UNKNOWN = Handler(
    run=lambda job: jobs.bury(job, code="unknown-kind", reason=job.kind),
    crashed=lambda job, error: jobs.bury(job, code="unknown-kind", reason=job.kind),
)
"""Left in the queue by another version of the desk."""


def warm_up() -> None:
    """Loads the models before the first picture comes. A machine that only calls vendors has no engine."""
    try:
        from ocr_providers.engine import pipeline
    except ImportError:
        log.warning("engine_not_installed")
        return
    pipeline.warm_up()


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def execute(job: Job) -> Answered | None:
    """Runs a job that was taken; what remains to be stored. Never raises for what the job does."""
    handler = HANDLERS.get(job.kind, UNKNOWN)
    try:
        return handler.run(job)
    except jobs.LeaseLost:
        log.warning("job_lease_lost", job=job.pk)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing can be ended now
    except Exception as error:  # noqa: BLE001 - the boundary: one bad job must not end the worker
        _crashed(job, error)
    return None


def store(answered: Sequence[Answered]) -> None:
    """Stores answers together; if that fails, each by itself, so that a bad one costs the others nothing."""
    try:
        storing.store(answered)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - the boundary, as above
        if len(answered) == 1:
            _crashed(answered[0].job, error)
            return
        for each in answered:
            store([each])


def _crashed(job: Job, error: Exception) -> None:
    _log_crash(job, error)
    try:
        HANDLERS.get(job.kind, UNKNOWN).crashed(job, error)
    except jobs.LeaseLost:
        log.warning("job_lease_lost", job=job.pk)


def _log_crash(job: Job, error: Exception) -> None:
    """Where it happened; not the error's own text, which may hold values of a document."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("job_crashed", job=job.pk, kind=job.kind, error=type(error).__name__, where=where)


@dataclass(slots=True)
class _Line:
    """The idle threads of one queue: the one in front looks for work."""

    front: threading.Lock = field(default_factory=threading.Lock)
    idle: int = 0
    taken: deque[Job] = field(default_factory=deque)
    """For the threads behind."""
    found_some: bool = False
    """The last time that one looked."""


class Worker:
    """Threads that take jobs, and one that keeps their leases and sweeps up after dead workers."""

    def __init__(self) -> None:
        self.name = worker_name()
        self._told = False
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._running: dict[int, Job] = {}
        self._lock = threading.Lock()
        self._lines = {queue: _Line() for queue in Job.Queue}
        self._at_work = 0
        self._storer = Storer(lambda answered: self._forgiving(partial(self._store, answered)), self._traffic)

    def stop(self) -> None:
        """No new jobs; those under way go on."""
        self._told = True

    def run(self, threads: dict[Job.Queue, int], *, grace: float) -> None:
        """Works until `stop`; then waits `grace` seconds for jobs under way, and gives back what is left."""
        takers = [
            threading.Thread(target=self._work, args=(queue,), name=f"{queue}-{n}", daemon=True)
            for queue, count in threads.items()
            for n in range(count)
        ]
        keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._storer.start()
        for thread in (*takers, keeper):
            thread.start()
        while not self._told:  # an Event may not be set by a signal handler while it is waited for
            time.sleep(POLL_SECONDS / 2)
        self._stopping.set()
        deadline = time.monotonic() + grace
        for thread in takers:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._storer.stop(max(0.0, deadline - time.monotonic()))
        self._give_back()
        self._ended.set()

    def run_once(self, queues: list[Job.Queue]) -> int:
        """Works off what is ready, in this thread. How many jobs there were."""
        jobs.sweep()
        return self._work_off(lambda: None if self._told else jobs.take(queues, self.name, reading.begin))

    def run_job(self, pk: int) -> int:
        """Does this job, if it may be taken, in this thread. How many jobs there were: one or none."""
        return self._work_off(lambda: jobs.take_one(pk, self.name, reading.begin))

    def _work_off(self, take: Callable[[], Job | None]) -> int:
        keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        keeper.start()
        done = 0
        while job := take():
            if answered := self._execute(job):
                self._store([answered])
            done += 1
        self._ended.set()
        keeper.join()
        return done

    def _work(self, queue: Job.Queue) -> None:
        while not self._stopping.is_set():
            job = self._next_job(queue)
            answered = self._forgiving(partial(self._execute, job)) if job else None
            if answered:
                self._storer.put(answered)
        connections.close_all()

    def _next_job(self, queue: Job.Queue) -> Job | None:
        """One idle thread of a queue looks for work, for all that are idle; they wait behind it and cost nothing."""
        line = self._lines[queue]
        with self._lock:
            line.idle += 1
        with line.front:
            while not (line.taken or self._stopping.is_set()):
                line.taken.extend(self._forgiving(lambda: self._take(queue, line.idle)) or ())
                if not line.taken:
                    self._stopping.wait(POLL_SECONDS * random.uniform(0.75, 1.25))  # noqa: S311
            with self._lock:
                line.idle -= 1
            return None if self._stopping.is_set() else line.taken.popleft()

    def _take(self, queue: Job.Queue, most: int) -> list[Job]:
        """Held from now on, so that a stop gives back what no thread has begun."""
        line = self._lines[queue]
        taken = jobs.take_some([queue], self.name, most=most, begin=reading.begin, look_first=not line.found_some)
        line.found_some = bool(taken)
        with self._lock:
            self._running.update({job.pk: job for job in taken})
        return taken

    def _forgiving(self, work: Callable[[], T]) -> T | None:
        """A database that is away for a moment does not end the thread: the lease runs out, the job is taken again."""
        try:
            close_old_connections()
            return work()
        except (OperationalError, InterfaceError) as error:
            log.error("worker_database_error", error=type(error).__name__)  # noqa: TRY400 - the text may hold values
            self._stopping.wait(POLL_SECONDS)
            return None

    def _execute(self, job: Job) -> Answered | None:
        """The job stays ours until what came of it is stored."""
        with self._lock:
            self._running[job.pk] = job
            self._at_work += 1
        answered = None
        try:
            answered = execute(job)
        finally:
            with self._lock:
                self._at_work -= 1
            if not answered:
                self._let_go(job)
        return answered

    def _traffic(self) -> Traffic:
        return Traffic(asking=self._at_work - out.calls.count, out=out.calls.count)

    def _store(self, answered: Sequence[Answered]) -> None:
        try:
            store(answered)
        finally:
            for each in answered:
                self._let_go(each.job)

    def _let_go(self, job: Job) -> None:
        with self._lock:
            self._running.pop(job.pk, None)

    def _under_way(self) -> list[Job]:
        with self._lock:
            return [Job(pk=job.pk, token=job.token) for job in self._running.values()]

    def _keep(self) -> None:
        """Three beats a lease: two may fail before the job is lost."""
        while not self._ended.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                close_old_connections()
                jobs.beat(self._under_way())
                jobs.sweep()
            except (OperationalError, InterfaceError) as error:
                log.error("worker_database_error", error=type(error).__name__)  # noqa: TRY400
        connections.close_all()

    def _give_back(self) -> None:
        for job in self._under_way():
            try:
                jobs.give_back(job)
                log.info("job_given_back", job=job.pk)
            except jobs.LeaseLost:
                continue
