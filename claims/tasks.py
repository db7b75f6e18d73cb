"""Tasks of Celery's workers, where there are any: each takes its job from the table like every other worker.

A message that comes twice, late, or for a job that somebody has done finds nothing to take.
"""

from __future__ import annotations

from celery import shared_task

from claims.models import Job
from claims.processing import jobs
from claims.workers import Worker

ANNOUNCED_AT_ONCE = 200


@shared_task(name="claims.run_job", ignore_result=True)  # type: ignore[untyped-decorator] # Celery ships no types
def run_job(pk: int) -> None:
    Worker().run_job(pk)


@shared_task(name="claims.sweep", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Takes back what dead workers held, and announces what is due: a message that was lost is sent again."""
    jobs.sweep()
    for job in jobs.ready(Job.Queue.values)[:ANNOUNCED_AT_ONCE]:
        jobs.announce(job)
