"""Sample users, plans, claims and documents, so that every screen has something real to show."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from claims.demo import loading
from claims.demo.documents import DemoPicturesMissing
from claims.demo.people import PASSWORD
from claims.demo.staff import STAFF
from claims.models import Claim, User
from claims.staff.system_users import STRAIGHT_THROUGH
from ocr_providers.management.desk_command import DeskCommand

INVITATION = f"Sign in as {', '.join(member.username for member in STAFF)}.\nThe password of each is {PASSWORD}"
"""`run` repeats it. Nothing is said on a desk that is no demo."""


class Command(DeskCommand):
    help = "Loads the demo department: 200 claims over 60 days. Running it again adds nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people-only", action="store_true", help="Staff and plans; enough to sign in.")
        parser.add_argument(
            "--only-if-empty", action="store_true", help="Do nothing on a desk that has people or claims of its own."
        )

    def handle(self, *args: Any, people_only: bool, only_if_empty: bool, **options: Any) -> None:
        if only_if_empty and has_work_of_its_own():
            return
        if people_only:
            loading.load_people()
            self.stdout.write(INVITATION)
            return
        try:
            added = loading.load_department()
        except DemoPicturesMissing as error:
            raise CommandError(f"The demo is not complete: {error}") from error
        self.stdout.write(f"{added} demo claims loaded.\n{INVITATION}")


def has_work_of_its_own() -> bool:
    """Whether somebody works here for real: people who are not of the demo, or claims without them."""
    demo = [STRAIGHT_THROUGH, *(member.username for member in STAFF)]
    people = User.objects.all()
    return people.exclude(username__in=demo).exists() or (Claim.objects.exists() and not people.exists())
