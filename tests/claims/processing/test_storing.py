"""What readings leave behind is the same whether they are stored together or one by one."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

import pytest
from django.utils import timezone

from benchmarks import invoices
from claims import audit, workers
from claims.editing import findings
from claims.models import Claim, Document, Duplicate, Finding, InvoiceHeader, Job, LogEntry, Reading
from claims.processing import jobs, reading, storing
from claims.processing.storing import Answer, Answered
from claims.queueing import claim_figures, search
from claims.working_values import values
from ocr_providers import bulk
from ocr_providers.exact_json import loads
from ocr_providers.models import ProviderAccount
from ocr_providers.results import Kind, ReadingResult
from ocr_providers.vendor_schema import invoice_from_json

pytestmark = pytest.mark.django_db


def answer(seed: int, **more: object) -> ReadingResult:
    """An invoice with three numbers misread."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    result = {**invoices.invoice(rng), "hospital_days": 2.25, "average_prob": 0.70732468, **more}
    for path, number in rng.sample(sorted(invoices.numbers(result).items()), 3):
        invoices.put(result, path, invoices.misread(rng, number))
    return ReadingResult(kind=Kind.INVOICE, document=invoice_from_json(loads(json.dumps(result, default=str))))


def paper(n: int, claim: Claim | None = None) -> Document:
    """A document that waits to be read."""
    made = Document.objects.create(
        claim=claim or Claim.objects.create(number=f"2026-{n:06}"),
        sha256=f"{n:064x}",
        media_type="image/jpeg",
        byte_size=1,
        original_name=f"{n}.jpg",
        kind=Document.Kind.INVOICE,
    )
    reading.enqueue(made)
    return made


def answered(document: Document, result: ReadingResult) -> Answered:
    account, _made = ProviderAccount.objects.get_or_create(name="jd", defaults={"vendor": "jd"})
    waiting = Job.objects.get(key=f"{reading.READ}/{document.pk}")
    job = jobs.take_one(waiting.pk, "test")
    assert job
    return Answered(job, Document.objects.get(pk=document.pk), Answer(account, timezone.now(), result, []))


def left_behind(document: Document) -> dict[str, Any]:
    """Everything that can be seen of a reading, without ids and times."""
    now = Document.objects.select_related("claim").get(pk=document.pk)
    stored = values.load_values(now)
    assert stored.header
    return {
        "document": {name: getattr(now, name) for name in (*storing.CHANGED, "error_count", "warning_count")},
        "claim": {name: getattr(now.claim, name) for name in ("status", "patient_name", *claim_figures.FIGURES)},
        "values": stored.whole_result(),
        "findings": [(row.code, row.severity, row.values, row.n) for row in now.findings.order_by("n")],
        "readings": [row.answer for row in now.readings.all()],
        "log": list(LogEntry.objects.filter(document_id=now.pk).values_list("action", "subject")),
    }


def store_one_by_one(papers: Sequence[Answered]) -> None:
    for each in papers:
        storing.store([each])


@pytest.mark.parametrize("seed", range(4))
def test_together_and_one_by_one_leave_the_same_behind(seed: int) -> None:
    results = [answer(seed * 10 + n, note_no=f"{seed}0000{n}{n}{n}", hospital_name=f"{n}" * 9) for n in range(5)]
    alone = [paper(n) for n in range(5)]
    store_one_by_one([answered(each, result) for each, result in zip(alone, results, strict=True)])
    apart = [left_behind(each) for each in alone]
    Document.objects.update(sha256="0" * 64)
    Duplicate.objects.all().delete()
    InvoiceHeader.objects.all().delete()
    together = [paper(10 + n) for n in range(5)]
    storing.store([answered(each, result) for each, result in zip(together, results, strict=True)])
    for each, before in zip(together, apart, strict=True):
        now = left_behind(each)
        assert now == before
        assert now["findings"]
    assert audit.verify() == []


def test_findings_worked_out_beforehand_are_those_of_the_stored_values() -> None:
    documents = [paper(n) for n in range(6)]
    storing.store([answered(each, answer(n)) for n, each in enumerate(documents)])
    for each in documents:
        kept = list(Finding.objects.filter(document=each).order_by("n").values())
        assert kept
        findings.refresh(Document.objects.get(pk=each.pk))
        assert list(Finding.objects.filter(document=each).order_by("n").values()) == kept


