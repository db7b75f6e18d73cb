"""Every call is on record before it leaves; nothing that may have been charged is asked for twice without a person."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from PIL import Image

from ocr_providers import ledger
from ocr_providers.base import RawAnswer, Receipt, SourceDocument
from ocr_providers.exceptions import (
    AskAgainLater,
    FateUnknown,
    FixTheRequest,
    NotSent,
    PictureUnreadable,
    RateLimited,
    TellAdministrator,
    UnexpectedAnswer,
)
from ocr_providers.ledger import read_with_account, record_reading
from ocr_providers.models import ProviderAccount, ProviderCall
from ocr_providers.processes import own_mark
from ocr_providers.results import Invoice, Kind, ReadingResult
from tests.ocr_providers.conftest import Script
from tests.ocr_providers.scripted import ScriptedProvider, jpeg, make_account, picture

pytestmark = pytest.mark.django_db
State = ProviderCall.State


def note_no(result: ReadingResult) -> str | None:
    assert isinstance(result.document, Invoice)
    return result.document.note_no


def states() -> list[str]:
    return list(ProviderCall.objects.order_by("id").values_list("state", flat=True))


def leave_behind(account: ProviderAccount, owner: str = "", seconds: float = 60) -> ProviderCall:
    """A row that a worker left in `sending`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "_close", lambda *_args: None)
        patch.setattr(ScriptedProvider, "script", [SystemExit()])
        with pytest.raises(SystemExit):
            read_with_account(account, picture())
    call = ProviderCall.objects.latest("id")
    owner = owner or own_mark().rpartition("/")[0] + "/not-this-start"
    ProviderCall.objects.filter(pk=call.pk).update(owner=owner, expires_at=timezone.now() + timedelta(seconds=seconds))
    call.refresh_from_db()
    return call


def test_a_call_leaves_its_answer_charge_and_cost(account: ProviderAccount) -> None:
    reading = record_reading(account, picture())
    call = ProviderCall.objects.get()

    assert note_no(reading.result) == "charged 1"
    assert reading.calls == (call,)
    assert (call.state, call.charged, call.cost, call.remaining_calls) == (State.ANSWERED, True, Decimal("0.1"), 7)
    assert call.raw_answer.body == b"charged 1"


def test_an_answer_is_good_once_somebody_has_taken_it_over(account: ProviderAccount) -> None:
    ProviderCall.accept(record_reading(account, picture()).calls)
    assert states() == ["ok"]
    ProviderCall.accept(record_reading(account, picture()).calls)  # from the record
    assert states() == ["ok"]


