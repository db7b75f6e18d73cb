"""The one way to have a document read: every call on record before it leaves, every answer before it is parsed.

A picture that has a good answer from the account is answered from the record. A call that may have been charged is
never repeated silently: what is still on its way in the hands of a dead process is *uncertain* and held for a person,
who may ask again (`again=True`). Only what provably never left, or was refused without a charge, is sent again freely.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ocr_providers import bulk, circuit, out
from ocr_providers.accounts import provider_for, refuse_unless_usable
from ocr_providers.base import BaseProvider, RawAnswer, SourceDocument
from ocr_providers.circuit import Admission
from ocr_providers.documents import configured_limits, page_count, sniff
from ocr_providers.exact_json import storable
from ocr_providers.exceptions import AskAgainLater, ClockWrong, FateUnknown, FixTheRequest, NotSent, OcrError
from ocr_providers.group_commit import committed
from ocr_providers.joining import join_results
from ocr_providers.models import ProviderAccount, ProviderCall
from ocr_providers.processes import is_gone, own_mark
from ocr_providers.providers import provider_class
from ocr_providers.results import ReadingResult
from ocr_providers.together import looked_up

State = ProviderCall.State

GRACE_SECONDS = 10.0
"""After a call's own time limit, before its row counts as left behind."""
CLOCK_TOLERANCE = 2.0
"""Seconds: the `Date` header has a resolution of one."""
ANSWER_FIELDS = (
    "state", "finished_at", "status", "answer", "answer_headers", "cut_short", "latency_ms", "vendor_code", "charged",
    "remaining_calls", "remaining_seconds", "cost", "error_class", "error",
)  # fmt: skip
OUTCOME_FIELDS = ("state", "finished_at", "error_class", "error", "retry_after", "vendor_code", "cost")
UNFINISHED = (State.SENDING, State.ANSWERED)
STORE_ATTEMPTS = 5
STORE_PAUSE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedReading:
    """A result, with the rows of the ledger that it came from, page by page."""

    result: ReadingResult
    calls: tuple[ProviderCall, ...]


@dataclass(frozen=True, kw_only=True)
class _Order:
    """What one call is about."""

    account: ProviderAccount
    provider: BaseProvider
    document: SourceDocument
    page: int | None = None
    again: bool = False
    respect_pause: bool = True

    @property
    def address(self) -> str:
        return f"{self.provider.connection.endpoint}{self.provider.route}" or self.provider.vendor

    @cached_property
    def key(self) -> str:
        """What makes two calls the same."""
        page = "" if self.page is None else self.page
        parts = f"{self.account.pk}|{self.address}|{self.document.sha256}|{self.document.kind}|{page}"
        return hashlib.sha256(parts.encode()).hexdigest()

    def latest(self) -> ProviderCall | None:
        return looked_up(_latest_calls, self.key)

    def asked_for_less(self) -> int:
        """How many answers said that the document is too large, or took too long to read."""
        if not self.provider.smaller_after:
            return 0
        return ProviderCall.objects.filter(key=self.key, status__in=self.provider.smaller_after).count()


@dataclass(frozen=True, slots=True)
class _Opening:
    """A call that wants to be on record."""

    order: _Order
    fitted: SourceDocument
    generation: int


def read_with_account(
    account: ProviderAccount, document: SourceDocument, *, again: bool = False, respect_pause: bool = True
) -> ReadingResult:
    """`record_reading`, for callers that need only the result."""
    recorded = record_reading(account, document, again=again, respect_pause=respect_pause)
    with transaction.atomic():
        ProviderCall.accept(recorded.calls)
    return recorded.result


def record_reading(
    account: ProviderAccount, document: SourceDocument, *, again: bool = False, respect_pause: bool = True
) -> RecordedReading:
    """Reads `document` with `account`, once, through the ledger. Must not be called inside a transaction.

    `again`: a person asks for a new answer though there is one, or though an earlier call may have been charged.
    The calls are left `ANSWERED`; whoever takes the result over says so by `ProviderCall.accept`.
    `respect_pause=False`: a person asks now, whatever the circuit says; limits still hold.

    Raises `OcrError` (see `.retryable`, `.retry_after`), and `Misconfigured` for a wrong account.
    """
    refuse_unless_usable(account, document.kind)
    provider = provider_for(account)
    known = document.of_kind(provider.kind_for(document.kind))
    order = _Order(account=account, provider=provider, document=known, again=again, respect_pause=respect_pause)
    pages = 1 if _goes_whole(order) else page_count(document.content, configured_limits())
    return _read_pages(order, pages) if pages > 1 else _read_once(order)


def _goes_whole(order: _Order) -> bool:
    """Whether all pages go out in one call: the vendor reads such files, and did not ask for fewer pages."""
    return sniff(order.document.content) in order.provider.whole_media_types and not order.asked_for_less()


