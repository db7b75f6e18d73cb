"""The committed pictures of the demo as documents: what stands on them, and what a provider reads there."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from claims.demo.invented import seeded
from claims.demo.misreadings import Misreading, misread_health, misread_invoice
from ocr_providers.exact_json import loads
from ocr_providers.results import Box, HealthReport, Invoice, Kind, ReadingResult, Source
from ocr_providers.vendor_schema import health_from_json, invoice_from_json

DEMO = Path(__file__).resolve().parents[2] / "demo"
MEDIA_TYPES = {".jpg": "image/jpeg", ".webp": "image/webp", ".pdf": "application/pdf"}
MISREAD_SHARE = 0.55
"""Share of the documents on which something was misread."""
MISREAD_COUNTS = (1, 1, 1, 2, 2, 3)


class DemoPicturesMissing(Exception):
    """The folder `demo/` is not complete."""


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """One file, what it says, and what was read in it."""

    key: str
    file: Path
    media_type: str
    kind: Kind
    layout: str
    truth: Invoice | HealthReport
    """What is printed; `None` where the form prints nothing."""
    reading: ReadingResult
    """What `vendor` read: the truth but for `misreadings`."""
    vendor: str
    """jd, aigen or local."""
    misreadings: tuple[Misreading, ...]
    printed_errors: tuple[Mapping[str, Any], ...]
    """What the paper itself says wrongly: {"path", "printed", "consistent"}."""

    @property
    def person(self) -> str:
        """What joins the papers of one person: the identity number where it is printed, else the name."""
        if isinstance(self.truth, Invoice):
            return self.truth.social_security_card_number or self.truth.patient_name or ""
        name = self.truth.get("Name")
        return str(name.value) if name else ""

    @property
    def patient_name(self) -> str:
        return (self.truth.patient_name or "") if isinstance(self.truth, Invoice) else self.person


def department_documents(folder: Path = DEMO) -> tuple[DemoDocument, ...]:
    """The small pictures of `demo/claims`, with boxes. Raises `DemoPicturesMissing`."""
    index = folder / "claims" / "documents.jsonl.gz"
    try:
        lines = gzip.decompress(index.read_bytes()).decode().splitlines()
    except OSError as error:
        raise DemoPicturesMissing(f"{index}: {error.strerror}") from None
    return tuple(_document(folder / "claims", loads(line)) for line in lines)


def pictures(folder: Path = DEMO) -> tuple[DemoDocument, ...]:
    """The large pictures of `demo/pictures`, each with the truth beside it; without boxes."""
    return tuple(_document(path.parent, record) for path, record in _records(folder / "pictures"))


def _records(folder: Path) -> Iterator[tuple[Path, Any]]:
    for path in sorted(folder.glob("*.truth.json")):
        key = path.name.removesuffix(".truth.json")
        file = next((f"{key}{ending}" for ending in MEDIA_TYPES if (folder / f"{key}{ending}").exists()), None)
        if file is None:
            raise DemoPicturesMissing(f"{path}: no picture beside it")
        yield path, {"key": key, "file": file, "truth": loads(path.read_bytes()), "boxes": {}}


def _document(folder: Path, record: Any) -> DemoDocument:
    dice = seeded(f"reading of {record['key']}")
    truth, file = record["truth"], folder / record["file"]
    invoice = truth["kind"] == "invoice"
    vendor = dice.choice(("local", "local", "jd")) if invoice else dice.choice(("local", "aigen"))
    content = invoice_from_json(truth["medical_result"]) if invoice else health_from_json(truth["data"])
    read, misreadings = _read(dice, content, _boxes(dice, record["boxes"], vendor))
    kind = Kind.INVOICE if invoice else Kind.HEALTH_CHECK
    return DemoDocument(
        key=record["key"],
        file=file,
        media_type=MEDIA_TYPES[file.suffix],
        kind=kind,
        layout=truth["layout"],
        truth=content,
        reading=ReadingResult(kind=kind, document=read),
        vendor=vendor,
        misreadings=misreadings,
        printed_errors=tuple(truth.get("printed_errors", ())),
    )


def _boxes(dice: Random, boxes: Mapping[str, list[int]], vendor: str) -> dict[str, Source]:
    """Score and box of every value; services give neither."""
    if vendor != "local":
        return {}
    return {path: Source(score=round(dice.uniform(0.962, 0.999), 4), box=Box(*box)) for path, box in boxes.items()}


def _read(
    dice: Random, content: Invoice | HealthReport, sources: dict[str, Source]
) -> tuple[Invoice | HealthReport, tuple[Misreading, ...]]:
    misread = dice.random() < MISREAD_SHARE
    if isinstance(content, HealthReport):
        scored = tuple(replace(value, score=Decimal("0.9912")) for value in content.values)
        report = replace(content, values=scored, sources=sources)
        return misread_health(dice, report) if misread else (report, ())
    named = tuple(replace(line, ocr_name=line.name, origin_ocr_name=line.name) for line in content.line_items)
    invoice = replace(content, line_items=named, sources=sources, average_prob=Decimal("0.9816"))
    return misread_invoice(dice, invoice, dice.choice(MISREAD_COUNTS)) if misread else (invoice, ())
