"""What the pipeline costs on top of the bare OCR engine at the same resolution.

    python -m benchmarks.engine_share DIR [--limit N]

Each picture is read by the whole pipeline, then once more by detector and recogniser alone, on the picture that the
pipeline had prepared: the same boxes at the same size. Seconds are of CPU, all threads together, of one process, so
that they can be compared on a machine that does other things. Below the sums stands where the pipeline spends its own.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PIL import Image

from ocr_providers.engine import models, pipeline, prepare, thai
from ocr_providers.results import Kind

PICTURES = (".jpg", ".jpeg", ".png")
STAGES: tuple[tuple[Any, str], ...] = (
    (prepare, "first_look"),
    (prepare, "upright_turn"),
    (pipeline, "read_qr"),
    (pipeline, "read_under_seals"),
    (pipeline, "with_second_look"),
    (pipeline, "read_invoice"),
    (pipeline, "read_health"),
    (thai, "_read"),
)
"""Parts of the pipeline beside the engine's own two steps; `_read`, Tesseract's, is within `read_health`."""


@dataclass(slots=True)
class Spent:
    """Seconds of CPU over the pictures of one kind."""

    pages: int = 0
    bare: float = 0.0
    whole: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def counted(module: Any, name: str, spent: dict[str, float]) -> Any:
    """A patch under which `module.name` adds its seconds to `spent`."""
    original = getattr(module, name)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        seconds, result = timed(lambda: original(*arguments, **options))
        spent[name] = spent.get(name, 0.0) + seconds
        return result

    return patch.object(module, name, wrapped)


def bare_engine(image: Image.Image) -> float:
    """Seconds of detector and recogniser alone, on the picture that the pipeline prepares."""
    picture = prepare.prepare(prepare.page_pixels(image)).picture

    def read() -> None:
        models.recognise([prepare.crop(picture, quad) for quad in models.detect(picture)])

    return timed(read)[0]


def measure(path: Path, by_kind: dict[Kind, Spent]) -> None:
    image = Image.open(path).convert("RGB")
    stages: dict[str, float] = {}
    with ExitStack() as stack:
        for module, name in STAGES:
            stack.enter_context(counted(module, name, stages))
        seconds, result = timed(lambda: pipeline.read_pages([image]))
    spent = by_kind.setdefault(result.kind, Spent())
    spent.pages += 1
    spent.whole += seconds
    spent.bare += bare_engine(image)
    for name, part in stages.items():
        spent.stages[name] = spent.stages.get(name, 0.0) + part


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_share", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=12, help="pictures to read")
    options = parser.parse_args()
    pictures = sorted(path for path in options.folder.iterdir() if path.suffix in PICTURES)
    pictures = pictures[:: max(1, len(pictures) // options.limit)][: options.limit]
    pipeline.warm_up()
    by_kind: dict[Kind, Spent] = {}
    for path in pictures:
        measure(path, by_kind)
    for kind, spent in by_kind.items():
        bare, whole = spent.bare / spent.pages, spent.whole / spent.pages
        print(
            f"{kind}, {spent.pages} pages: bare {bare:.2f} s, pipeline {whole:.2f} s, {whole / bare:.2f} times as much"
        )
        for name, seconds in sorted(spent.stages.items(), key=lambda item: -item[1]):
            print(f"    {name:<18}{seconds / spent.pages:6.2f} s, {seconds / spent.bare:6.1%} of the bare engine")


if __name__ == "__main__":
    main()
