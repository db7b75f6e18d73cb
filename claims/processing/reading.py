"""A document is read: the only place that asks a provider.

One job is one reading. It makes the page pictures and asks the accounts that may have such a document one after the
other; the answer is stored by `storing`, together with others. Whatever goes wrong ends in words that a person
understands, on the document and on the job.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit, storage
from claims.filing import duplicates, pages
from claims.models import Claim, Document, Job, User
from claims.permissions import Permission, require
from claims.processing import jobs, outcomes
from claims.processing.routes import Wanted, candidates, queue_of
from claims.processing.storing import Answer, Answered
from ocr_providers import bulk, ledger
from ocr_providers.base import SourceDocument
from ocr_providers.exceptions import FateUnknown, Misconfigured, OcrError
from ocr_providers.models import ProviderAccount
from ocr_providers.results import Kind
from ocr_providers.together import looked_up

READ = "read-document"
MAKE_PAGES = "make-pages"

Status = Document.Status


class NotNow(Exception):
    """The document cannot be read (again) as things stand. `str(error)` says why."""


# --- asking for a reading --------------------------------------------------------------------------------------------


def enqueue(document: Document, *, account: str = "", again: bool = False, priority: int = 0) -> Job:
    """Queues a reading in the caller's transaction. `account`: only this one; `again`: though there is an answer."""
    payload = _payload(document, account, again=again)
    queue = queue_of(next(iter(candidates(Wanted.of(document, account))), None))
    if queue == Job.Queue.VENDOR:  # its workers wait for vendors and decode nothing
        jobs.enqueue(kind=MAKE_PAGES, queue=Job.Queue.ENGINE, payload={"document": document.pk}, priority=-1)
    return jobs.enqueue(kind=READ, queue=queue, payload=payload, key=f"{READ}/{document.pk}", priority=priority)


def _payload(document: Document, account: str, *, again: bool) -> dict[str, Any]:
    """`again_since`: when a person asked for an answer that is newer."""
    since = timezone.now().isoformat() if again else None
    return {"document": document.pk, "account": account, "again_since": since, "problems": []}


def read_again(*, document: Document, user: User, account: str = "") -> Job:
    """A person asks for another reading. It may be charged; what people corrected stays. Raises `NotNow`."""
    require(user, Permission.CORRECT)
    with transaction.atomic():
        if not Claim.objects.filter(pk=document.claim_id, status__in=outcomes.OPEN_FOR_VALUES).exists():
            raise NotNow(_("The claim is decided or waits for a second person: reopen it first."))
        if account and not ProviderAccount.objects.filter(name=account, enabled=True).exists():
            raise NotNow(_("There is no such account in use: %(account)s.") % {"account": account})
        job = _waiting_job(document, account) or enqueue(document, account=account, again=True, priority=-1)
        Document.objects.filter(pk=document.pk).exclude(status=Status.READING).update(status=Status.QUEUED)
        audit.record(person=user, action="document.read-again", document=document, detail={"account": account})
    return job


def _waiting_job(document: Document, account: str) -> Job | None:
    """The reading that is held, waits or runs already; what waits runs now, as the person wants it."""
    job = Job.objects.filter(key=f"{READ}/{document.pk}").first()
    if job:
        job.payload = _payload(document, account, again=True)
        jobs.drive_again(job)
    return job


def drive_again(*, job: Job, user: User, reason: str) -> bool:
    """An administrator has given-up, held or waiting work run now. Held work may be charged a second time."""
    require(user, Permission.ADMINISTER)
    held = job.state == Job.State.HELD
    with transaction.atomic():
        job.payload = {**job.payload, "problems": []}
        if held:
            job.payload["again_since"] = timezone.now().isoformat()
        if not jobs.drive_again(job):
            return False
        document = Document.objects.filter(pk=job.payload.get("document")).first()
        if document and job.kind == READ:
            Document.objects.filter(pk=document.pk).update(status=Status.QUEUED)
        audit.record(
            person=user, action="job.driven-again", document=document, subject=f"{job.kind} {job.pk}", reason=reason
        )
    return True


# --- the work --------------------------------------------------------------------------------------------------------


def begin(taken: Iterable[Job]) -> None:
    """People see that these documents are being read now. In the transaction that leases the jobs."""
    documents = [Document(pk=job.payload["document"], status=Status.READING) for job in taken if job.kind == READ]
    bulk.update_rows(documents, ["status"])


def run(job: Job) -> Answered | None:
    """Gets the answer, which remains to be stored (`storing`). Without one the job is ended here, and `None` returned.

    Raises `LeaseLost` when it became somebody else's.
    """
    brief = looked_up(_briefs, job)
    if brief is None:
        jobs.bury(job, code="erased", reason=_("The document was erased."))
    elif jobs.is_exhausted(job):
        outcomes.fail(job, brief.document, "worker-lost", _("Every process that read it ended before it was done."))
    else:
        return _attempt(job, brief)
    return None


@dataclass(frozen=True, slots=True)
class _Brief:
    """What has to be known for an attempt. `accounts`: whom to ask, in order of preference."""

    document: Document
    accounts: list[ProviderAccount]


