"""The reports over a desk of three years: every report by itself, for 60 days and for a year.

    python -m benchmarks.reports --claims 300000                 in SQLite, in a folder that goes away
    DATABASE_URL=postgresql://… python -m benchmarks.reports     in an empty PostgreSQL database

Prints the queries and the median time of each report. The page shows all of them at once.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from benchmarks.desk import data_folder

if TYPE_CHECKING:
    from claims.reports.report import Report
    from claims.reports.scope import Scope

BATCH = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description="The reports over a desk of three years.")
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, help="folder of the SQLite database, kept")
    options = parser.parse_args()
    with data_folder(options.data) as folder:
        os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", CLAIMDESK_DATA_DIR=str(folder), LOG_LEVEL="ERROR")
        django.setup()
        _make(options.claims)
        _measure(options.rounds)


def _make(count: int) -> None:
    from django.core.management import call_command

    from benchmarks.million import fill, finish
    from claims.models import Claim, Decision

    call_command("migrate", verbosity=0)
    if not Claim.objects.exists():
        fill(count)
    if not Decision.objects.exists():
        _work_on_all()
        finish()


def _work_on_all() -> None:
    """Readings, corrections, decisions, draws and calls, as a department leaves them."""
    from django.db import transaction

    from benchmarks.million import Table
    from claims.models import Claim, Correction, Decision, Document, Reading, SampleDraw, User
    from ocr_providers.models import ProviderAccount, ProviderCall

    rng, people = random.Random(11), list(User.objects.values_list("pk", flat=True))
    account = ProviderAccount.objects.create(name="deepfinch", vendor="jd", enabled=False)
    tables = {
        "readings": Table(
            Reading, "document_id", "vendor", "account_name", "kind", "answer", "started_at", "finished_at"
        ),
        "calls": Table(ProviderCall, "account_id", "vendor", "endpoint", "sha256", "kind", "key", "state", "owner",
                       "expires_at", "started_at", "status", "charged", "cost"),
        "corrections": Table(
            Correction, "document_id", "cell", "label", "why", "batch", "revision", "user_id", "person", "made_at"
        ),
        "decisions": Table(Decision, "claim_id", "outcome", "asked", "eligible", "approved", "decided_by_id",
                           "decided_at", "needs_check", "saved_by_corrections"),
        "draws": Table(SampleDraw, "claim_id", "drawn", "share", "held", "payable", "drawn_at"),
    }  # fmt: skip
    papers = Document.objects.exclude(status="queued").order_by("pk").values_list("pk", "claim", "uploaded_at", "kind")
    decided = Claim.objects.filter(status="decided").order_by("pk").values_list("pk", "received_at", "amount_approved")
    for rows in _batches(_read(rng, papers.iterator(), account.pk, people)):
        with transaction.atomic():
            for name in ("readings", "calls", "corrections"):
                tables[name].insert([row for kind, row in rows if kind == name])
    for rows in _batches(_decided(rng, decided.iterator(), people)):
        with transaction.atomic():
            for name in ("decisions", "draws"):
                tables[name].insert([row for kind, row in rows if kind == name])


def _read(rng: random.Random, papers: Any, account: int, people: list[int]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    cells = ("invoice/total_cost", "line_items/3/price", "line_items/4/quantity", "invoice/note_no")
    for pk, _claim, at, kind in papers:
        vendor = "jd" if rng.random() < 0.4 else "local"
        yield "readings", (pk, vendor, "deepfinch" if vendor == "jd" else "local", kind, "{}", at, at)
        if vendor == "jd":
            key, cost = f"{pk:064x}", "0.3500"
            yield "calls", (account, vendor, "", key, kind, key, "ok", "x", at, at, 200, True, cost)
        for n in range(rng.choice((0, 0, 1, 2))):
            moment, batch = at + timedelta(hours=9), uuid.UUID(int=rng.getrandbits(128))
            stored = batch.hex
            yield "corrections", (pk, cells[(pk + n) % 4], "Total", "typed", stored, 1, rng.choice(people), "x", moment)


def _decided(rng: random.Random, claims: Any, people: list[int]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for pk, at, approved in claims:
        paid, when = approved or 0, at + timedelta(hours=10)
        saved = rng.choice((0, 0, 0, 5, -3))
        checked = rng.random() < 0.05
        yield "decisions", (pk, "approved", paid, paid, paid, rng.choice(people), when, checked, saved)
        if rng.random() < 0.2:
            held = rng.random() < 0.1
            yield "draws", (pk, "0.05" if held else "0.5", "0.1", held, paid, when)


def _batches(rows: Iterator[tuple[str, tuple[Any, ...]]]) -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _measure(rounds: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from claims.models import Claim
    from claims.reports.catalogue import REPORTS
    from claims.reports.scope import Scope

    today = timezone.localdate()
    print(f"{Claim.objects.count():,} claims, {connection.vendor}, {rounds} rounds")
    for days in (60, 365):
        scope, together = Scope(first=today - timedelta(days=days - 1), last=today), 0.0
        for name, make in REPORTS.items():
            queries, median = _time(make, scope, rounds)
            together += median
            print(f"{days:>4} days  {name:18} {queries:>2} queries {median:>9.1f} ms")
        print(f"{days:>4} days  all together       {together:>19.1f} ms")


def _time(make: Callable[[Scope], Report], scope: Scope, rounds: int) -> tuple[int, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        make(scope)
        queries = len(captured)
    times = []
    for _round in range(rounds):
        started = time.perf_counter()
        make(scope)
        times.append((time.perf_counter() - started) * 1000)
    return queries, statistics.median(times)


if __name__ == "__main__":
    main()
