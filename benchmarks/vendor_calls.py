"""Calls in flight and memory per call, through the ledger alone, against a vendor in a process of its own.

The whole job around it (claimed, stored, checked, ended) is measured by `benchmarks.vendor_jobs`.

python -m benchmarks.vendor_calls             calls in flight against the limit (n / latency), CPU per call
python -m benchmarks.vendor_calls --memory    memory with 16 pictures of 5 MB in flight, streamed and with `json=`
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks import slow_vendor
from benchmarks.desk import fresh_desk, make_account, run_part

ACCOUNT = "benchmark"
PART = "benchmarks.vendor_calls"
ROUNDS = 12
"""Calls per thread."""
PICTURE_BYTES = 300_000
LARGE_PICTURE_BYTES = 3_900_000
"""The largest that JD takes: 5 MB as base64."""


def pictures(count: int, size: int) -> list[bytes]:
    """Different JPEG files of about this size: a small picture with a long tail, which decoders ignore.

    Different from those of every other run too: what is on record would be answered from there.
    """
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (800, 600), 255).save(buffer, "JPEG")
    run = os.urandom(8)
    return [buffer.getvalue() + run + number.to_bytes(4, "big") + bytes(size) for number in range(count)]


def read_all(threads: int, contents: list[bytes], read: Callable[[bytes], None]) -> float:
    """Seconds for all, `threads` at a time."""
    started = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(read, contents))
    return time.monotonic() - started


def reader() -> Callable[[bytes], None]:
    import django

    django.setup()
    from ocr_providers.base import SourceDocument
    from ocr_providers.ledger import read_with_account
    from ocr_providers.models import ProviderAccount
    from ocr_providers.results import Kind

    ProviderAccount.objects.update(max_in_flight=1000)
    account = ProviderAccount.objects.get(name=ACCOUNT)

    def read(content: bytes) -> None:
        read_with_account(account, SourceDocument(content, "image/jpeg", Kind.INVOICE))

    return read


def measure_calls(threads: int, latency: float, mode: str, url: str) -> dict[str, float]:
    read = reader() if mode == "ledger" else bare_reader(url)
    read_all(threads, pictures(threads, 1000), read)  # threads, connections and imports are there
    contents = pictures(threads * ROUNDS, PICTURE_BYTES)
    before = resource.getrusage(resource.RUSAGE_SELF)
    seconds = read_all(threads, contents, read)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "calls": len(contents),
        "calls_per_second": round(len(contents) / seconds, 1),
        "share_of_limit": round(len(contents) / seconds / (threads / latency), 3),
        "cpu_ms_per_call": round(cpu / len(contents) * 1000, 1),
    }


def bare_reader(url: str) -> Callable[[bytes], None]:
    """The baseline of the same run: the request alone."""
    import django

    django.setup()
    from ocr_providers.base import Connection
    from ocr_providers.http import JsonPicture, post_picture

    connection = Connection(endpoint=url, max_in_flight=1000)

    def read(content: bytes) -> None:
        post_picture(connection, url, JsonPicture("image_base64", content))

    return read


def resident() -> float:
    """MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure_memory(threads: int, mode: str, url: str) -> dict[str, float]:
    """Growth of resident memory at its highest, above what the process has before; pictures come from files."""
    read = reader() if mode == "streamed" else json_reader(url)
    read_all(threads, pictures(threads, 1000), read)
    numbers = range(threads * 2)
    template = pictures(1, LARGE_PICTURE_BYTES)[0]
    before, peak, done = resident(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.01):
            peak = max(peak, resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda number: read(template + bytes([number])), numbers))
    done.set()
    watcher.join()
    return {"growth_mb": round(peak - before, 1), "per_call_mb": round((peak - before) / threads, 2)}


def json_reader(url: str) -> Callable[[bytes], None]:
    """The baseline: what `requests` does with `json=`."""
    import requests

    def read(content: bytes) -> None:
        requests.post(url, json={"image_base64": base64.b64encode(content).decode()}, timeout=60)

    return read


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--part", nargs="+", default=[])
    options = parser.parse_args()
    if options.part:
        print(json.dumps(part(*options.part)))
        return
    with slow_vendor.running(latency=options.latency) as url, fresh_desk() as environment:
        make_account(environment, ACCOUNT, url)
        if options.memory:
            for mode in ("streamed", "json="):
                found = run_part(PART, environment, "--part", "memory", mode, url)
                print(f"16 in flight, 5 MB as base64, {mode}:", found)
            return
        for threads in (32, 64):
            for mode in ("bare", "ledger"):
                found = run_part(PART, environment, "--part", "calls", str(threads), str(options.latency), mode, url)
                print(f"{threads} in flight, {mode}:", found)


def part(what: str, *arguments: str) -> dict[str, float]:
    if what == "memory":
        return measure_memory(16, *arguments)
    threads, latency, mode, url = arguments
    return measure_calls(int(threads), float(latency), mode, url)


if __name__ == "__main__":
    main()
