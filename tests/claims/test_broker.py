"""The trigger over a real broker, where one listens on this machine: announced by the desk, run by a Celery worker."""

from __future__ import annotations

import socket
import time
import uuid

import pytest
from django.conf import LazySettings

from claims.models import Job
from claims.processing import jobs

pytest.importorskip("celery", reason="Celery is an extra")
BROKERS = {"redis": ("redis://127.0.0.1:6379/15", 6379), "rabbitmq": ("amqp://guest:guest@127.0.0.1:5672//", 5672)}
PATIENCE = 20


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest, settings: LazySettings) -> str:
    """The address of a broker that answers and lets a guest in."""
    url, port = BROKERS[request.param]
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        pytest.skip(f"no {request.param} on this machine")
    from celery import Celery

    try:
        Celery(broker=url, set_as_current=False).connection_for_write(connect_timeout=3).ensure_connection(
            max_retries=0
        )
    except Exception as error:  # noqa: BLE001 - whatever the client library raises means: not for us
        pytest.skip(f"{request.param} lets no guest in: {type(error).__name__}")
    settings.CELERY_BROKER_URL = url
    return url


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_committed_is_run_by_a_worker_at_the_other_end(
    broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from celery import Celery
    from celery.contrib.testing.worker import start_worker

    own_queue, send = f"claimdesk-test-{uuid.uuid4().hex}", jobs._send
    monkeypatch.setattr(jobs, "_send", lambda pk, _queue: send(pk, own_queue))
    job = jobs.enqueue(kind="unheard-of", queue=Job.Queue.ENGINE, payload={})
    from claims import tasks  # noqa: F401 - registers the task with every Celery application

    worker_side = Celery(broker=broker, set_as_current=False)
    with start_worker(worker_side, pool="solo", perform_ping_check=False, shutdown_timeout=60, queues=[own_queue]):
        deadline = time.monotonic() + PATIENCE
        while job.state in (Job.State.QUEUED, Job.State.RUNNING) and time.monotonic() < deadline:
            time.sleep(0.1)
            job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DEAD, 1)
