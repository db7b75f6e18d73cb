"""Cost of the review screen on long invoices: state, edit, findings; CPU time against the JSON of the state alone.

    python benchmarks/review.py

Prints one line per invoice length: milliseconds of CPU, the ratios to writing the state as JSON and to the rules alone,
the kilobytes of the page, of the state and of the answer to an edit; then of whole requests the 95th percentile by the
clock and, in brackets, of CPU: the state for a process that has nothing of the document ("first") and for one that
keeps its values ("again"), and an edit with its findings in both; and the queries of the first. Uses a database of
its own: in a temporary folder, or beside that of `DATABASE_URL`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

LENGTHS = (20, 100, 500)
ROUNDS = 5
REQUESTS = 40

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def cpu(work: Callable[[int], Any]) -> float:
    """Milliseconds of CPU, the best of several rounds. `work` is told the round."""
    best = float("inf")
    for n in range(ROUNDS):
        start = time.process_time()
        work(n)
        best = min(best, time.process_time() - start)
    return best * 1000


def p95(work: Callable[[], Any], before: Callable[[], None] = lambda: None) -> str:
    """Milliseconds that 95 of 100 calls stay within: by the clock, and of CPU."""
    clock, cpu_time = [], []
    for _ in range(REQUESTS):
        before()
        start, cpu_start = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - start)
        cpu_time.append(time.process_time() - cpu_start)
    at = int(REQUESTS * 0.95) - 1
    return f"{sorted(clock)[at] * 1000:.0f} ({sorted(cpu_time)[at] * 1000:.0f})"


def whole_requests(client: Any, document: Any, cell: str) -> list[str]:
    """95th percentiles of the state and of an edit, each for a process without and with the document's values."""
    from claims.working_values import kept_values

    address = f"/api/v1/documents/{document.pk}"
    document.refresh_from_db()

    def edit() -> None:
        """As the page sends it."""
        known = document.revision
        change = {"cell": cell, "value": str(11 + known), "seen": known}
        body = {"changes": [change], "why": "typed"}
        answer = client.post(f"{address}/corrections/?revision={known}", body, content_type="application/json")
        document.revision = answer.json()["revision"]

    def read() -> None:
        client.get(f"{address}/state/")

    return [p95(work, before) for work in (read, edit) for before in (kept_values.forget, lambda: None)]


def first_state(document: Any, user: Any) -> Any:
    """The state, for a process that has nothing of the document."""
    from claims.reviewing import review
    from claims.working_values import kept_values

    kept_values.forget()
    return review.state(document, user=user)


def lines(count: int) -> list[dict[str, Any]]:
    """Lines that add up, of three classes."""
    return [
        {"ocr_name": f"药品{n}", "class": "西药费", "level": "甲乙丙"[n % 3], "amount": 2, "unit_price": 5, "price": 10,
         "selfpay": [0, 1, 10][n % 3], "selfpay_ratio": [0, 0.1, 1][n % 3]}
        for n in range(count)
    ]  # fmt: skip


def sources(count: int) -> dict[str, Any]:
    """Every value of every line with its text, score and place, as our own engine gives them."""
    from ocr_providers.results import Box, Source

    return {
        f"/cost_detail_list/{n}/{name}": Source(text=str(value), score=0.9712, box=Box(100, 40 * n, 310, 40 * n + 35))
        for n, line in enumerate(lines(count))
        for name, value in line.items()
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CLAIMDESK_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR",
                       "DEBUG": "true"}  # fmt: skip # static files as they are, uncollected
        import django

        django.setup()
        from django.db import connection

        connection.settings_dict["TEST"]["NAME"] = (
            f"{folder}/bench" if connection.vendor == "sqlite" else "claimdesk_bench"
        )
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            measure()
        finally:
            connection.creation.destroy_test_db("", verbosity=0)


def measure() -> None:
    from django.core.serializers.json import DjangoJSONEncoder
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from claims.editing import findings
    from claims.editing.corrections import Edit, correct
    from claims.models import Claim, Document, LineItem, User
    from claims.reviewing import review
    from claims.working_values import kept_values
    from claims.working_values.reading_rows import invoice_of
    from claims.working_values.values import load_values, store_reading
    from ocr_providers import arithmetic
    from ocr_providers.exact_json import dumps, loads
    from ocr_providers.results import Kind, ReadingResult
    from ocr_providers.vendor_schema import invoice_from_json

    def text_of(part: Any) -> str:
        return json.dumps(part, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))

    answers: list[Any] = []
    user = User.objects.create_superuser("bench")
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    import config.wsgi  # noqa: F401 - the garbage collector as it is set for serving

    print(
        f"{'lines':>6}{'json':>8}{'rules':>8}{'state':>8}{'edit':>8}{'answer':>8}"
        "   state/json  (edit+answer)/rules  kB page, state, answer   p95 first, again   edit first, again   queries"
    )
    for count in LENGTHS:
        claim = Claim.objects.create(number=f"B{count}", status="ready")
        document = Document.objects.create(
            claim=claim, sha256=f"{count:064d}", media_type="image/jpeg", byte_size=1, original_name="b", kind="invoice"
        )
        answer = loads(dumps({"total_cost": 10 * count, "cost_detail_list": lines(count)}))
        read = ReadingResult(kind=Kind.INVOICE, document=replace(invoice_from_json(answer), sources=sources(count)))
        store_reading(document=document, result=read, by="bench")
        findings.refresh(document)
        last = LineItem.objects.get(document=document, n=count - 1)
        invoice, state = invoice_of(load_values(document)), review.state(document, user=user)
        done: list[Any] = []

        def edit(n: int, document: Document = document, last: LineItem = last, done: list[Any] = done) -> None:
            seen = document.revision if n else 1
            kept_values.forget()
            done.append(
                correct(document=document, user=user, edits=[Edit(f"line_items/{last.pk}/price", str(11 + n), seen)])
            )

        costs = {
            "json": cpu(lambda n: text_of(state)),  # noqa: B023 - measured at once
            "rules": cpu(lambda n: arithmetic.check_invoice(invoice)),  # noqa: B023
            "state": cpu(lambda n: first_state(document, user)),  # noqa: B023
            "edit": cpu(edit),
            "answer": cpu(lambda n: answers.append(review.after(done[-1], user=user, known=document.revision - 1))),  # noqa: B023
        }
        page = client.get(f"/documents/{document.pk}/review/").content
        sizes = [len(page) / 1000, *(len(text_of(part).encode()) / 1000 for part in (state, answers[-1]))]
        address = f"/api/v1/documents/{document.pk}/state/"
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
            number = len(queries)
        clock = whole_requests(client, document, f"line_items/{last.pk}/price")
        kilobytes = "   {:.0f}  {:.0f}  {:.0f}".format(*sizes) + "   " + "  ".join(clock) + f"  {number}"
        ratios = costs["state"] / costs["json"], (costs["edit"] + costs["answer"]) / max(costs["rules"], 0.01)
        print(
            f"{count:>6}"
            + "".join(f"{cost:>8.1f}" for cost in costs.values())
            + "   {:.1f}  {:.1f}".format(*ratios)
            + kilobytes
        )


if __name__ == "__main__":
    main()
