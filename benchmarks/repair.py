"""How well `check_invoice` finds and mends misread numbers, and how fast: `python -m benchmarks.repair --help`.

"right": the proposals that stand out, of all findings together, are exactly the numbers that were misread; "wrong":
one of them changes a number to something it is not; "tie": several candidates are shown, none first; "none": the rest.
"first wrong" counts a tie by its first candidate.
"""

from __future__ import annotations

import argparse
import copy
import itertools
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from benchmarks.invoices import invoice, misread, numbers, put  # noqa: E402 - after the set-up that they need
from benchmarks.receipts import hospital_paper, misread_as_printed, national_receipt  # noqa: E402
from ocr_providers.arithmetic import Change, Finding, Severity, check_invoice  # noqa: E402
from ocr_providers.arithmetic.findings import Value  # noqa: E402
from ocr_providers.exact_json import dumps, loads  # noqa: E402
from ocr_providers.vendor_schema import invoice_from_json  # noqa: E402

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """How invoices of one convention are made, and how their numbers are misread."""

    name: str
    make: Callable[[random.Random], Json]
    misread: Callable[[random.Random, Decimal], Decimal]


FORMS = (
    Form("unit price", invoice, misread),
    Form("hospital", hospital_paper, misread_as_printed),
    Form("national", national_receipt, misread_as_printed),
    Form("two-column", partial(invoice, unit_prices=False), misread),
)


def judge(findings: tuple[Finding, ...], truth: dict[str, Decimal]) -> tuple[bool, str, bool]:
    """Whether every misread number is pointed to; right, wrong, tie or none; whether a first proposal is wrong."""
    pointed = {path for finding in findings for path in finding.paths}
    best = {change_of(change) for finding in findings if finding.best for change in finding.best.changes}
    first = {
        change_of(change) for finding in findings for item in finding.suggestions[:1] for change in item.changes
    }  # fmt: skip
    return truth.keys() <= pointed, outcome(best, first, set(truth.items())), bool(first - set(truth.items()))


def change_of(change: Change) -> tuple[str, Value]:
    return change.path, change.value


def outcome(best: set[tuple[str, Value]], first: set[tuple[str, Value]], truth: set[tuple[str, Decimal]]) -> str:
    if best - truth:
        return "wrong"
    if best == truth:
        return "right"
    return "tie" if first > best else "none"


def field_of(path: str) -> str:
    parts = path.split("/")
    return parts[-1] if len(parts) < 4 else f"{parts[2]}.{parts[-1]}"


def measure(form: Form, count: int, seed: int, errors: int, show: int = 0) -> Counter[str]:
    rng = random.Random(seed)
    tally: Counter[str] = Counter()
    for _ in range(count):
        result = form.make(rng)
        truth = dict(rng.sample(sorted(numbers(result).items()), errors))
        broken = copy.deepcopy(result)
        for path, value in truth.items():
            put(broken, path, form.misread(rng, value))
        document = invoice_from_json(loads(dumps(broken)))
        started = time.perf_counter()
        findings = check_invoice(document)
        tally["nanoseconds"] += int((time.perf_counter() - started) * 1e9)
        detected, result_of, first_wrong = judge(findings, truth)
        loud = any(finding.severity is not Severity.INFO for finding in findings)
        tally.update(
            {"detected": detected, "any": bool(findings), "loud": loud, result_of: 1, "first wrong": first_wrong}
        )
        name = field_of(next(iter(truth)))
        tally.update({f"{name} {result_of}": 1, f"{name} missed": not detected, f"{name} all": 1})
        if (result_of != "right" or not detected) and tally["shown"] < show:
            tally["shown"] += 1
            read = {path: str(numbers(broken).get(path)) for path in truth}
            print(result_of, detected, {path: str(value) for path, value in truth.items()}, "read", read)
            for finding in findings:
                print("   ", finding.code, finding.severity, finding.message[:100], finding.paths[:3])
                for item in finding.suggestions:
                    print(
                        "       ", [(c.path, str(c.value)) for c in item.changes], item.explains, round(item.share, 3)
                    )
    return tally


def false_alarms(form: Form, count: int, seed: int) -> int:
    rng = random.Random(seed)
    alarms = 0
    for _ in range(count):
        findings = check_invoice(invoice_from_json(loads(dumps(form.make(rng)))))
        alarms += any(finding.severity is not Severity.INFO for finding in findings)
    return alarms


def speed(count: int, seed: int) -> None:
    """Documents of 15 to 25 lines a second through the command itself, beside what parsing their JSON alone takes."""
    rng = random.Random(seed)
    made = (invoice(rng) for _ in itertools.count())
    clean = list(itertools.islice((it for it in made if 15 <= len(it["cost_detail_list"]) <= 25), count))
    broken = copy.deepcopy(clean)
    for result in broken:
        path, value = rng.choice(sorted(numbers(result).items()))
        put(result, path, misread(rng, value))
    for name, results in (("clean", clean), ("one misread", broken)):
        lines = [dumps({"medical_result": result}).encode() for result in results]
        started = time.process_time()
        for line in lines:
            loads(line)
        parsing = time.process_time() - started
        whole = _through_the_command(lines) - _through_the_command([])
        print(f"{name:12} {count / whole:7.0f} documents/s of processor time, {whole / parsing:5.1f} × parsing JSON")


def _through_the_command(lines: list[bytes]) -> float:
    """Seconds of processor time that `check_documents` takes for a stream, its start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "manage.py", "check_documents"]
    subprocess.run(command, input=b"\n".join(lines), stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - ourselves
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many cases that were not mended")
    parser.add_argument(
        "--stream", type=int, default=0, help="documents to send through check_documents, for its speed"
    )
    parser.add_argument("--fields", action="store_true", help="one row per kind of number")
    options = parser.parse_args()
    if options.stream:
        speed(options.stream, options.seed)
    print(
        "form        misread  detected  any finding  warned   right    wrong    tie      none     1st wrong ms/invoice"
    )
    for form in FORMS:
        alarms = false_alarms(form, options.count, options.seed)
        print(f"{form.name:11} 0        false alarms: {alarms} of {options.count}")
        for errors in (1, 2):
            tally = measure(form, options.count, options.seed, errors, options.show)
            shares = [
                tally[name] / options.count
                for name in ("detected", "any", "loud", "right", "wrong", "tie", "none", "first wrong")
            ]
            row = "  ".join(f"{share:7.2%}" for share in shares)
            print(f"{form.name:11} {errors}       {row}  {tally['nanoseconds'] / options.count / 1e6:7.2f}")
            if options.fields:
                for name in sorted({key.rpartition(" ")[0] for key in tally if key.endswith(" all")}):
                    print(
                        "   ",
                        name,
                        {k: tally[f"{name} {k}"] for k in ("all", "missed", "right", "wrong", "tie", "none")},
                    )


if __name__ == "__main__":
    main()
