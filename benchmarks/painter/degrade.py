"""What happens to a page on its way into a claim: scanned, photographed, copied through carbon."""

from __future__ import annotations

from io import BytesIO
from random import Random
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels: TypeAlias = npt.NDArray[np.uint8]
Floats: TypeAlias = npt.NDArray[np.float32]
DESKS = ((70, 54, 42), (96, 84, 74), (52, 58, 64), (140, 120, 96), (38, 40, 38), (168, 164, 158), (92, 40, 34))


def noise(dice: Random, shape: tuple[int, ...], strength: float) -> Floats:
    generator = np.random.default_rng(dice.randrange(2**32))
    return generator.normal(0, strength, shape).astype(np.float32)


def blur(values: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), dtype=np.float32)


def bounded(values: Floats) -> Pixels:
    return np.clip(values, 0, 255).astype(np.uint8)


def clean(page: Image.Image, dice: Random) -> Image.Image:
    """As exported: nothing happens."""
    del dice
    return page


def scan(page: Image.Image, dice: Random) -> Image.Image:
    """Laid on the glass a little askew, often in grey, with the scanner's grain and a dark edge now and then."""
    ground = dice.randint(236, 255)
    turned = page.rotate(
        dice.uniform(-1.6, 1.6), resample=Image.Resampling.BICUBIC, expand=True, fillcolor=(ground, ground, ground)
    )
    pixels = cv2.GaussianBlur(np.asarray(turned), (0, 0), dice.uniform(0.35, 0.75)).astype(np.float32)
    if dice.random() < 0.5:
        pixels = np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2)
    pixels = (pixels - 128) * dice.uniform(0.86, 1.06) + 128 + dice.uniform(-6, 6)
    return Image.fromarray(bounded(pixels + noise(dice, (*pixels.shape[:2], 1), dice.uniform(1.5, 4.5))))


def desk(dice: Random, wide: int, high: int) -> Floats:
    """A surface out of focus: colour, grain in one direction, light from one side."""
    grain = cv2.GaussianBlur(noise(dice, (high, wide), 60), (0, 0), sigmaX=dice.uniform(15, 60), sigmaY=2.0)
    light = np.linspace(dice.uniform(0.75, 1.0), dice.uniform(1.0, 1.2), wide, dtype=np.float32)
    base = np.array(dice.choice(DESKS), dtype=np.float32)
    return (base[None, None, :] + grain[:, :, None]) * light[None, :, None]


def _corners(dice: Random, wide: int, high: int, margin: float) -> Floats:
    """Where the page's corners come to lie: perspective and a slight turn."""
    lean = dice.uniform(0.0, 0.045) * dice.choice((-1, 1))
    shift = [dice.uniform(0, 0.022) for _ in range(8)]
    left, top, right, bottom = margin * wide, margin * high, (1 + margin) * wide, (1 + margin) * high
    tilt = lean * wide * 0.5
    return np.array(
        [
            (left + shift[0] * wide, top + shift[1] * high + tilt * 0.5),
            (right - shift[2] * wide, top + shift[3] * high - tilt * 0.5),
            (right - shift[4] * wide, bottom - shift[5] * high - tilt * 0.5),
            (left + shift[6] * wide, bottom - shift[7] * high + tilt * 0.5),
        ],
        dtype=np.float32,
    )


