"""Photographs and files as bad as they come in: steep, in poor light, shaken, creased, glaring, through messengers.

Each effect is a function of a picture and the dice; a condition puts some of them one after the other.
"""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
from PIL import Image

from benchmarks.painter.degrade import Floats, Pixels, blur, bounded, compressed, desk, noise

SKIN = (206, 160, 132)


def _steep(pixels: Pixels, dice: Random) -> Floats:
    """Seen from one side, far from square, on a desk."""
    high, wide = pixels.shape[:2]
    margin = 0.1
    across, down = int(wide * (1 + 2 * margin)), int(high * (1 + 2 * margin))
    squeeze = [dice.uniform(0.0, 0.12) for _ in range(4)]
    narrow = dice.choice((0, 1))
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    inset = np.array(
        [(squeeze[0], squeeze[1] / 2), (-squeeze[0], squeeze[2] / 2), (-squeeze[3] / 3, 0), (squeeze[3] / 3, 0)]
    )
    inset = inset if narrow else inset[[3, 2, 1, 0]]
    seen_at = corners + inset.astype(np.float32) * (wide, high) + (margin * wide, margin * high)
    matrix = cv2.getPerspectiveTransform(corners, seen_at.astype(np.float32))
    seen = cv2.warpPerspective(pixels, matrix, (across, down), flags=cv2.INTER_AREA).astype(np.float32)
    inside = cv2.warpPerspective(np.ones((high, wide), np.float32), matrix, (across, down))[..., None]
    return np.asarray(seen * inside + desk(dice, across, down) * (1 - inside), np.float32)


def _curled(pixels: Floats, dice: Random) -> Floats:
    """Paper that does not lie flat."""
    high, wide = pixels.shape[:2]
    xs, ys = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    bend = np.sin(xs / wide * np.pi * dice.uniform(0.8, 1.8) + dice.uniform(0, 3)) * high * dice.uniform(0.006, 0.014)
    return np.asarray(cv2.remap(pixels, xs, ys + bend.astype(np.float32), cv2.INTER_LINEAR), np.float32)


def _banded(pixels: Floats, dice: Random) -> Floats:
    """Shadows in bands, as of blinds or of the hand that holds the phone."""
    high, wide = pixels.shape[:2]
    shade = np.ones((high, wide), np.float32)
    for _ in range(dice.randint(1, 3)):
        x, lean, width = dice.uniform(0, wide), dice.uniform(-0.3, 0.3) * high, dice.uniform(0.08, 0.25) * wide
        corners = np.array([(x, 0), (x + width, 0), (x + width + lean, high), (x + lean, high)], np.int32)
        cv2.fillConvexPoly(shade, corners, dice.uniform(0.5, 0.75))
    return pixels * blur(shade, wide * 0.008)[..., None]


def _finger(pixels: Floats, dice: Random) -> Floats:
    """A fingertip on the margin."""
    high, wide = pixels.shape[:2]
    x = dice.choice((0.01, 0.99)) * wide
    mask = np.zeros((high, wide), np.float32)
    centre = (int(x), int(dice.uniform(0.3, 0.7) * high))
    cv2.ellipse(mask, centre, (int(wide * 0.035), int(wide * 0.022)), 0, 0, 360, 1.0, -1)
    mask = blur(mask, 3)[..., None]
    return np.asarray(pixels * (1 - mask) + np.array(SKIN, np.float32) * mask, np.float32)


def _glared(pixels: Floats, dice: Random) -> Floats:
    """A lamp mirrored in smooth paper: a soft white spot."""
    high, wide = pixels.shape[:2]
    spot = np.zeros((high, wide), np.float32)
    centre = (int(dice.uniform(0.15, 0.85) * wide), int(dice.uniform(0.15, 0.85) * high))
    cv2.ellipse(spot, centre, (int(wide * 0.12), int(wide * 0.07)), dice.uniform(0, 180), 0, 360, 1.0, -1)
    spot = blur(spot, wide * 0.04)[..., None] * dice.uniform(0.5, 0.75)
    return np.asarray(pixels * (1 - spot) + 255 * spot, np.float32)


