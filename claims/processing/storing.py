"""Answers are stored: readings, working values, findings and all that follows from them, several documents at once.

What takes longest, the values and the arithmetic, is worked out before the transaction. In it, every table is written
by a few statements however many documents there are: making a statement costs more than the database needs to run it.
Claims are locked before documents, documents before jobs, each in the order of their ids, as everybody locks them; so
two documents of one claim that end at the same moment see each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from claims import audit
from claims.editing import findings
from claims.filing import duplicates, pages
from claims.filing.duplicates import Hashes
from claims.models import Claim, Document, Job, LogEntry, Reading
from claims.processing import jobs, locating, outcomes
from claims.processing.routes import queue_of, region_of
from claims.queueing import claim_figures
from claims.working_values import values
from claims.working_values.values import WorkingValues
from ocr_providers import bulk
from ocr_providers.accounts import accounts_for
from ocr_providers.answers import answer_to_json
from ocr_providers.exact_json import dumps
from ocr_providers.models import ProviderAccount, ProviderCall
from ocr_providers.results import Kind, ReadingResult

log = structlog.get_logger(__name__)

Status = Document.Status

CHANGED = (*values.OF_A_READING, "status", "failure_code", "failure_reason")
"""Columns of a document that a reading changes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer, and the calls of the ledger that it came from."""

    account: ProviderAccount
    started_at: datetime
    result: ReadingResult
    calls: Sequence[ProviderCall]


@dataclass(frozen=True, slots=True)
class Answered:
    """A job whose document was read: the answer is on record and paid for, and remains to be stored."""

    job: Job
    document: Document
    answer: Answer


@dataclass(slots=True)
class _Draft:
    """What was worked out beforehand. `document`: as it stands in the transaction, locked."""

    job: Job
    document: Document
    answer: Answer
    revision: int
    """Of the document that `fresh` was made for."""
    fresh: WorkingValues
    rows: list[bulk.Prepared]
    """Of `fresh`."""
    checked: findings.Checked
    hashes: Hashes
    text: str
    """The answer as JSON."""
    stored: WorkingValues | None = None
    """The values that the document has now; `None` when its claim takes none any more."""


def store(answered: Sequence[Answered]) -> None:
    """Everything these readings leave behind, or nothing of it. For a job that became somebody else's: nothing."""
    left = _drafts(answered)
    while left:
        left = _store(left)


def _drafts(answered: Sequence[Answered]) -> list[_Draft]:
    rules, hashes = findings.rules_in_force(), pages.turned_hashes([each.document for each in answered])
    drafts = []
    for each in answered:
        document, answer = each.document, each.answer
        fresh = values.of_answer(document, answer.result, by=answer.account.name)
        checked = findings.check_paper(fresh, vendor=answer.account.vendor, rules=rules)
        rows, text = values.prepared(fresh), dumps(answer_to_json(answer.result))
        found = hashes.get(document.pk, [])
        drafts.append(_Draft(each.job, document, answer, document.revision, fresh, rows, checked, found, text))
    return drafts


