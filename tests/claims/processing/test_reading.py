"""A document is read once, by the account that comes first, whatever happens on the way; and it ends in plain words."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from PIL import Image

from claims import storage, workers
from claims.models import Claim, Document, Duplicate, InvoiceHeader, Job, LogEntry, Reading, User
from claims.processing import jobs, reading, storing
from claims.receiving.uploads import receive_file
from ocr_providers import providers
from ocr_providers.exact_json import loads
from ocr_providers.exceptions import (
    FateUnknown,
    NotSent,
    PictureUnreadable,
    RateLimited,
    TellAdministrator,
)
from ocr_providers.models import ProviderAccount, ProviderCall
from ocr_providers.results import Kind, ReadingResult
from ocr_providers.vendor_schema import invoice_from_json
from tests.ocr_providers.scripted import SCRIPTED, InHouseProvider, ScriptedProvider, make_account

pytestmark = pytest.mark.django_db

Receive = Callable[..., Document]
Status = Document.Status


@pytest.fixture(autouse=True)
def vendors(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """Vendors that do what the test says; the engine in the house as well (`local`)."""
    settings.CREDENTIALS_KEYS = ["3Zk4pVYt6m5O2nUuJv0wqX8rS1aBcDeFgHiJkLmNoPw="]
    for provider in SCRIPTED:
        monkeypatch.setitem(providers.PROVIDERS, provider.vendor, f"{provider.__module__}.{provider.__name__}")
    name = f"{InHouseProvider.__module__}.{InHouseProvider.__name__}"
    monkeypatch.setitem(providers.PROVIDERS, "local", name)
    monkeypatch.setattr(InHouseProvider, "kinds", frozenset({"invoice", "auto"}))
    answers(b"charged 0006475067")


def answers(*steps: bytes | BaseException) -> None:
    """What the vendors say next, all of them from one list; the last one again and again."""
    ScriptedProvider.script, ScriptedProvider.sent = list(steps), []


@pytest.fixture
def receive(claim: Claim, picture: Callable[..., bytes]) -> Receive:
    def take_in(text: str = "invoice", to: Claim = claim, kind: str = "invoice") -> Document:
        return receive_file(claim=to, file=picture(text), name="a.jpg", user=None, kind=kind).document

    return take_in


def work(*queues: Job.Queue) -> int:
    return workers.Worker().run_once(list(queues or Job.Queue))


def work_again_now() -> int:
    Job.objects.update(run_at=timezone.now())
    return work()


def fresh(document: Document) -> Document:
    return Document.objects.get(pk=document.pk)


def asked() -> int:
    return len(ScriptedProvider.sent)


# --- the good way ----------------------------------------------------------------------------------------------------


def test_a_reading_leaves_answer_values_pages_and_a_claim_to_review(receive: Receive, claim: Claim) -> None:
    document = receive()
    assert work() == 1
    document = fresh(document)
    assert (document.status, document.failure_code, document.pages.count()) == (Status.READ, "", 1)
    assert InvoiceHeader.objects.get(document=document).note_no == "charged 0006475067"
    found = Reading.objects.get()
    assert (found.vendor, found.account_name, found.kind) == ("local", "local", "invoice")
    assert found.call_ids == list(ProviderCall.objects.values_list("pk", flat=True))
    assert "0006475067" in found.answer
    assert Claim.objects.get().status == Claim.Status.READY
    assert LogEntry.objects.filter(action="document.read", document_id=document.pk).exists()
    assert Job.objects.get().state == Job.State.DONE


def test_whatever_a_vendor_sends_is_stored_and_shown(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lone surrogates and NUL, which no database takes, and keys beside the document."""
    odd = invoice_from_json({"note_no": "1\0", "patient_name": "\ud800", "x\ud800": ["\0"]})
    result = ReadingResult(kind=Kind.INVOICE, document=odd, beside={"trace": "\udfff"})
    monkeypatch.setattr(ScriptedProvider, "parse", lambda _self, _answer: result)
    document = receive()
    assert work() == 1
    assert fresh(document).status == Status.READ
    found = loads(Reading.objects.get().answer)
    assert isinstance(found, dict)
    assert found["beside"] == {"trace": "?"}
    assert InvoiceHeader.objects.get(document=document).patient_name == "?"


def test_a_claim_is_ready_when_its_last_document_has_been_read(receive: Receive, claim: Claim) -> None:
    receive("one")
    second = receive("two")
    jobs.take_one(Job.objects.get(payload__document=second.pk).pk, "somebody else")
    work()
    assert Claim.objects.get().status == Claim.Status.RECEIVED


