"""What people send beside plain pictures: the same values are read, or a reason is given; pages are not hoarded."""

from __future__ import annotations

import io
import weakref
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from ocr_providers.documents import page_images
from ocr_providers.engine import pipeline, prepare
from ocr_providers.engine.pipeline import read_pages
from ocr_providers.engine.words import PageWords
from ocr_providers.exceptions import PictureUnreadable
from ocr_providers.results import Invoice, Kind
from tests.ocr_providers.engine.paper import page, word

PICTURE = Path(__file__).parents[3] / "demo" / "pictures" / "single-12-scan.jpg"
ORIENTATION = 0x0112
MIRRORED_AND_TURNED = 5


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def cmyk_mirrored_and_turned(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = MIRRORED_AND_TURNED
    return encoded(picture.transpose(Image.Transpose.TRANSPOSE).convert("CMYK"), "JPEG", quality=95, exif=exif)


def grey_in_sixteen_bits(picture: Image.Image) -> bytes:
    return encoded(Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257), "PNG")


def ink_alone_on_nothing(picture: Image.Image) -> bytes:
    """Black everywhere, seen through its transparency."""
    ink = Image.new("RGB", picture.size)
    ink.putalpha(Image.fromarray(255 - np.asarray(picture.convert("L"))))
    return encoded(ink, "PNG")


def turned_page_of_a_pdf(picture: Image.Image) -> bytes:
    document = pypdfium2.PdfDocument(encoded(picture, "PDF", resolution=150))
    document[0].set_rotation(90)
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def read(content: bytes) -> Invoice:
    document = read_pages(page_images(content)).document
    assert isinstance(document, Invoice)
    return document


@cache
def plain() -> Invoice:
    return read(PICTURE.read_bytes())


@pytest.mark.engine
@pytest.mark.parametrize(
    "odd", [cmyk_mirrored_and_turned, grey_in_sixteen_bits, ink_alone_on_nothing, turned_page_of_a_pdf]
)
def test_an_odd_file_is_read_like_the_plain_picture(odd: object) -> None:
    assert callable(odd)
    found = read(odd(Image.open(PICTURE).convert("RGB")))
    assert (found.total_cost, found.note_no) == (plain().total_cost, plain().note_no)
    assert [line.price for line in found.line_items] == [line.price for line in plain().line_items]
    assert [payment.amount for payment in found.payments_info] == [each.amount for each in plain().payments_info]


@pytest.mark.engine
@pytest.mark.parametrize("size", [(1, 1), (1, 6000), (20000, 30)])
def test_a_picture_of_no_size_to_speak_of_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(PictureUnreadable, match="no text"):
        read_pages([Image.new("RGB", size, "white")])


@pytest.mark.engine
def test_the_largest_photograph_becomes_no_larger_a_picture_to_read() -> None:
    picture = Image.open(PICTURE).convert("RGB")
    usual = prepare.prepare(prepare.page_pixels(picture)).picture.shape
    large = picture.resize((picture.width * 4, picture.height * 4))
    assert prepare.prepare(prepare.page_pixels(large)).picture.size < 1.5 * np.prod(usual)


def test_pages_are_taken_one_by_one_and_none_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[Image.Image]] = []
    held: list[int] = []

    def pages() -> Iterator[Image.Image]:
        for _ in range(5):
            image = Image.new("RGB", (8, 8))
            made.append(weakref.ref(image))
            yield image

    def words_of(_image: Image.Image, index: int) -> PageWords:
        held.append(sum(made_one() is not None for made_one in made))
        return page(word("医院门诊收费票据", 0, 0), index=index)

    monkeypatch.setattr(pipeline, "read_words", words_of)
    monkeypatch.setattr(pipeline, "read_qr", lambda _image: None)
    pipeline.look_at(pages(), Kind.INVOICE)
    assert max(held) <= 2
