"""A vendor in a process of its own: answers in the JD protocol after a while, charges, and sometimes misbehaves.

    python -m benchmarks.slow_vendor --latency 1 --drop 0.02 --busy 0.08

prints its base URL. `GET /stat` tells the charges per picture and the most calls that were in flight.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks import invoices

REPOSITORY = Path(__file__).resolve().parent.parent
NOTE_NO, DAY = b"0123456789", b"2024-05-16"
"""Stand in the answers until the picture is known: another for each."""


def answers(count: int) -> list[bytes]:
    """Successful answers about as many invoices, one in ten misread in one number."""
    made, rng = [], random.Random(1)
    for n in range(count):
        result = {**invoices.invoice(rng), "note_no": NOTE_NO.decode(), "billing_date": DAY.decode()}
        if n % 10 == 0:
            path, number = rng.choice(sorted(invoices.numbers(result).items()))
            invoices.put(result, path, invoices.misread(rng, number))
        found = {"request_id": "TID0", "status": "OK", "degree": 0, "medical_result": result}
        answer = {"code": "10000", "charge": True, "remainTimes": -1, "msg": "ok", "result": found}
        made.append(json.dumps(answer, default=float).encode())
    return made


ANSWERS = answers(199)


def answer_for(picture: str) -> bytes:
    """The invoice in this picture: the same every time, no two with one number."""
    number = int(picture[:12], 16)
    day = f"{2000 + number % 24}-{number % 11 + 1:02}-{number % 28 + 1:02}".encode()
    template = ANSWERS[number % len(ANSWERS)]
    return template.replace(NOTE_NO, f"{number % 10**10:010}".encode()).replace(DAY, day)


@dataclass
class Vendor:
    latency: float
    drop: float
    """Share of calls that are charged and then dropped without an answer."""
    busy: float
    """Share of calls that are refused with 503, uncharged."""
    charges: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    peak: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # a client was killed
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if head.startswith("get /stat"):
            writer.write(_response(200, json.dumps({"charges": self.charges, "peak": self.peak}).encode()))
            await writer.drain()
            return True
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        picture = hashlib.sha256(await reader.readexactly(length)).hexdigest()
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            return await self._answer(picture, writer)
        finally:
            self.in_flight -= 1

    async def _answer(self, picture: str, writer: asyncio.StreamWriter) -> bool:
        if random.random() < self.busy:
            writer.write(_response(503, b"", "Retry-After: 0\r\n"))
            await writer.drain()
            return True
        self.charges[picture] += 1
        if random.random() < self.drop:
            return False
        await asyncio.sleep(self.latency)
        writer.write(_response(200, answer_for(picture)))
        await writer.drain()
        return True


def _response(status: int, body: bytes, more: str = "") -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


async def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("latency", "drop", "busy"):
        parser.add_argument(f"--{name}", type=float, default=0.0)
    vendor = Vendor(**vars(parser.parse_args()))
    server = await asyncio.start_server(vendor.serve, "127.0.0.1", 0, limit=2**20, backlog=512)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


@contextmanager
def running(*, latency: float = 0.0, drop: float = 0.0, busy: float = 0.0) -> Iterator[str]:
    """The vendor's base URL, as long as the block lasts."""
    command = [sys.executable, "-m", "benchmarks.slow_vendor"]
    command += [f"--latency={latency}", f"--drop={drop}", f"--busy={busy}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)  # noqa: S603
    try:
        yield (process.stdout.readline() if process.stdout else "").strip()
    finally:
        process.kill()
        process.wait()


def stat(url: str) -> dict[str, Any]:
    with urlopen(f"{url}/stat") as answer:  # noqa: S310 - our own process
        found: dict[str, Any] = json.load(answer)
    return found


if __name__ == "__main__":
    asyncio.run(main())