def test_values_that_changed_meanwhile_are_not_overwritten_by_what_was_worked_out() -> None:
    document = paper(1)
    late = answered(document, answer(1))
    values.store_reading(document=Document.objects.get(pk=document.pk), result=answer(2), by="somebody faster")
    storing.store([late])
    now = Document.objects.get(pk=document.pk)
    assert now.revision == 2
    rows = values.load_values(now).lists["line_items"]
    assert {source["by"] for row in rows for source in row.sources.values()} == {"jd"}


def test_papers_of_one_claim_that_end_together_make_it_ready_once() -> None:
    claim = Claim.objects.create(number="2026-000001")
    documents = [paper(n, claim) for n in range(3)]
    storing.store([answered(each, answer(n)) for n, each in enumerate(documents)])
    now = Claim.objects.get(pk=claim.pk)
    assert (now.status, now.version) == (Claim.Status.READY, claim.version + 1)
    rows = values.load_invoices(each.pk for each in documents).values()
    assert now.line_count == sum(len(each.lists["line_items"]) for each in rows)


def test_the_same_number_read_at_the_same_moment_is_seen() -> None:
    one, other = paper(1), paper(2)
    storing.store([answered(each, answer(1, note_no="33000012")) for each in (one, other)])
    assert Duplicate.objects.filter(document=one, other=other, reason=Duplicate.Reason.SAME_NUMBER).exists()


def test_of_a_batch_only_the_job_that_was_lost_stores_nothing() -> None:
    kept, lost = paper(1), paper(2)
    batch = [answered(kept, answer(1)), answered(lost, answer(2))]
    Job.objects.filter(pk=batch[1].job.pk).update(token=99)
    storing.store(batch)
    assert [row.document_id for row in Reading.objects.all()] == [kept.pk]
    assert Document.objects.get(pk=lost.pk).revision == 0


def test_a_document_that_moved_while_it_was_read_is_stored_in_its_new_claim() -> None:
    document, to = paper(1), Claim.objects.create(number="2026-000009")
    batch = [answered(document, answer(1)), answered(paper(2), answer(2))]
    Document.objects.filter(pk=document.pk).update(claim=to)
    storing.store(batch)
    assert Claim.objects.get(pk=to.pk).line_count
    assert Reading.objects.count() == 2


def test_a_document_that_was_erased_meanwhile_costs_the_others_nothing() -> None:
    gone, kept = paper(1), paper(2)
    batch = [answered(gone, answer(1)), answered(kept, answer(2))]
    Document.objects.filter(pk=gone.pk).delete()
    storing.store(batch)
    assert [row.document_id for row in Reading.objects.all()] == [kept.pk]


def test_one_that_cannot_be_stored_costs_the_others_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [paper(n) for n in range(3)]
    batch = [answered(each, answer(n)) for n, each in enumerate(documents)]
    really = findings.refresh_all

    def refuse_the_second(papers: Sequence[findings.Paper]) -> Any:
        if any(each.document.pk == documents[1].pk for each in papers):
            raise ZeroDivisionError
        return really(papers)

    monkeypatch.setattr(findings, "refresh_all", refuse_the_second)
    workers.store(batch)
    assert {row.document_id for row in Reading.objects.all()} == {documents[0].pk, documents[2].pk}
    assert Document.objects.get(pk=documents[1].pk).failure_code == "internal"
    assert Job.objects.get(pk=batch[1].job.pk).state == Job.State.QUEUED
    assert audit.verify() == []


def test_rows_changed_together_keep_what_each_of_them_says() -> None:
    claims = [Claim.objects.create(number=f"2026-{n:06}") for n in range(3)]
    for n, claim in enumerate(claims):
        claim.patient_name, claim.line_count = f"person {n}", n
    bulk.update_rows(claims, ("patient_name", "line_count"))
    bulk.update_rows([], ("patient_name",))
    found = list(Claim.objects.order_by("number").values_list("patient_name", "line_count"))
    assert found == [("person 0", 0), ("person 1", 1), ("person 2", 2)]


def test_claims_refreshed_together_are_found_by_their_own_words() -> None:
    claims = [Claim.objects.create(number=f"2026-{n:06}", patient_name=f"person{n}") for n in range(3)]
    search.refresh(*(claim.pk for claim in claims))
    assert search.find(["person1"]) == [claims[1].pk]
