"""Thai digits, shape by shape: Tesseract's Thai model finds them, but takes ๖ for ๒ and ๔, ๘, ๙ for ๕, sure of itself.

Shapes are cut out and each is classified by a small network (gradients, one hidden layer) that
`benchmarks/thai_digits.py` trains on rendered fonts. A number is read whole or not at all: either it stands between
blanks and every shape of it is a digit, a point or a stroke (`find_numbers`), or it touches letters and its digits and
signs are placed as Tesseract saw them (`read_number`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
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
POINT_GAP, POINT_APART = 0.8, 0.25
"""Gaps beside a point, in heights of a digit, where all characters are as wide."""
POINT_HEIGHT = 0.35
POINT_SIZE = 0.1
"""Sides of a point are at least this share of the highest shape."""


SURE_IN_NUMBER = 0.9
"""The same for a digit of several between blanks: letters that look like digits do not stand together."""
WIDEST = 1.5
"""No digit is wider than this many times its height: two that touch are."""
CUT_NEAR = 0.2
"""Digits that touch are cut where there is least ink, at most this share of a digit from the even parts."""
AS_HIGH = 0.7
"""Digits are at least so high, as a share of what is high on the line: a colon is none."""


SHAPED_NUMBER = re.compile(r"(?=.*[๑-๙])[๐-๙]+(?:\.[๐-๙]+|(?:/[๐-๙]+){1,2})?")
"""A lone ๐ may be a letter or a ring."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in Thai digits on a line."""

    text: str
    score: float
    """The least probability of its digits."""
    left: float
    """Share of the width of the line."""
    right: float


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
        if read and pattern_of(read[0]) == pattern_of(seen) and read[1] >= SURE_IN_NUMBER:
            return read
    return None


def find_numbers(line: Picture) -> list[Number]:
    """Numbers between blanks on the flat picture of a line, from left to right."""
    ink = enlarged_ink(line)
    found: list[Number] = []
    for share in THRESHOLDS:
        for number in _between_blanks(shapes(ink, share), ink.shape[1]):
            if all(number.right < other.left or number.left > other.right for other in found):
                found.append(number)
    return sorted(found, key=lambda number: number.left)


def _between_blanks(found: Sequence[Shape], width: int) -> Iterator[Number]:
    high = float(np.percentile([shape.bottom - shape.top for shape in found], 75)) if found else 0.0
    for group in _groups(found, high):
        if max(shape.bottom - shape.top for shape in group) < AS_HIGH * high or not (read := _classified(group)):
            continue
        text, score = read
        if SHAPED_NUMBER.fullmatch(text) and score >= (SURE if len(text) == 1 else SURE_IN_NUMBER):
            yield Number(text, score, group[0].left / width, max(shape.right for shape in group) / width)


def _groups(found: Sequence[Shape], high: float) -> list[list[Shape]]:
    """Shapes that stand together; `high`: the height of a digit."""
    groups: list[list[Shape]] = []
    for shape in sorted(found, key=lambda shape: shape.left):
        if groups and shape.left - max(other.right for other in groups[-1]) < _blank(groups[-1], shape, high):
            groups[-1].append(shape)
        else:
            groups.append([shape])
    return groups


def _blank(group: Sequence[Shape], shape: Shape, high: float) -> float:
    """The least gap that is a blank: where all characters are as wide, a point stands far from its digits."""
    last = group[-1]
    apart = len(group) > 1 and _is_low(last, high) and last.left - group[-2].right > POINT_APART * high
    return high if apart else (POINT_GAP if _is_low(shape, high) else NEXT_DIGIT) * high


def _is_low(shape: Shape, high: float) -> bool:
    return shape.bottom - shape.top < POINT_HEIGHT * high


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
    parted = (part for n in kept for part in _parted(ink, labels == n, boxes[n]))
    return sorted(parted, key=lambda shape: shape.left + shape.right)


def _parted(ink: NDArray[np.uint8], mask: NDArray[np.bool_], box: NDArray[np.int32]) -> Iterator[Shape]:
    """The shape, or where it is too wide for a digit the parts of it."""
    left, top, width, height = (int(side) for side in box[:4])
    count = round(width / height) if width > WIDEST * height and height >= LINE_HEIGHT / 5 else 1
    columns = np.where(mask, ink, 0)[top : top + height].sum(axis=0, dtype=np.int64)
    edges = [left, *(_cut(columns, left + width * n // count, width // count) for n in range(1, count)), left + width]
    for start, end in pairwise(edges):
        yield _shape(ink, mask, np.array([start, top, end - start, height]))


def _cut(columns: NDArray[np.int64], near: int, size: int) -> int:
    """The column with least ink about `near`."""
    reach = max(1, round(CUT_NEAR * size))
    return near - reach + int(columns[near - reach : near + reach + 1].argmin())


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
    return size <= POINT_HEIGHT * highest and abs(shape.bottom - base) <= 0.3 * highest


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
