"""The log is one chain: whatever happens to an entry shows."""

from __future__ import annotations

import io
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims import audit
from claims.models import Claim, Document, LogEntry, LogHead, User
from claims.recording.append_only import suspended

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(clerk: User, claim: Claim, document: Document) -> list[LogEntry]:
    return [
        audit.record(person=clerk, action="document-received", document=document, detail={"bytes": 1000}),
        audit.record(person="worker", action="document-read", document=document, subject="发票", reason=""),
        audit.record(
            person=clerk, action="claim-opened", claim=claim, reason="因为 paper arrived", detail={"n": [1, 2]}
        ),
    ]


def test_an_untouched_log_has_no_problems(entries: list[LogEntry]) -> None:
    assert audit.verify() == []
    assert audit.verify(entries[0].digest) == []


def test_an_entry_names_person_claim_and_document(entries: list[LogEntry], claim: Claim, document: Document) -> None:
    first = LogEntry.objects.get(pk=entries[0].pk)
    assert (first.person, first.claim_number, first.document_id) == ("clara.clerk", claim.number, document.pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [("person", "somebody"), ("action", "x"), ("reason", "other"), ("subject", "s"), ("detail", {"bytes": 1001})],
)
def test_a_changed_entry_shows(entries: list[LogEntry], field: str, value: object) -> None:
    with suspended():
        LogEntry.objects.filter(pk=entries[0].pk).update(**{field: value})
    assert [problem.entry for problem in audit.verify()] == [entries[0].pk]


def test_a_changed_time_shows(entries: list[LogEntry]) -> None:
    with suspended():
        LogEntry.objects.filter(pk=entries[1].pk).update(at=entries[1].at - timedelta(microseconds=1))
    assert [problem.entry for problem in audit.verify()] == [entries[1].pk]


def test_a_missing_entry_shows(entries: list[LogEntry]) -> None:
    with suspended():
        LogEntry.objects.filter(pk=entries[1].pk).delete()
    assert entries[2].pk in [problem.entry for problem in audit.verify()]


def test_a_log_cut_short_shows(entries: list[LogEntry]) -> None:
    with suspended():
        LogEntry.objects.filter(pk=entries[2].pk).delete()
    assert audit.verify()


def test_an_emptied_log_shows(entries: list[LogEntry]) -> None:
    with suspended():
        LogEntry.objects.all().delete()
    assert audit.verify()


def test_reordered_entries_show(entries: list[LogEntry]) -> None:
    with suspended():
        LogEntry.objects.filter(pk=entries[0].pk).update(id=entries[2].pk + 1)
    assert audit.verify()


def test_a_chain_made_anew_is_missed_by_a_head_noted_earlier(entries: list[LogEntry], clerk: User) -> None:
    noted = entries[2].digest
    with suspended():
        LogEntry.objects.all().delete()
        LogHead.objects.all().delete()
    audit.record(person=clerk, action="claim-opened")
    assert audit.verify() == []
    assert audit.verify(noted) != []


def test_details_hold_no_floats_and_no_objects(clerk: User) -> None:
    for wrong in ({"score": 0.5}, {"deep": [1.5]}, {"claim": object()}):
        with pytest.raises(TypeError):
            audit.record(person=clerk, action="x", detail=wrong)  # type: ignore[arg-type]


def test_the_command_prints_the_head_and_fails_on_a_broken_chain(entries: list[LogEntry]) -> None:
    out = io.StringIO()
    call_command("verify_log", stdout=out)
    assert entries[-1].digest in out.getvalue()
    with suspended():
        LogEntry.objects.filter(pk=entries[0].pk).update(person="somebody")
    with pytest.raises(CommandError):
        call_command("verify_log", stdout=out, stderr=out)


@pytest.mark.django_db(transaction=True)
def test_many_writers_make_one_chain() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("threads share one connection to a database in memory")

    def write() -> None:
        for number in range(10):
            audit.record(person="thread", action="x", detail={"n": number})
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert LogEntry.objects.count() == 40
    assert audit.verify() == []


def test_people_go_on_working_while_the_log_is_read(entries: list[LogEntry], monkeypatch: pytest.MonkeyPatch) -> None:
    end, more = audit.head, iter(range(3))

    def head_of_a_busy_desk() -> LogHead:
        if next(more, None) is not None:
            audit.record(person="mei", action="x")
        return end()

    monkeypatch.setattr(audit, "head", head_of_a_busy_desk)
    assert audit.verify() == []
