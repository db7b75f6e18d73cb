"""`verify_log`: is the log whole and unchanged?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from claims import audit
from ocr_providers.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = "Checks the hash chain of the log. Prints its head, which is worth keeping outside of this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--expect", default="", metavar="DIGEST", help="a head printed earlier, still in the chain")

    def handle(self, *args: Any, **options: Any) -> None:
        head = audit.head()  # before: entries that are made meanwhile come behind it
        problems = audit.verify(options["expect"])
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            raise CommandError(f"The log does not hold: {len(problems)} problem(s).")
        self.stdout.write(f"{head.entries} entries hold. Head: {head.digest}")
