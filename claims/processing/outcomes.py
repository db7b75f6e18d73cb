"""How an attempt to read a document ends: stored, tried again later, held, or given up.

Each end is one transaction: job, document, claim and log change together, or not at all because the job has become
somebody else's (`LeaseLost`). Everybody locks the claim before the document; two documents of one claim that end at
the same moment see each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from claims import audit
from claims.editing import findings
from claims.filing import duplicates, pages
from claims.models import Claim, Document, Job, Reading
from claims.processing import jobs, routing
from claims.processing.routes import queue_of, region_of
from claims.queueing import claim_figures
from claims.working_values import values
from claims.working_values.values import WorkingValues
from ocr_providers.accounts import accounts_for
from ocr_providers.answers import answer_to_json
from ocr_providers.exceptions import AskAgainLater, FateUnknown, OcrError
from ocr_providers.models import ProviderAccount, ProviderCall
from ocr_providers.results import Kind, ReadingResult
from ocr_providers.vendor_schema import dumps

SHORT_WAIT = 30.0
"""Seconds: an account that is back within this time is waited for; otherwise the next one is asked."""
OPEN_FOR_VALUES = (Claim.Status.RECEIVED, Claim.Status.READY, Claim.Status.IN_REVIEW, Claim.Status.RETURNED)

Status = Document.Status


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer, and the calls of the ledger that it came from."""

    account: ProviderAccount
    started_at: datetime
    result: ReadingResult
    calls: Sequence[ProviderCall]
    accept: Callable[[], None] = lambda: None
    """Tells the ledger that the answer is good and taken over."""


def is_worth_waiting_for(error: OcrError) -> bool:
    soon = isinstance(error, AskAgainLater) and error.retry_after is not None and error.retry_after <= SHORT_WAIT
    return soon or isinstance(error, FateUnknown)


def settle(job: Job, document: Document, error: OcrError) -> None:
    """After an error: wait and try again where that may help, else give up and say what each account said."""
    problems = job.payload["problems"]
    passing = [problem for problem in problems if problem["retryable"]]
    job.payload["problems"] = [problem for problem in problems if not problem["retryable"]]
    if is_worth_waiting_for(error):
        later(job, document, error.code, str(error), error.retry_after)
    elif passing:
        named = [problem["retry_after"] for problem in passing if problem["retry_after"] is not None]
        later(job, document, error.code, _said(problems), min(named, default=None))
    else:
        fail(job, document, error.code, _said(problems) or str(error))


def _said(problems: list[dict[str, Any]]) -> str:
    """What each account said; its name only where there are several."""
    if len(problems) == 1:
        return str(problems[0]["reason"])
    return " ".join(f"{problem['account']}: {problem['reason']}" for problem in problems)


@transaction.atomic
def later(job: Job, document: Document, code: str, reason: str, retry_after: float | None) -> None:
    _locked_claim(document)
    if job.attempts >= job.max_attempts:
        fail(job, document, code, reason)
        return
    jobs.try_later(job, code=code, reason=reason, retry_after=retry_after)
    _set_status(document, Status.QUEUED, code, reason)


@transaction.atomic
def fail(job: Job, document: Document, code: str, reason: str) -> None:
    _locked_claim(document)
    jobs.bury(job, code=code, reason=reason)
    _set_status(document, Status.FAILED, code, reason)
    _close_intake(job, document)
    audit.record(person=audit.SYSTEM, action="document.not-read", document=document, subject=code)


@transaction.atomic
def hold(job: Job, document: Document, error: OcrError) -> None:
    """The vendor may have charged, the answer never came: a person decides whether to ask again."""
    _locked_claim(document)
    jobs.hold(job, code=error.code, reason=str(error))
    _set_status(document, Status.HELD, error.code, str(error))
    _close_intake(job, document)
    audit.record(person=audit.SYSTEM, action="document.held", document=document, subject=error.code)


