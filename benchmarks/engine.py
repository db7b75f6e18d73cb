"""The local engine beside the bare OCR engine and plain Tesseract, in one run, over pictures with their truth.

    python -m benchmarks.engine DIR [--limit N]

Each runs in a process of its own, so that peak memory is its own. Accuracy of all three alike: the share of the truth's
amounts and health values that occur in what was read, whatever the field. Seconds are only worth comparing within one
run; those of CPU, all threads together, also on a machine that does other things. Tesseract is left out, with a line
that says so, where its Chinese data are not installed (Debian: `apt install tesseract-ocr-chi-sim`); its Thai data are
the engine's own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

TESSDATA = ("usr/share/tesseract-ocr/*/tessdata", "usr/share/tessdata", "usr/local/share/tessdata")
"""Where distributions put Tesseract's data, below the root."""
PICTURES = (".jpg", ".jpeg", ".png")
Reader = Callable[[Image.Image], str]


def bare_engine() -> Reader:
    """RapidOCR as its manual has it, without the text direction classifier, with as many threads as ours."""
    from rapidocr import RapidOCR

    from ocr_providers.engine.models import threads

    engine = RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads(),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(image: Image.Image) -> str:
        result: Any = engine(np.asarray(image.convert("RGB"))[:, :, ::-1])
        return " ".join(result.txts or ())

    return read


def whole_pipeline() -> Reader:
    from ocr_providers.engine.pipeline import read_pages, warm_up
    from ocr_providers.exact_json import dumps
    from ocr_providers.results import Invoice
    from ocr_providers.vendor_schema import health_to_json, invoice_to_json

    def read(image: Image.Image) -> str:
        document = read_pages([image]).document
        return dumps(invoice_to_json(document) if isinstance(document, Invoice) else health_to_json(document))

    warm_up()
    return read


def tesseract() -> Reader:
    """chi_sim from wherever the machine has it, with the engine's Thai; raises `RuntimeError` where it has none."""
    import tesserocr

    from ocr_providers.engine.thai import MODEL

    chinese = _folder_with("chi_sim")
    both = Path(tempfile.mkdtemp(prefix="tessdata-"))
    for file in (chinese / "chi_sim.traineddata", MODEL / "tha.traineddata"):
        (both / file.name).symlink_to(file.resolve())
    reader = tesserocr.PyTessBaseAPI(path=str(both), lang="chi_sim+tha")

    def read(image: Image.Image) -> str:
        reader.SetImage(image.convert("RGB"))
        return str(reader.GetUTF8Text())

    return read


def _folder_with(language: str) -> Path:
    """The first folder of Tesseract data that has `language`."""
    named = [Path(os.environ["TESSDATA_PREFIX"])] if "TESSDATA_PREFIX" in os.environ else []
    folders = [*named, *(folder for pattern in TESSDATA for folder in sorted(Path("/").glob(pattern)))]
    for folder in folders:
        if (folder / f"{language}.traineddata").exists():
            return folder
    raise RuntimeError(f"no {language}.traineddata: install Tesseract's, or name its folder in TESSDATA_PREFIX")


READERS: dict[str, Callable[[], Reader]] = {
    "bare engine": bare_engine,
    "pipeline": whole_pipeline,
    "tesseract": tesseract,
}


def printed_values(truth: dict[str, Any]) -> Iterator[str]:
    """Amounts of an invoice with two decimals; values of a health check as printed."""
    if "data" not in truth:
        yield from printed_amounts(truth)
        return
    for entry in truth["data"]:
        if entry["found"] and entry["key"] != "Date_reformatted":
            yield re.sub(r"\s", "", str(entry["value"]))


def printed_amounts(truth: object) -> Iterator[str]:
    if isinstance(truth, dict):
        for name, value in truth.items():
            if name in ("cost", "price", "total_cost", "unit_price") and value is not None:
                yield f"{float(value):.2f}"
            yield from printed_amounts(value)
    elif isinstance(truth, list):
        for value in truth:
            yield from printed_amounts(value)


def measure(name: str, pictures: list[Path], results: Any) -> None:
    """Reads all pictures with one reader; puts seconds a page (clock and CPU), megabytes and the share found."""
    try:
        read = READERS[name]()
    except (ImportError, RuntimeError) as error:
        results.put({"reader": name, "error": str(error)})
        return
    read(Image.open(pictures[0]))
    found = total = 0
    started, computed = time.perf_counter(), time.process_time()
    for picture in pictures:
        text = re.sub(r"[\s,]", "", read(Image.open(picture)))
        values = list(printed_values(json.loads(picture.with_suffix(".truth.json").read_text(encoding="utf-8"))))
        found += sum(value in text for value in values)
        total += len(values)
    seconds, cpu = (
        (now - then) / len(pictures) for now, then in ((time.perf_counter(), started), (time.process_time(), computed))
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.put({"reader": name, "seconds": seconds, "cpu": cpu, "megabytes": memory, "found": found / max(total, 1)})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=12, help="pictures to read")
    options = parser.parse_args()
    pictures = sorted(path for path in options.folder.iterdir() if path.suffix in PICTURES)
    pictures = [path for path in pictures if path.with_suffix(".truth.json").exists()]
    pictures = pictures[:: max(1, len(pictures) // options.limit)][: options.limit]
    spawn = multiprocessing.get_context("spawn")
    rows = []
    for name in READERS:
        results = spawn.Queue()
        process = spawn.Process(target=measure, args=(name, pictures, results))
        process.start()
        rows.append(results.get())
        process.join()
    print_table(rows)


def print_table(rows: list[dict[str, Any]]) -> None:
    bare = next(row for row in rows if "seconds" in row)
    print(f"{'reader':<14}{'s/page':>8}{'ratio':>8}{'CPU s':>8}{'ratio':>8}{'MB':>7}{'found':>9}")
    for row in rows:
        if "error" in row:
            print(f"{row['reader']:<14}not available: {row['error']}")
            continue
        times = "".join(f"{row[name]:>8.2f}{row[name] / bare[name]:>8.2f}" for name in ("seconds", "cpu"))
        print(f"{row['reader']:<14}{times}{row['megabytes']:>7.0f}{row['found']:>9.3f}")


if __name__ == "__main__":
    main()
