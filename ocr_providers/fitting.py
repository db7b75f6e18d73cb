"""A picture made to fit a vendor's limits without hurting legibility, or refused with the reason.

What fits goes out as it came, byte for byte. Otherwise the page is decoded (upright, RGB) and encoded as JPEG: turned,
converted, scaled down to the longest side, at the best quality that fits. Nothing is ever enlarged: that adds no
information, and a vendor's lower limit is there for a reason.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from PIL import ExifTags, Image

from ocr_providers.base import SourceDocument
from ocr_providers.documents import PDF, PILLOW_FORMATS, configured_limits, page_image, sniff
from ocr_providers.exceptions import FixTheRequest, UnsupportedDocument

QUALITIES = (95, 90, 85, 80, 75)
"""JPEG qualities tried in turn; below the last, small print gets halos."""
SHRINK = 0.85
LEGIBLE_SIDE = 1600
"""Pixels: a page of small print whose longer side is scaled below this can no longer be read."""
SMALLER_STEPS = (1.0, 0.7, 0.5)
"""Share of the side after so many answers that said "too large" or "too slow"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorLimits:
    """What one vendor accepts."""

    media_types: frozenset[str]
    max_bytes: int
    """Of the file, before base64."""
    above_side: int = 0
    """Each side has to have more pixels than this."""
    max_side: int = 10_000


def fit(document: SourceDocument, limits: VendorLimits, page: int | None = None, smaller: int = 0) -> SourceDocument:
    """The document, or its page, within the limits; `smaller` counts earlier answers that asked for less.

    Raises `UnsupportedDocument` when the file cannot be decoded or made to fit, `FixTheRequest` when it has been made
    as small as is legible already.
    """
    if smaller >= len(SMALLER_STEPS):
        raise FixTheRequest(_("The vendor could not cope with this document, however small."), code="too-slow")
    if page is None and not smaller and _fits_as_it_is(document, limits):
        return document
    if page is None and len(document.content) > limits.max_bytes and sniff(document.content) == PDF:
        raise UnsupportedDocument(
            _("A PDF of %(size).1f MB is too large for this vendor.") % {"size": len(document.content) / 2**20}
        )
    picture = page_image(document.content, page or 0, limits=configured_limits())
    return replace(document, content=fit_picture(picture, limits, smaller), media_type="image/jpeg")


def _fits_as_it_is(document: SourceDocument, limits: VendorLimits) -> bool:
    """Reads the header only: whoever took the file in has decoded it (`documents.inspect`)."""
    media_type = sniff(document.content)
    if media_type not in limits.media_types or len(document.content) > limits.max_bytes:
        return False
    if media_type == PDF:
        return True
    try:
        with Image.open(io.BytesIO(document.content), formats=[PILLOW_FORMATS[media_type]]) as image:
            upright = image.getexif().get(ExifTags.Base.Orientation, 1) == 1
            return upright and limits.above_side < min(image.size) and max(image.size) <= limits.max_side
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False  # decoding it will say what is wrong


def fit_picture(picture: Image.Image, limits: VendorLimits, smaller: int = 0) -> bytes:
    """An upright RGB picture as JPEG within the limits. Raises `UnsupportedDocument`."""
    scaled = _scaled(picture, min(SMALLER_STEPS[smaller], limits.max_side / max(picture.size)))
    _refuse_too_small(scaled, picture, limits)
    return next(content for content in _encodings(scaled, limits) if len(content) <= limits.max_bytes)


def _encodings(picture: Image.Image, limits: VendorLimits) -> Iterator[bytes]:
    """Coarser and coarser, then smaller and smaller, as long as it is legible."""
    while True:
        yield from (_jpeg(picture, quality) for quality in QUALITIES)
        shrunk = _scaled(picture, SHRINK)
        if max(shrunk.size) < LEGIBLE_SIDE or min(shrunk.size) <= limits.above_side:
            raise UnsupportedDocument(
                _("The picture cannot be brought below %(limit).1f MB and stay legible.")
                % {"limit": limits.max_bytes / 2**20}
            )
        picture = shrunk


def _refuse_too_small(scaled: Image.Image, picture: Image.Image, limits: VendorLimits) -> None:
    if min(scaled.size) <= limits.above_side:
        raise UnsupportedDocument(
            _("The picture has %(width)d × %(height)d pixels; each side needs more than %(least)d, at most %(most)d.")
            % {"width": picture.width, "height": picture.height, "least": limits.above_side, "most": limits.max_side}
        )


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    if factor >= 1:
        return picture
    width, height = (max(1, round(side * factor)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, subsampling=0, optimize=True)  # thin coloured strokes stay
    return buffer.getvalue()
