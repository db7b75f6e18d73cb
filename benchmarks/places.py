"""Where values stand that a provider without boxes read: how many are found, and how many of those at the right place.

    python -m benchmarks.places [--every 8]

Takes every n-th document of the demo department whose reader gave boxes, and takes the boxes away: the values go in as
they were read, misreadings included. The baseline of the same run is the search among the words alone, without the
engine's own reading of the form.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import Image

from claims.demo.documents import DemoDocument, department_documents
from ocr_providers.engine.pipeline import look_at, sources_of
from ocr_providers.engine.places import Places, Value, find_places
from ocr_providers.results import Box, Invoice
from ocr_providers.vendor_schema import date_of, invoice_to_json, number_of

SLACK = 3
"""Pixels by which the middle of the one may lie outside the other box."""
OTHER_WORDS = ("gender", "/type", "medical_type", "qr_code", "/level")
"""Printed in other words than the value."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=8)
    options = parser.parse_args()
    with_boxes = [document for document in department_documents() if document.vendor == "local"]
    results: dict[str, Counter[str]] = {"both ways": Counter(), "words alone": Counter()}
    reading = searching = 0.0
    for document in with_boxes[:: options.every]:
        values, boxes = dict(values_of(document)), boxes_of(document)
        started = time.process_time()
        words, own = look_at([Image.open(document.file).convert("RGB")], document.kind)
        looked = time.process_time()
        results["both ways"] += judged(find_places(values, own, words), boxes)
        reading, searching = reading + looked - started, searching + time.process_time() - looked
        results["words alone"] += judged(find_places(values, {}, words), boxes)
    for name, counts in results.items():
        print(f"{name:12} {described(counts)}")
    print(f"search / reading of the pages: {searching / reading:.3f} of the time")


def values_of(document: DemoDocument) -> Iterator[tuple[str, Value]]:
    """What was read, by pointer; of a health check by key."""
    read = document.reading.document
    if not isinstance(read, Invoice):
        for entry in read.values:
            if entry.value is not None:
                yield f"/{entry.key}/value", typed(entry.value)
        return
    answer = invoice_to_json(read)
    names = {f"/{table}/{n}/name" for table in ("cost_categories", "payments_info") for n in range(len(answer[table]))}
    for pointer in {*read.sources, *names}:
        value = at(answer, pointer)
        if value is not None and not pointer.endswith(OTHER_WORDS):
            yield pointer, typed(value)


def at(answer: Any, pointer: str) -> Any:
    for token in pointer.strip("/").split("/"):
        answer = answer[int(token)] if isinstance(answer, list) else answer.get(token)
        if answer is None:
            return None
    return answer


def typed(value: Any) -> Value:
    if isinstance(value, str):
        return date_of(value) or value
    return number_of(value) or value


def boxes_of(document: DemoDocument) -> dict[str, Box]:
    return {pointer: source.box for pointer, source in sources_of(document.reading.document).items() if source.box}


def judged(places: Places, boxes: Mapping[str, Box]) -> Counter[str]:
    """By value whose box is known: right, wrong, one of several, or not found."""
    return Counter(
        verdict(places.get(pointer, ()), box) for pointer, box in boxes.items() if not pointer.endswith(OTHER_WORDS)
    )


def verdict(found: tuple[Box, ...], truth: Box) -> str:
    if not found:
        return "nowhere"
    if len(found) > 1:
        return "several"
    return "right" if meets(found[0], truth) or meets(truth, found[0]) else "wrong"


def meets(outer: Box, inner: Box) -> bool:
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    across = outer.left - SLACK <= x <= outer.right + SLACK
    return across and outer.top - SLACK <= y <= outer.bottom + SLACK


def described(counts: Counter[str]) -> str:
    total, placed = sum(counts.values()), counts["right"] + counts["wrong"]
    shares = ", ".join(f"{name} {counts[name] / total:.1%}" for name in ("right", "wrong", "several", "nowhere"))
    return f"{total} values: {shares}; of those placed, {counts['wrong'] / max(placed, 1):.2%} wrongly"


if __name__ == "__main__":
    main()