def _read_pages(order: _Order, count: int) -> RecordedReading:
    """Every page by a call of its own. Pages refused for good make the whole partial, not void."""
    read: list[RecordedReading] = []
    refused: list[tuple[int, FixTheRequest]] = []
    for page in range(count):
        try:
            read.append(_read_once(replace(order, page=page)))
        except FixTheRequest as error:
            if error.retryable:  # the page may be read yet, smaller
                raise
            refused.append((page + 1, error))
    if not read:
        raise refused[0][1]
    result = join_results([reading.result for reading in read])
    remarks = tuple(_("Page %(page)d: %(reason)s") % {"page": page, "reason": error} for page, error in refused)
    return RecordedReading(
        result=replace(result, partial=result.partial or bool(refused), messages=(*result.messages, *remarks)),
        calls=tuple(call for reading in read for call in reading.calls),
    )


def _read_once(order: _Order) -> RecordedReading:
    standing = order.latest()
    recorded = _from_record(order, standing) if standing else None
    if recorded is not None:
        return recorded
    try:
        return _ask(order, standing)
    except ClockWrong:  # refused unread; the answer's own date has corrected our clock: signed anew, once
        order.account.refresh_from_db(fields=("clock_offset",))
        return _ask(replace(order, provider=provider_for(order.account)), order.latest())


# --- what is on record -----------------------------------------------------------------------------------------------


def _latest_calls(keys: list[str]) -> list[ProviderCall | None]:
    """The last of each, where there is one."""
    calls = sorted(bulk.rows_where(ProviderCall, "key", set(keys)), key=attrgetter("generation"))
    latest = {call.key: call for call in calls}
    return [latest.get(key) for key in keys]


def _from_record(order: _Order, call: ProviderCall) -> RecordedReading | None:
    """The answer on record; `None` when the vendor may be asked. Raises when it must not be."""
    if call.state == State.SENDING:
        _refuse_in_flight(order, call)
    if order.again or call.is_erased or (order.provider.in_house and call.state not in {State.ANSWERED, State.OK}):
        return None
    if call.state == State.UNCERTAIN:
        raise FateUnknown(
            _("An earlier call for this picture may have been charged: %(reason)s A person decides what to do.")
            % {"reason": call.error}
        )
    if call.state in {State.ANSWERED, State.OK} or (call.state == State.FAILED and call.may_have_been_charged):
        return RecordedReading(result=_parsed(order.provider, call), calls=(call,))
    return None


def _refuse_in_flight(order: _Order, call: ProviderCall) -> None:
    """A live process is asking right now: wait for it. A dead one left a call of unknown fate."""
    if is_left_behind(call):
        mark_uncertain(call)
    elif not order.provider.in_house:
        raise AskAgainLater(
            _("The same picture is being read right now."),
            code="in-flight",
            retry_after=max(1.0, min(10.0, (call.expires_at - timezone.now()).total_seconds())),
        )


def is_left_behind(call: ProviderCall) -> bool:
    """Whether nobody is waiting for this call's answer any more."""
    return call.state == State.SENDING and (call.expires_at <= timezone.now() or is_gone(call.owner))


@transaction.atomic(savepoint=False)
def mark_uncertain(call: ProviderCall) -> None:
    """The process ended after the row was written and before an answer was: whether the vendor got it is unknown."""
    reason = _("the process that sent it ended before the answer came.")
    state = State.FAILED if provider_class(call.vendor).in_house else State.UNCERTAIN
    changed = ProviderCall.objects.filter(pk=call.pk, state=State.SENDING).update(
        state=state, error_class=FateUnknown.__name__, error=reason, finished_at=timezone.now()
    )
    if changed:
        call.state, call.error = state, reason


def mark_left_behind() -> int:
    """Sweeps the ledger: calls in nobody's hands become uncertain, so that a person sees them. How many there were."""
    left = [call for call in ProviderCall.objects.filter(state=State.SENDING) if is_left_behind(call)]
    for call in left:
        mark_uncertain(call)
    return len(left)


# --- asking ----------------------------------------------------------------------------------------------------------


def _ask(order: _Order, standing: ProviderCall | None) -> RecordedReading:
    """`standing`: the latest call on record when it was decided to ask."""
    fitted = order.provider.check(order.document, order.page, order.asked_for_less())
    call = _open(order, fitted, standing)
    answer = _send(order, call, fitted)
    _store_answer(order, call, answer)
    return RecordedReading(result=_settle(order, call), calls=(call,))


def _open(order: _Order, fitted: SourceDocument, standing: ProviderCall | None) -> ProviderCall:
    """Commits the row that says a call is on its way, if the account admits one and nobody was faster."""
    generation = standing.generation + 1 if standing else 0
    try:
        opened = committed(_open_together, _Opening(order, fitted, generation))
    except IntegrityError:  # there is one of this generation already: somebody else decided the same, and was faster
        raise AskAgainLater(_("The same picture is being read right now."), code="in-flight", retry_after=1.0) from None
    if isinstance(opened, OcrError):
        raise opened
    return opened


