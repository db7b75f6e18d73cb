"""The process that renders PDFs: `python -I pdf_child.py ORDER < file.pdf`. Started by `pdf`, imports nothing of ours.

Output: for each page a line of JSON with its width and height, followed, when pictures were ordered, by
width x height x 3 bytes of RGB; then `{"end": true}`; or `{"error": …}`.
"""

import json
import math
import resource
import sys
from typing import Any

import pypdfium2

MEMORY_BYTES = 2 * 1024**3
"""Address space: interpreter and PDFium take about 0.3 GB, a page at its largest another 0.4 GB."""
POINTS_PER_INCH = 72
WRONG_PASSWORD = 4
"""FPDF_ERR_PASSWORD"""


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: float) -> None:
    """Allows this many more seconds of CPU; the kernel ends the process when they are used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def say(note: dict[str, Any], pixels: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(note).encode() + b"\n" + pixels)
    sys.stdout.buffer.flush()


def scale_of(page: pypdfium2.PdfPage, order: dict[str, Any]) -> float:
    longer = max(page.get_size())
    if not (math.isfinite(longer) and longer > 0 and min(page.get_size()) > 0):
        raise ValueError("size")
    return float(min(order["dpi"] / POINTS_PER_INCH, order["side"] / longer))


def tell_page(page: pypdfium2.PdfPage, order: dict[str, Any]) -> None:
    scale = scale_of(page, order)
    width, height = (math.ceil(side * scale) for side in page.get_size())
    if order["task"] == "sizes":
        say({"width": width, "height": height})
        return
    image = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_pil().convert("RGB")
    say({"width": image.width, "height": image.height}, image.tobytes())


def tell_pages(document: pypdfium2.PdfDocument, order: dict[str, Any]) -> None:
    count = len(document)
    if count == 0 or count > order["max_pages"]:
        say({"error": "pages", "limit": order["max_pages"]} if count else {"error": "empty"})
        return
    wanted = range(count) if order["only"] is None else [n for n in [order["only"]] if n < count]
    for number in wanted:
        limit_cpu(order["seconds"])
        page = document[number]
        tell_page(page, order)
        page.close()
    say({"end": True})


def main() -> None:
    order = json.loads(sys.argv[1])
    limit_memory()
    limit_cpu(order["seconds"])
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        document.init_forms()  # seals and stamps of electronic receipts are annotations
        tell_pages(document, order)
    except ValueError:
        say({"error": "size"})
    except pypdfium2.PdfiumError as error:
        say({"error": "password" if getattr(error, "err_code", None) == WRONG_PASSWORD else "damaged"})


if __name__ == "__main__":
    main()