def _briefs(taken: list[Job]) -> list[_Brief | None]:
    """By two queries for the documents of all, and one for the accounts of each kind of document."""
    rows = bulk.rows_where(Document, "id", {job.payload["document"] for job in taken})
    claims = {claim.pk: claim for claim in bulk.rows_where(Claim, "id", {row.claim_id for row in rows})}
    for row in rows:
        row.claim = claims[row.claim_id]
    documents, accounts = {row.pk: row for row in rows}, cache(candidates)
    found = [(job, documents.get(job.payload["document"])) for job in taken]
    return [
        _Brief(document, accounts(Wanted.of(document, job.payload["account"]))) if document else None
        for job, document in found
    ]


def crashed(job: Job, error: Exception) -> None:
    """After an error that nobody foresaw: tried again, then given up. Its text may hold values and is not kept."""
    document = Document.objects.select_related("claim").filter(pk=job.payload["document"]).first()
    if document is None:
        jobs.crashed(job, error)
        return
    reason = _("An error in Claimdesk (%(error)s).") % {"error": type(error).__name__}
    outcomes.later(job, document, "internal", reason, None)


def run_make_pages(job: Job) -> None:
    """Page pictures for a document that a vendor reads."""
    document = Document.objects.filter(pk=job.payload["document"]).first()
    if document is None or jobs.is_exhausted(job):
        jobs.bury(job, code="given-up", reason=_("The page pictures could not be made."))
        return
    try:
        pages.make_pages(document, _original(document).content)
    except (OcrError, storage.FileDamaged) as error:
        jobs.bury(job, code=getattr(error, "code", "file-damaged"), reason=str(error))
        return
    hashes = pages.turned_hashes([document])
    with transaction.atomic():
        jobs.finish(job)
        if document.readings.exists():  # the vendor was faster, and found no pictures to compare
            duplicates.link_alike({document: hashes[document.pk]})


def _attempt(job: Job, brief: _Brief) -> Answered | None:
    document = brief.document
    try:
        source = _original(document)
        if job.queue == Job.Queue.ENGINE:
            pages.make_pages(document, source.content)
        answer = _ask(job, brief.accounts, source)
    except FateUnknown as error:
        outcomes.hold(job, document, error)
    except OcrError as error:
        outcomes.settle(job, document, error)
    except storage.FileDamaged as error:
        outcomes.fail(job, document, "file-damaged", str(error))
    else:
        return Answered(job, document, answer) if answer else None
    return None


def _original(document: Document) -> SourceDocument:
    """The bytes that came. Raises `FileDamaged` when they are not those any more."""
    content = storage.read(storage.original_key(document.sha256))
    source = SourceDocument(content, document.media_type, Kind(document.kind), document.original_name)
    if source.sha256 != document.sha256:
        raise storage.FileDamaged(_("The stored file is not the file that was sent."))
    return source


# --- whom to ask -----------------------------------------------------------------------------------------------------


def _ask(job: Job, accounts: Sequence[ProviderAccount], source: SourceDocument) -> Answer | None:
    """The first good answer; `None` when the job moved to the other queue. Raises the last account's error."""
    tried = {problem["account"] for problem in job.payload["problems"]}
    failure: OcrError | None = None
    for account in accounts:
        if account.name in tried:
            continue
        if queue_of(account) != job.queue:
            jobs.move(job, queue_of(account))
            return None
        try:
            return _ask_one(account, source, again=_must_ask(job, account, source))
        except OcrError as error:
            if outcomes.is_worth_waiting_for(error):
                raise
            failure = error
            job.payload["problems"].append(_problem(account, error))
    raise failure or _nobody(job)


def _ask_one(account: ProviderAccount, source: SourceDocument, *, again: bool) -> Answer:
    started_at = timezone.now()
    try:
        recorded = ledger.record_reading(account, source, again=again)
    except Misconfigured as error:  # of this account: the others may be right
        raise OcrError(str(error), code="misconfigured") from error
    return Answer(account, started_at, recorded.result, recorded.calls)


def _must_ask(job: Job, account: ProviderAccount, source: SourceDocument) -> bool:
    """Whether a person asked, and nobody has asked the vendor since: a worker that died may have done so already."""
    since = job.payload["again_since"]
    if since is None:
        return False
    return not account.calls.filter(sha256=source.sha256, started_at__gte=datetime.fromisoformat(since)).exists()


def _problem(account: ProviderAccount, error: OcrError) -> dict[str, Any]:
    return {
        "account": account.name,
        "code": error.code,
        "reason": str(error),
        "retryable": error.retryable,
        "retry_after": error.retry_after,
    }


def _nobody(job: Job) -> OcrError:
    """Everybody was asked before this attempt: what they said stands. Or nobody may have the document."""
    if job.payload["problems"]:
        last = job.payload["problems"][-1]
        return OcrError(last["reason"], code=last["code"])
    return OcrError(_("No account may read documents of this kind."), code="no-account")
