"""What a needle printer strikes onto a pre-printed form: coarse dots, a worn ribbon, out of register."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from benchmarks.painter.fonts import Face, font
from benchmarks.painter.sheet import Colour, Point, Rect, Sheet, grain_of

NEEDLE = 0.8
"""Dots per pixel of the sheet."""


@dataclass(frozen=True, slots=True)
class Ribbon:
    ink: Colour
    strength: float
    """0..1"""


class DotMatrix:
    """Collects the writing, then strikes all of it at once: the whole print is shifted, as the paper was."""

    def __init__(self, sheet: Sheet, face: Face, size: int) -> None:
        self._sheet = sheet
        self._face, self._size = face, size
        self._layer = Image.new("L", sheet.picture.size, 0)
        self._draw = ImageDraw.Draw(self._layer)
        self._draw.fontmode = "1"
        self._marks: dict[str, Rect] = {}

    def write(self, at: Point, text: str, anchor: str = "ls", path: str = "") -> None:
        """`path`: the value this is, to be remembered in the sheet's `marks`."""
        pen = font(self._face, self._size)
        if path and text:
            left, top, right, bottom = self._draw.textbbox(at, text, font=pen, anchor=anchor)
            self._marks[path] = (int(left), int(top), int(right) + 1, int(bottom) + 1)
        self._draw.text(at, text, font=pen, fill=255, anchor=anchor)

    def strike(self, dice: Random, shift: Point, ribbon: Ribbon) -> None:
        """Prints what was collected, `shift` pixels off its place."""
        layer = self._layer.rotate(dice.uniform(-0.25, 0.25), resample=Image.Resampling.BICUBIC)
        dots = layer.resize((int(layer.width * NEEDLE), int(layer.height * NEEDLE)), Image.Resampling.BOX)
        dots = dots.point(lambda v: 255 if v > 100 else 0).resize(layer.size, Image.Resampling.NEAREST)
        dots = dots.filter(ImageFilter.GaussianBlur(0.7))
        worn = _worn(layer.size, dice).point(lambda v: int(v * ribbon.strength))
        mask = ImageChops.offset(ImageChops.multiply(dots, worn), int(shift[0]), int(shift[1]))
        x, y = int(shift[0]), int(shift[1])
        self._sheet.marks |= {path: (b[0] + x, b[1] + y, b[2] + x, b[3] + y) for path, b in self._marks.items()}
        ink = Image.new("RGB", layer.size, ribbon.ink)
        below = self._sheet.picture
        self._sheet.picture = Image.composite(ImageChops.multiply(below, ink), below, mask)


def _worn(size: tuple[int, int], dice: Random) -> Image.Image:
    """How well the ribbon took, 150..255: uneven over the page and from needle to needle."""
    coarse = grain_of((max(2, size[0] // 40), max(2, size[1] // 12)), dice.uniform(30, 60)).resize(size)
    return coarse.point(lambda v: min(255, 150 + v // 2))
