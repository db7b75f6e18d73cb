"""`worker`: reads the documents that wait."""

from __future__ import annotations

import gc
import os
import signal
import sys
from functools import partial
from typing import Any, NoReturn

from django.core.management.base import CommandError, CommandParser

from claims import garbage, worker_processes
from claims.models import Job
from claims.workers import Worker, warm_up
from ocr_providers import durability
from ocr_providers.management.desk_command import DeskCommand

SWITCH_SECONDS = 0.0005
"""How long a thread that computes keeps Python from the others: with Python's five milliseconds, each of the many steps
of a call would wait that long while another answer is being stored."""


class Command(DeskCommand):
    requires_system_checks = ()  # they load every page of the desk; the web processes make them
    help = (
        "Reads waiting documents until it is told to stop (SIGTERM, Ctrl+C): then it finishes or gives back its work."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", choices=Job.Queue.values, help="only this queue (default: both)")
        parser.add_argument("--threads", type=int, default=32, help="calls to vendors at the same time (default: 32)")
        parser.add_argument(
            "--processes",
            type=int,
            default=1,
            help="processes that share these calls (default: 1; one per core is most)",
        )
        parser.add_argument("--once", action="store_true", help="work off what is ready now, then end")
        parser.add_argument(
            "--grace", type=float, default=20.0, metavar="SECONDS", help="how long a stop waits for work under way"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        queues = [Job.Queue(options["queue"])] if options["queue"] else list(Job.Queue)
        if options["once"]:
            self.stdout.write(f"{stoppable(Worker()).run_once(queues)} job(s) done.")
            return
        if options["processes"] > 1 and Job.Queue.ENGINE in queues:
            raise CommandError("--processes needs --queue vendor: the engine uses all cores by itself.")
        durability.relax()
        sys.setswitchinterval(SWITCH_SECONDS)
        threads = worker_processes.shares(options["threads"], options["processes"])
        if len(threads) == 1:
            self._serve(queues, threads[0], options["grace"])
        sys.exit(worker_processes.run([partial(self._serve, queues, count, options["grace"]) for count in threads]))

    def _serve(self, queues: list[Job.Queue], threads: int, grace: float) -> NoReturn:
        """Works until told to stop, then ends the process."""
        worker = stoppable(Worker())
        if Job.Queue.ENGINE in queues:
            warm_up()
        gc.set_threshold(*garbage.IS_DUE)
        gc.freeze()  # what was loaded stays for good, and is not searched for garbage again and again
        self.stdout.write(f"Worker {worker.name} is ready: {', '.join(queues)}.")
        self.stdout.flush()
        # The engine uses all the cores it is given by itself: one page at a time.
        worker.run({queue: 1 if queue == Job.Queue.ENGINE else threads for queue in queues}, grace=grace)
        self.stdout.flush()
        os._exit(0)  # threads in a native library cannot be ended; their jobs were given back


def stoppable(worker: Worker) -> Worker:
    """Told to stop by SIGTERM and Ctrl+C."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: worker.stop())
    return worker
