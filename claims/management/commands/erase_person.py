"""`erase_person`: erases what the desk holds about the person of one policy."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from claims.guards import Refused
from claims.models import Policy, User
from claims.recording import erasure
from ocr_providers.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = "Erases all data of the person of a policy, on their request. Refused while a claim is open or on hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("policy", help="number of the policy")
        parser.add_argument("--by", required=True, metavar="USER", help="the administrator who answers for it")
        parser.add_argument("--reason", required=True, help="goes on record; must not name the person")

    def handle(self, *args: Any, policy: str, by: str, reason: str, **options: Any) -> None:
        row, user = Policy.objects.filter(number=policy).first(), User.objects.filter(username=by).first()
        if row is None or user is None:
            raise CommandError("There is no such policy." if row is None else "There is no such user.")
        try:
            count = erasure.erase_person(policy=row, by=user, reason=reason)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except PermissionDenied as refusal:
            raise CommandError("Only an administrator may do this.") from refusal
        self.stdout.write(f"Erased: {count} claims of policy {policy}.")
