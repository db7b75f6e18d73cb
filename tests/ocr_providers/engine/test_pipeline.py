"""The real engine on the project's own pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ocr_providers.engine.pipeline import read_pages, refuse_blurred
from ocr_providers.evaluation import DocumentScore, score_document
from ocr_providers.exceptions import PictureUnreadable
from ocr_providers.results import Invoice, Kind, ReadingResult
from ocr_providers.vendor_schema import dumps, invoice_to_json, loads
from tests.ocr_providers.engine.paper import page, word

PICTURES = Path(__file__).parents[3] / "demo" / "pictures"

pytestmark = pytest.mark.engine


def read(name: str) -> tuple[ReadingResult, DocumentScore]:
    result = read_pages([Image.open(PICTURES / f"{name}.jpg")])
    truth: Any = loads((PICTURES / f"{name}.truth.json").read_bytes())
    assert isinstance(result.document, Invoice)
    answer: Any = {"medical_result": invoice_to_json(result.document)}
    read_back: Any = loads(dumps(answer))
    return result, score_document(truth, read_back)


@pytest.mark.parametrize("name", ["single-12-scan", "double-16-photo"])
def test_lines_and_amounts_of_the_demo_pictures_are_read(name: str) -> None:
    result, score = read(name)
    assert result.kind is Kind.INVOICE
    assert score.lines.value == 1.0, score.misses
    assert score.lines_read == score.lines.total
    assert (score.money.value or 0) >= 0.95, score.misses
    assert (score.fields.value or 0) >= 0.9, score.misses


def test_a_picture_of_nothing_is_refused() -> None:
    with pytest.raises(PictureUnreadable):
        read_pages([Image.fromarray(np.full((600, 800, 3), 250, np.uint8))])


def test_an_invoice_seen_from_too_far_is_refused_not_guessed_at() -> None:
    picture = Image.open(PICTURES / "single-12-scan.jpg")
    with pytest.raises(PictureUnreadable, match="closer"):
        read_pages([picture.resize((picture.width // 6, picture.height // 6))])


def test_boxes_lie_on_the_page_picture() -> None:
    picture = Image.open(PICTURES / "single-12-scan.jpg").rotate(180)
    result = read_pages([picture])
    assert result.degree == 180
    box = result.document.sources["/note_no"].box
    assert box is not None
    assert box.left < picture.width / 2 < box.right + picture.width / 2
    assert box.top > picture.height / 2


def test_words_that_the_recogniser_is_unsure_of_are_refused() -> None:
    unsure = [word(f"药品{n}", 50, 50 * n, score=0.8) for n in range(8)]
    with pytest.raises(PictureUnreadable, match="blurred"):
        refuse_blurred([page(*unsure)])
