"""How an attempt to read a document ends without an answer: tried again later, held, or given up.

Each end is one transaction: job, document, claim and log change together, or not at all because the job has become
somebody else's (`LeaseLost`). Everybody locks the claim before the document; two documents of one claim that end at
the same moment see each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from claims import audit
from claims.models import Claim, Document, Job
from claims.processing import jobs, routing
from ocr_providers.exceptions import AskAgainLater, FateUnknown, OcrError

SHORT_WAIT = 30.0
"""Seconds: an account that is back within this time is waited for; otherwise the next one is asked."""
OPEN_FOR_VALUES = (Claim.Status.RECEIVED, Claim.Status.READY, Claim.Status.IN_REVIEW, Claim.Status.RETURNED)

Status = Document.Status


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
    close_intake({document.claim_id: Job.Queue(job.queue)})
    audit.record(person=audit.SYSTEM, action="document.not-read", document=document, subject=code)


@transaction.atomic
def hold(job: Job, document: Document, error: OcrError) -> None:
    """The vendor may have charged, the answer never came: a person decides whether to ask again."""
    _locked_claim(document)
    jobs.hold(job, code=error.code, reason=str(error))
    _set_status(document, Status.HELD, error.code, str(error))
    close_intake({document.claim_id: Job.Queue(job.queue)})
    audit.record(person=audit.SYSTEM, action="document.held", document=document, subject=error.code)


def _set_status(document: Document, status: Document.Status, code: str, reason: str) -> None:
    """A document that has been read before stays read: what failed is only another reading."""
    if status in (Status.FAILED, Status.HELD) and document.readings.exists():
        status = Status.READ
    document.status, document.failure_code, document.failure_reason = status, code[:40], reason
    document.save(update_fields=["status", "failure_code", "failure_reason"])


def _locked_claim(document: Document) -> Claim:
    """Claim before document, as everybody locks them; and two documents that end together see each other."""
    claim = Claim.objects.select_for_update().get(pk=document.claim_id)
    document.refresh_from_db(fields=["claim"])
    if document.claim_id != claim.pk:  # it moved to another claim while it was read
        return _locked_claim(document)
    document.claim = claim
    return claim


def close_intake(claims: Mapping[int, Job.Queue]) -> None:
    """A claim is ready for review when nothing of it waits to be read any more. By claim: whose workers see to it."""
    papers = Document.objects.filter(claim__in=claims, status__in=(Status.QUEUED, Status.READING))
    waiting = set(papers.values_list("claim", flat=True))
    received = Claim.objects.filter(pk__in=claims.keys() - waiting, status=Claim.Status.RECEIVED)
    ready = list(received.values_list("pk", flat=True))
    if ready:
        received.update(status=Claim.Status.READY, version=F("version") + 1)
        routing.enqueue({pk: claims[pk] for pk in ready})
