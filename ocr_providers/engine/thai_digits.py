"""Thai digits, shape by shape: Tesseract's Thai model finds them, but takes ๖ for ๒ and ๔, ๘, ๙ for ๕, sure of itself.

The shapes of a number are cut out and each is classified by a small network (gradients, one hidden layer) that
`benchmarks/thai_digits.py` trains on rendered fonts. A number is read whole or not at all: every digit sure, and as
many digits, points and strokes in the same order as Tesseract saw.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_providers.engine.models import Picture

WEIGHTS = Path(__file__).parent / "thai_digits.npz"
Floats: TypeAlias = NDArray[np.float32]
DIGITS = "๐๑๒๓๔๕๖๗๘๙"
STROKE = "/"
CLASSES = (*DIGITS, STROKE, "")
"""What the network tells apart; "": a letter or something else."""
POINT = "."
WIDTH, HEIGHT = 24, 32
"""Size of the picture of one shape that the network takes."""
DIRECTIONS, CELL = 8, 4
"""Of the gradients: directions told apart, and the side of the squares in which they are summed."""
LENGTH = 8.0
"""Of the vector of features: steep enough to be learnt from quickly."""
SURE = 0.99
"""The least probability of a digit that is used. Of 1 960 digits in families of fonts left out of training, 83 % reach
it and none of those is wrong; loopless fonts have to be trained on (`benchmarks/thai_digits.py`)."""
LINE_HEIGHT = 96
"""A line is enlarged to this height, pixels: shapes that nearly touch come apart."""
THRESHOLDS = (1.0, 0.85, 0.7)
"""Of Otsu's: lower ones part shapes that touch."""
DIGIT_HEIGHT = 0.5
"""Digits are at least so high, as a share of the highest; what is lower is a point or a speck."""
NEXT_DIGIT = 0.55
"""A shape so near (in heights of the highest) may belong to the number; a blank is wider."""
POINT_SIZE = 0.1
"""Sides of a point are at least this share of the highest shape."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A connected shape: its box, and the picture of it alone (HEIGHT × WIDTH, ink as 1)."""

    left: int
    top: int
    right: int
    bottom: int
    picture: Floats


def read_number(line: Picture, seen: str, place: tuple[float, float] = (0.0, 1.0)) -> tuple[str, float] | None:
    """The Thai digits of a number on the flat picture of a line, and the least of their probabilities.

    `seen`: what Tesseract made of it; `place`: where it begins and ends, in shares of the line's width. `None` where a
    shape is unsure, or digits and signs are not placed as in `seen`.
    """
    ink = enlarged_ink(line)
    for share in THRESHOLDS:
        read = _classified(shapes(ink, share, place))
        if read and pattern_of(read[0]) == pattern_of(seen) and read[1] >= SURE:
            return read
    return None


def pattern_of(number: str) -> str:
    """Where digits, points and strokes stand: ๑๒.๕ gives 00.0; a comma counts as a point, a letter as a digit."""
    return re.sub(r"[^./]", "0", number.replace(",", POINT))


def enlarged_ink(line: Picture) -> NDArray[np.uint8]:
    """How dark the line is, 0..255, at LINE_HEIGHT."""
    gray = 255 - cv2.cvtColor(line, cv2.COLOR_BGR2GRAY)
    scale = LINE_HEIGHT / gray.shape[0]
    size = (max(1, round(gray.shape[1] * scale)), LINE_HEIGHT)
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def shapes(ink: NDArray[np.uint8], share: float = 1.0, place: tuple[float, float] = (0.0, 1.0)) -> list[Shape]:
    """Connected shapes whose middle is in `place`, left to right, without specks. `share`: of Otsu's brightness.

    None where another shape stands so close beside them that it may be a digit of the same number.
    """
    level, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats((ink > 255 - (255 - level) * share).astype(np.uint8))
    start, end = (edge * ink.shape[1] for edge in place)
    inside = [n for n in range(1, len(boxes)) if start <= boxes[n][0] + boxes[n][2] / 2 <= end]
    highest = max((int(boxes[n][cv2.CC_STAT_HEIGHT]) for n in inside), default=0)
    kept = [n for n in inside if min(boxes[n][2:4]) >= POINT_SIZE * highest]
    beside = [n for n in range(1, len(boxes)) if n not in inside and min(boxes[n][2:4]) >= POINT_SIZE * highest]
    if not kept or _touched(boxes[kept], boxes[beside], NEXT_DIGIT * highest):
        return []
    return sorted((_shape(ink, labels == n, boxes[n]) for n in kept), key=lambda shape: shape.left + shape.right)


