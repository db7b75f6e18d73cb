"""Values of a provider that gives no boxes get a place on the paper, and nothing ever waits for that."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims import workers
from claims.editing.corrections import Edit, correct
from claims.models import Claim, Correction, Document, InvoiceHeader, Job, LogEntry, User
from claims.processing import locating
from claims.receiving.uploads import receive_file
from ocr_providers.engine import pipeline
from ocr_providers.exceptions import PictureUnreadable
from ocr_providers.results import Box, Kind
from tests.claims.conftest import add_reading

pytestmark = pytest.mark.django_db
TOTAL = Box(40, 30, 90, 50, 0)


ANSWER = {"total_cost": "203.33", "note_no": "3300123456", "type": 1}


@pytest.fixture
def document(claim: Claim, picture: Callable[..., bytes]) -> Document:
    """As a vendor without boxes read it."""
    made = receive_file(claim=claim, file=picture(), name="a.jpg", user=None).document
    Document.objects.filter(pk=made.pk).update(status=Document.Status.READ)
    Claim.objects.filter(pk=claim.pk).update(status=Claim.Status.READY)
    Job.objects.all().delete()
    add_reading(made, Kind.INVOICE, ANSWER, by="jd", vendor="jd")
    return Document.objects.get(pk=made.pk)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the engine was asked for; `answer` is what it finds."""
    asked: dict[str, Any] = {"answer": {"/total_cost": (TOTAL,)}}

    def places_of(values: Mapping[str, Any], images: Any, kind: Any) -> Any:
        asked.update(values=dict(values), pages=len(images), kind=kind)
        if isinstance(asked["answer"], Exception):
            raise asked["answer"]
        return asked["answer"]

    monkeypatch.setattr(pipeline, "places_of", places_of)
    return asked


def search(document: Document) -> Job:
    job = locating.ask(document)
    assert job is not None
    workers.Worker().run_once([Job.Queue.ENGINE])
    return Job.objects.get(pk=job.pk)


def source(document: Document, name: str) -> dict[str, Any]:
    stored: dict[str, Any] = InvoiceHeader.objects.get(document=document).sources[name]
    return stored


def test_a_value_gets_its_place_and_stays_as_it_was_read(document: Document, engine: dict[str, Any]) -> None:
    before = source(document, "total_cost")
    assert search(document).state == Job.State.DONE
    after = source(document, "total_cost")
    assert (after["rect"], after["page"], after["placed"]) == (TOTAL.rect, 0, "located")
    assert {key: after[key] for key in before} == before
    assert LogEntry.objects.get(action="values.located").detail["found"] == 1
    assert not Correction.objects.filter(document=document).exists()


def test_what_is_printed_in_other_words_is_not_looked_for(document: Document, engine: dict[str, Any]) -> None:
    search(document)
    assert engine["values"] == {"/total_cost": Decimal("203.33"), "/note_no": "3300123456"}
    assert str(engine["values"]["/total_cost"]) == "203.33"  # not as a column of four decimals holds it


def test_several_places_are_kept_for_a_person_to_choose(document: Document, engine: dict[str, Any]) -> None:
    engine["answer"] = {"/total_cost": (TOTAL, Box(40, 60, 90, 80, 0))}
    search(document)
    stored = source(document, "total_cost")
    assert (stored["placed"], stored["candidates"]) == ("several", [[0, 40, 30, 90, 50], [0, 40, 60, 90, 80]])
    assert "rect" not in stored


def test_what_is_nowhere_is_not_looked_for_again(document: Document, engine: dict[str, Any]) -> None:
    engine["answer"] = PictureUnreadable("blurred")
    search(document)
    assert source(document, "note_no")["placed"] == "nowhere"
    assert locating.ask(document) is None


def test_a_value_that_changed_meanwhile_is_left_alone(
    document: Document, engine: dict[str, Any], reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pipeline.places_of

    def slow(*arguments: Any) -> Any:
        correct(document=document, user=reviewer, edits=[Edit("invoice/total_cost", "9.00", 1)])
        return found(*arguments)

    monkeypatch.setattr(pipeline, "places_of", slow)
    search(document)
    assert "rect" not in source(document, "total_cost")
    assert source(document, "note_no")["placed"] == "nowhere"


def test_a_machine_without_the_engine_leaves_everything_as_it_is(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ocr_providers.engine.pipeline", None)
    assert search(document).state == Job.State.DONE
    assert "placed" not in source(document, "total_cost")


def test_an_error_of_the_engine_is_given_up_quietly(document: Document, engine: dict[str, Any]) -> None:
    engine["answer"] = RuntimeError("out of order")
    job = search(document)
    assert (job.state, job.failure_reason) == (Job.State.QUEUED, "RuntimeError")
    Job.objects.filter(pk=job.pk).update(attempts=job.max_attempts - 1, run_at=timezone.now())
    workers.Worker().run_once([Job.Queue.ENGINE])
    assert Job.objects.get(pk=job.pk).state == Job.State.DEAD
    document.refresh_from_db()
    assert document.status == Document.Status.READ


def test_our_own_engine_gives_boxes_and_is_not_asked_again(document: Document) -> None:
    boxes = {"/total_cost": {"text": "203.33", "score": 0.97, "rect": TOTAL.rect, "page": 0}}
    add_reading(document, Kind.INVOICE, {**ANSWER, "extra": {"sources": boxes}})
    assert locating.ask(document) is None


def test_whoever_opens_the_document_has_the_places_looked_for_soon(
    signed_in: Callable[[User], Client], reviewer: User, document: Document
) -> None:
    locating.ask(document)
    url = f"/api/v1/documents/{document.pk}"
    client = signed_in(reviewer)
    assert client.get(f"{url}/state/").json()["places_wanted"]
    assert client.post(f"{url}/locate/").status_code == 202
    assert Job.objects.get(kind=locating.LOCATE).priority == locating.SOON


def test_an_auditor_has_nothing_looked_for(
    signed_in: Callable[[User], Client], auditor: User, document: Document
) -> None:
    assert signed_in(auditor).post(f"/api/v1/documents/{document.pk}/locate/").status_code == 403


def test_a_page_that_is_open_gets_the_places_as_news(
    signed_in: Callable[[User], Client], reviewer: User, engine: dict[str, Any], document: Document
) -> None:
    client, url = signed_in(reviewer), f"/api/v1/documents/{document.pk}/state/"
    before = client.get(url).json()
    search(document)
    after = client.get(f"{url}?since={before['tag']}&revision={before['revision']}").json()
    total = next(field for field in after["fields"] if field["name"] == "total_cost")
    assert total["source"]["placed"] == "located"
    assert not after["places_wanted"]
