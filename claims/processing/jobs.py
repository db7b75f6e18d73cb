"""Work that outlives a process: rows of our own database, held by a lease with a fencing token.

A job is enqueued in the transaction that makes the work. A worker takes it with a lease, keeps the lease alive by
heartbeats, and ends the job in the transaction that stores the result: whoever lost the lease in the meantime finds
another token there and stores nothing. Everything here is one conditional UPDATE, right on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from claims.models import Job
from ocr_providers import bulk

State = Job.State

LONGEST_BACK_OFF = 300.0
"""Seconds."""
LONGEST_WAIT = 24 * 3600.0
"""Seconds, whatever a vendor names: a daily limit ends within a day."""
MAX_ATTEMPTS = {Job.Queue.ENGINE: 5, Job.Queue.VENDOR: 12}
"""A vendor out of order is asked for about half an hour. An engine that fails five times fails for good."""


class LeaseLost(Exception):
    """Somebody else holds the job now: whatever was done must not be stored."""


def enqueue(
    *,
    kind: str,
    queue: Job.Queue,
    payload: Mapping[str, Any],
    key: str | None = None,
    priority: int = 0,
) -> Job:
    """Adds a job in the caller's transaction. Unfinished work with the same `key` is returned instead."""
    fields = _fields(kind, queue, payload, priority)
    if key is None:
        job = Job.objects.create(**fields)
    else:
        job, _made = Job.objects.get_or_create(key=key, defaults=fields)
    announce(job)
    return job


def _fields(kind: str, queue: Job.Queue, payload: Mapping[str, Any], priority: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "queue": queue,
        "payload": dict(payload),
        "priority": priority,
        "max_attempts": MAX_ATTEMPTS[queue],
    }


def new(*, kind: str, queue: Job.Queue, payload: Mapping[str, Any], key: str, priority: int = 0) -> Job:
    """A job for `enqueue_missing`."""
    return Job(key=key, **_fields(kind, queue, payload, priority))


def enqueue_missing(jobs: Iterable[Job]) -> None:
    """Adds keyed jobs in the caller's transaction, by one statement. Unfinished work of the same key stays as it is."""
    new = list(jobs)
    Job.objects.bulk_create(new, ignore_conflicts=True)
    if new and settings.CELERY_BROKER_URL:
        for job in Job.objects.filter(key__in=[job.key for job in new]):
            announce(job)


def announce(job: Job) -> None:
    """Tells Celery's workers, where there are any. A message lost or doubled does no harm: the row is the truth."""
    if settings.CELERY_BROKER_URL:
        transaction.on_commit(lambda: _send(job.pk, job.queue), robust=True)


def _send(pk: int, queue: str) -> None:
    from celery import Celery  # an extra of the installation

    with Celery(broker=settings.CELERY_BROKER_URL, set_as_current=False) as announcer:
        announcer.send_task("claims.run_job", args=[pk], queue=queue, ignore_result=True)


def ready(queues: Iterable[str]) -> QuerySet[Job]:
    """What may be taken now, first come first."""
    waiting = Job.objects.filter(state=State.QUEUED, queue__in=list(queues), run_at__lte=timezone.now())
    return waiting.order_by("priority", "run_at", "id")


Begin: TypeAlias = Callable[[list[Job]], None]
"""What else changes in the transaction that leases jobs."""


def take(queues: Iterable[str], worker: str, begin: Begin | None = None) -> Job | None:
    """The next job, leased to `worker`; `None` when there is nothing to do."""
    return next(iter(take_some(queues, worker, most=1, begin=begin)), None)


def take_some(
    queues: Iterable[str], worker: str, *, most: int, begin: Begin | None = None, look_first: bool = True
) -> list[Job]:
    """The next jobs, leased to `worker`: for as many threads as wait for one, in one transaction.

    `look_first`: a look costs no lock, and is of no use to those who know that there are more.
    """
    waiting = ready(queues)
    return [] if look_first and not waiting.exists() else _lease(waiting, worker, most, begin)


def take_one(pk: int, worker: str, begin: Begin | None = None) -> Job | None:
    """This job, if it may be taken."""
    return next(iter(_lease(ready(Job.Queue.values).filter(pk=pk), worker, 1, begin)), None)


@transaction.atomic
def _lease(waiting: QuerySet[Job], worker: str, most: int, begin: Begin | None) -> list[Job]:
    """The rows are held until the end: by their locks on PostgreSQL, by the transaction's own on SQLite."""
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    taken = list(waiting[:most])
    changes = {"state": State.RUNNING, "worker": worker[:80], "lease_until": _lease_end()}
    for job in taken:
        _set(job, token=job.token + 1, attempts=job.attempts + 1, **changes)
    bulk.update_rows(taken, ("token", "attempts", *changes))
    if taken and begin:
        begin(taken)
    return taken


def _set(job: Job, **changes: Any) -> None:
    """As it stands in the row now; what only the database can work out is left as it was."""
    for name, value in changes.items():
        if not hasattr(value, "resolve_expression"):
            setattr(job, name, value)


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


