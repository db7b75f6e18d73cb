"""Celery announces; the rows decide."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from pytest_django import DjangoCaptureOnCommitCallbacks

from claims.models import Job
from claims.processing import jobs

tasks = pytest.importorskip("claims.tasks", reason="Celery is an extra")
pytestmark = pytest.mark.django_db
Sent = list[tuple[int, str]]


@pytest.fixture
def sent(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What was announced."""
    settings.CELERY_BROKER_URL = "memory://"
    messages: Sent = []
    monkeypatch.setattr(jobs, "_send", lambda pk, queue: messages.append((pk, queue)))
    return messages


def queued() -> Job:
    return jobs.enqueue(kind="unheard-of", queue=Job.Queue.ENGINE, payload={})


def test_a_job_is_announced_when_it_is_committed_not_before(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = queued()
        assert sent == []
    assert sent == [(job.pk, "engine")]


def test_a_message_that_comes_twice_does_the_job_once() -> None:
    job = queued()
    tasks.run_job(job.pk)
    tasks.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DEAD, 1)


def test_the_sweeper_announces_again_what_waits(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = queued()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep()
    assert sent == [(job.pk, "engine")]


def test_a_desk_without_celery_announces_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        queued()
    assert callbacks == []
