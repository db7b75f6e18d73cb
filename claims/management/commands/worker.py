"""`worker`: reads the documents that wait."""

from __future__ import annotations

import os
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from claims.models import Job
from claims.workers import Worker, warm_up


class Command(BaseCommand):
    help = (
        "Reads waiting documents until it is told to stop (SIGTERM, Ctrl+C): then it finishes or gives back its work."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", choices=Job.Queue.values, help="only this queue (default: both)")
        parser.add_argument("--threads", type=int, default=32, help="calls to vendors at the same time (default: 32)")
        parser.add_argument("--once", action="store_true", help="work off what is ready now, then end")
        parser.add_argument(
            "--grace", type=float, default=20.0, metavar="SECONDS", help="how long a stop waits for work under way"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        queues = [Job.Queue(options["queue"])] if options["queue"] else list(Job.Queue)
        worker = Worker()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda _number, _frame: worker.stop())
        if options["once"]:
            self.stdout.write(f"{worker.run_once(queues)} job(s) done.")
            return
        if Job.Queue.ENGINE in queues:
            warm_up()
        self.stdout.write(f"Worker {worker.name} is ready: {', '.join(queues)}.")
        self.stdout.flush()
        # The engine uses all the cores it is given by itself: one page at a time.
        worker.run(
            {queue: 1 if queue == Job.Queue.ENGINE else options["threads"] for queue in queues}, grace=options["grace"]
        )
        self.stdout.flush()
        os._exit(0)  # threads in a native library cannot be ended; their jobs were given back