def _touched(number: NDArray[Any], others: NDArray[Any], gap: float) -> bool:
    """Whether one of `others` begins or ends less than `gap` away from the number (boxes: left, top, width, height)."""
    left, right = number[:, 0].min(), (number[:, 0] + number[:, 2]).max()
    away = np.maximum(left - (others[:, 0] + others[:, 2]), others[:, 0] - right)
    return bool((away < gap).any())


def _shape(ink: NDArray[np.uint8], mask: NDArray[np.bool_], box: NDArray[np.int32]) -> Shape:
    """The shape alone, as large as the frame allows, in its middle."""
    left, top, width, height = (int(side) for side in box[:4])
    area = np.s_[top : top + height, left : left + width]
    alone = np.where(cv2.dilate(mask[area].astype(np.uint8), np.ones((3, 3))) > 0, ink[area], 0).astype(np.float32)
    scale = min((HEIGHT - 2) / height, (WIDTH - 2) / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(alone, size, interpolation=cv2.INTER_AREA)
    frame = np.zeros((HEIGHT, WIDTH), np.float32)
    x, y = (WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2
    frame[y : y + size[1], x : x + size[0]] = small / max(float(small.max()), 1.0)
    return Shape(left, top, left + width, top + height, frame)


def _classified(found: Sequence[Shape]) -> tuple[str, float] | None:
    """Digits, points and strokes; `None` when a shape is none of these."""
    highest = max((shape.bottom - shape.top for shape in found), default=0)
    high = [shape for shape in found if shape.bottom - shape.top >= DIGIT_HEIGHT * highest]
    if not high:
        return None
    chances = iter(classify(np.stack([shape.picture for shape in high])))
    base = float(np.median([shape.bottom for shape in high]))
    signs: list[tuple[str, float]] = []
    for shape in found:
        if shape.bottom - shape.top < DIGIT_HEIGHT * highest:
            signs.append((POINT if _is_point(shape, base, highest) else "", 1.0))
        else:
            chance = next(chances)
            signs.append((CLASSES[int(chance.argmax())], float(chance.max())))
    if not all(sign for sign, _ in signs):
        return None
    return "".join(sign for sign, _ in signs), min(chance for _, chance in signs)


def _is_point(shape: Shape, base: float, highest: int) -> bool:
    """Small, and on the base line."""
    size = max(shape.bottom - shape.top, shape.right - shape.left)
    return size <= 0.35 * highest and abs(shape.bottom - base) <= 0.3 * highest


@cache
def _weights() -> dict[str, Floats]:
    with np.load(WEIGHTS) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def classify(pictures: Floats) -> Floats:
    """n × HEIGHT × WIDTH pictures of shapes: n × CLASSES probabilities."""
    weights = _weights()
    hidden = np.maximum(features(pictures) @ weights["first"] + weights["first_bias"], 0)
    scores = hidden @ weights["second"] + weights["second_bias"]
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True), np.float32)


def features(pictures: Floats) -> Floats:
    """n × HEIGHT × WIDTH pictures: how strong the gradients of each square are in each direction; LENGTH long."""
    down, across = np.gradient(pictures, axis=(1, 2))
    strength = np.hypot(down, across)
    turn = (np.arctan2(down, across) / (2 * np.pi) * DIRECTIONS) % DIRECTIONS
    parts = []
    for direction in range(DIRECTIONS):
        away = np.abs((turn - direction + DIRECTIONS / 2) % DIRECTIONS - DIRECTIONS / 2)
        parts.append(strength * np.maximum(0, 1 - away))
    stacked = np.stack(parts, axis=-1)
    squares = stacked.reshape(len(pictures), HEIGHT // CELL, CELL, WIDTH // CELL, CELL, DIRECTIONS).sum(axis=(2, 4))
    flat = np.sqrt(squares.reshape(len(pictures), -1))
    return np.asarray(LENGTH * flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6), np.float32)