@transaction.atomic
def _store(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Returns those whose document moved to another claim while it was read: that claim is to be locked first."""
    here, moved = _locked(drafts)
    drafts = _held(here)
    if drafts:
        _end_jobs(drafts)
        ProviderCall.accept([call for draft in drafts for call in draft.answer.calls])
        _store_readings(drafts)
        _store_values(drafts)
        _store_what_follows(drafts)
        audit.add([_log_entry(draft) for draft in drafts])
    return moved


# --- whose they are --------------------------------------------------------------------------------------------------


def _locked(drafts: Sequence[_Draft]) -> tuple[list[_Draft], list[_Draft]]:
    """With claim and document as they stand now: those that can be stored, and those that moved."""
    claims = Claim.objects.select_for_update(of=("self",)).select_related("policy__plan").order_by("pk")
    locked = claims.in_bulk({draft.document.claim_id for draft in drafts})
    rows = Document.objects.select_for_update().order_by("pk")
    documents = rows.in_bulk([draft.document.pk for draft in drafts])
    here, moved = [], []
    for draft in drafts:
        if draft.document.pk not in documents:  # erased: whoever takes the job next sees it
            continue
        draft.document = documents[draft.document.pk]
        if draft.document.claim_id in locked:
            draft.document.claim = locked[draft.document.claim_id]
            here.append(draft)
        else:
            moved.append(draft)
    return here, moved


def _held(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Those whose job is still ours."""
    held = jobs.held(draft.job for draft in drafts)
    for draft in drafts:
        if draft.job.pk not in held:
            log.warning("job_lease_lost", job=draft.job.pk)
    return [draft for draft in drafts if draft.job.pk in held]


def _end_jobs(drafts: Sequence[_Draft]) -> None:
    """Done; or on to an account that comes first for this kind, which nobody knew before."""
    done = []
    for draft in drafts:
        document, first = draft.document, _better_account(draft)
        document.status, document.failure_code, document.failure_reason = Status.READ, "", ""
        if first:
            jobs.move(draft.job, queue_of(first))
            document.status = Status.READING
        else:
            done.append(draft.job)
    jobs.finish_held(done)


def _better_account(draft: _Draft) -> ProviderAccount | None:
    if draft.document.kind != Kind.AUTO or draft.job.payload["account"]:
        return None
    usual = accounts_for(draft.answer.result.kind, region=region_of(draft.document))
    first = next(iter(usual), draft.answer.account)
    return first if first != draft.answer.account else None


# --- what they leave behind ------------------------------------------------------------------------------------------


def _store_readings(drafts: Sequence[_Draft]) -> None:
    read_before = set(Reading.objects.filter(document__in=_documents(drafts)).values_list("document", flat=True))
    for draft in drafts:
        if draft.document.pk not in read_before:
            pages.stand_upright(draft.document, draft.answer.result.degree)
    bulk.insert_rows(_reading(draft) for draft in drafts)


def _reading(draft: _Draft) -> Reading:
    document, answer = draft.document, draft.answer
    result, calls = answer.result, answer.calls
    return Reading(
        document=document,
        vendor=answer.account.vendor,
        account_name=answer.account.name,
        call_ids=[call.pk for call in calls],
        kind=result.kind.value,
        answer=draft.text,
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


def _store_values(drafts: Sequence[_Draft]) -> None:
    """First answers together; others are laid over what people typed, one by one."""
    taking = [draft for draft in drafts if draft.document.claim.status in outcomes.OPEN_FOR_VALUES]
    for draft in taking:
        document, answer = draft.document, draft.answer
        if document.revision == draft.revision == 0:  # every change raises it
            values.begin_revision(document, answer.result)
            draft.stored = draft.fresh
        else:
            draft.stored = values.lay_over(document, answer.result, by=answer.account.name)
    values.insert(*(draft.rows for draft in taking if draft.stored is draft.fresh))
    bulk.update_rows(_documents(drafts), CHANGED)


def _store_what_follows(drafts: Sequence[_Draft]) -> None:
    """Findings, duplicates, figures, and the work that comes next."""
    duplicates.link_alike({draft.document: draft.hashes for draft in drafts})
    claim_figures.name_the_patients(*{draft.document.claim_id for draft in drafts})
    findings.refresh_all([paper for draft in drafts if (paper := _paper(draft))])
    outcomes.close_intake({draft.document.claim_id: Job.Queue(draft.job.queue) for draft in drafts})
    locating.ask_after_reading([draft.document for draft in drafts if _is_without_places(draft)])


def _paper(draft: _Draft) -> findings.Paper | None:
    """`checked` says what is wrong with `fresh`: of no use where that is laid over what people typed."""
    if draft.stored is None:
        return None
    return findings.Paper(draft.document, draft.stored, draft.checked if draft.stored is draft.fresh else None)


def _is_without_places(draft: _Draft) -> bool:
    """Our own engine has said what it knows."""
    account, stored = draft.answer.account, draft.stored
    return stored is not None and queue_of(account) == Job.Queue.VENDOR and locating.is_wanted(stored, account.vendor)


def _documents(drafts: Sequence[_Draft]) -> list[Document]:
    return [draft.document for draft in drafts]


def _log_entry(draft: _Draft) -> LogEntry:
    return audit.entry(
        person=audit.SYSTEM,
        action="document.read",
        document=draft.document,
        subject=draft.answer.account.name,
        detail={"calls": [call.pk for call in draft.answer.calls], "attempts": draft.job.attempts},
    )
