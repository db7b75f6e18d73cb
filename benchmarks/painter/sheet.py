"""A sheet of paper to write on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.painter.fonts import Face, font

Colour = tuple[int, int, int]
Point = tuple[float, float]
Rect = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Pen:
    """A font, its size in pixels, and the colour of the ink."""

    face: Face
    size: int
    ink: Colour
    latin: Face | None = None
    """For all but Thai, where `face` has nothing else."""

    def width(self, text: str) -> float:
        return sum(font(face, self.size).getlength(part) for face, part in self.runs(text))

    def runs(self, text: str) -> list[tuple[Face, str]]:
        """The text in parts of one face each."""
        if self.latin is None:
            return [(self.face, text)]
        parts = re.findall(r"[\u0e00-\u0e7f]+|[^\u0e00-\u0e7f]+", text)
        return [(self.face if part[0] > "\u0dff" else self.latin, part) for part in parts]


class Sheet:
    """Pixels with the origin at the top left. `picture` is the RGB image."""

    def __init__(self, width: int, height: int, paper: Colour = (255, 255, 255)) -> None:
        self.picture = Image.new("RGB", (width, height), paper)
        self._draw = ImageDraw.Draw(self.picture)
        self.marks: dict[str, Rect] = {}
        """Where values stand, by JSON Pointer."""

    @property
    def width(self) -> int:
        return self.picture.width

    @property
    def height(self) -> int:
        return self.picture.height

    def write(self, at: Point, text: str, pen: Pen, anchor: str = "ls", path: str = "") -> float:
        """Writes `text` (Pillow's anchors: `ls` begins on the baseline, `rs` ends there) and gives its width.

        `path`: the value this is, to be remembered in `marks`.
        """
        if path and text:
            left, top, right, bottom = self._draw.textbbox(at, text, font=font(pen.face, pen.size), anchor=anchor)
            self.marks[path] = (int(left), int(top), int(right) + 1, int(bottom) + 1)
        if pen.latin is None:
            self._draw.text(at, text, font=font(pen.face, pen.size), fill=pen.ink, anchor=anchor)
            return pen.width(text)
        x = at[0] - pen.width(text) * {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]]
        for face, part in pen.runs(text):
            self._draw.text((x, at[1]), part, font=font(face, pen.size), fill=pen.ink, anchor="l" + anchor[1])
            x += font(face, pen.size).getlength(part)
        return pen.width(text)

    def line(self, points: Iterable[Point], ink: Colour, width: int = 2) -> None:
        self._draw.line([(float(x), float(y)) for x, y in points], fill=ink, width=width)

    def box(self, corner: Point, opposite: Point, ink: Colour, width: int = 2) -> None:
        self._draw.rectangle((*corner, *opposite), outline=ink, width=width)

    def paste(self, picture: Image.Image, at: tuple[int, int]) -> None:
        self.picture.paste(picture, at)


def fit(page: Image.Image, max_pixels: int) -> Image.Image:
    """Not more than `max_pixels`."""
    factor = (max_pixels / (page.width * page.height)) ** 0.5
    if factor >= 1:
        return page
    return page.resize((int(page.width * factor), int(page.height * factor)), Image.Resampling.LANCZOS)


def grain_of(size: tuple[int, int], strength: float) -> Image.Image:
    """Grey noise around 128, `strength` its standard deviation and its seed: the same number, the same grain."""
    noise = np.random.default_rng(int(strength * 1e9)).normal(128, strength, (size[1], size[0]))
    return Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))
