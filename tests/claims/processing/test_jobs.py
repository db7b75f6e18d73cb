"""Jobs: taken once, kept by a lease, fenced by a token, tried again within bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone

from claims.models import Job
from claims.processing import jobs

pytestmark = pytest.mark.django_db

ENGINE, VENDOR = Job.Queue.ENGINE, Job.Queue.VENDOR


def queued(**fields: object) -> Job:
    return jobs.enqueue(**{"kind": "test", "queue": ENGINE, "payload": {}, **fields})  # type: ignore[arg-type]


def taken() -> Job:
    job = jobs.take([ENGINE], "worker")
    assert job is not None
    return job


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_taken_by_one_worker() -> None:
    job = queued()
    first = taken()
    assert first == job
    assert (first.state, first.worker, first.attempts, first.token) == ("running", "worker", 1, 1)
    assert jobs.take([ENGINE], "other") is None


def test_jobs_come_by_priority_then_in_order_and_from_the_queues_asked_for() -> None:
    later, first, vendor = queued(), queued(priority=-1), queued(queue=VENDOR)
    assert [taken(), taken()] == [first, later]
    assert jobs.take([ENGINE], "worker") is None
    assert jobs.take([ENGINE, VENDOR], "worker") == vendor


def test_unfinished_work_with_the_same_key_is_queued_once() -> None:
    first = queued(key="read/1")
    assert queued(key="read/1") == first
    jobs.finish(taken())
    assert queued(key="read/1") != first


def test_a_job_is_rolled_back_with_the_work_that_made_it() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        queue_and_fail()
    assert not Job.objects.exists()


def queue_and_fail() -> None:
    queued()
    raise RuntimeError


def test_a_heartbeat_keeps_the_lease(settings: LazySettings) -> None:
    queued()
    job = taken()
    before = job.lease_until
    settings.JOB_LEASE_SECONDS = 100
    jobs.beat([job])
    job.refresh_from_db()
    assert before
    assert job.lease_until
    assert job.lease_until > before


def test_a_dead_workers_job_is_taken_up_again_and_the_dead_one_is_fenced_off() -> None:
    queued()
    dead = taken()
    expire(dead)
    assert jobs.sweep() == 1
    alive = taken()
    assert alive.attempts == 2
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(dead)
    with pytest.raises(jobs.LeaseLost):
        jobs.give_back(dead)
    with pytest.raises(jobs.LeaseLost):
        jobs.hold(dead, code="x", reason="")
    jobs.beat([dead])
    jobs.finish(alive)
    alive.refresh_from_db()
    assert (alive.state, alive.lease_until) == ("done", None)


def test_a_living_workers_job_is_not_swept() -> None:
    queued()
    taken()
    assert jobs.sweep() == 0


def test_a_job_that_ends_every_worker_is_known_as_exhausted() -> None:
    queued()
    for _attempt in range(jobs.MAX_ATTEMPTS[ENGINE]):
        job = taken()
        assert not jobs.is_exhausted(job)
        expire(job)
        jobs.sweep()
    assert jobs.is_exhausted(taken())


def test_given_back_means_as_if_never_taken() -> None:
    queued()
    jobs.give_back(taken())
    assert taken().attempts == 1


def test_later_is_not_now() -> None:
    queued()
    run_at = jobs.try_later(taken(), code="busy", reason="Busy.", retry_after=60)
    assert 59 <= (run_at - timezone.now()).total_seconds() <= 67
    assert jobs.take([ENGINE], "worker") is None
    assert Job.objects.get().failure_reason == "Busy."


def test_the_vendors_word_comes_before_our_own_back_off() -> None:
    assert 7 <= jobs.back_off(12, 7) <= 8
    assert jobs.back_off(1, 1e12) <= 1.1 * jobs.LONGEST_WAIT
    assert 1 <= jobs.back_off(1, None) <= 2
    assert 150 <= jobs.back_off(12, None) <= jobs.LONGEST_BACK_OFF
    assert len({jobs.back_off(5, None) for _ in range(20)}) > 1


def test_a_moved_job_waits_in_the_other_queue_with_what_is_known_by_now() -> None:
    queued()
    job = taken()
    job.payload = {"tried": ["jd"]}
    jobs.move(job, VENDOR)
    assert jobs.take([ENGINE], "worker") is None
    moved = jobs.take([VENDOR], "worker")
    assert moved
    assert moved.payload == {"tried": ["jd"]}


def test_a_person_drives_dead_and_held_work_again_but_not_running_or_done() -> None:
    queued()
    job = taken()
    assert not jobs.drive_again(job)
    jobs.bury(job, code="x", reason="No.")
    assert job.finished_at
    assert jobs.drive_again(job)
    again = taken()
    assert (again.attempts, again.finished_at) == (1, None)
    jobs.hold(again, code="fate-unknown", reason="?")
    assert jobs.drive_again(again)
    last = taken()
    jobs.finish(last)
    assert not jobs.drive_again(last)
