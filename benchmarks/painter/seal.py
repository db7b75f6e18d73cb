"""Red seals: a ring with characters along it and a star, stamped over what stands there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from benchmarks.painter.fonts import BOLD, SANS, SERIF, choose, font
from benchmarks.painter.sheet import Sheet, grain_of

OVERSAMPLE = 2


@dataclass(frozen=True, slots=True)
class Seal:
    """`text` along the ring, `foot` straight below the middle. Sizes in pixels of the sheet."""

    text: str
    foot: str = ""
    width: int = 220
    height: int = 220
    strength: float = 0.8
    """How much of the paper's light the ink takes: 0..1."""
    turned: float = 0.0
    """Degrees."""
    star: bool = True


def _star(draw: ImageDraw.ImageDraw, middle: tuple[float, float], radius: float) -> None:
    corners = []
    for n in range(10):
        reach = radius if n % 2 == 0 else radius * 0.4
        angle = math.pi * n / 5 - math.pi / 2
        corners.append((middle[0] + reach * math.cos(angle), middle[1] + reach * math.sin(angle)))
    draw.polygon(corners, fill=255)


def _along_the_ring(stencil: Image.Image, seal: Seal, dice: Random) -> None:
    """Characters from the lower left over the top to the lower right, each turned outwards."""
    wide, high = stencil.size
    span = min(250, 26 * len(seal.text))
    face = choose(dice, (*SERIF, *SANS))
    size = int(min(high * 0.16, math.radians(span) * wide * 0.36 / max(len(seal.text), 1)))
    for n, character in enumerate(seal.text):
        angle = -90 - span / 2 + span * (n + 0.5) / len(seal.text)
        tile = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(tile).text((size, size), character, font=font(face, size), fill=255, anchor="mm")
        tile = tile.rotate(-angle - 90, resample=Image.Resampling.BICUBIC)
        x = wide / 2 + wide * 0.37 * math.cos(math.radians(angle))
        y = high / 2 + high * 0.37 * math.sin(math.radians(angle))
        place = (int(x - size), int(y - size))
        around = stencil.crop((*place, place[0] + 2 * size, place[1] + 2 * size))
        stencil.paste(ImageChops.lighter(around, tile), place)


def _stencil(seal: Seal, dice: Random) -> Image.Image:
    """Where there is ink: mode L, 255 = full."""
    wide, high = seal.width * OVERSAMPLE, seal.height * OVERSAMPLE
    stencil = Image.new("L", (wide, high), 0)
    draw = ImageDraw.Draw(stencil)
    rim = max(4, wide // 55)
    draw.ellipse((rim, rim, wide - rim, high - rim), outline=255, width=rim)
    _along_the_ring(stencil, seal, dice)
    if seal.star:
        _star(draw, (wide / 2, high * 0.5), high * 0.13)
    if seal.foot:
        pen = font(choose(dice, BOLD), int(high * 0.105))
        draw.text((wide / 2, high * 0.76), seal.foot, font=pen, fill=255, anchor="mm")
    stencil = stencil.resize((seal.width, seal.height), Image.Resampling.LANCZOS)
    return stencil.rotate(seal.turned, resample=Image.Resampling.BICUBIC, expand=True)


def _worn(stencil: Image.Image, dice: Random) -> Image.Image:
    """Ink that did not take everywhere."""
    grain = grain_of((max(2, stencil.width // 6), max(2, stencil.height // 6)), dice.uniform(40, 90))
    grain = grain.resize(stencil.size).filter(ImageFilter.GaussianBlur(2)).point(lambda v: min(255, int(v * 1.5) + 40))
    return ImageChops.multiply(stencil, grain)


def stamp(sheet: Sheet, seal: Seal, middle: tuple[float, float], dice: Random) -> None:
    """Presses `seal` on `sheet`: what stands below shows through, as with real ink."""
    stencil = _worn(_stencil(seal, dice), dice).point(lambda v: int(v * seal.strength))
    at = (int(middle[0] - stencil.width / 2), int(middle[1] - stencil.height / 2))
    box = (*at, at[0] + stencil.width, at[1] + stencil.height)
    below = sheet.picture.crop(box)
    red = Image.new("RGB", stencil.size, (222, dice.randint(20, 60), dice.randint(30, 70)))
    sheet.picture.paste(Image.composite(ImageChops.multiply(below, red), below, stencil), at)
