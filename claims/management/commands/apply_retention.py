"""`apply_retention`: erases what is over time. For a timer, once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from claims import audit
from claims.correspondence import webhooks
from claims.guards import Refused
from claims.recording import erasure
from ocr_providers.management.desk_command import DeskCommand

REASON = "Retention time over."


class Command(DeskCommand):
    help = (
        "Erases pictures, answers and values whose retention time is over (admin: time limits), and forgets old "
        "messages of webhooks. Legal holds are kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be erased, erase nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        found = 0
        for item in erasure.due():
            if dry_run or self.erase(item):
                self.stdout.write(f"{item.claim.number}: {', '.join(item.what)}")
                found += 1
        if not dry_run:
            erasure.finish_all()
        messages = webhooks.over_time().count() if dry_run else webhooks.forget()
        verb = "are" if dry_run else "were"
        self.stdout.write(f"{found} claims {verb} over time.")
        self.stdout.write(f"{messages} messages of webhooks {verb} over time.")

    def erase(self, item: erasure.Due) -> bool:
        """Whether it was: a hold may have been placed, or the claim reopened, a moment ago."""
        try:
            erasure.erase(claim=item.claim, what=item.what, by=audit.SYSTEM, reason=REASON)
        except Refused as refusal:
            self.stderr.write(str(refusal))
            return False
        return True