def test_an_answer_is_recorded_whatever_its_texts_hold(
    account: ProviderAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL stores no NUL, and no database a lone surrogate: what was paid for is kept all the same."""
    odd = "a\0b\ud800"
    monkeypatch.setattr(ScriptedProvider, "receipt", lambda _self, _answer: Receipt(charged=True, code=odd))
    monkeypatch.setattr(
        ScriptedProvider, "call", lambda _self, _document: RawAnswer(body=b"charged 1", headers={"date": odd})
    )
    record_reading(account, picture())
    call = ProviderCall.objects.get()
    assert (call.vendor_code, call.answer_headers, call.charged) == ("ab?", {"date": "ab?"}, True)


def test_the_row_is_committed_before_the_request_leaves(
    account: ProviderAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def call(provider: ScriptedProvider, document: SourceDocument) -> RawAnswer:
        seen.append(states())
        return RawAnswer(body=b"charged 1")

    monkeypatch.setattr(ScriptedProvider, "call", call)
    read_with_account(account, picture())
    assert seen == [[State.SENDING]]


def test_the_answer_is_committed_before_it_is_parsed(account: ProviderAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(provider: ScriptedProvider, answer: RawAnswer) -> ReadingResult:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(ScriptedProvider, "parse", crash)
        with pytest.raises(MemoryError):
            read_with_account(account, picture())
    assert states() == [State.ANSWERED]

    assert note_no(read_with_account(account, picture())) == "charged 1"
    assert len(ScriptedProvider.sent) == 1


def test_a_picture_with_a_good_answer_is_answered_from_the_record(account: ProviderAccount) -> None:
    read_with_account(account, picture())
    assert note_no(read_with_account(account, picture())) == "charged 1"
    assert len(ScriptedProvider.sent) == 1


def test_a_person_may_ask_for_a_new_answer(account: ProviderAccount, script: Script) -> None:
    script(b"charged 1", b"charged 2")
    read_with_account(account, picture())
    assert note_no(read_with_account(account, picture(), again=True)) == "charged 2"
    assert note_no(read_with_account(account, picture())) == "charged 2"
    assert list(ProviderCall.objects.order_by("id").values_list("generation", "asked_again")) == [(0, False), (1, True)]


def test_another_picture_kind_or_account_is_another_call(account: ProviderAccount) -> None:
    read_with_account(account, picture(1))
    read_with_account(account, picture(2))
    read_with_account(make_account(name="second"), picture(1))
    assert len(ScriptedProvider.sent) == 3


def test_what_never_left_is_sent_again_and_costs_nothing(account: ProviderAccount, script: Script) -> None:
    script(NotSent("no connection"), b"charged 2")
    with pytest.raises(NotSent):
        read_with_account(account, picture())
    assert ProviderCall.objects.get().cost == 0

    assert note_no(read_with_account(account, picture())) == "charged 2"
    assert states() == [State.NOT_SENT, State.OK]


@pytest.mark.parametrize("ending", [FateUnknown("no answer"), RuntimeError("bug"), KeyboardInterrupt()])
def test_a_call_of_unknown_fate_is_held_for_a_person(
    account: ProviderAccount, script: Script, ending: BaseException
) -> None:
    script(ending, b"charged 2")
    with pytest.raises(type(ending)):
        read_with_account(account, picture())
    for _attempt in range(2):
        with pytest.raises(FateUnknown):
            read_with_account(account, picture())
    assert states() == [State.UNCERTAIN]
    assert len(ScriptedProvider.sent) == 1

    assert note_no(read_with_account(account, picture(), again=True)) == "charged 2"


@pytest.mark.parametrize("again", [False, True])
def test_a_row_of_a_dead_process_is_uncertain(account: ProviderAccount, again: bool) -> None:
    leave_behind(account)
    if again:
        assert note_no(read_with_account(account, picture(), again=True)) == "charged 1"
    else:
        with pytest.raises(FateUnknown, match="ended before the answer"):
            read_with_account(account, picture())
    assert states()[0] == State.UNCERTAIN


def test_a_row_past_its_deadline_is_uncertain_whoever_holds_it(account: ProviderAccount) -> None:
    leave_behind(account, owner="another-host/1/2/3", seconds=-1)
    with pytest.raises(FateUnknown):
        read_with_account(account, picture())


@pytest.mark.parametrize("again", [False, True])
def test_a_picture_that_a_live_process_is_asking_about_waits(account: ProviderAccount, again: bool) -> None:
    leave_behind(account, owner=own_mark())
    with pytest.raises(AskAgainLater) as caught:
        read_with_account(account, picture(), again=again)
    assert caught.value.code == "in-flight"
    assert caught.value.retry_after is not None
    assert states() == [State.SENDING]


def test_the_sweep_shows_calls_in_nobodys_hands(account: ProviderAccount) -> None:
    leave_behind(account)
    assert ledger.mark_left_behind() == 1
    assert ledger.mark_left_behind() == 0
    assert states() == [State.UNCERTAIN]


def test_a_refusal_without_charge_may_be_sent_again(account: ProviderAccount, script: Script) -> None:
    script(b"refused", b"charged 2")
    with pytest.raises(FixTheRequest) as caught:
        read_with_account(account, picture())
    assert caught.value.charged is False
    assert note_no(read_with_account(account, picture())) == "charged 2"


def test_a_useless_answer_that_was_charged_is_not_paid_for_again(account: ProviderAccount, script: Script) -> None:
    script(b"charged garbage", b"charged 2")
    for _attempt in range(2):
        with pytest.raises(UnexpectedAnswer) as caught:
            read_with_account(account, picture())
        assert caught.value.charged is True
    assert len(ScriptedProvider.sent) == 1


def test_a_charged_answer_is_understood_later_by_a_better_parser(
    account: ProviderAccount, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(b"charged garbage")
    with pytest.raises(UnexpectedAnswer):
        read_with_account(account, picture())
    better = ReadingResult(kind=Kind.INVOICE, document=Invoice(note_no="understood"))
    monkeypatch.setattr(ScriptedProvider, "parse", lambda _self, _answer: better)
    assert note_no(read_with_account(account, picture())) == "understood"


def test_an_engine_in_the_house_is_free_to_read_again_after_a_kill(script: Script) -> None:
    script(b"charged 1")
    inside = make_account("inside", documents_may_leave=False)
    leave_behind(inside)
    assert note_no(read_with_account(inside, picture())) == "charged 1"
    assert states() == [State.FAILED, State.OK]
    assert ProviderCall.objects.latest("id").cost == 0


def test_an_engine_in_the_house_that_cannot_read_says_so_every_time(script: Script) -> None:
    script(PictureUnreadable("too small"))
    inside = make_account("inside")
    for _attempt in range(2):
        with pytest.raises(PictureUnreadable):
            read_with_account(inside, picture())
    assert states() == [State.FAILED, State.FAILED]


@pytest.mark.parametrize(
    ("fields", "code"), [({"enabled": False}, "disabled"), ({"documents_may_leave": False}, "must-stay")]
)
def test_an_account_that_may_not_be_given_documents_is_not_asked(
    account: ProviderAccount, fields: dict[str, bool], code: str
) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(**fields)
    account.refresh_from_db()
    with pytest.raises(TellAdministrator) as caught:
        read_with_account(account, picture())
    assert caught.value.code == code
    assert states() == []


def test_daily_limits_hold_but_answers_on_record_stay_free(account: ProviderAccount, script: Script) -> None:
    read_with_account(account, picture(1))
    for limit in ({"daily_call_limit": 1}, {"daily_call_limit": None, "daily_cost_limit": Decimal("0.15")}):
        ProviderAccount.objects.filter(pk=account.pk).update(**limit)
        with pytest.raises(RateLimited) as caught:
            read_with_account(account, picture(2), respect_pause=False)
        assert caught.value.code == "daily-limit"
    assert note_no(read_with_account(account, picture(1))) == "charged 1"


def test_no_more_calls_are_in_flight_than_the_account_allows(account: ProviderAccount) -> None:
    leave_behind(account, owner=own_mark())
    ProviderAccount.objects.filter(pk=account.pk).update(max_in_flight=1)
    with pytest.raises(RateLimited) as caught:
        read_with_account(account, picture(2))
    assert caught.value.code == "in-flight"


def test_reading_inside_a_transaction_is_refused(account: ProviderAccount) -> None:
    """The row has to be committed before the request leaves."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        read_with_account(account, picture())


def test_raw_answers_cannot_be_changed_nor_calls_deleted(account: ProviderAccount) -> None:
    read_with_account(account, picture())
    call = ProviderCall.objects.get()
    for change in ({"answer": b"nicer"}, {"charged": False}, {"sha256": "0" * 64}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ProviderCall.objects.filter(pk=call.pk).update(**change)
    with pytest.raises(TypeError):
        call.delete()
    with pytest.raises(TypeError):
        ProviderCall.objects.all().delete()


def two_pages() -> SourceDocument:
    buffer = io.BytesIO()
    first, second = (Image.open(io.BytesIO(jpeg(shade))) for shade in (10, 20))
    first.save(buffer, "TIFF", save_all=True, append_images=[second])
    return SourceDocument(content=buffer.getvalue(), media_type="image/tiff", kind=Kind.INVOICE)


def test_pages_are_read_one_by_one_and_every_answer_is_kept(script: Script) -> None:
    script(b"charged 1", b"charged 2")
    reading = record_reading(make_account("one-page"), two_pages())
    assert note_no(reading.result) == "charged 1"
    assert [(call.page, call.raw_answer.body) for call in reading.calls] == [(0, b"charged 1"), (1, b"charged 2")]


def test_after_a_failure_only_the_missing_page_is_asked_for(script: Script) -> None:
    script(b"charged 1", AskAgainLater("busy"), b"charged 2")
    one_page = make_account("one-page")
    with pytest.raises(AskAgainLater):
        read_with_account(one_page, two_pages())
    assert not read_with_account(one_page, two_pages()).partial
    assert len(ScriptedProvider.sent) == 3


def test_a_page_that_is_refused_for_good_makes_the_document_partial(script: Script) -> None:
    script(b"refused", b"charged 2")
    result = read_with_account(make_account("one-page"), two_pages())
    assert result.partial
    assert note_no(result) == "charged 2"
    assert result.messages == ("Page 1: refused",)


def test_a_document_whose_pages_are_all_refused_is_refused(script: Script) -> None:
    script(b"refused")
    with pytest.raises(FixTheRequest):
        read_with_account(make_account("one-page"), two_pages())
