"""Seals on scans without colour: found by their ring, taken out by their tone.

In grey a seal is paler than type: what is as pale as its ring becomes nearly paper, type stays. Where the ring is as
dark as type nothing can be told apart, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_providers.engine.models import Picture
from ocr_providers.engine.prepare import TEXT_HEIGHT

Floats: TypeAlias = NDArray[np.float32]

COLOURLESS = 12.0
"""Mean distance between the channels of a scan without colour, at its most coloured hundredth."""
STEP = 8
"""Rings are looked for in a picture smaller by this factor..."""
FINE = 2
"""... and measured in one smaller by this."""
RADII = (1.9 * TEXT_HEIGHT, 5.2 * TEXT_HEIGHT)
"""Of seals, pixels of the prepared picture."""
CANDIDATES = 4
CLOSED = 0.75
"""Share of a ring's directions in which ink is found: characters in a row close no ring."""
INKED = 25.0
"""Ink is darker than paper by this, of 255."""
ANGLES = 180
PALER = 35.0
"""A seal is paler than type by this at least, or they cannot be told apart."""
KEPT = 1.1
"""What is paler than this share of the way from type to seal becomes paper (measured: with less, thin strokes go)."""
DEEPER = 1.5
"""Gamma of what is kept: thin strokes are pale."""
MARGIN = 6
"""The ring's stroke reaches so far out, pixels."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle in pixels of the prepared picture, and how much darker than paper (0..255) its stroke is."""

    x: float
    y: float
    radius: float
    ink: float

    @property
    def area(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        reach = self.radius + MARGIN
        return (
            max(0, int(self.x - reach)),
            max(0, int(self.y - reach)),
            int(self.x + reach),
            int(self.y + reach),
        )


def is_colourless(picture: Picture) -> bool:
    few = picture[::STEP, ::STEP].astype(np.int16)
    return float(np.percentile(few.max(axis=2) - few.min(axis=2), 99)) < COLOURLESS


def find_rings(picture: Picture) -> list[Ring]:
    """Rings of a seal's size on a scan without colour; none on a picture with colour."""
    if not is_colourless(picture):
        return []
    grey = np.asarray(picture[:, :, 1])
    fine = _darkness(grey, FINE)
    rings: list[Ring] = []
    for x, y, radius in _candidates(_darkness(grey, STEP)):
        ring = _measured(fine, x, y, radius)
        if ring and all(abs(ring.x - other.x) + abs(ring.y - other.y) > other.radius for other in rings):
            rings.append(ring)
    return rings


def without_grey(picture: Picture, rings: list[Ring]) -> Picture | None:
    """Inside the rings type alone; `None` where a ring is as dark as type."""
    grey = picture[:, :, 1].astype(np.float32)
    black, paper = (float(tone) for tone in np.percentile(grey[::FINE, ::FINE], (0.3, 80)))
    paler = [ring for ring in rings if paper - ring.ink - black > PALER]
    for ring in paler:
        inside = np.zeros(grey.shape, np.uint8)
        cv2.circle(inside, (round(ring.x), round(ring.y)), round(ring.radius + MARGIN), 1, -1)
        white = black + KEPT * (paper - ring.ink - black)
        grey = np.where(inside > 0, 255 * np.clip((grey - black) / (white - black), 0, 1) ** DEEPER, grey)
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2) if paler else None


# --- the ring --------------------------------------------------------------------------------------------------------


def _darkness(grey: NDArray[np.uint8], step: int) -> Floats:
    """How much darker than the paper, 0 and up, in a picture smaller by `step`."""
    small = cv2.resize(grey, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(np.maximum(np.percentile(small, 80) - small, 0), np.float32)


def _candidates(dark: Floats) -> Iterator[tuple[float, float, float]]:
    """The best circles, best first: ink along the ring, none beside it. In pixels of the prepared picture."""
    bounded = np.minimum(dark, 2 * INKED)
    answers = {radius: cv2.filter2D(bounded, -1, _annulus(radius)) for radius in _radii()}
    for _ in range(CANDIDATES):
        radius = max(answers, key=lambda each: float(answers[each].max()))
        y, x = np.unravel_index(int(answers[radius].argmax()), dark.shape)
        for answer in answers.values():
            answer[max(0, y - 4) : y + 5, max(0, x - 4) : x + 5] = 0
        yield (float(x) + 0.5) * STEP, (float(y) + 0.5) * STEP, float(radius * STEP)


@cache
def _radii() -> tuple[int, ...]:
    return tuple(range(round(RADII[0] / STEP), round(RADII[1] / STEP) + 1))


@cache
def _annulus(radius: int) -> Floats:
    """Positive on the ring, negative just inside and outside it; without ink on either it answers nothing."""
    side = np.arange(-radius - 3, radius + 4)
    away = np.abs(np.hypot(*np.meshgrid(side, side)) - radius)
    ring, beside = (away < 0.75).astype(np.float32), ((away >= 1.5) & (away < 3)).astype(np.float32)
    return np.asarray(ring / ring.sum() - beside / beside.sum(), np.float32)


def _measured(dark: Floats, x: float, y: float, radius: float) -> Ring | None:
    """The ring near a candidate, where it is nearly closed. `dark` is smaller by FINE."""
    reach = STEP // FINE
    best, found = CLOSED, None
    for dx, dy in product(range(-reach, reach + 1), repeat=2):
        ink = _ink_along(dark, x / FINE + dx, y / FINE + dy, radius / FINE, reach)
        closed = (ink > INKED).mean(axis=1)
        at = int(closed.argmax())
        if closed[at] > best:
            best, size = float(closed[at]), radius + (at - reach) * FINE
            found = Ring(x + dx * FINE, y + dy * FINE, size, float(np.median(ink[at])))
    return found


def _ink_along(dark: Floats, x: float, y: float, radius: float, reach: int) -> Floats:
    """Radii × angles: darkness along circles of `radius` ± `reach`."""
    angles = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False)
    radii = radius + np.arange(-reach, reach + 1)[:, None]
    columns = np.clip(np.rint(x + radii * np.cos(angles)).astype(int), 0, dark.shape[1] - 1)
    rows = np.clip(np.rint(y + radii * np.sin(angles)).astype(int), 0, dark.shape[0] - 1)
    return np.asarray(dark[rows, columns], np.float32)