def test_an_account_that_somebody_made_is_asked_before_the_engine_and_in_the_other_queue(receive: Receive) -> None:
    make_account()
    document = receive()
    assert set(Job.objects.values_list("kind", "queue")) == {("make-pages", "engine"), ("read-document", "vendor")}
    assert work(Job.Queue.VENDOR) == 1
    assert Reading.objects.get().account_name == "scripted"
    assert work(Job.Queue.ENGINE) == 2  # the page pictures; where the values stand on them
    assert fresh(document).pages.count() == 1


def test_a_document_of_unknown_kind_is_recognised_in_the_house_and_read_by_the_vendor(receive: Receive) -> None:
    make_account()
    document = receive(kind="auto")
    work()
    assert list(Reading.objects.values_list("account_name", flat=True)) == ["local", "scripted"]
    assert (fresh(document).status, fresh(document).kind) == (Status.READ, "invoice")
    assert Job.objects.get(kind="read-document").state == Job.State.DONE


# --- when it does not go well ----------------------------------------------------------------------------------------


def test_the_next_account_is_asked_when_the_first_cannot(receive: Receive) -> None:
    make_account()
    answers(TellAdministrator("Key refused."), b"charged 1")
    document = receive()
    work()
    assert Reading.objects.get().account_name == "local"
    assert fresh(document).status == Status.READ


def test_a_short_wait_that_the_vendor_named_is_waited_for(receive: Receive) -> None:
    make_account()
    answers(RateLimited("Too many.", retry_after=20), b"charged 1")
    document = receive()
    work(Job.Queue.VENDOR)
    job = Job.objects.get(kind="read-document")
    assert 19 < (job.run_at - timezone.now()).total_seconds() < 23
    assert (fresh(document).status, fresh(document).failure_code) == (Status.QUEUED, "rate-limited")
    ProviderAccount.objects.update(paused_until=None, pause_reason="")
    work_again_now()
    assert Reading.objects.get().account_name == "scripted"
    assert fresh(document).failure_code == ""


def test_everybody_busy_means_again_later_and_at_last_a_person_is_told(receive: Receive, claim: Claim) -> None:
    answers(NotSent("No connection."))
    document = receive()
    work()
    assert fresh(document).status == Status.QUEUED
    for _attempt in range(jobs.MAX_ATTEMPTS[Job.Queue.ENGINE]):
        work_again_now()
    document = fresh(document)
    assert (document.status, document.failure_code, document.failure_reason) == (
        Status.FAILED,
        "not-sent",
        "No connection.",
    )
    assert Job.objects.get().state == Job.State.DEAD
    assert Claim.objects.get().status == Claim.Status.READY


def test_a_document_nobody_can_read_says_what_each_account_said(receive: Receive) -> None:
    make_account()
    answers(PictureUnreadable("Too small."), PictureUnreadable("Too blurred."))
    document = fresh_after_work(receive())
    assert document.status == Status.FAILED
    assert document.failure_reason == "scripted: Too small. local: Too blurred."


def fresh_after_work(document: Document) -> Document:
    work()
    return fresh(document)


def test_a_call_of_unknown_fate_is_held_and_asked_again_only_by_a_person(receive: Receive, administrator: User) -> None:
    make_account()
    answers(FateUnknown("No answer."), b"charged 1")
    document = fresh_after_work(receive())
    assert (document.status, document.failure_code) == (Status.HELD, "fate-unknown")
    work_again_now()
    assert asked() == 1
    job = Job.objects.get(state=Job.State.HELD)
    assert reading.drive_again(job=job, user=administrator, reason="Vendor says it was not charged.")
    assert fresh_after_work(document).status == Status.READ
    assert LogEntry.objects.get(action="job.driven-again").reason.startswith("Vendor says")


def test_a_file_that_was_damaged_in_the_store_is_not_read(receive: Receive) -> None:
    document = receive()
    key = storage.original_key(document.sha256)
    storage.delete(key)
    storage.put(key, b"something else")
    assert fresh_after_work(document).failure_code == "file-damaged"
    assert asked() == 0


def test_a_missing_file_is_said_to_be_missing(receive: Receive) -> None:
    document = receive()
    storage.delete(storage.original_key(document.sha256))
    assert fresh_after_work(document).failure_code == "file-damaged"


