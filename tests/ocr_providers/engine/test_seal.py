from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_providers.engine import seal
from ocr_providers.engine.models import Picture
from ocr_providers.engine.words import PageWords
from tests.ocr_providers.engine.paper import page, word

RED = (70, 60, 215)
BLACK = (30, 30, 30)


@pytest.fixture
def stamped() -> Picture:
    """White paper, a red ring with a star's patch in it, a black bar of type under it."""
    picture = np.full((900, 1200, 3), 255, np.uint8)
    cv2.rectangle(picture, (200, 500), (700, 520), BLACK, -1)
    cv2.circle(picture, (500, 600), 140, RED, 8)
    cv2.circle(picture, (500, 600), 40, RED, -1)
    return picture


def with_picture(picture: Picture, *boxes: tuple[str, float, float]) -> PageWords:
    return replace(page(*(word(text, left, top) for text, left, top in boxes)), picture=picture)


def test_a_seal_is_found_by_its_colour_and_size(stamped: Picture) -> None:
    (area,) = seal.find_seals(with_picture(stamped))
    assert area == pytest.approx((356, 456, 644, 744), abs=12)


def test_a_page_without_a_seal_stays_as_it_is() -> None:
    untouched = with_picture(np.full((900, 1200, 3), 255, np.uint8))
    assert seal.find_seals(untouched) == []
    assert seal.read_under_seals(untouched) is untouched


def test_red_rules_of_a_form_are_no_seal() -> None:
    picture = np.full((900, 1200, 3), 255, np.uint8)
    cv2.rectangle(picture, (50, 50), (1150, 850), RED, 3)
    assert seal.find_seals(with_picture(picture)) == []


def test_red_taken_out_leaves_the_type(stamped: Picture) -> None:
    faded = seal.without_red(stamped, [(350, 450, 650, 750)])
    assert faded[600, 500].tolist() == [255, 255, 255]
    assert faded[510, 400].tolist() < [40, 40, 40]


def test_captions_in_a_darker_red_stay_when_the_seal_goes(stamped: Picture) -> None:
    cv2.rectangle(stamped, (460, 590), (540, 610), (30, 48, 150), -1)
    faded = seal.without_red(stamped, [(350, 450, 650, 750)])
    assert faded[600, 500, 0] < 200


def test_captions_in_a_darker_red_are_no_seal() -> None:
    picture = np.full((900, 1200, 3), 255, np.uint8)
    for n in range(6):
        cv2.rectangle(picture, (300, 300 + 30 * n), (520, 315 + 30 * n), (30, 48, 150), -1)
    page_of_captions = with_picture(picture)
    assert seal.read_under_seals(page_of_captions) is page_of_captions


def test_ink_tells_type_from_a_seal(stamped: Picture) -> None:
    assert seal.ink_of(stamped[580:620, 480:520]).only_red
    assert not seal.ink_of(stamped[495:525, 210:290]).only_red
    assert seal.ink_of(stamped[495:525, 360:400]).dark > 0
