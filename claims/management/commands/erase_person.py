"""`erase_person`: erases what the desk holds about one person."""

from __future__ import annotations

import sys
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from claims.guards import Refused
from claims.models import Policy, User
from claims.recording import erasure, persons
from claims.recording.persons import Found, Person, Why
from ocr_providers.management.desk_command import DeskCommand

WORDS = {
    Why.POLICY: "of their policy",
    Why.IDENTITY: "an invoice with their identity number",
    Why.PAPER: "an invoice with their identity number, but the policy is somebody else's",
    Why.NAME: "bears the name, which others may have too",
}


class Command(DeskCommand):
    help = (
        "Erases all data of one person, on their request: their policies, and the claims that these, their identity "
        "number or their name lead to. Refused while one of the claims is open or on hold."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("policy", nargs="?", default="", help="number of a policy of the person")
        parser.add_argument("--identity", default="", metavar="NUMBER", help="identity number; - reads standard input")
        parser.add_argument("--name", default="", help="another name, or the only one known")
        parser.add_argument(
            "--also", nargs="+", default=[], metavar="CLAIM", help="claims of the dry run that need a yes by number"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be erased, erase nothing")
        parser.add_argument("--by", metavar="USER", help="the administrator who answers for it")
        parser.add_argument("--reason", default="", help="goes on record; must not name the person")

    def handle(self, *args: Any, dry_run: bool, by: str | None, reason: str, also: list[str], **who: Any) -> None:
        try:
            person = _person(**{name: who[name] for name in ("policy", "identity", "name")})
            if dry_run:
                self.tell(person, also)
                return
            kept = persons.kept(persons.find(person), also)
            erased = persons.erase(person=person, by=_user(by), reason=reason, also=also)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except PermissionDenied as refusal:
            raise CommandError("Only an administrator may do this.") from refusal
        self.stdout.write(f"Erased: {len(erased)} claims, {len(person.policies)} policies.")
        if kept:
            self.stdout.write(f"Kept, as nobody said that they are this person's: {', '.join(kept)}.")

    def tell(self, person: Person, also: list[str]) -> None:
        """What would go, what needs a yes, and what stands in the way."""
        found = persons.find(person)
        going = persons.chosen(found, also)
        for policy in person.policies:
            self.stdout.write(f"policy {policy.number}: name and identity number")
        for item in found:
            self.stdout.write(_line(item, going=item.claim in going))
        self.stdout.write(f"{len(going)} claims, {len(person.policies)} policies would be erased.")


def _person(policy: str, identity: str, name: str) -> Person:
    if not (policy or identity or name):
        raise CommandError("Say who: a policy, --identity or --name.")
    row = Policy.objects.filter(number=policy).first() if policy else None
    if policy and row is None:
        raise CommandError("There is no such policy.")
    number = sys.stdin.readline().strip() if identity == "-" else identity
    return persons.person(policy=row, identity_number=number, name=name)


def _user(name: str | None) -> User:
    user = User.objects.filter(username=name).first() if name else None
    if user is None:
        raise CommandError("There is no such user." if name else "Say --by whom.")
    return user


def _line(item: Found, *, going: bool) -> str:
    claim = item.claim
    holds = f"{claim.documents.count()} documents, {claim.letters.count()} letters, {claim.notes.count()} notes"
    line = f"claim {claim.number}: {WORDS[item.why]}; {holds}"
    if not going:
        return f"{line}. Kept, unless --also {claim.number}"
    problem = erasure.what_forbids(claim)
    return f"{line}. NOT POSSIBLE: {problem}" if problem else line
