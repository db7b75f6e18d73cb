"""Files are recognised by content, decoded within bounds, or refused with the reason."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocr_providers import documents, pdf
from ocr_providers.documents import Limits, inspect, page_count, page_image, page_images, sniff
from ocr_providers.exceptions import UnsupportedDocument

SIZE = (320, 200)
ORIENTATION = 0x0112


def picture(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """White above, black below, so that a turned picture shows it."""
    image = Image.new("L", size, 255)
    image.paste(0, (0, size[1] // 2, size[0], size[1]))
    return image.convert(mode)


def brightness(image: Image.Image, at: tuple[int, int]) -> float:
    value = image.convert("L").getpixel(at)
    assert isinstance(value, int | float)
    return value


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def noisy(size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("L", size, os.urandom(size[0] * size[1])).convert("RGB")


FILES = {
    "image/jpeg": encoded(picture(), "JPEG"),
    "image/png": encoded(picture(), "PNG"),
    "image/webp": encoded(picture(), "WEBP"),
    "image/tiff": encoded(picture(), "TIFF", save_all=True, append_images=[picture(), picture()]),
    "image/heic": encoded(picture(), "HEIF"),
    "application/pdf": encoded(picture(), "PDF", save_all=True, append_images=[picture()]),
}
PAGES = {"image/tiff": 3, "application/pdf": 2}


@pytest.mark.parametrize("media_type", FILES)
def test_every_accepted_format_is_recognised_by_content(media_type: str) -> None:
    assert sniff(FILES[media_type]) == media_type


@pytest.mark.parametrize("media_type", FILES)
def test_inspect_tells_the_pages_and_sizes_that_page_images_yields(media_type: str) -> None:
    info = inspect(FILES[media_type])
    pages = list(page_images(FILES[media_type], media_type))

    assert info.media_type == media_type
    assert info.page_count == page_count(FILES[media_type]) == PAGES.get(media_type, 1)
    assert info.sizes == tuple(page.size for page in pages)
    assert {page.mode for page in pages} == {"RGB"}


@pytest.mark.parametrize("media_type", FILES)
def test_pages_show_the_picture(media_type: str) -> None:
    page = page_image(FILES[media_type], PAGES.get(media_type, 1) - 1)

    assert brightness(page, (page.width // 2, 5)) > 230
    assert brightness(page, (page.width // 2, page.height - 5)) < 30


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_exif_orientation_is_applied_once(format_: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    content = encoded(picture(), format_, exif=exif)
    upright = {1: SIZE, 3: SIZE, 6: SIZE[::-1], 8: SIZE[::-1]}[orientation]
    white_at = {1: (160, 5), 3: (160, 195), 6: (195, 160), 8: (5, 160)}[orientation]

    page = page_image(content, 0)

    assert inspect(content).sizes == (upright,)
    assert page.size == upright
    assert brightness(page, white_at) > 230


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_becomes_rgb_without_losing_the_picture(mode: str) -> None:
    image = picture("L").convert(mode) if mode != "I;16" else picture("L").convert("I").point(lambda v: v * 257)
    content = encoded(image.convert("I;16") if mode == "I;16" else image, "TIFF" if mode in {"CMYK", "LA"} else "PNG")

    page = page_image(content, 0)

    assert page.getpixel((160, 5)) == (255, 255, 255)
    assert page.getpixel((160, 195)) == (0, 0, 0)


def test_transparency_lies_on_white() -> None:
    page = page_image(encoded(Image.new("RGBA", SIZE, (0, 0, 0, 0)), "PNG"), 0)
    assert page.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("media_type", [name for name in FILES if name != "application/pdf"])
def test_a_file_cut_off_in_the_middle_is_refused(media_type: str) -> None:
    format_ = documents.PILLOW_FORMATS[media_type]
    whole = encoded(noisy((400, 300)), format_)
    with pytest.raises(UnsupportedDocument):
        inspect(whole[: len(whole) * 2 // 3])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<html>hello</html>", "not supported"),
        (b"GIF89a" + bytes(100), "not supported"),
        (b"PK\x03\x04" + bytes(100), "not supported"),
        (b"\xff\xd8\xff" + bytes(100), "damaged"),
        (b"%PDF-1.7\nnot really", "damaged"),
        (FILES["application/pdf"][:200], "damaged"),
    ],
)
def test_what_cannot_be_decoded_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnsupportedDocument, match=reason):
        inspect(content)


def test_limits_are_said_in_the_refusal() -> None:
    with pytest.raises(UnsupportedDocument, match="megapixels"):
        inspect(FILES["image/png"], Limits(max_pixels=1000))
    with pytest.raises(UnsupportedDocument, match="MB"):
        inspect(FILES["image/png"], Limits(max_bytes=10))
    with pytest.raises(UnsupportedDocument, match="more than 2 pages"):
        inspect(FILES["image/tiff"], Limits(max_pages=2))
    with pytest.raises(UnsupportedDocument, match="more than 1 page, the limit"):
        inspect(FILES["application/pdf"], Limits(max_pages=1))


def test_a_decompression_bomb_is_refused_before_it_is_decoded() -> None:
    small_file_huge_picture = encoded(Image.new("1", (30_000, 30_000)), "PNG")
    assert len(small_file_huge_picture) < 200_000
    with pytest.raises(UnsupportedDocument, match="pixels"):
        inspect(small_file_huge_picture)


def test_a_declared_type_that_contradicts_the_content_is_refused() -> None:
    with pytest.raises(UnsupportedDocument, match="image/png"):
        next(page_images(FILES["image/png"], "image/jpeg"))


def test_a_page_that_is_not_there_is_said() -> None:
    for media_type in ("image/tiff", "application/pdf", "image/png"):
        with pytest.raises(UnsupportedDocument, match="no page 9"):
            page_image(FILES[media_type], 8)


def test_an_animation_shows_its_first_picture_only() -> None:
    content = encoded(picture(), "WEBP", save_all=True, append_images=[picture().rotate(180)])
    assert inspect(content).page_count == 1


def pdf_with(content_stream: bytes, media_box: bytes = b"[0 0 300 200]") -> bytes:
    """A PDF of one page with this content stream, written by hand; PDFium rebuilds the missing table."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox" + media_box + b"/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>"
        b">>endobj\n4 0 obj<</Length %d>>stream\n" % len(content_stream) + content_stream + b"\nendstream endobj\n"
        b"5 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 300 200]/Resources<</XObject<</Y 6 0 R>>>>/Length 2000>>stream\n"
        + (b"/Y Do " * 333).ljust(2000)
        + b"\nendstream endobj\n"
        b"6 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 300 200]/Resources<<>>/Length 24000>>stream\n"
        + (b"0 0 300 200 re f ".ljust(24) * 1000)
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def test_a_pdf_that_keeps_the_renderer_busy_is_killed_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PAGE_SECONDS", 1.0)
    started = time.monotonic()
    with pytest.raises(UnsupportedDocument, match="too costly"):
        page_image(pdf_with(b"/X Do " * 2000), 0)
    assert time.monotonic() - started < 10


def test_a_pdf_sheet_of_any_size_renders_within_bounds() -> None:
    info = inspect(pdf_with(b"", b"[0 0 14400 7200]"))
    assert info.sizes == ((pdf.MAX_SIDE, pdf.MAX_SIDE // 2),)
    assert page_image(pdf_with(b"", b"[0 0 14400 7200]"), 0).size == info.sizes[0]


def test_the_child_is_gone_when_only_the_first_page_was_wanted() -> None:
    pages = page_images(FILES["application/pdf"])
    next(pages)
    pages.close()  # type: ignore[attr-defined]  # a generator
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if children.exists():
        names = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children.read_text().split()]
        assert not any(b"pdf_child" in name for name in names)


@given(st.binary(max_size=300), st.sampled_from(sorted(name for name in FILES if name != "application/pdf")))
def test_no_bytes_crash_the_decoder(noise: bytes, media_type: str) -> None:
    whole = FILES[media_type]
    at = len(noise) * 7 % len(whole)
    content = whole[:at] + noise + whole[at + len(noise) :]
    try:
        info = inspect(content)
    except UnsupportedDocument as error:
        assert str(error)  # noqa: PT017 - either outcome is right
    else:
        assert info.page_count >= 1
