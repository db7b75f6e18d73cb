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


def test_a_page_without_red_has_no_seal(stamped: Picture) -> None:
    grey = np.repeat(stamped.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    untouched = with_picture(grey)
    assert seal.find_seals(untouched) == []
    assert seal.read_under_seals(untouched) is untouched


def test_red_rules_of_a_form_are_no_seal() -> None:
    picture = np.full((900, 1200, 3), 255, np.uint8)
    cv2.rectangle(picture, (50, 50), (1150, 850), RED, 3)
    assert seal.find_seals(with_picture(picture)) == []


def test_red_taken_out_leaves_the_type(stamped: Picture) -> None:
    faded = seal.without_red(stamped)
    assert faded[600, 500].tolist() == [255, 255, 255]
    assert faded[510, 300].tolist() < [40, 40, 40]


def test_ink_tells_type_from_a_seal(stamped: Picture) -> None:
    assert seal.ink_of(stamped[580:620, 480:520]).only_red
    assert not seal.ink_of(stamped[495:525, 210:290]).sealed
    assert seal.ink_of(stamped[495:525, 360:400]).dark > 0


def test_the_better_reading_wins_and_keeps_the_other() -> None:
    first, second = word("绍兴市人民医院民", 0, 0, score=0.99), word("绍兴市人民医院", 0, 0, score=0.98)
    better = seal._better(first, second)
    assert (better.text, better.alternatives[0]) == ("绍兴市人民医院", "绍兴市人民医院民")


def test_a_plainly_worse_second_reading_is_only_an_alternative() -> None:
    first, second = word("299.25", 0, 0, score=0.99), word("2g9.2S", 0, 0, score=0.4)
    assert seal._better(first, second).text == "299.25"


def test_a_caption_that_vanished_with_the_red_is_kept() -> None:
    first, second = word("收款单位(章):临沂市人民医阮", 0, 0), word("临沂市人民医院", 0, 0)
    better = seal._better(first, second)
    assert better.text == "收款单位(章):临沂市人民医院"
    assert len(better.marks) == len(better.text)