def _open_together(openings: list[_Opening]) -> list[ProviderCall | OcrError]:
    """A row for each; or why its account admits no call now: said, not raised, as all are in one transaction."""
    asked = {opening.order.account.pk for opening in openings}
    locked = bulk.rows_where(ProviderAccount, "id", asked, lock=True)
    admissions = {account.pk: Admission(account) for account in locked}
    opened = [_opened(opening, admissions[opening.order.account.pk]) for opening in openings]
    bulk.insert_rows(call for call in opened if isinstance(call, ProviderCall))
    return opened


def _opened(opening: _Opening, admission: Admission) -> ProviderCall | OcrError:
    order = opening.order
    try:
        if not order.provider.in_house:
            admission.admit(respect_pause=order.respect_pause)
    except OcrError as refusal:
        return refusal
    return _new_call(opening, admission.account)


def _new_call(opening: _Opening, account: ProviderAccount) -> ProviderCall:
    order, in_house = opening.order, opening.order.provider.in_house
    return ProviderCall.opening(
        opening.fitted,
        account.total_timeout + GRACE_SECONDS,
        account=account,
        vendor=order.provider.vendor,
        endpoint=order.address,
        sha256=order.document.sha256,
        kind=str(order.document.kind),
        page=order.page,
        key=order.key,
        generation=opening.generation,
        asked_again=order.again,
        owner=own_mark(),
        charged=False if in_house else None,
        cost=Decimal(0) if in_house else account.price_per_call,
    )


def _send(order: _Order, call: ProviderCall, fitted: SourceDocument) -> RawAnswer:
    """The answer; when none came, the row says why before the error goes on."""
    try:
        with out.calls:
            return order.provider.call(fitted)
    except OcrError as error:
        _close(order, call, error)
        circuit.failed(call.account, error)
        raise
    except BaseException as error:
        _close(order, call, FateUnknown(_("the call ended with %(error)s.") % {"error": type(error).__name__}))
        raise


def _store_answer(order: _Order, call: ProviderCall, answer: RawAnswer) -> None:
    """Commits the raw answer and the charge. Tried several times: this is what was paid for."""
    receipt = order.provider.receipt(answer)
    call.state, call.finished_at = State.ANSWERED, timezone.now()
    headers = {name: storable(text) for name, text in answer.headers.items()}
    call.status, call.answer, call.answer_headers = answer.status, answer.body, headers
    call.cut_short, call.latency_ms = answer.cut_short[:200], round(answer.elapsed * 1000)
    call.vendor_code, call.charged = storable(receipt.code)[:80], receipt.charged
    call.remaining_calls, call.remaining_seconds = receipt.remaining_calls, receipt.remaining_seconds
    call.cost = call.cost if call.may_have_been_charged else Decimal(0)
    for attempt in range(1, STORE_ATTEMPTS + 1):
        try:
            committed(_answered_together, call)
            break
        except OperationalError:
            if attempt == STORE_ATTEMPTS:
                raise
            time.sleep(STORE_PAUSE * attempt)
    _correct_clock(call.account, answer)


def _answered_together(calls: list[ProviderCall]) -> list[None]:
    bulk.update_rows(calls, ANSWER_FIELDS)
    return [None] * len(calls)


def _correct_clock(account: ProviderAccount, answer: RawAnswer) -> None:
    """Remembers how far the vendor's clock is ahead, for the next signature of every worker."""
    offset = answer.clock_offset
    if offset is not None and abs(offset - account.clock_offset) > CLOCK_TOLERANCE:
        with transaction.atomic():
            ProviderAccount.objects.filter(pk=account.pk).update(clock_offset=offset)


def _settle(order: _Order, call: ProviderCall) -> ReadingResult:
    """Parses the answer on record; writes what went wrong."""
    try:
        result = _parsed(order.provider, call)
    except OcrError as error:
        _close(order, call, error)
        circuit.failed(call.account, error)
        raise
    circuit.succeeded(call.account)
    return result


def _parsed(provider: BaseProvider, call: ProviderCall) -> ReadingResult:
    """Parses the raw answer. Whoever catches the error learns whether it was charged."""
    try:
        return provider.read_answer(call.raw_answer)
    except OcrError as error:
        error.charged = call.charged
        raise


@transaction.atomic(savepoint=False)
def _close(order: _Order, call: ProviderCall, error: OcrError) -> None:
    """The row's end without a good answer."""
    call.state, call.finished_at = _end_state(order, error), call.finished_at or timezone.now()
    call.error_class, call.error = type(error).__name__, str(error)[:300]
    call.retry_after, call.vendor_code = error.retry_after, call.vendor_code or error.code[:80]
    if call.state == State.NOT_SENT:
        call.cost = Decimal(0)
    open_row = ProviderCall.objects.filter(pk=call.pk, state__in=UNFINISHED)  # somebody may have given it up
    open_row.update(**{name: getattr(call, name) for name in OUTCOME_FIELDS})


def _end_state(order: _Order, error: OcrError) -> ProviderCall.State:
    if isinstance(error, NotSent):
        return State.NOT_SENT
    return State.UNCERTAIN if isinstance(error, FateUnknown) and not order.provider.in_house else State.FAILED
