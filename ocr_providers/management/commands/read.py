"""`read`: documents read with one account, through the ledger, one JSON line each."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from ocr_providers.accounts import default_local_account
from ocr_providers.answers import result_to_json
from ocr_providers.base import SourceDocument
from ocr_providers.documents import configured_limits, inspect
from ocr_providers.exact_json import dumps
from ocr_providers.exceptions import FixTheRequest, Misconfigured, OcrError
from ocr_providers.ledger import read_with_account
from ocr_providers.management.desk_command import DeskCommand
from ocr_providers.models import ProviderAccount
from ocr_providers.results import Kind


class Command(DeskCommand):
    help = (
        "Reads documents with a provider account (default: the local engine) and prints, for each, one line of JSON in "
        "the vendor's own schema. One attempt, no waiting; a picture with a good answer is not paid for again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--kind", choices=[str(kind) for kind in Kind], default=str(Kind.AUTO))
        parser.add_argument("--account", metavar="NAME", default="")
        parser.add_argument("--again", action="store_true", help="ask anew, even if that is charged once more")
        parser.add_argument("--json", action="store_true", help="one line each on a terminal too")

    def handle(self, *args: Any, **options: Any) -> None:
        account = find_account(options["account"])
        kind = Kind(options["kind"])
        failed: list[dict[str, Any]] = []
        for file in options["files"]:
            line = read_file(account, file, kind, again=options["again"])
            indent = None if options["json"] or not self.stdout.isatty() else 2
            self.stdout.write(dumps(line, indent=indent))
            if line["status"] == "error":
                failed.append(line)
        if failed:
            first = f"{failed[0]['file']}: {failed[0]['error']['message']}"
            rest = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
            raise CommandError(f"{len(failed)} of {len(options['files'])} documents not read. {first}{rest}")


def find_account(name: str) -> ProviderAccount:
    if not name:
        return default_local_account()
    account = ProviderAccount.objects.filter(name=name).first()
    if account is None and name == "local":
        return default_local_account()
    if account is None:
        known = ", ".join(ProviderAccount.objects.values_list("name", flat=True)) or "none"
        raise CommandError(f"There is no provider account {name!r}; known: {known}.")
    return account


def read_file(account: ProviderAccount, file: Path, kind: Kind, *, again: bool) -> dict[str, Any]:
    """The line for one file, whatever comes of it. A wrong account ends the command."""
    try:
        document = document_from(file, kind)
        result = read_with_account(account, document, again=again, respect_pause=False)
    except OcrError as error:
        return {"file": str(file), "kind": str(kind), "status": "error", "error": error_to_json(error)}
    except Misconfigured as error:
        raise CommandError(f"Account {account.name!r}: {error}") from None
    return {"file": str(file), **result_to_json(result)}


def document_from(file: Path, kind: Kind) -> SourceDocument:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise FixTheRequest(error.strerror or type(error).__name__, code="no-file") from None
    media_type = inspect(content, configured_limits()).media_type  # nothing broken is sent, let alone paid for
    return SourceDocument(content=content, media_type=media_type, kind=kind, name=file.name)


def error_to_json(error: OcrError) -> dict[str, Any]:
    return {
        "code": error.code,
        "message": str(error),
        "retryable": error.retryable,
        "retry_after": error.retry_after,
    }
