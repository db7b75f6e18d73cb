"""Files that people send: recognised by content, decoded within bounds, or refused with the reason.

Nothing here trusts a file name or a declared type. Errors give the reason without the file's name (it may be a
patient's): callers add it where it belongs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pillow_heif
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, ImageSequence

from ocr_providers import pdf
from ocr_providers.exceptions import UnsupportedDocument

pillow_heif.register_heif_opener(thumbnails=False)

PILLOW_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/heic": "HEIF",
}
PDF = "application/pdf"
MEDIA_TYPES = (*PILLOW_FORMATS, PDF)
"""What is accepted, by media type."""

HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
PDF_HEADER_WITHIN = 1024
"""Bytes in which readers accept `%PDF-` (ISO 32000-1, annex H, note 13)."""
TURNED = frozenset({5, 6, 7, 8})
"""EXIF orientations that swap width and height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost to decode."""

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 40_000_000
    """Of one page."""
    max_pages: int = 50


DEFAULT_LIMITS = Limits()


def configured_limits() -> Limits:
    """The limits of this desk, from its settings."""
    return Limits(
        max_bytes=settings.UPLOAD_MAX_BYTES,
        max_pixels=settings.UPLOAD_MAX_PIXELS,
        max_pages=settings.UPLOAD_MAX_PAGES,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    media_type: str
    sizes: tuple[tuple[int, int], ...]
    """Width and height of each page's upright picture, as `page_images` yields it."""

    @property
    def page_count(self) -> int:
        return len(self.sizes)


