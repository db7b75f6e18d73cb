"""The conditions by name."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image

from benchmarks.painter.degrade import carbon, clean, harsh, photo, scan, small
from benchmarks.painter.rough import crumpled, dark, large, messenger, steep

CONDITIONS: dict[str, Callable[[Image.Image, Random], Image.Image]] = {
    "clean": clean, "scan": scan, "photo": photo, "carbon": carbon, "small": small, "harsh": harsh,
    "steep": steep, "dark": dark, "crumpled": crumpled, "messenger": messenger, "large": large,
}  # fmt: skip