def _set_status(document: Document, status: Document.Status, code: str, reason: str) -> None:
    """A document that has been read before stays read: what failed is only another reading."""
    if status in (Status.FAILED, Status.HELD) and document.readings.exists():
        status = Status.READ
    document.status, document.failure_code, document.failure_reason = status, code[:40], reason
    document.save(update_fields=["status", "failure_code", "failure_reason"])


def store(job: Job, document: Document, answer: Answer) -> WorkingValues:
    """Everything a reading leaves behind, or nothing of it. Returns the values that the document has now."""
    hashes = pages.turned_hashes(document)
    fresh = values.of_answer(document, answer.result, by=answer.account.name)
    # The arithmetic takes longest: not while others wait for this transaction.
    checked = findings.check_paper(fresh, vendor=answer.account.vendor)
    with transaction.atomic():
        claim, stored = _locked_claim(document), None
        if not document.readings.exists():
            pages.stand_upright(document, answer.result.degree)
        status = _end_job(job, document, answer)
        answer.accept()
        _reading_row(document, answer).save(force_insert=True)
        if claim.status in OPEN_FOR_VALUES:
            stored = _store_values(document, answer, fresh, checked)
        _set_status(document, status, "", "")
        duplicates.link_alike(document, hashes)
        claim_figures.name_the_patient(document.claim_id)
        _close_intake(job, document)
        audit.record(
            person=audit.SYSTEM,
            action="document.read",
            document=document,
            subject=answer.account.name,
            detail={"calls": [call.pk for call in answer.calls], "attempts": job.attempts},
        )
    return values.load_values(document) if stored is None else stored


def _store_values(document: Document, answer: Answer, fresh: WorkingValues, checked: findings.Checked) -> WorkingValues:
    """`checked` says what is wrong with `fresh`: of no use where it is laid over what people typed."""
    stored = values.store_reading(document=document, result=answer.result, by=answer.account.name, fresh=fresh)
    findings.refresh(document, stored, checked if stored is fresh else None)
    return stored


def _end_job(job: Job, document: Document, answer: Answer) -> Document.Status:
    """Done; or on to an account that comes first for this kind, which nobody knew before."""
    if document.kind == Kind.AUTO and not job.payload["account"]:
        usual = accounts_for(answer.result.kind, region=region_of(document))
        first = next(iter(usual), answer.account)
        if first != answer.account:
            jobs.move(job, queue_of(first))
            return Status.READING
    jobs.finish(job)
    return Status.READ


def _locked_claim(document: Document) -> Claim:
    """Claim before document, as everybody locks them; and two documents that end together see each other."""
    claim = Claim.objects.select_for_update().get(pk=document.claim_id)
    document.refresh_from_db(fields=["claim"])
    if document.claim_id != claim.pk:  # it moved to another claim while it was read
        return _locked_claim(document)
    document.claim = claim
    return claim


def _reading_row(document: Document, answer: Answer) -> Reading:
    result, calls = answer.result, answer.calls
    return Reading(
        document=document,
        vendor=answer.account.vendor,
        account_name=answer.account.name,
        call_ids=[call.pk for call in calls],
        kind=result.kind.value,
        answer=dumps(answer_to_json(result)),
        partial=result.partial,
        degree=result.degree,
        charged=_charged([call.charged for call in calls]),
        started_at=answer.started_at,
        finished_at=timezone.now(),
    )


def _charged(calls: list[bool | None]) -> bool | None:
    """Charged when any call was; unknown when any is."""
    if any(calls):
        return True
    return None if None in calls else False


def _close_intake(job: Job, document: Document) -> None:
    """A claim is ready for review when nothing of it waits to be read any more."""
    waiting = Document.objects.filter(claim=document.claim_id, status__in=(Status.QUEUED, Status.READING))
    if waiting.exists():
        return
    received = Claim.objects.filter(pk=document.claim_id, status=Claim.Status.RECEIVED)
    if received.update(status=Claim.Status.READY, version=F("version") + 1):
        routing.enqueue(document.claim_id, queue=Job.Queue(job.queue))
