"""Processor time of `check_invoice` on long and short invoices, beside that of another checkout in the same run.

    python -m benchmarks.arithmetic
    python -m benchmarks.arithmetic --against ../another-checkout --lines 500 --count 40

Each kind of document goes to both by turns, in one process each, so that what else the machine does meets both alike.
Prints milliseconds of processor time (median and 95th percentile), the ratio of the sums, and how many documents got
other findings.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

HERE = Path(__file__).resolve().parent.parent
Json: TypeAlias = dict[str, Any]
Answer: TypeAlias = tuple[float, str]
"""Milliseconds of processor time, and the findings as text."""


def serve() -> None:
    """A line of JSON in, time and findings out; of the checkout that the process was started in."""
    sys.path.insert(0, str(Path.cwd()))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from ocr_providers.arithmetic import check_invoice
    from ocr_providers.exact_json import loads
    from ocr_providers.vendor_schema import invoice_from_json

    for line in sys.stdin:
        document = invoice_from_json(loads(line))
        started = time.process_time()
        found = check_invoice(document)
        took = (time.process_time() - started) * 1000
        print(json.dumps([took, json.dumps([asdict(item) for item in found], default=str)]), flush=True)


class Checkout:
    """A process that checks documents by the code in a folder."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, str(Path(__file__).resolve()), "--serve"]
        self.process = subprocess.Popen(  # noqa: S603 - ourselves
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def check(self, document: str) -> Answer:
        print(document, file=self.process.stdin, flush=True)
        took, found = json.loads(self.process.stdout.readline() if self.process.stdout else "")
        return took, found

    def end(self) -> None:
        self.process.communicate()


def _clean(_numbers: dict[str, Any], _rng: random.Random) -> list[str]:
    return []


def _in_lines(count: int) -> Callable[[dict[str, Any], random.Random], list[str]]:
    """So many numbers, each in another line."""

    def chosen(numbers: dict[str, Any], rng: random.Random) -> list[str]:
        rows = sorted({path.rpartition("/")[0] for path in numbers if "/cost_detail_list/" in path})
        wrong = rng.sample(rows, min(count, len(rows)))
        return [rng.choice([path for path in numbers if path.startswith(f"{row}/")]) for row in wrong]

    return chosen


def _in_head(numbers: dict[str, Any], rng: random.Random) -> list[str]:
    return [rng.choice([path for path in numbers if "/cost_detail_list/" not in path])]


KINDS = {
    "clean": _clean,
    "one misread": _in_lines(1),
    "two misread": _in_lines(2),
    "thirty misread": _in_lines(30),
    "head misread": _in_head,
}


def documents(kind: str, lines: int, count: int, seed: int) -> list[str]:
    from benchmarks.invoices import invoice, misread, numbers, put
    from ocr_providers.exact_json import dumps

    rng = random.Random(seed)
    made = []
    for _ in range(count):
        result: Json = copy.deepcopy(invoice(rng, lines=lines))
        right = numbers(result)
        for path in KINDS[kind](right, rng):
            put(result, path, misread(rng, right[path]))
        made.append(dumps(result))
    return made


def row(kind: str, taken: list[list[Answer]]) -> str:
    times = [sorted(took for took, _ in answers) for answers in taken]
    shown = "".join(f"{each[len(each) // 2]:9.1f}{each[int(len(each) * 0.95) - 1]:9.1f}" for each in times)
    if len(taken) == 1:
        return f"{kind:16}{shown}"
    differing = sum(here[1] != there[1] for here, there in zip(*taken, strict=True))
    return f"{kind:16}{shown}{sum(times[1]) / sum(times[0]):8.2f} ×{differing:10}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, help="the folder of another checkout")
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--count", type=int, default=40, help="documents of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    folders = [HERE, *([options.against] if options.against else [])]
    checkouts = [Checkout(folder) for folder in folders]
    print(f"{options.lines} lines:      " + "   median      p95" * len(folders) + "   ratio   other findings")
    for kind in KINDS:
        made = documents(kind, options.lines, options.count, options.seed)
        answers = [[checkout.check(document) for checkout in checkouts] for document in made]
        print(row(kind, [list(each) for each in zip(*answers, strict=True)]), flush=True)
    for checkout in checkouts:
        checkout.end()


if __name__ == "__main__":
    main()
