"""Paints the documents of the demo department: small pictures, their truth and their boxes.

Few colours and no noise, so that two hundred pages stay small; the boxes stand because nothing is turned or bent.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from benchmarks.painter import health_english, health_thai, invoice_double, invoice_paper, invoice_single
from benchmarks.painter.sheet import Rect
from benchmarks.painter.truth import Painted
from claims.demo.invented import InventedInvoice, seeded
from claims.demo.invented_health import InventedHealthCheck
from claims.demo.papers import TOO_SMALL, Paper, papers
from ocr_providers.exact_json import dumps

PIXELS = 900_000
COLOURS = 5
INVOICES: dict[str, Callable[[InventedInvoice, Random], Painted]] = {
    "single": invoice_single.paint,
    "double": invoice_double.paint,
    "paper": invoice_paper.paint,
}
HEALTH_CHECKS: dict[str, Callable[[InventedHealthCheck, Random], Painted]] = {
    "health-thai": health_thai.paint,
    "health-english": health_english.paint,
}
SMALL = 420
"""Width in pixels of a picture that is too small to be read."""


def _painted(paper: Paper) -> Painted:
    dice = seeded(f"look of {paper.key}")
    if isinstance(paper.content, InventedInvoice):
        return INVOICES[paper.layout](paper.content, dice)
    return HEALTH_CHECKS[paper.layout](paper.content, dice)


def _fitted(page: Image.Image, width: int) -> Image.Image:
    size = (width, page.height * width // page.width)
    picture = page.resize(size, Image.Resampling.LANCZOS)
    return picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).convert("RGB")


def _scaled(rect: Rect, factor: float) -> list[int]:
    return [round(side * factor) for side in rect]


def paint_paper(paper: Paper, folder: Path) -> dict[str, Any]:
    """Writes the picture into `folder` and gives its record: key, file, size, truth, boxes."""
    painted = _painted(paper)
    page, marks = painted.pages[0], painted.marks[0]
    width = (
        SMALL
        if paper.key in TOO_SMALL
        else min(page.width, int(page.width * (PIXELS / page.width / page.height) ** 0.5))
    )
    picture = _fitted(page, width)
    file = f"{paper.key}.webp"
    picture.save(folder / file, lossless=True, quality=75, method=4)
    factor = width / page.width
    boxes = {path: _scaled(rect, factor) for path, rect in marks.items()}
    return {"key": paper.key, "file": file, "size": picture.size, "truth": painted.truth, "boxes": boxes}


def paint_department(folder: Path) -> int:
    """All pictures into `folder`, one record a line into `documents.jsonl.gz` beside them; gives their number."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [paint_paper(paper, folder) for paper in papers()]
    text = "".join(dumps(record) + "\n" for record in records)
    (folder / "documents.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    return len(records)
