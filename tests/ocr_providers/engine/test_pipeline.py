"""The real engine on the project's own pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr_providers.engine.pipeline import read_pages, refuse_blurred
from ocr_providers.exceptions import PictureUnreadable, UnknownDocument
from tests.ocr_providers.engine.paper import page, word

PICTURES = Path(__file__).parents[3] / "demo" / "pictures"

pytestmark = pytest.mark.engine


def test_a_picture_of_nothing_is_refused() -> None:
    with pytest.raises(PictureUnreadable):
        read_pages([Image.fromarray(np.full((600, 800, 3), 250, np.uint8))])


def test_a_picture_without_writing_is_refused() -> None:
    dice = np.random.default_rng(1)
    coarse = Image.fromarray(dice.integers(0, 255, (30, 40, 3), dtype=np.uint8))
    with pytest.raises((PictureUnreadable, UnknownDocument)):
        read_pages([coarse.resize((1200, 900), Image.Resampling.BICUBIC)])


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
