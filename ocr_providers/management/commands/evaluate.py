"""`evaluate DIR`: how well an account reads pictures whose truth is known."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from ocr_providers.answers import result_to_json
from ocr_providers.arithmetic import Finding, check_health_report, check_invoice
from ocr_providers.evaluation import DocumentScore, Summary, score_document, summarise
from ocr_providers.exact_json import dumps, loads
from ocr_providers.exceptions import Misconfigured, OcrError
from ocr_providers.ledger import read_with_account
from ocr_providers.management.commands.check_documents import warning
from ocr_providers.management.commands.read import document_from, find_account
from ocr_providers.management.desk_command import DeskCommand
from ocr_providers.models import ProviderAccount
from ocr_providers.providers import provider_class
from ocr_providers.results import Invoice, Kind, ReadingResult

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".pdf"})
TRUTH = ".truth.json"
FIGURES = (
    ("fields", "header fields and health values, exact"),
    ("money", "amounts, exact"),
    ("precision", "line items, precision"),
    ("recall", "line items, recall"),
    ("f1", "line items, F1"),
    ("characters", "Thai names and hospitals, characters"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One picture: its score, the seconds its reading took, and why it was not read."""

    name: str
    score: DocumentScore
    seconds: float
    pages: int
    error: str = ""


class Command(DeskCommand):
    help = (
        "Reads every picture in DIR that has its truth beside it (NAME.truth.json, vendor schema) and prints accuracy, "
        "silent money errors (documents with a wrong amount and no warning on it) and seconds per page."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--account", metavar="NAME", default="")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        pictures = sorted(pictures_with_truth(folder))
        if not pictures:
            raise CommandError(f"No picture in {folder} has a {TRUTH} beside it.")
        account = find_account(options["account"])
        measured = [measure(account, picture) for picture in pictures]
        if options["json"]:
            self.stdout.write(dumps(report(measured), indent=1))
        else:
            self.print_tables(measured)

    def print_tables(self, measured: list[Measured]) -> None:
        for item in measured:
            misses = "; ".join(f"{miss.path}: {miss.printed!s} read as {miss.read!s}" for miss in item.score.misses)
            self.stdout.write(f"{item.name}: {item.error or misses or 'everything right'}")
        summary = summarise([item.score for item in measured])
        for name, label in FIGURES:
            value = getattr(summary, name)
            self.stdout.write(f"{label}: {'-' if value is None else f'{value:.4f}'}")
        self.stdout.write(f"silent money errors: {summary.silent_documents} of {summary.documents} documents")
        self.stdout.write(f"seconds per page: {seconds_per_page(measured):.2f}")


def pictures_with_truth(folder: Path) -> Iterator[Path]:
    for picture in folder.iterdir() if folder.is_dir() else ():
        if picture.suffix.casefold() in PICTURES and truth_of(picture).exists():
            yield picture


def truth_of(picture: Path) -> Path:
    return picture.with_name(picture.stem + TRUTH)


def measure(account: ProviderAccount, picture: Path) -> Measured:
    """Reads one picture. The house's own engine reads anew; what a vendor was paid for comes from the record."""
    truth, kind = read_truth(truth_of(picture))
    started = time.perf_counter()
    try:
        document = document_from(picture, kind)
        result = read_with_account(
            account, document, again=provider_class(account.vendor).in_house, respect_pause=False
        )
    except OcrError as error:
        return Measured(picture.name, score_document(truth, {}), time.perf_counter() - started, 1, str(error))
    except Misconfigured as error:
        raise CommandError(f"Account {account.name!r}: {error}") from None
    seconds = time.perf_counter() - started
    warnings = [warning(finding) for finding in findings_of(result)]
    return Measured(picture.name, score_document(truth, result_to_json(result), warnings), seconds, pages_of(result))


def read_truth(file: Path) -> tuple[dict[str, Any], Kind]:
    """The truth, and the kind of document that it says (`auto` where it says none)."""
    try:
        truth: Any = loads(file.read_bytes())
        kind = Kind(str(truth.get("kind", Kind.AUTO)))
    except (OSError, ValueError, AttributeError) as error:
        raise CommandError(f"{file} is no truth in the vendor schema: {error}") from None
    return truth, kind


def findings_of(result: ReadingResult) -> Iterable[Finding]:
    if isinstance(result.document, Invoice):
        return check_invoice(result.document)
    return check_health_report(result.document)


def pages_of(result: ReadingResult) -> int:
    """Pages that something was read on; at least one."""
    boxes = [source.box for source in result.document.sources.values() if source.box]
    return 1 + max((box.page for box in boxes), default=0)


def seconds_per_page(measured: list[Measured]) -> float:
    return sum(item.seconds for item in measured) / sum(item.pages for item in measured)


def report(measured: list[Measured]) -> dict[str, Any]:
    summary: Summary = summarise([item.score for item in measured])
    documents = [
        {"file": item.name, "error": item.error or None, "misses": [asdict(miss) for miss in item.score.misses]}
        for item in measured
    ]
    # Figures, not money: floats are right here.
    return {**asdict(summary), "seconds_per_page": round(seconds_per_page(measured), 3), "per_document": documents}