def test_an_error_of_our_own_is_tried_again_and_its_text_stays_out_of_the_record(
    receive: Receive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    name = "张三"

    def broken(*_: Any) -> None:
        raise ZeroDivisionError(name)

    monkeypatch.setattr(storing, "store", broken)
    document = fresh_after_work(receive())
    assert (document.status, document.failure_code) == (Status.QUEUED, "internal")
    assert "ZeroDivisionError" in document.failure_reason
    assert name not in document.failure_reason + caplog.text


def test_a_job_of_another_version_of_the_desk_is_given_up() -> None:
    jobs.enqueue(kind="unheard-of", queue=Job.Queue.ENGINE, payload={})
    work()
    assert Job.objects.get().failure_code == "unknown-kind"


# --- exactly once ----------------------------------------------------------------------------------------------------


def test_whoever_lost_the_lease_stores_nothing(receive: Receive) -> None:
    receive()
    job = jobs.take([Job.Queue.ENGINE], "slow")
    assert job
    answered = workers.execute(job)
    assert answered
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.sweep()
    workers.store([answered])
    assert not Reading.objects.exists()
    assert not InvoiceHeader.objects.exists()
    work()
    assert Reading.objects.count() == 1


def test_an_answer_that_was_paid_for_is_not_paid_again_after_a_crash(
    receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account()
    receive()
    with monkeypatch.context() as patch:
        patch.setattr(storing, "store", lambda *_: 1 / 0)
        work(Job.Queue.VENDOR)
    work_again_now()
    assert asked() == 1
    assert Reading.objects.get().charged


def test_the_same_file_in_another_claim_is_read_from_the_record(receive: Receive) -> None:
    make_account()
    receive()
    work()
    receive(to=Claim.objects.create(number="2026-000002"))
    work()
    assert asked() == 1
    assert Reading.objects.count() == 2


def test_what_ends_every_worker_is_given_up(receive: Receive) -> None:
    document = receive()
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS[Job.Queue.ENGINE])
    assert fresh_after_work(document).failure_code == "worker-lost"


# --- again -----------------------------------------------------------------------------------------------------------


def test_a_person_may_have_it_read_again_and_is_charged_once_more(
    receive: Receive, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account()
    document = receive()
    work()
    answers(b"charged 2")
    reading.read_again(document=document, user=reviewer)
    with monkeypatch.context() as patch:
        patch.setattr(storing, "store", lambda *_: 1 / 0)
        work(Job.Queue.VENDOR)
    work_again_now()
    assert asked() == 1
    assert InvoiceHeader.objects.get().note_no == "charged 2"
    assert Reading.objects.count() == 2


def test_asking_twice_reads_once(receive: Receive, reviewer: User) -> None:
    document = receive()
    work()
    assert reading.read_again(document=document, user=reviewer) == reading.read_again(document=document, user=reviewer)
    assert work() == 1


def test_a_reading_that_fails_leaves_a_document_read_before_as_it_was(receive: Receive, reviewer: User) -> None:
    document = receive()
    work()
    answers(PictureUnreadable("Too small."))
    reading.read_again(document=document, user=reviewer)
    document = fresh_after_work(document)
    assert (document.status, document.failure_code) == (Status.READ, "unreadable")


def test_nothing_is_read_again_for_a_decided_claim(receive: Receive, reviewer: User) -> None:
    document = receive()
    work()
    Claim.objects.update(status=Claim.Status.DECIDED)
    with pytest.raises(reading.NotNow):
        reading.read_again(document=document, user=reviewer)


def test_values_of_a_claim_decided_in_the_meantime_are_kept_beside_not_changed(
    receive: Receive, reviewer: User
) -> None:
    document = receive()
    work()
    answers(b"charged 2")
    reading.read_again(document=document, user=reviewer)
    Claim.objects.update(status=Claim.Status.DECIDED)
    work()
    assert Reading.objects.count() == 2
    assert InvoiceHeader.objects.get().note_no == "charged 0006475067"


# --- the same paper --------------------------------------------------------------------------------------------------


def test_the_same_number_on_another_picture_is_linked(receive: Receive) -> None:
    receive("first picture")
    second = receive("a quite different second picture", to=Claim.objects.create(number="2026-000002"))
    work()
    assert Duplicate.objects.filter(document=second, reason=Duplicate.Reason.SAME_NUMBER).exists()


def test_the_same_picture_scaled_and_turned_is_linked_when_its_values_agree(
    receive: Receive, picture: Callable[..., bytes], claim: Claim
) -> None:
    receive("receipt 1")
    turned = Image.open(io.BytesIO(picture("receipt 1"))).rotate(180).resize((900, 600))
    buffer = io.BytesIO()
    turned.save(buffer, "PNG")
    second = receive_file(claim=claim, file=buffer.getvalue(), name="b", user=None, kind="invoice").document
    work()
    assert not Duplicate.objects.filter(reason=Duplicate.Reason.SAME_BYTES).exists()
    assert Duplicate.objects.filter(document=second, reason=Duplicate.Reason.SAME_PICTURE).exists()