def sniff(content: bytes) -> str | None:
    """The media type that the content itself shows; `None` when it is none of `MEDIA_TYPES`."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(TIFF_STARTS):
        return "image/tiff"
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        return "image/heic"
    return PDF if b"%PDF-" in content[:PDF_HEADER_WITHIN] else None


def media_type_of(content: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    """The media type of a file within the byte limit. Raises `UnsupportedDocument` for an empty or foreign one."""
    if not content:
        raise UnsupportedDocument(_("The file is empty."))
    if len(content) > limits.max_bytes:
        raise UnsupportedDocument(
            _("The file has %(size).1f MB; %(limit).0f MB is the limit.")
            % {"size": len(content) / 2**20, "limit": limits.max_bytes / 2**20}
        )
    media_type = sniff(content)
    if media_type is None:
        raise UnsupportedDocument(_("The format is not supported. Send JPEG, PNG, WebP, TIFF, HEIC or PDF."))
    return media_type


def inspect(content: bytes, limits: Limits = DEFAULT_LIMITS) -> DocumentInfo:
    """What the file is, after every page of it was found decodable. Raises `UnsupportedDocument`."""
    media_type = media_type_of(content, limits)
    if media_type == PDF:
        return DocumentInfo(media_type=media_type, sizes=tuple(pdf.page_sizes(content, limits.max_pages)))
    with _opened(content, media_type, limits) as image:
        sizes = tuple(_probe(frame) for frame in _frames(image, limits))
    return DocumentInfo(media_type=media_type, sizes=sizes)


def page_count(content: bytes, limits: Limits = DEFAULT_LIMITS) -> int:
    """How many pages there are, without decoding any. Raises `UnsupportedDocument`."""
    media_type = media_type_of(content, limits)
    if media_type == PDF:
        return len(pdf.page_sizes(content, limits.max_pages))
    if media_type != "image/tiff":
        return 1
    with _opened(content, media_type, limits) as image:
        return sum(1 for _frame in _frames(image, limits))


def page_images(content: bytes, media_type: str = "", limits: Limits = DEFAULT_LIMITS) -> Iterator[Image.Image]:
    """Each page as an upright RGB picture, one at a time: what reviewers see, and what boxes are measured in.

    `media_type` is what the caller believes; the content decides, and a contradiction is refused.
    """
    found = media_type_of(content, limits)
    if media_type and media_type != found:
        raise UnsupportedDocument(
            _("The file says it is %(declared)s but its content is %(found)s.")
            % {"declared": media_type, "found": found}
        )
    if found == PDF:
        yield from pdf.page_pictures(content, limits.max_pages)
        return
    with _opened(content, found, limits) as image:
        for frame in _frames(image, limits):
            yield upright_rgb(frame)


def page_image(content: bytes, page: int, media_type: str = "", limits: Limits = DEFAULT_LIMITS) -> Image.Image:
    """One page, from 0. Raises `UnsupportedDocument` when there is no such page."""
    if sniff(content) == PDF:
        pages = pdf.page_pictures(content, limits.max_pages, only=page)
        picture = next(pages, None)
    else:
        pages = page_images(content, media_type, limits)
        picture = next((image for n, image in enumerate(pages) if n == page), None)
    if picture is None:
        raise UnsupportedDocument(_("The file has no page %(number)d.") % {"number": page + 1})
    return picture


def upright_rgb(image: Image.Image) -> Image.Image:
    """EXIF orientation applied, transparency on white, 16-bit grey scaled down, RGB."""
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith("I") or turned.mode == "F":
        return _eight_bits(turned).convert("RGB")
    if turned.has_transparency_data:
        layered = turned.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return turned.convert("RGB") if turned.mode != "RGB" else turned


def _eight_bits(image: Image.Image) -> Image.Image:
    """Pillow clips 16-bit grey at 255 when it converts: a scanned page would come out white."""
    full = image.convert("F")
    _low, high = full.getextrema()
    scale = 255 / 65535 if isinstance(high, float) and high > 255 else 1.0
    return full.point(lambda value: value * scale + 0.0).convert("L")


@contextmanager
def _opened(content: bytes, media_type: str, limits: Limits) -> Iterator[Image.Image]:
    """The picture, header read and size checked; whatever breaks while it is decoded becomes a refusal."""
    try:
        with Image.open(io.BytesIO(content), formats=[PILLOW_FORMATS[media_type]]) as image:
            _refuse_too_large(image, limits)
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnsupportedDocument(_("The picture has far too many pixels.")) from None
    except MemoryError:
        raise UnsupportedDocument(_("The picture needs more memory than there is.")) from None
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, RuntimeError) as error:
        # Pillow's decoders raise all of these for damaged files; the text may quote the file, so it is not passed on.
        raise UnsupportedDocument(_("The picture is damaged or cut off and cannot be decoded.")) from error


def _frames(image: Image.Image, limits: Limits) -> Iterator[Image.Image]:
    """The pages of a TIFF; of anything else (animations, bursts) the first picture."""
    if image.format != "TIFF":
        yield image
        return
    for count, frame in enumerate(ImageSequence.Iterator(image)):
        if count >= limits.max_pages:
            raise UnsupportedDocument(pdf.too_many_pages(limits.max_pages))
        _refuse_too_large(frame, limits)
        yield frame


def _refuse_too_large(image: Image.Image, limits: Limits) -> None:
    pixels = image.width * image.height
    if pixels > limits.max_pixels:
        raise UnsupportedDocument(
            _("The picture has %(size).0f megapixels; %(limit).0f is the limit.")
            % {"size": pixels / 1e6, "limit": limits.max_pixels / 1e6}
        )


def _probe(image: Image.Image) -> tuple[int, int]:
    """Decodes the whole picture as cheaply as its format allows; the upright size."""
    orientation = 1 if image.format == "TIFF" else image.getexif().get(ExifTags.Base.Orientation, 1)
    width, height = image.size
    image.draft("RGB", (max(1, width // 8), max(1, height // 8)))  # JPEG decodes to an eighth, reading every byte
    image.load()
    if image.format == "TIFF":  # Pillow turns a TIFF while loading it
        return image.size
    return (height, width) if orientation in TURNED else (width, height)