def _crumpled(pixels: Floats, dice: Random) -> Floats:
    """Creases in all directions, each darker on one side; the surface bends a little between them."""
    high, wide = pixels.shape[:2]
    relief = np.zeros((high, wide), np.float32)
    for _ in range(dice.randint(6, 12)):
        angle, offset = dice.uniform(0, np.pi), dice.uniform(-0.5, 0.5)
        xs, ys = np.meshgrid(np.linspace(-0.5, 0.5, wide), np.linspace(-0.5, 0.5, high))
        away = xs * np.cos(angle) + ys * np.sin(angle) - offset
        relief += dice.uniform(-1, 1) * np.exp(-np.abs(away) * 40).astype(np.float32) * np.sign(away + 1e-6)
    light = 1 + 0.1 * blur(relief, 2)
    down, across = np.gradient(blur(relief, 12))
    xs, ys = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    moved = cv2.remap(pixels, xs + 60 * across.astype(np.float32), ys + 60 * down.astype(np.float32), cv2.INTER_LINEAR)
    return np.asarray(moved * np.clip(light, 0.7, 1.2)[..., None], np.float32)


def _shaken(pixels: Floats, dice: Random) -> Floats:
    """Moved while the shutter was open."""
    length = dice.randint(2, 4)
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    angle = dice.uniform(0, np.pi)
    for step in np.linspace(-length / 2, length / 2, 16):
        kernel[round(length + step * np.sin(angle)), round(length + step * np.cos(angle))] += 1
    return np.asarray(cv2.filter2D(pixels, -1, kernel / kernel.sum()), np.float32)


def _dark(pixels: Floats, dice: Random) -> Floats:
    """Little light, much noise, warm."""
    dim = pixels * dice.uniform(0.45, 0.6) * np.array((1.0, 0.93, 0.8), np.float32)
    return dim + noise(dice, pixels.shape, dice.uniform(6, 11))


def _sized(picture: Image.Image, dice: Random, megapixels: tuple[float, float]) -> Image.Image:
    """As many pixels as cameras and messengers leave."""
    factor = (dice.uniform(*megapixels) * 1e6 / (picture.width * picture.height)) ** 0.5
    size = (round(picture.width * factor), round(picture.height * factor))
    return picture.resize(size, Image.Resampling.LANCZOS if factor < 1 else Image.Resampling.BICUBIC)


def _turned(picture: Image.Image, dice: Random) -> Image.Image:
    return picture.rotate(dice.choice((0, 0, 90, 180, 270)), expand=True)


def steep(page: Image.Image, dice: Random) -> Image.Image:
    seen = _finger(_banded(_curled(_steep(np.asarray(page), dice), dice), dice), dice)
    taken = blur(seen, dice.uniform(0.5, 0.9)) + noise(dice, (*seen.shape[:2], 1), 3)
    return _turned(compressed(_sized(Image.fromarray(bounded(taken)), dice, (2.0, 4.0)), dice.randint(60, 85)), dice)


def dark(page: Image.Image, dice: Random) -> Image.Image:
    seen = _shaken(_dark(_curled(_steep(np.asarray(page), dice), dice), dice), dice)
    return _turned(compressed(_sized(Image.fromarray(bounded(seen)), dice, (2.5, 5.0)), dice.randint(50, 75)), dice)


def crumpled(page: Image.Image, dice: Random) -> Image.Image:
    seen = _glared(_crumpled(_steep(np.asarray(page), dice), dice), dice)
    taken = blur(seen, 0.7) + noise(dice, (*seen.shape[:2], 1), 3)
    return _turned(compressed(_sized(Image.fromarray(bounded(taken)), dice, (2.0, 4.0)), dice.randint(55, 80)), dice)


def messenger(page: Image.Image, dice: Random) -> Image.Image:
    """Flat and well lit, but squeezed by a messenger: about 1.3 megapixels, JPEG 30."""
    taken = _banded(np.asarray(page).astype(np.float32), dice) + noise(dice, (*np.asarray(page).shape[:2], 1), 2)
    return _turned(compressed(_sized(Image.fromarray(bounded(taken)), dice, (1.2, 1.7)), 30), dice)


def large(page: Image.Image, dice: Random) -> Image.Image:
    """A camera's full size."""
    seen = _banded(_steep(np.asarray(page), dice), dice)
    sized = _sized(Image.fromarray(bounded(seen)), dice, (8.0, 12.0))
    noisy = np.asarray(sized).astype(np.float32) + noise(dice, (sized.height, sized.width, 1), 4)
    return _turned(Image.fromarray(bounded(blur(noisy, 1.2))), dice)
