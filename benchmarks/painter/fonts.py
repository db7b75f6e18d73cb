"""The fonts of this machine, by file name in the places where systems keep them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from random import Random

from PIL import ImageFont

FOLDERS = (
    Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts",
    Path("/System/Library/Fonts"), Path("/Library/Fonts"), Path("C:/Windows/Fonts"),
)  # fmt: skip
Face = tuple[str, int]
"""File name and index inside a collection."""

SERIF: tuple[Face, ...] = (
    ("NotoSerifCJK-Regular.ttc", 2), ("uming.ttc", 0), ("simsun.ttc", 0), ("Songti.ttc", 0),
)  # fmt: skip
SANS: tuple[Face, ...] = (
    ("NotoSansCJK-Regular.ttc", 2), ("wqy-zenhei.ttc", 0), ("wqy-microhei.ttc", 0), ("simhei.ttf", 0), ("msyh.ttc", 0),
    ("PingFang.ttc", 0),
)  # fmt: skip
BRUSH: tuple[Face, ...] = (
    ("ukai.ttc", 0),
    ("simkai.ttf", 0),
    ("NotoSerifCJK-Bold.ttc", 2),
    ("NotoSerifCJK-Regular.ttc", 2),
)
BOLD: tuple[Face, ...] = (
    ("NotoSerifCJK-Bold.ttc", 2),
    ("NotoSansCJK-Bold.ttc", 2),
    ("wqy-zenhei.ttc", 0),
    ("simhei.ttf", 0),
)
DOTS: tuple[Face, ...] = (
    ("uming.ttc", 0),
    ("NotoSansMonoCJK-Regular.ttc", 2),
    ("NotoSansCJK-Regular.ttc", 7),
    ("simsun.ttc", 0),
)
THAI: tuple[Face, ...] = tuple(
    (f"{name}.ttf", 0)
    for name in ("Loma", "Garuda", "Norasi", "Kinnari", "Laksaman", "Waree", "Umpush", "TlwgTypist", "Sawasdee")
)
THAI_BOLD: tuple[Face, ...] = tuple(
    (f"{name}-Bold.ttf", 0) for name in ("Loma", "Garuda", "Norasi", "Kinnari", "Laksaman", "Waree", "Sawasdee")
)
LATIN: tuple[Face, ...] = tuple(
    (name, 0)
    for name in (
        "DejaVuSans.ttf",
        "LiberationSans-Regular.ttf",
        "LiberationSerif-Regular.ttf",
        "arial.ttf",
        "times.ttf",
    )
)
LATIN_BOLD: tuple[Face, ...] = tuple(
    (name, 0) for name in ("DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "LiberationSerif-Bold.ttf", "arialbd.ttf")
)

OTHER_CHINESE: tuple[Face, ...] = (
    ("gbsn00lp.ttf", 0), ("gkai00mp.ttf", 0), ("uming.ttc", 0), ("ukai.ttc", 0), ("wqy-zenhei.ttc", 0),
    ("wqy-microhei.ttc", 0), ("NotoSansCJK-Regular.ttc", 2), ("NotoSerifCJK-Regular.ttc", 2),
)  # fmt: skip
"""For the layouts that came later: what the lists above give from a seed stays as it was."""
OTHER_FIGURES: tuple[Face, ...] = tuple(
    (name, 0)
    for name in (
        "LiberationMono-Regular.ttf", "LiberationSansNarrow-Regular.ttf", "Roboto-Regular.ttf", "Carlito-Regular.ttf",
        "DejaVuSansMono.ttf", "OpenSans-Regular.ttf", "Lato-Regular.ttf", "EBGaramond12-Regular.otf",
    )
)  # fmt: skip
OTHER_THAI: tuple[Face, ...] = tuple(
    (name, 0)
    for name in (
        "NotoSansThai-Regular.ttf", "NotoSerifThai-Regular.ttf", "NotoLoopedThai-Regular.ttf", "ArundinaSans.ttf",
        "ArundinaSerif.ttf", "TlwgTypo.ttf", "Purisa.ttf", "Garuda.ttf", "Norasi.ttf",
    )
)  # fmt: skip
THAI_ALONE = frozenset({"NotoSansThai-Regular.ttf", "NotoSerifThai-Regular.ttf", "NotoLoopedThai-Regular.ttf"})
"""Without figures and Latin letters."""
OTHER_LATIN: tuple[Face, ...] = tuple(
    (name, 0)
    for name in (
        "Roboto-Regular.ttf", "Carlito-Regular.ttf", "OpenSans-Regular.ttf", "Lato-Regular.ttf",
        "RobotoCondensed-Regular.ttf", "EBGaramond12-Regular.otf", "LiberationMono-Regular.ttf",
    )
)  # fmt: skip


class NoFont(Exception):
    """None of the fonts for a script is on this machine."""


@cache
def _files() -> dict[str, Path]:
    present = (folder for folder in FOLDERS if folder.is_dir())
    return {path.name: path for folder in present for path in folder.rglob("*") if path.suffix[:3] in {".tt", ".ot"}}


def available(faces: Iterable[Face]) -> list[Face]:
    """Those of `faces` that are on this machine."""
    return [face for face in faces if face[0] in _files()]


def choose(dice: Random, faces: Iterable[Face]) -> Face:
    """One of `faces` that is here. Raises `NoFont`."""
    here = available(faces)
    if not here:
        wanted = ", ".join(sorted({name for name, _ in faces}))
        raise NoFont(f"none of these fonts is on this {sys.platform} machine: {wanted}")
    return dice.choice(here)


@cache
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """`size` in pixels."""
    name, index = face
    return ImageFont.truetype(_files()[name], size, index=index)
