"""Whole jobs while their workers are killed at random: leased, asked, recorded, stored together, ended.

    python -m benchmarks.job_kills --documents 400 --seconds 60        SQLite; the empty database of DATABASE_URL

As `benchmarks.random_kills`, for `manage.py worker` with everything around the ledger. Afterwards every document is
read once, with its values and its log entry, or held for a person; none was charged twice, and the log is one chain.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from benchmarks import slow_vendor
from benchmarks.desk import REPOSITORY, fresh_desk, make_account, run_part
from benchmarks.kills import Outcome, twice
from benchmarks.vendor_jobs import ACCOUNT, fill

PART = "benchmarks.job_kills"
THREADS = 8
PATIENCE = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutcome(Outcome):
    read_twice: int
    """Documents with two readings: an answer that was stored a second time."""
    without_values: int
    """Documents that count as read and have no values, or no entry in the log."""
    problems_of_the_log: int


def run(
    *, documents: int, seconds: float, workers: int = 3, drop: float = 0.02, busy: float = 0.08, database_url: str = ""
) -> JobOutcome:
    """Kills a worker every now and then for `seconds`, then lets them finish."""
    with (
        slow_vendor.running(latency=0.3, drop=drop, busy=busy) as url,
        fresh_desk(database_url) as desk,
    ):
        environment = desk | {"JOB_LEASE_SECONDS": "3", "LOG_LEVEL": "CRITICAL"}
        make_account(environment, ACCOUNT, url)
        first = run_part(PART, environment, "--fill", str(documents))["first"]
        kills = _kill_at_random(environment, workers, seconds)
        found = run_part(PART, environment, "--count", str(first))
        charges = slow_vendor.stat(url)["charges"]
    return JobOutcome(papers=documents, kills=kills, charged_twice=twice(charges.values()), **found)


def _kill_at_random(environment: dict[str, str], count: int, seconds: float) -> int:
    """How many workers were killed until nothing waited any more."""
    workers = [_start(environment) for _worker in range(count)]
    kills, end = 0, time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            time.sleep(random.uniform(0.3, 3.0))
            number = random.randrange(count)
            os.kill(workers[number].pid, signal.SIGKILL)
            workers[number].wait()
            workers[number] = _start(environment)
            kills += 1
        run_part(PART, environment, "--wait")
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(60)
    return kills


def _start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "worker", "--queue", "vendor", "--threads", str(THREADS)]
    return subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdout=subprocess.DEVNULL)  # noqa: S603


# --- on the desk ------------------------------------------------------------------------------------------------------


def wait() -> dict[str, Any]:
    """Until nothing waits or runs; what waits for a vendor to recover runs at once."""
    from django.db import transaction
    from django.utils import timezone

    from claims.models import Job
    from ocr_providers.models import ProviderAccount

    waiting = Job.objects.filter(queue=Job.Queue.VENDOR, state__in=(Job.State.QUEUED, Job.State.RUNNING))
    deadline = time.monotonic() + PATIENCE
    while waiting.exists() and time.monotonic() < deadline:
        with transaction.atomic():
            Job.objects.filter(queue=Job.Queue.VENDOR, state=Job.State.QUEUED).update(run_at=timezone.now(), attempts=0)
            ProviderAccount.objects.update(paused_until=None, failures=0, pause_reason="")
        time.sleep(0.5)
    return {}


def counted(first: int) -> dict[str, int]:
    """What became of the documents whose jobs came after job `first`."""
    from django.db.models import Count

    from claims import audit
    from claims.models import Document, InvoiceHeader, Job, LogEntry

    keys = Job.objects.filter(id__gt=first, queue=Job.Queue.VENDOR).values_list("payload", flat=True)
    documents = Document.objects.filter(pk__in={payload["document"] for payload in keys})
    read = documents.filter(status=Document.Status.READ)
    logged = LogEntry.objects.filter(action="document.read").values("document_id")
    whole = read.filter(pk__in=InvoiceHeader.objects.values("pk")).filter(pk__in=logged, claim__line_count__gt=0)
    return {
        "read": read.count(),
        "held": documents.filter(status=Document.Status.HELD).count(),
        "read_twice": documents.annotate(times=Count("readings")).filter(times__gt=1).count(),
        "without_values": read.count() - whole.count(),
        "problems_of_the_log": len(audit.verify()),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--wait", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill is None and options.count is None and not options.wait:
        url = os.environ.get("DATABASE_URL", "")
        outcome = run(documents=options.documents, seconds=options.seconds, database_url=url)
        print(outcome, f"lost={outcome.lost}")
        return
    import django

    django.setup()
    if options.fill is not None:
        print(json.dumps(fill(options.fill)))
    else:
        print(json.dumps(wait() if options.wait else counted(options.count)))


if __name__ == "__main__":
    main()
