"""Command line: paints series of pictures with their truth."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.painter.conditions import CONDITIONS
from benchmarks.painter.demo import PICTURES
from benchmarks.painter.department import paint_department
from benchmarks.painter.layouts import LAYOUTS
from benchmarks.painter.sheet import fit
from benchmarks.painter.truth import Painted
from claims.demo.invented import seeded
from ocr_providers.exact_json import dumps


def paint_one(layout: str, condition: str, seed: str) -> Painted:
    """One document: the same seed gives the same document on a machine with the same fonts."""
    painted = LAYOUTS[layout](seeded(f"{seed}/{layout}"))
    dice = seeded(f"{seed}/{layout}/{condition}")
    marks = painted.marks if condition == "clean" else ()
    return Painted(tuple(CONDITIONS[condition](page, dice) for page in painted.pages), painted.truth, marks)


def save(painted: Painted, target: Path, *, quality: int, max_pixels: int) -> Path:
    """Writes the truth and the picture - several pages as one PDF - beside each other; gives the picture's path."""
    pages = [fit(page, max_pixels) for page in painted.pages]
    path = target.with_suffix(".jpg" if len(pages) == 1 else ".pdf")
    if len(pages) == 1:
        pages[0].save(path, quality=quality, optimize=True, progressive=True)
    else:
        pages[0].save(path, save_all=True, append_images=pages[1:], quality=quality, resolution=157)
    target.with_suffix(".truth.json").write_text(dumps(painted.truth, indent=1) + "\n", encoding="utf-8")
    return path


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.painter", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--demo", action="store_true", help="paint the pictures of demo/pictures instead")
    parser.add_argument("--department", action="store_true", help="paint the documents of demo/claims instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1, help="documents of each layout; conditions take turns")
    parser.add_argument("--layouts", default=",".join(LAYOUTS))
    parser.add_argument("--degrade", default="clean,scan,photo", help="of " + ",".join(CONDITIONS))
    parser.add_argument("--quality", type=int, default=76, help="of the JPEG")
    parser.add_argument("--megapixels", type=float, default=2.0, help="the most a picture has")
    return parser.parse_args()


def _wanted(options: argparse.Namespace) -> list[tuple[str, str, int]]:
    """(layout, condition, seed) of every document."""
    if options.demo:
        return list(PICTURES)
    conditions = options.degrade.split(",")
    return [
        (layout, conditions[n % len(conditions)], options.seed + n)
        for layout in options.layouts.split(",")
        for n in range(options.count)
    ]


def main() -> None:
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.department:
        print(paint_department(options.out), "documents")
        return
    for layout, condition, seed in _wanted(options):
        name = f"{layout}-{seed}-{condition}"
        painted = paint_one(layout, condition, f"{seed}")
        path = save(painted, options.out / name, quality=options.quality, max_pixels=int(options.megapixels * 1e6))
        print(path)


if __name__ == "__main__":
    main()
