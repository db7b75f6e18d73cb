"""The whole job against a vendor that answers in a second: claimed, asked, recorded, stored, checked, ended.

    python -m benchmarks.vendor_jobs                                 SQLite, as `./run` serves it
    DATABASE_URL=postgresql://… python -m benchmarks.vendor_jobs     an empty database of PostgreSQL

Documents wait in the queue, each in a claim of its own, every picture and every invoice another (3 to 30 lines, one in
ten misread), and `manage.py worker --queue vendor` works them off in a process of its own. Counted are `ROUNDS` jobs a
thread, from the first claim of a job to the last result that is stored: the start of all threads and the end of the
last are in the figure. Page pictures are work of the engine's queue and are not; that worker does not run.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import slow_vendor
from benchmarks.desk import REPOSITORY, fresh_desk, make_account, run_part

ACCOUNT = "benchmark"
PART = "benchmarks.vendor_jobs"
ROUNDS = 12
"""Jobs per thread."""
LOOK_SECONDS = 0.02
PATIENCE = 300.0


def measure(environment: dict[str, str], threads: int, processes: int, latency: float) -> dict[str, Any]:
    """One worker works off `threads * ROUNDS` documents."""
    first = run_part(PART, environment, "--fill", str(threads * ROUNDS))["first"]
    command = [sys.executable, "manage.py", "worker", "--queue", "vendor", "--threads", str(threads)]
    command += ["--processes", str(processes)]
    worker = subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        found = run_part(PART, environment, "--watch", str(first), str(worker.pid))
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)
    speed = found["done"] / found["seconds"]
    return {
        **found,
        "jobs_per_second": round(speed, 1),
        "share_of_limit": round(speed / (threads / latency), 3),
        "cpu_ms_per_job": round(found.pop("cpu") / found["done"] * 1000, 1),
    }


# --- on the desk ------------------------------------------------------------------------------------------------------


def fill(count: int) -> dict[str, int]:
    """Documents that wait for the vendor. The last job before them."""
    from benchmarks.vendor_calls import PICTURE_BYTES, pictures
    from claims import intake
    from claims.models import Document, Job
    from claims.receiving import uploads
    from ocr_providers.models import ProviderAccount

    ProviderAccount.objects.update(max_in_flight=1000)
    first = Job.objects.order_by("-id").values_list("id", flat=True).first() or 0
    for content in pictures(count, PICTURE_BYTES):
        claim = intake.open_claim(user=None)
        uploads.receive_file(claim=claim, file=content, name="a.jpg", user=None, kind=Document.Kind.INVOICE)
    return {"first": first}


def watch(first: int, process: int) -> dict[str, Any]:
    """Seconds and CPU seconds from the first claim to the last result of the jobs after `first`."""
    from django.db.models import Max
    from django.utils import timezone

    from claims.models import Job

    jobs = Job.objects.filter(id__gt=first, queue=Job.Queue.VENDOR)
    while not jobs.exclude(state=Job.State.QUEUED).exists():
        time.sleep(LOOK_SECONDS)
    started, cpu = timezone.now(), cpu_seconds(process)
    deadline = time.monotonic() + PATIENCE
    while jobs.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING)).exists() and time.monotonic() < deadline:
        time.sleep(0.5)
    done = jobs.filter(state=Job.State.DONE)
    last = done.aggregate(last=Max("finished_at"))["last"] or timezone.now()
    return {
        "jobs": jobs.count(),
        "done": done.count(),
        "seconds": (last - started).total_seconds() + LOOK_SECONDS,
        "cpu": cpu_seconds(process) - cpu,
    }


def cpu_seconds(process: int) -> float:
    """User and system time of a running process and its children so far."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(int(child)) for child in children)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--threads", type=int, nargs="+", default=[32, 64])
    parser.add_argument("--processes", type=int, default=2, help="of the worker (default: %(default)s)")
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--watch", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill or options.watch:
        import django

        django.setup()
        print(json.dumps(fill(options.fill) if options.fill else watch(*options.watch)))
        return
    with slow_vendor.running(latency=options.latency) as url, fresh_desk(os.environ.get("DATABASE_URL", "")) as desk:
        make_account(desk, ACCOUNT, url)
        for threads in options.threads:
            found = measure(desk, threads, options.processes, options.latency)
            print(f"{threads} in flight, {options.processes} processes, the whole job:", found, flush=True)


if __name__ == "__main__":
    main()
