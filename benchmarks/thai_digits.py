"""Trains the network of `ocr_providers/engine/thai_digits.py` on rendered fonts, and measures it on fonts held out.

    python -m benchmarks.thai_digits train FONT… [--out FILE]
    python -m benchmarks.thai_digits measure FONT…

Numbers are rendered, blurred, tilted, made noisy, compressed and resized, then cut into shapes as the engine does it.
Fonts are files; without any, the Thai fonts of the machine (those of `benchmarks.painter.fonts`). The weights that
ship were trained on 58 files: the upright Thai fonts of Debian's fonts-tlwg and Noto, the 13 national fonts (TH Sarabun
and others) but the two ornamental ones, and seven of Google's, loopless ones among them. The same fonts and
seed give the same weights. What is left out of training is a fair measure only for fonts of other families.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.painter.fonts import THAI, THAI_BOLD, available, font
from ocr_providers.engine import thai_digits
from ocr_providers.engine.models import Picture
from ocr_providers.engine.thai_digits import CLASSES, DIGITS, STROKE, Floats, Shape, enlarged_ink, features, shapes

Dice = np.random.Generator
Labels = NDArray[np.int64]
OTHERS = "กขคฆงจชซญฎฐณดตถทธนบปผพภมยรลวสหฬอฮเแโใไาฤ123456789ABEHKLMNRSTabdeghkmnst"
"""Signs that are not digits: shapes that can be mistaken for one (0, o and l) are left out, the place decides."""
HIDDEN = 64
ROUNDS, BATCH, RATE = 40, 128, 2e-3
NUMBERS = 24
"""Numbers rendered of each font; each has each digit once, and strokes."""
WRONG_SIGNS = 24


def rendered(face: ImageFont.FreeTypeFont, signs: Sequence[str], dice: Dice) -> Picture:
    """Signs side by side as a photographed page has them; black on white."""
    size, gap = int(face.size), float(dice.uniform(0.02, 0.15))
    widths = [face.getlength(sign) + gap * size for sign in signs]
    page = Image.new("L", (int(sum(widths)) + 2 * size, size * 2), 255)
    draw, x = ImageDraw.Draw(page), float(size)
    weight, ink = int(dice.random() < 0.15 and size > 24), int(dice.integers(0, 110))
    for sign, width in zip(signs, widths, strict=True):
        draw.text((x, size * 1.45), sign, font=face, fill=ink, anchor="ls", stroke_width=weight)
        x += width
    return degraded(np.asarray(page), size, dice)


def degraded(page: NDArray[np.uint8], size: int, dice: Dice) -> Picture:
    """Sheared, turned a little, blurred, noisy, compressed, and resized as the engine does it."""
    high, wide = page.shape
    tilt, shear = dice.normal(0, 0.012), dice.normal(0, 0.08)
    lean = np.array([[1, shear, -shear * high / 2], [tilt, 1, -tilt * wide / 2]])
    picture = cv2.warpAffine(page, lean, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255.0)
    picture = cv2.GaussianBlur(picture, (0, 0), float(dice.uniform(0.2, max(0.5, 0.04 * size))))
    noisy = np.clip(picture + dice.normal(0, dice.uniform(0, 10), picture.shape), 0, 255).astype(np.uint8)
    _, stored = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, int(dice.integers(45, 96))])
    scale = float(dice.uniform(22, 44)) / size
    small = cv2.resize(np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE)), None, fx=scale, fy=scale)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), np.uint8)


def cut(picture: Picture, signs: Sequence[str]) -> list[tuple[Shape, str]]:
    """The shapes of a rendered line with what they are; none where shapes and signs are not as many."""
    found = shapes(enlarged_ink(picture), 1.0)
    return list(zip(found, signs, strict=True)) if len(found) == len(signs) else []


def sized(path: str, dice: Dice) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, int(dice.integers(16, 46)))


def has_sign(face: ImageFont.FreeTypeFont, sign: str) -> bool:
    """Whether the font has a picture of its own for a sign."""
    return bytes(face.getmask(sign)) != bytes(face.getmask("\uffff")) and face.getbbox(sign)[2] > 0


def examples(fonts: Iterable[str], dice: Dice) -> tuple[Floats, Labels]:
    """Pictures of shapes and their classes."""
    pictures, labels = [], []
    for path in fonts:
        for shape, sign in _of_font(path, dice):
            pictures.append(shape.picture)
            labels.append(CLASSES.index(sign if sign in CLASSES else ""))
    return np.stack(pictures), np.array(labels)


def _of_font(path: str, dice: Dice) -> Iterator[tuple[Shape, str]]:
    probe = ImageFont.truetype(path, 40)
    signs = [*DIGITS, *([STROKE] if has_sign(probe, STROKE) else [])]
    others = [sign for sign in OTHERS if has_sign(probe, sign)]
    for _ in range(NUMBERS):
        order = [signs[n] for n in dice.permutation(len(signs))]
        yield from cut(rendered(sized(path, dice), order[:5], dice), order[:5])
        yield from cut(rendered(sized(path, dice), order[5:], dice), order[5:])
    for _ in range(WRONG_SIGNS if others else 0):
        chosen = list(dice.choice(others, 5))
        yield from cut(rendered(sized(path, dice), chosen, dice), chosen)


def train(pictures: Floats, labels: Labels, dice: Dice) -> dict[str, Floats]:
    """Softmax over one hidden layer, by Adam with a falling rate."""
    inputs = np.concatenate([features(part) for part in np.array_split(pictures, len(pictures) // 1000 + 1)])
    shape = {"first": (inputs.shape[1], HIDDEN), "first_bias": (HIDDEN,), "second": (HIDDEN, len(CLASSES))}
    shape["second_bias"] = (len(CLASSES),)
    weights = {name: dice.normal(0, 0.1, size).astype(np.float32) for name, size in shape.items()}
    mean, square = ({name: np.zeros_like(each) for name, each in weights.items()} for _ in range(2))
    steps = ROUNDS * len(inputs) // BATCH
    for step in range(1, steps + 1):
        chosen = dice.integers(0, len(inputs), BATCH)
        for name, slope in slopes(weights, inputs[chosen], labels[chosen]).items():
            mean[name] = 0.9 * mean[name] + 0.1 * slope
            square[name] = 0.999 * square[name] + 0.001 * slope**2
            pace = RATE * (1 - 0.95 * step / steps) * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            weights[name] = (weights[name] - pace * mean[name] / (np.sqrt(square[name]) + 1e-8)).astype(np.float32)
    return weights


def slopes(weights: dict[str, Floats], inputs: Floats, labels: Labels) -> dict[str, Floats]:
    """Of the mean cross entropy, for each weight."""
    hidden = np.maximum(inputs @ weights["first"] + weights["first_bias"], 0)
    scores = hidden @ weights["second"] + weights["second_bias"]
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    off = chances / chances.sum(axis=1, keepdims=True)
    off[np.arange(len(labels)), labels] -= 1
    off /= len(labels)
    back = (off @ weights["second"].T) * (hidden > 0)
    return {
        "first": inputs.T @ back + 1e-5 * weights["first"],
        "first_bias": back.sum(axis=0),
        "second": hidden.T @ off + 1e-5 * weights["second"],
        "second_bias": off.sum(axis=0),
    }


def measured(fonts: Sequence[str], dice: Dice) -> Iterator[str]:
    """For several thresholds: how many digits are sure, and how many of those - and of the other signs - are wrong."""
    pictures, labels = examples(fonts, dice)
    chances = thai_digits.classify(pictures)
    read, is_digit = chances.argmax(axis=1), labels < len(DIGITS)
    yield f"{is_digit.sum()} digits, {(read == labels)[is_digit].mean():.4f} right; {(~is_digit).sum()} other signs"
    for sure in (0.9, 0.95, 0.97, thai_digits.SURE):
        kept = (chances.max(axis=1) >= sure) & (read < len(DIGITS))
        wrong, taken = (kept & is_digit & (read != labels)).sum(), (kept & ~is_digit).sum()
        yield f"from {sure}: {kept[is_digit].mean():.4f} sure, {wrong} of them wrong, {taken} other signs taken for one"


def machine_fonts() -> list[str]:
    faces = available([*THAI, *THAI_BOLD])
    return [str(font(face, 40).path) for face in faces]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.thai_digits", description=__doc__)
    parser.add_argument("task", choices=("train", "measure"))
    parser.add_argument("fonts", nargs="*", help="font files")
    parser.add_argument("--out", type=Path, default=thai_digits.WEIGHTS)
    options = parser.parse_args()
    dice, fonts = np.random.default_rng(7), options.fonts or machine_fonts()
    if options.task == "measure":
        print("\n".join(measured(fonts, dice)))
        return
    weights = train(*examples(fonts, dice), dice)
    stored: dict[str, Any] = {name: each.astype(np.float16) for name, each in weights.items()}
    np.savez_compressed(options.out, **stored)


if __name__ == "__main__":
    main()