def _lay(page: Pixels, dice: Random, wide: int, high: int, corners: Floats) -> tuple[Floats, Floats]:
    """The page, curled, seen in perspective; and where it lies (0..1)."""
    tall, broad = page.shape[:2]
    flat = np.array([(0, 0), (broad, 0), (broad, tall), (0, tall)], dtype=np.float32)
    back = cv2.getPerspectiveTransform(corners, flat)
    xs, ys = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    points = cv2.perspectiveTransform(np.stack([xs, ys], axis=-1), back)
    curl = dice.uniform(0.002, 0.009) * tall * dice.choice((-1, 1))
    bend = np.sin(points[..., 0] / broad * np.pi * dice.uniform(0.8, 2.2) + dice.uniform(0, 3)).astype(np.float32)
    us, vs = points[..., 0].astype(np.float32), (points[..., 1] + curl * bend).astype(np.float32)
    seen = cv2.remap(page, us, vs, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    inside = ((us >= 0) & (us < broad) & (vs >= 0) & (vs < tall)).astype(np.float32)
    return seen * (1 + 0.05 * bend[..., None]), blur(inside, 0.8)


def _shadow(dice: Random, wide: int, high: int) -> Floats:
    """Factors 0..1: a soft-edged shadow that falls across, as of a hand or a head."""
    shade = np.ones((high, wide), dtype=np.float32)
    x, y = dice.uniform(0.1, 0.9) * wide, dice.uniform(0.1, 0.9) * high
    angle, reach = dice.uniform(0, 180), dice.uniform(0.25, 0.5)
    depth = dice.uniform(0.55, 0.85)
    axes = (int(wide * reach), int(high * reach * 0.8))
    cv2.ellipse(shade, (int(x), int(y)), axes, angle, 0, 360, depth, -1)
    return blur(shade, wide * dice.uniform(0.03, 0.07))


def photo(page: Image.Image, dice: Random) -> Image.Image:
    """Taken with a phone on a desk: perspective, curl, shadow, blur, noise; some turned a quarter or half."""
    pixels = np.asarray(page)
    margin = dice.uniform(0.04, 0.12)
    wide, high = (int(side * (1 + 2 * margin)) for side in (pixels.shape[1], pixels.shape[0]))
    seen, inside = _lay(pixels, dice, wide, high, _corners(dice, *page.size, margin))
    ground = desk(dice, wide, high)
    fallen = blur(inside, 14)[..., None]
    picture = seen * inside[..., None] + ground * (1 - 0.45 * fallen) * (1 - inside[..., None])
    warm = np.array((1.0, dice.uniform(0.95, 1.0), dice.uniform(0.86, 1.0)), dtype=np.float32)
    lit = picture * _shadow(dice, wide, high)[..., None] * warm * dice.uniform(0.82, 0.98)
    taken = blur(lit.astype(np.float32), dice.uniform(0.5, 1.0))
    taken += noise(dice, (*taken.shape[:2], 1), dice.uniform(1.5, 4.0))
    turned = np.rot90(bounded(taken), dice.choice((0, 0, 0, 0, 1, 2, 3)))
    return Image.fromarray(np.ascontiguousarray(turned))


def carbon(page: Image.Image, dice: Random) -> Image.Image:
    """The third sheet of a pad, scanned: faint, bluish, uneven."""
    pixels = np.asarray(page).astype(np.float32)
    uneven = cv2.GaussianBlur(noise(dice, pixels.shape[:2], 220), (0, 0), 30) * 0.02
    faint = np.clip(dice.uniform(0.42, 0.6) + uneven, 0.25, 0.8)[..., None]
    tint = np.array((246, 240, 244), dtype=np.float32) - (255 - pixels) * faint * np.array((1.0, 0.9, 0.62), np.float32)
    return scan(Image.fromarray(bounded(tint)), dice)


A4_INCHES = 8.27


def small(page: Image.Image, dice: Random) -> Image.Image:
    """A grey office scan of few dots per inch, well compressed: the least that comes in."""
    wide = int(dice.uniform(110, 150) * A4_INCHES)
    grey = scan(page, dice).convert("L")
    factor = min(1.0, wide / grey.width)
    few = grey.resize((int(grey.width * factor), int(grey.height * factor)), Image.Resampling.BICUBIC)
    return compressed(few.convert("RGB"), dice.randint(45, 70))


def harsh(page: Image.Image, dice: Random) -> Image.Image:
    """A bad photograph: folded paper, lamp on one side, out of focus, sent through a messenger."""
    pixels = np.asarray(page).astype(np.float32)
    high, wide = pixels.shape[:2]
    fold = np.abs(np.arange(high, dtype=np.float32) - high * dice.uniform(0.3, 0.7))
    crease = 1 - dice.uniform(0.15, 0.3) * np.exp(-fold / (high * 0.01))
    lamp = np.linspace(dice.uniform(0.55, 0.7), 1.0, wide, dtype=np.float32)[:: dice.choice((-1, 1))]
    shaded = bounded(pixels * crease[:, None, None] * lamp[None, :, None])
    return compressed(photo(Image.fromarray(shaded), dice), dice.randint(40, 60))


def compressed(picture: Image.Image, quality: int) -> Image.Image:
    stored = BytesIO()
    picture.save(stored, "JPEG", quality=quality)
    with Image.open(stored) as sent:
        return sent.convert("RGB")
