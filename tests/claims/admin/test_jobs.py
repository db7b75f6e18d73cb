"""Jobs in the admin: driven again with a reason, and by whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from claims.models import (
    Document,
    Job,
    LogEntry,
    User,
)
from claims.processing import jobs
from tests.claims.admin.conftest import SignIn, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead_job(document: Document) -> Job:
    jobs.enqueue(kind="read-document", queue=Job.Queue.ENGINE, payload={"document": document.pk, "problems": []})
    job = jobs.take([Job.Queue.ENGINE], "worker")
    assert job
    jobs.bury(job, code="worker-lost", reason="Gone.")
    return job


def drive(client: Client, job: Job, reason: str) -> list[str]:
    data = {"action": "drive_again", "_selected_action": [job.pk], "reason": reason}
    response = client.post(address(Job, "changelist"), data, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_a_job_is_driven_again_with_a_reason_on_record(administrator: User, signed_in: SignIn, dead_job: Job) -> None:
    assert drive(signed_in(administrator), dead_job, "The disk was full.") == ["1 job runs again."]
    dead_job.refresh_from_db()
    assert dead_job.state == Job.State.QUEUED
    entry = LogEntry.objects.latest("id")
    assert (entry.person, entry.action, entry.reason) == (
        administrator.username,
        "job.driven-again",
        "The disk was full.",
    )
    assert Document.objects.get().status == Document.Status.QUEUED


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_no_job_is_driven_again(
    administrator: User, signed_in: SignIn, dead_job: Job, reason: str
) -> None:
    assert drive(signed_in(administrator), dead_job, reason) == ["Say why these jobs are driven again."]
    dead_job.refresh_from_db()
    assert dead_job.state == Job.State.DEAD


def test_an_auditor_drives_nothing(auditor_in_the_admin: User, signed_in: SignIn, dead_job: Job) -> None:
    drive(signed_in(auditor_in_the_admin), dead_job, "Because.")
    dead_job.refresh_from_db()
    assert dead_job.state == Job.State.DEAD


def test_a_running_job_is_left_alone(administrator: User, signed_in: SignIn, dead_job: Job) -> None:
    Job.objects.update(state=Job.State.RUNNING, lease_until=timezone.now() + timedelta(minutes=1))
    drive(signed_in(administrator), dead_job, "Impatience.")
    dead_job.refresh_from_db()
    assert dead_job.state == Job.State.RUNNING
