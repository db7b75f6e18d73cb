"""Workers killed at random while they read pictures with a vendor that charges, drops and refuses.

    python -m benchmarks.random_kills --pictures 400 --seconds 60      SQLite; the empty database of DATABASE_URL

Afterwards every picture has a good answer or is held for a person, and none was charged twice. `tests` run it shorter.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks import slow_vendor
from benchmarks.desk import REPOSITORY, fresh_desk, make_account
from benchmarks.kills import Outcome, twice

ACCOUNT = "benchmark"
THREADS = 4
PAUSE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOutcome(Outcome):
    charges: int


def run(
    *,
    pictures: int,
    seconds: float,
    workers: int = 4,
    drop: float = 0.02,
    busy: float = 0.08,
    latency: float = 0.3,
    database_url: str = "",
) -> PictureOutcome:
    """Kills a worker every now and then for `seconds`, then lets them finish."""
    with slow_vendor.running(latency=latency, drop=drop, busy=busy) as url, fresh_desk(database_url) as environment:
        make_account(environment, ACCOUNT, url)
        kills = _kill_at_random(environment, workers, pictures, seconds)
        charges = slow_vendor.stat(url)["charges"]
        read, held = _counted(environment)
    return PictureOutcome(
        papers=pictures,
        kills=kills,
        read=read,
        held=held,
        charges=sum(charges.values()),
        charged_twice=twice(charges.values()),
    )


def _kill_at_random(environment: dict[str, str], count: int, pictures: int, seconds: float) -> int:
    """How many workers were killed until all pictures were settled."""
    workers = [_start(environment, pictures) for _worker in range(count)]
    kills, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(random.uniform(0.3, 1.5))
        number = random.randrange(count)
        if workers[number].poll() is None:
            workers[number].send_signal(signal.SIGKILL)
            kills += 1
        workers[number].wait()
        workers[number] = _start(environment, pictures)
    for worker in workers:
        worker.wait(timeout=300)
    return kills


def _start(environment: dict[str, str], pictures: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks.random_kills", "--work", str(pictures)]
    return subprocess.Popen(command, env=environment, cwd=REPOSITORY)  # noqa: S603


def _counted(environment: dict[str, str]) -> tuple[int, int]:
    command = [sys.executable, "-m", "benchmarks.random_kills", "--count"]
    done = subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=True)  # noqa: S603
    read, held = (int(word) for word in done.stdout.split())
    return read, held


# --- inside a worker -------------------------------------------------------------------------------------------------


def work(pictures: int) -> None:
    """Reads what is not settled yet, in any order, until everything is."""
    from concurrent.futures import ThreadPoolExecutor

    numbers = list(range(pictures))
    random.Random(os.getpid()).shuffle(numbers)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(settle, numbers))


def settle(number: int) -> None:
    from ocr_providers.base import SourceDocument
    from ocr_providers.exceptions import FateUnknown, OcrError
    from ocr_providers.ledger import read_with_account
    from ocr_providers.models import ProviderAccount
    from ocr_providers.results import Kind

    document = SourceDocument(picture(number), "image/jpeg", Kind.INVOICE)
    while True:
        try:
            read_with_account(ProviderAccount.objects.get(name=ACCOUNT), document, respect_pause=False)
        except FateUnknown:
            return  # held for a person
        except OcrError as error:
            if not error.retryable:
                raise
            time.sleep(min(error.retry_after or PAUSE, 1.0))
        else:
            return


def picture(number: int) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (200, 150), 255).save(buffer, "JPEG")
    return buffer.getvalue() + number.to_bytes(4, "big")


def counted() -> tuple[int, int]:
    """Pictures with a good answer, and pictures held for a person."""
    from ocr_providers.models import ProviderCall

    states: dict[str, set[str]] = {}
    for sha256, state in ProviderCall.objects.values_list("sha256", "state"):
        states.setdefault(sha256, set()).add(state)
    answered = sum(1 for found in states.values() if "ok" in found)
    return answered, sum(1 for found in states.values() if "uncertain" in found and "ok" not in found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--work", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work is None and not options.count:
        database_url = os.environ.get("DATABASE_URL", "")
        outcome = run(pictures=options.pictures, seconds=options.seconds, database_url=database_url)
        print(outcome, f"lost={outcome.lost}")
        return
    import django

    django.setup()
    if options.count:
        print(*counted())
    else:
        work(options.work)


if __name__ == "__main__":
    main()
