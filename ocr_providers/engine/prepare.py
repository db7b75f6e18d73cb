"""From a page picture to one the networks read well: the text area, upright, level, evenly lit, of the right size.

A quick look at the whole picture (the detector at 960 pixels) tells where text is, how high it is and which way it
runs. From that one affine map is made, and the picture is drawn once through it. The original is not touched; every
position in the prepared picture maps back to it through `Prepared.to_page`. Perspective and curl that remain are taken
out of the positions, not of the pixels (`rows.straighten`): that costs nothing and blurs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr_providers.engine import models
from ocr_providers.engine.models import Picture, Quads
from ocr_providers.exceptions import PictureUnreadable

Matrix: TypeAlias = NDArray[np.float64]
"""3 × 3, for column vectors (x, y, 1)."""

FIRST_LOOK = 960
"""Longest side of the first look, pixels: text of a whole page is still found, in a fifth of the time."""
TEXT_HEIGHT = 38
"""Height of a box of text that the recogniser reads best, pixels (measured)."""
MAX_SIDE = 2800
"""Longest side of a prepared picture: bounds memory and time."""
MIN_SCALE, MAX_SCALE = 0.3, 3.0
MIN_TEXT_HEIGHT = 13.0
"""Boxes of text lower than this in the page picture are refused: characters have fewer pixels than strokes."""
LONG = 2.5
"""A box this many times as long as high shows which way its text runs."""
SURE = 0.6
"""Below this the orientation network is not believed against the reading itself."""
SAMPLE = 8
"""Lines read both ways up when the orientation is in doubt."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page ready to be read."""

    picture: Picture
    to_page: Matrix
    """From pixels of `picture` to pixels of the page picture."""
    degree: int
    """How far the page picture has to be turned counter-clockwise to stand upright: 0, 90, 180 or 270."""
    text_height: float
    """Median height of the boxes of text, pixels of the page picture."""


