"""Thai digits by shape, on lines drawn with the machine's own Thai fonts."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.painter.fonts import THAI, available, font
from ocr_providers.engine.models import Picture
from ocr_providers.engine.thai_digits import CLASSES, HEIGHT, WIDTH, classify, find_numbers, pattern_of, read_number

FACES = available([face for face in THAI if face[0] in {"Garuda.ttf", "Loma.ttf", "Norasi.ttf"}])


def line(face: tuple[str, int], text: str, before: str = "") -> tuple[Picture, tuple[float, float]]:
    """A drawn line, and where in it `text` stands; `before` stands to its left."""
    pen = font(face, 34)
    start = 20 + pen.getlength(before)
    page = Image.new("RGB", (int(start + pen.getlength(text)) + 20, 60), "white")
    ImageDraw.Draw(page).text((20, 44), before + text, font=pen, fill="black", anchor="ls")
    place = ((start - 2) / page.width, (page.width - 18) / page.width)
    return np.ascontiguousarray(np.asarray(page)[:, :, ::-1]), place


def each_digit_apart() -> Iterator[str]:
    yield from ("๐๑๒๓๔", "๕๖๗๘๙", "๒๕๖๘", "๑๒๘/๗๙", "๖๔.๙")


@pytest.mark.skipif(not FACES, reason="no Thai fonts on this machine")
@pytest.mark.parametrize("text", list(each_digit_apart()))
def test_a_number_is_read_right_or_not_at_all(text: str) -> None:
    readings = [read_number(line(face, text)[0], text) for face in FACES]
    assert {read[0] for read in readings if read} == {text}


@pytest.mark.skipif(not FACES, reason="no Thai fonts on this machine")
def test_a_number_whose_signs_stand_elsewhere_than_tesseract_saw_is_not_read() -> None:
    picture, _ = line(FACES[0], "๖๔๙")
    assert read_number(picture, "๒๕.๕") is None
    assert read_number(picture, "๒๕") is None


@pytest.mark.skipif(not FACES, reason="no Thai fonts on this machine")
def test_part_of_a_number_is_not_read_for_the_whole() -> None:
    picture, place = line(FACES[0], "๑๗", before="๑")
    assert read_number(picture, "๑๕", place) is None


@pytest.mark.skipif(not FACES, reason="no Thai fonts on this machine")
def test_letters_and_arabic_digits_are_no_thai_digits() -> None:
    for text in ("กม", "ANBH", "2536"):
        assert read_number(line(FACES[0], text)[0], "๕" * len(text)) is None


@pytest.mark.skipif(not FACES, reason="no Thai fonts on this machine")
@pytest.mark.parametrize("text", ["๑๕ กันยายน ๒๕๖๗", "อายุ : ๒๕ ปี", "๑๒๘/๗๙ มม.ปรอท"])
def test_numbers_between_blanks_are_found_whatever_stands_beside_them(text: str) -> None:
    wanted = [word for word in text.split() if word[0] in CLASSES[:10]]
    for face in FACES:
        found = [number.text for number in find_numbers(line(face, text)[0])]
        assert found == [word for word in wanted if word in found]
    assert any(len(find_numbers(line(face, text)[0])) == len(wanted) for face in FACES)


@pytest.mark.skipif(not FACES, reason="no Thai fonts on this machine")
def test_letters_colons_and_arabic_digits_are_no_numbers() -> None:
    for text in ("น้ำหนักตัว : 72.5 กก.", "ABE kg 2536", "ความดันโลหิต : -"):
        assert find_numbers(line(FACES[0], text)[0]) == []


@pytest.mark.skipif(not FACES, reason="no Thai fonts on this machine")
def test_digits_that_touch_are_parted_or_not_read() -> None:
    picture, _ = line(FACES[0], "๕๖๘")
    thick = np.asarray(cv2.erode(picture, np.ones((3, 5), np.uint8)), np.uint8)
    assert {number.text for number in find_numbers(thick)} <= {"๕๖๘"}


def test_an_empty_line_holds_no_number() -> None:
    empty = np.full((40, 120, 3), 255, np.uint8)
    assert read_number(empty, "๕") is None
    assert find_numbers(empty) == []


def test_the_pattern_of_a_number_is_its_digits_and_signs() -> None:
    assert pattern_of("๑๒,๕") == pattern_of("ฒ๒.๒") == "00.0"


def test_every_class_has_a_probability() -> None:
    chances = classify(np.zeros((2, HEIGHT, WIDTH), np.float32))
    assert chances.shape == (2, len(CLASSES))
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)
