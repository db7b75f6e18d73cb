"""Page pictures and thumbnails: made from the original by a worker, once; they can always be made again.

What people see is re-encoded here, never the bytes that came: a file that is a picture and a web page at once ends as
a picture. The picture keeps every pixel of the upright page, because boxes are measured in them.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable

import imagehash
from django.db import transaction
from PIL import Image

from claims import storage
from claims.models import Document, Page
from ocr_providers.documents import configured_limits, page_images

RECIPE = "p1"
"""A new way of making the files gets a new name here."""
PICTURE_QUALITY = 88
THUMBNAIL_SIZE = (320, 320)
HASH_SIDE = 16
"""A hash of 16 × 16 bits: with fewer, two receipts on the same form look alike."""


def make_pages(document: Document, content: bytes) -> None:
    """Makes what is missing. Raises `UnsupportedDocument` when a page cannot be decoded."""
    if _are_made(document):
        return
    pictures = page_images(content, document.media_type, configured_limits())
    pages = [_make_page(document, index, picture) for index, picture in enumerate(pictures)]
    with transaction.atomic():
        Page.objects.bulk_create(pages, ignore_conflicts=True)
        document.page_count = len(pages)
        document.perceptual_hash = pages[0].perceptual_hash
        document.save(update_fields=["page_count", "perceptual_hash"])


def _are_made(document: Document) -> bool:
    pages = list(document.pages.all())
    keys = [key for page in pages for key in (page.picture, page.thumbnail)]
    return len(pages) == document.page_count and all(map(storage.exists, keys))


def turned_hashes(documents: Iterable[Document]) -> dict[int, list[list[str]]]:
    """By document id: for each page that has its picture, the hashes of it the four ways up."""
    found = defaultdict[int, list[list[str]]](list)
    for document, key in Page.objects.filter(document__in=documents).values_list("document", "thumbnail"):
        if storage.exists(key):
            found[document].append(_four_hashes(storage.read(key)))
    return found


def _four_hashes(content: bytes) -> list[str]:
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as small:
        return [picture_hash(small.rotate(angle, expand=True)) for angle in (0, 90, 180, 270)]


def _make_page(document: Document, index: int, picture: Image.Image) -> Page:
    small = picture.copy()
    small.thumbnail(THUMBNAIL_SIZE)
    page = Page(
        document=document,
        index=index,
        width=picture.width,
        height=picture.height,
        picture=storage.derived_key(document.sha256, RECIPE, f"{index}.jpg"),
        thumbnail=storage.derived_key(document.sha256, RECIPE, f"{index}-thumbnail.jpg"),
        perceptual_hash=picture_hash(small),
    )
    storage.put(page.picture, _jpeg(picture))
    storage.put(page.thumbnail, _jpeg(small))
    return page


def stand_upright(document: Document, degree: int) -> None:
    """The first page as the provider saw it stand; `degree`: how far it has to be turned counter-clockwise.

    One provider says it once for the whole document: of the pages after the first nothing is known. A person may turn
    any page on the screen, and that stays.
    """
    rotation = -degree % 360 // 90 * 90
    if rotation:
        Page.objects.filter(document=document, index=0, rotation=0).update(rotation=rotation)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=PICTURE_QUALITY, optimize=True)
    return buffer.getvalue()


def picture_hash(picture: Image.Image) -> str:
    """Perceptual hash, 64 hexadecimal digits."""
    return str(imagehash.phash(picture, hash_size=HASH_SIDE))
