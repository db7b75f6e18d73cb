"""One claim of the demo department, filed through the desk's own verbs: received, read, corrected, decided.

The verbs are the real ones; only the provider's answer is invented, and the clock is put back to when it happened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from unittest import mock

from django.db import transaction

from claims import intake
from claims.assigning import assignment_rules
from claims.correspondence import letters
from claims.deciding import decisions, straight_through
from claims.deciding.papers import Wanted
from claims.demo.department import Correction as DemoCorrection
from claims.demo.department import Decision as DemoDecision
from claims.demo.department import DemoClaim
from claims.demo.documents import DemoDocument
from claims.demo.misreadings import Value
from claims.editing import corrections, findings
from claims.editing.corrections import Edit
from claims.filing import pages
from claims.models import Claim, Correction, Decision, Document, Finding, Job, Note, Policy, User
from claims.processing import jobs, routing, storing
from claims.processing.storing import Answer, Answered
from claims.receiving.uploads import receive_file
from claims.recording import append_only
from claims.working_values import sources, values
from claims.working_values.cells import Cell
from claims.working_values.places import Places
from ocr_providers.models import ProviderAccount, ProviderCall
from ocr_providers.providers import provider_class
from ocr_providers.results import Kind

READING_TIME = timedelta(seconds=9)
MISSING = ("detail-list", "clear-copy")
PRINTED_SO = "票面如此 (printed so on the paper)"


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """The verbs note this moment instead of now."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def file_claim(demo: DemoClaim, people: Mapping[str, User], accounts: Mapping[str, ProviderAccount]) -> Claim:
    """Writes one claim with all that happened to it. The caller's transaction makes it whole or not at all."""
    claim, documents = _receive(demo, people)
    if demo.unread:
        return claim
    for document, paper in zip(documents, demo.documents, strict=True):
        _read(document, paper, accounts[paper.vendor], demo.received_at + READING_TIME)
    if _passes(demo, claim):
        return claim
    _correct(demo, documents, people)
    _acknowledge(demo, documents, people)
    _note(demo, claim, people)
    _finish(demo, claim, people)
    return claim


def _receive(demo: DemoClaim, people: Mapping[str, User]) -> tuple[Claim, list[Document]]:
    clerk = people[demo.created_by]
    with clock_at(demo.received_at):
        claim = intake.open_claim(
            user=clerk,
            policy=Policy.objects.filter(number=demo.policy).first() if demo.policy else None,
            patient_name=demo.patient_name,
            currency=demo.currency,
            number=demo.number,
        )
        documents = [
            receive_file(
                claim=claim, file=paper.file.read_bytes(), name=paper.file.name, user=clerk, kind=paper.kind
            ).document
            for paper in demo.documents
        ]
    Document.objects.filter(claim=claim).update(uploaded_at=demo.received_at)
    Claim.objects.filter(pk=claim.pk).update(due_at=demo.due_at, priority=demo.priority)
    return claim, documents


def _read(document: Document, paper: DemoDocument, account: ProviderAccount, at: datetime) -> None:
    """As the worker does it, with the answer that is on file."""
    waiting = Job.objects.get(payload__document=document.pk, kind="read-document")
    job = jobs.take_one(waiting.pk, "demo")
    if job is None:
        raise LookupError(f"the reading of {paper.key} was taken by a worker")
    pages.make_pages(document, paper.file.read_bytes())
    call = _call(document, account, at)
    with clock_at(at):
        answer = Answer(account, at - READING_TIME, paper.reading, [call])
        storing.store([Answered(job, document, answer)])


def _call(document: Document, account: ProviderAccount, at: datetime) -> ProviderCall:
    """As the ledger would have it. Its key is nobody's: a real call for the same picture finds no answer here."""
    in_house = provider_class(account.vendor).in_house
    return ProviderCall.objects.create(
        account=account,
        vendor=account.vendor,
        sha256=document.sha256,
        kind=document.kind,
        key=hashlib.sha256(f"demo {document.pk}".encode()).hexdigest(),
        state=ProviderCall.State.OK,
        owner="demo",
        expires_at=at,
        started_at=at - READING_TIME,
        finished_at=at,
        latency_ms=READING_TIME // timedelta(milliseconds=1),
        status=200,
        charged=not in_house,
        cost=Decimal(0) if in_house else account.price_per_call,
    )


def _passes(demo: DemoClaim, claim: Claim) -> bool:
    """What the job of a claim that is ready does, as far as the department's plan for the claim leaves room for it."""
    Job.objects.filter(kind=routing.ROUTE, payload__claim=claim.pk).delete()
    claim = Claim.objects.select_related("policy__plan").prefetch_related("documents").get(pk=claim.pk)
    with clock_at(demo.received_at + 2 * READING_TIME):
        if demo.status == Claim.Status.READY and demo.priority == 0:
            assignment_rules.assign_by_rules([claim])
        draw = straight_through.consider(claim) if demo.status == Claim.Status.DECIDED else None
    return draw is not None and not draw.held