@transaction.atomic
def beat(jobs: Iterable[Job]) -> None:
    """Keeps leases alive. A job that was lost is not taken back."""
    held = [Q(pk=job.pk, token=job.token) for job in jobs]
    if held:
        Job.objects.filter(reduce(or_, held), state=State.RUNNING).update(lease_until=_lease_end())


def sweep() -> int:
    """Takes back what dead workers held. How many jobs there were.

    Whoever takes such a job next sees how often it was tried (`is_exhausted`), and gives it up properly.
    """
    left_behind = Job.objects.filter(state=State.RUNNING, lease_until__lt=timezone.now())
    if not left_behind.exists():
        return 0
    with transaction.atomic():
        return left_behind.update(state=State.QUEUED, token=F("token") + 1, run_at=timezone.now(), lease_until=None)


def is_exhausted(job: Job) -> bool:
    """Whether this attempt is one too many: every one before ended with its worker."""
    return job.attempts > job.max_attempts


# --- ends of a lease; each raises LeaseLost when the job is somebody else's ------------------------------------------


def finish(job: Job) -> None:
    """Call it first in the transaction that stores the result: the job stays locked until that is committed."""
    _end(job, **_done())


def held(jobs: Iterable[Job]) -> set[int]:
    """Which of these are still whose they were when they were taken. They stay locked until the transaction ends."""
    tokens = {job.pk: job.token for job in jobs}
    running = Job.objects.select_for_update().filter(pk__in=tokens, state=State.RUNNING).order_by("pk")
    return {pk for pk, token in running.values_list("pk", "token") if tokens[pk] == token}


def finish_held(jobs: Iterable[Job]) -> None:
    """As `finish`, for jobs that `held` has named in this transaction."""
    changes = {"lease_until": None, "worker": "", **_done()}
    finished = list(jobs)
    Job.objects.filter(pk__in=[job.pk for job in finished]).update(**changes)
    for job in finished:
        _set(job, **changes)


def _done() -> dict[str, Any]:
    return {"state": State.DONE, "key": None, "finished_at": timezone.now(), "failure_code": "", "failure_reason": ""}


def bury(job: Job, *, code: str, reason: str) -> None:
    """Given up: it will not be tried again unless a person asks."""
    _end(job, state=State.DEAD, key=None, finished_at=timezone.now(), failure_code=code[:40], failure_reason=reason)


def hold(job: Job, *, code: str, reason: str) -> None:
    """Only a person can know what to do."""
    _end(job, state=State.HELD, failure_code=code[:40], failure_reason=reason)


def try_later(job: Job, *, code: str, reason: str, retry_after: float | None = None) -> datetime:
    """Back into the queue; when it will run. The vendor's word first, else exponential back-off; jitter on both."""
    run_at = timezone.now() + timedelta(seconds=back_off(job.attempts, retry_after))
    _end(job, state=State.QUEUED, run_at=run_at, failure_code=code[:40], failure_reason=reason, payload=job.payload)
    return run_at


def crashed(job: Job, error: Exception) -> None:
    """After an error that nobody foresaw, where nobody waits: tried again, then given up. Its text may hold values."""
    if job.attempts < job.max_attempts:
        try_later(job, code="internal", reason=type(error).__name__)
    else:
        bury(job, code="internal", reason=type(error).__name__)


def give_back(job: Job) -> None:
    """The worker stops: as if the job had not been taken."""
    _end(job, state=State.QUEUED, run_at=timezone.now(), attempts=F("attempts") - 1)


def move(job: Job, queue: Job.Queue) -> None:
    """On to the other queue, with the payload as it stands now."""
    _end(
        job,
        state=State.QUEUED,
        queue=queue,
        payload=job.payload,
        run_at=timezone.now(),
        max_attempts=max(job.max_attempts, MAX_ATTEMPTS[queue]),
    )
    announce(job)


def back_off(attempts: int, retry_after: float | None) -> float:
    """Seconds to wait."""
    if retry_after is not None:
        return min(LONGEST_WAIT, max(0.0, retry_after)) * random.uniform(1.0, 1.1)  # noqa: S311 - not a secret
    return min(LONGEST_BACK_OFF, 2.0 ** min(attempts, 20)) * random.uniform(0.5, 1.0)  # noqa: S311


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, token=job.token, state=State.RUNNING)


def _end(job: Job, **changes: Any) -> None:
    with transaction.atomic(savepoint=False):
        ended = _held(job).update(**{"lease_until": None, "worker": "", **changes})
    if not ended:
        raise LeaseLost
    _set(job, lease_until=None, worker="", **changes)


def drive_again(job: Job) -> bool:
    """A person asks: given-up, held or waiting work runs now. Whether there was anything to drive."""
    driven = Job.objects.filter(pk=job.pk, state__in=(State.DEAD, State.HELD, State.QUEUED)).update(
        state=State.QUEUED,
        run_at=timezone.now(),
        attempts=0,
        token=F("token") + 1,
        finished_at=None,
        payload=job.payload,
    )
    if driven:
        announce(job)
    return bool(driven)
