"""Intake from a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from claims.models import Claim
from claims.receiving.folder_import import Imported, import_folder
from ocr_providers.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = "Takes in every picture and PDF of a folder. A second run adds nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--claim", metavar="NUMBER", help="All documents join this claim (default: a claim each).")

    def handle(self, *args: Any, folder: Path, claim: str | None, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        found = Claim.objects.filter(number=claim).first() if claim else None
        if claim and found is None:
            raise CommandError(f"There is no claim {claim}.")
        results = [self.tell(result) for result in import_folder(folder, found)]
        refused = sum(1 for result in results if result.problem)
        added = sum(result.is_new for result in results)
        self.stdout.write(f"{added} added, {len(results) - added - refused} there already, {refused} refused")
        if refused:
            raise CommandError(f"{refused} of {len(results)} files were refused.")

    def tell(self, result: Imported) -> Imported:
        if result.problem:
            self.stderr.write(f"{result.path.name}: {result.problem}")
        elif result.document:
            said = [result.document.claim.number]
            if not result.is_new:
                said.append("there already")
            if result.twins:
                said.append(f"the same file: {', '.join(result.twins)}")
            self.stdout.write(f"{result.path.name}: {'; '.join(said)}")
        return result