# --- what the staff did ----------------------------------------------------------------------------------------------


def _correct(demo: DemoClaim, documents: list[Document], people: Mapping[str, User]) -> None:
    for item in demo.corrections:
        document = documents[item.document]
        cell = _cell(document, item.path)
        if cell is None:
            continue
        document.refresh_from_db()
        edit = Edit(cell, _text(item.new), _revision(document, cell))
        with clock_at(item.at):
            corrections.correct(
                document=document,
                user=people[item.by],
                edits=[edit],
                why=Correction.Why(item.why),
            )
        _put_back(document, item)


def _put_back(document: Document, item: DemoCorrection) -> None:
    """The row's own time comes from its column's default, which no clock of ours reaches."""
    last = Correction.objects.filter(document=document).latest("id")
    with append_only.suspended():
        Correction.objects.filter(batch=last.batch).update(made_at=item.at)


def _acknowledge(demo: DemoClaim, documents: list[Document], people: Mapping[str, User]) -> None:
    for item in demo.acknowledgements:
        cell = _cell(documents[item.document], item.path)
        for finding in Finding.objects.filter(document=documents[item.document], acknowledged_by=None):
            if cell in finding.cells and finding.is_open:
                with clock_at(item.at):
                    findings.acknowledge(finding=finding, user=people[item.by], reason=item.reason)


def _cell(document: Document, path: str) -> str | None:
    places: Places = values.load_values(document).places
    pointer = f"/medical_result{path}" if document.kind == Kind.INVOICE else f"/data{path}"
    return places.cell(pointer)


def _revision(document: Document, address: str) -> int:
    """The revision that stands on the person's screen."""
    cell = Cell.parse(address)
    row = values.load_values(document).row(cell)
    return sources.revision_of(row, cell.column) if row else 0


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _note(demo: DemoClaim, claim: Claim, people: Mapping[str, User]) -> None:
    for item in demo.notes:
        with clock_at(item.at):
            note = intake.add_note(claim=claim, author=people[item.by], text=item.text)
        Note.objects.filter(pk=note.pk).update(created_at=item.at)


def _finish(demo: DemoClaim, claim: Claim, people: Mapping[str, User]) -> None:
    claim.refresh_from_db()
    if demo.assignee:
        Claim.objects.filter(pk=claim.pk).update(assignee=people[demo.assignee])
    if demo.status == Claim.Status.IN_REVIEW:
        Claim.objects.filter(pk=claim.pk, status=Claim.Status.READY).update(status=Claim.Status.IN_REVIEW)
    if demo.decision:
        _decide(demo.decision, claim, people)


def _decide(item: DemoDecision, claim: Claim, people: Mapping[str, User]) -> None:
    """A verdict that the calculation does not bear (nothing is due) leaves the claim for a person to decide."""
    outcome = Decision.Outcome(item.outcome)
    verdict = decisions.Verdict(
        outcome=outcome,
        reason_code=item.reason_code,
        reason=item.reason,
        override_reason=PRINTED_SO if claim.error_count else "",
        wanted=Wanted(papers=MISSING) if outcome == Decision.Outcome.RETURNED else None,
    )
    decided = _try(
        lambda: decisions.decide(claim=claim, user=people[item.by], verdict=verdict, version=claim.version), item.at
    )
    if decided is None:
        return
    Decision.objects.filter(pk=decided.pk).update(decided_at=item.at)
    if item.checked_by and item.checked_at and not decided.is_final:
        _try(lambda: decisions.check(claim=claim, user=people[item.checked_by or ""], agree=True), item.checked_at)
    _write(decided, people[item.by], item.checked_at or item.at)


def _write(decision: Decision, user: User, at: datetime) -> None:
    """The letter of a decision that waits for nobody, some minutes later."""
    decision.refresh_from_db()
    if decision.is_final:
        with clock_at(at + timedelta(minutes=6)):
            letters.issue(decision=decision, user=user, language=letters.usual_language(decision.claim))
    if decision.outcome == Decision.Outcome.RETURNED and decision.pk % 2:
        _remind(decision, user)


def _remind(decision: Decision, user: User) -> None:
    """When it was due, if that day has come."""
    request = decision.paper_request
    if request.state() in (request.State.REMINDER_DUE, request.State.OVERDUE):
        with clock_at(request.asked_at + (request.remind_on - request.asked_at.date())):
            letters.remind(request=request, user=user)


def _try(verb: Callable[[], Decision], at: datetime) -> Decision | None:
    try:
        with transaction.atomic(), clock_at(at):
            return verb()
    except decisions.Incomplete:
        return None