def page_pixels(image: Image.Image) -> Picture:
    """The page picture as the networks take it."""
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def prepare(page: Picture) -> Prepared:
    """Raises `PictureUnreadable` when there is no text, or none large enough to be read."""
    quads = first_look(page)
    if len(quads) < 3:
        raise PictureUnreadable("no text found on the picture")
    height = text_height(quads)
    if height < MIN_TEXT_HEIGHT:
        raise PictureUnreadable(f"the text is too small ({height:.0f} pixels high): take it again, closer")
    turn = upright_turn(page, quads)
    to_prepared, size = map_to_prepared(page, quads, turn, height)
    picture = cv2.warpAffine(
        page,
        to_prepared[:2],
        size,
        flags=cv2.INTER_AREA if TEXT_HEIGHT / height < 0.8 else cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Prepared(
        even_light(np.asarray(picture, np.uint8)), np.asarray(np.linalg.inv(to_prepared), np.float64), turn, height
    )


def first_look(page: Picture) -> Quads:
    """Boxes of text in page pixels, found on a small copy."""
    scale = min(1.0, FIRST_LOOK / max(page.shape[:2]))
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else page
    quads: Quads = models.detect(np.asarray(small, np.uint8)) / scale
    return quads


def sides(quads: Quads) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Vectors along the top-left-to-top-right and the top-left-to-bottom-left side of each box."""
    across = (quads[:, 1] + quads[:, 2] - quads[:, 0] - quads[:, 3]) / 2
    down = (quads[:, 3] + quads[:, 2] - quads[:, 0] - quads[:, 1]) / 2
    return across, down


def text_height(quads: Quads) -> float:
    """Median of the short sides."""
    across, down = sides(quads)
    return float(np.median(np.minimum(np.linalg.norm(across, axis=1), np.linalg.norm(down, axis=1))))


def upright_turn(page: Picture, quads: Quads) -> int:
    """0, 90, 180 or 270: counter-clockwise. The boxes decide between lying and standing, the network the rest."""
    area = text_area(page, quads)
    left, top, right, bottom = area
    answer, sure = models.orientation(np.ascontiguousarray(page[top:bottom, left:right]))
    standing = _runs_downwards(quads)
    if standing is not None and (answer % 180 == 90) != standing:
        answer, sure = (90 if standing else 0), 0.0
    return answer if sure >= SURE else _better_way_up(page, quads, answer)


def _runs_downwards(quads: Quads) -> bool | None:
    """Whether lines run down the picture; `None` when boxes do not show it."""
    across, down = sides(quads)
    wide, high = np.linalg.norm(across, axis=1), np.linalg.norm(down, axis=1)
    lying, standing = int((wide > LONG * high).sum()), int((high > LONG * wide).sum())
    if standing > 1.5 * lying:
        return True
    return False if lying > 1.5 * standing else None


def _better_way_up(page: Picture, quads: Quads, answer: int) -> int:
    """Reads a few lines both ways up; text upside down gives low scores."""
    across, down = sides(quads)
    longest = np.argsort(-np.maximum(np.linalg.norm(across, axis=1), np.linalg.norm(down, axis=1)))[:SAMPLE]
    crops = [crop(page, corners_from(quad, answer)) for quad in quads[longest]]
    here = np.mean([line.score for line in models.recognise(crops)])
    there = np.mean([line.score for line in models.recognise([_upside_down(each) for each in crops])])
    return answer if here >= there else (answer + 180) % 360


def _upside_down(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[::-1, ::-1])


def corners_from(quad: NDArray[np.float64], turn: int) -> NDArray[np.float64]:
    """The corners in the order they have once the page is turned."""
    return np.roll(quad, -(turn // 90), axis=0)


def crop(picture: Picture, quad: NDArray[np.float64]) -> Picture:
    """The content of a box, flattened."""
    across, down = sides(quad[None])
    width, height = max(2, round(float(np.linalg.norm(across)))), max(2, round(float(np.linalg.norm(down))))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    flatten = cv2.getPerspectiveTransform(quad.astype(np.float32), corners)
    flat = cv2.warpPerspective(
        picture, flatten, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)


def text_area(page: Picture, quads: Quads) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the text with a margin, inside the picture: small papers lie on large desks."""
    height, width = page.shape[:2]
    margin = 2.5 * text_height(quads)
    points = quads.reshape(-1, 2)
    left, top = np.maximum(points.min(axis=0) - margin, 0)
    right, bottom = np.minimum(points.max(axis=0) + margin, (width, height))
    return int(left), int(top), math.ceil(right), math.ceil(bottom)


def map_to_prepared(page: Picture, quads: Quads, turn: int, height: float) -> tuple[Matrix, tuple[int, int]]:
    """The map from page pixels to prepared pixels, and the size (width, height) of the prepared picture."""
    angle = math.radians(turn + skew(quads, turn))
    turned = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    left, top, right, bottom = text_area(page, quads)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) @ turned.T
    extent = corners.max(axis=0) - corners.min(axis=0)
    scale = min(max(TEXT_HEIGHT / height, MIN_SCALE), MAX_SCALE, MAX_SIDE / float(extent.max()))
    matrix = np.eye(3)
    matrix[:2, :2] = turned * scale
    matrix[:2, 2] = -corners.min(axis=0) * scale
    width, high = np.ceil(extent * scale).astype(int)
    return matrix, (int(width), int(high))


def skew(quads: Quads, turn: int) -> float:
    """Degrees that lines still run downwards after the turn: median over long boxes, weighted by length."""
    along = np.array([sides(corners_from(quad, turn)[None])[0][0] for quad in quads], np.float64)
    angle = math.radians(turn)
    x = along[:, 0] * math.cos(angle) + along[:, 1] * math.sin(angle)
    y = -along[:, 0] * math.sin(angle) + along[:, 1] * math.cos(angle)
    slopes, lengths = np.degrees(np.arctan2(y, x)), np.hypot(x, y)
    long = lengths > LONG * text_height(quads)
    if not long.any():
        return 0.0
    order = np.argsort(slopes[long])
    weights = np.cumsum(lengths[long][order])
    return float(np.clip(slopes[long][order][np.searchsorted(weights, weights[-1] / 2)], -30, 30))


def even_light(picture: Picture) -> Picture:
    """Shadow taken out: every region divided by the brightness of its paper. Colour stays (the seal must stay red)."""
    small = cv2.resize(
        cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA
    )
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 6)
    if paper.min() > 0.85 * paper.max():
        return picture
    dim = 245.0 / np.maximum(paper, 40).astype(np.float32)
    gain = cv2.resize(dim, (picture.shape[1], picture.shape[0]))
    return np.asarray(np.clip(picture * gain[:, :, None], 0, 255), np.uint8)
