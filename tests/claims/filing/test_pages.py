"""Page pictures: upright, every pixel kept, re-encoded, made once."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from claims import storage
from claims.filing import pages
from claims.models import Claim, Document
from claims.receiving.uploads import receive_file

pytestmark = pytest.mark.django_db
Picture = Callable[..., bytes]


def made(claim: Claim, content: bytes) -> Document:
    document = receive_file(claim=claim, file=content, name="a", user=None).document
    pages.make_pages(document, content)
    return document


def turned_by_exif(content: bytes, orientation: int) -> bytes:
    image = Image.open(io.BytesIO(content))
    exif = image.getexif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def test_a_page_keeps_every_pixel_and_gets_a_thumbnail(claim: Claim, picture: Picture) -> None:
    page = made(claim, picture(size=(800, 600))).pages.get()
    shown = Image.open(io.BytesIO(storage.read(page.picture)))
    assert (shown.format, shown.size, (page.width, page.height)) == ("JPEG", (800, 600), (800, 600))
    assert max(Image.open(io.BytesIO(storage.read(page.thumbnail))).size) == 320


def test_exif_orientation_is_applied_and_then_gone(claim: Claim, picture: Picture) -> None:
    page = made(claim, turned_by_exif(picture(size=(300, 200)), 6)).pages.get()
    shown = Image.open(io.BytesIO(storage.read(page.picture)))
    assert shown.size == (page.width, page.height) == (200, 300)
    assert not shown.getexif()


def test_what_hides_behind_a_picture_is_not_in_the_page(claim: Claim, picture: Picture) -> None:
    page = made(claim, picture() + b"<script>alert(1)</script>").pages.get()
    assert b"<script" not in storage.read(page.picture)


def test_making_pages_again_makes_only_what_is_missing(claim: Claim, picture: Picture) -> None:
    document = made(claim, picture())
    page = document.pages.get()
    storage.delete(page.picture)
    pages.make_pages(document, picture())
    assert storage.exists(page.picture)
    assert document.pages.get() == page


def test_the_hash_knows_a_picture_scaled_and_turned(claim: Claim, picture: Picture) -> None:
    document = made(claim, picture("invoice 0123456789", size=(900, 600)))
    turned = (
        Image.open(io.BytesIO(picture("invoice 0123456789", size=(900, 600))))
        .rotate(90, expand=True)
        .resize((400, 600))
    )
    own = {int(text, 16) for text in pages.turned_hashes([document])[document.pk][0]}
    assert min((int(pages.picture_hash(turned), 16) ^ known).bit_count() for known in own) <= 56
