"""The review page and the small verbs around it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, Document, LogEntry, Page, User
from ocr_providers.results import Kind

from ..conftest import ReadDocument

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def desk(signed_in: SignIn, reviewer: User) -> Client:
    return signed_in(reviewer)


def post(client: Client, document: Document, what: str, body: Any = None) -> Any:
    url = f"/api/v1/documents/{document.pk}/{what}/"
    return client.post(url, json.dumps(body or {}), content_type="application/json")


@pytest.mark.parametrize("kind", [Kind.INVOICE, Kind.HEALTH_CHECK])
def test_the_page_carries_its_state(desk: Client, read_document: ReadDocument, kind: Kind) -> None:
    document = read_document(kind)
    answer = desk.get(f"/documents/{document.pk}/review/")
    state = json.loads(answer.content.decode().split('id="document-state"')[1].split(">", 1)[1].split("</script>")[0])
    assert (state["document"]["id"], state["document"]["kind"]) == (document.pk, kind.value)
    assert (state["health"] is None) == (kind is Kind.INVOICE)


def test_previous_and_next_follow_the_list_one_came_from(
    desk: Client, read_document: ReadDocument, invoice: Document
) -> None:
    Claim.objects.update(status="ready")
    second = read_document()
    later = Claim.objects.create(number="later", status="ready")
    other = read_document(of=later)
    skipped = read_document(of=Claim.objects.create(number="skipped", status="decided"))
    state = desk.get(f"/documents/{invoice.pk}/review/?list=view%3Dtodo").context["state"]
    assert state["queue"] == {
        "previous": f"/documents/{other.pk}/review/?list=view%3Dtodo",
        "next": f"/documents/{second.pk}/review/?list=view%3Dtodo",
        "list": "/?view=todo",
    }
    assert str(skipped.pk) not in json.dumps(state["queue"])


def test_a_decision_over_http_leads_to_the_next_claim(
    desk: Client, read_document: ReadDocument, invoice: Document
) -> None:
    older = Claim.objects.create(number="older", status="ready", received_at="2020-01-01T00:00:00Z")
    waiting = read_document(of=older, note_no="77777777")
    body = {"outcome": "approved", "version": Claim.objects.get(pk=invoice.claim_id).version, "list": "view=all"}
    url = f"/api/v1/claims/{invoice.claim.number}/decision/"
    answer = desk.post(url, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["next"] == f"/documents/{waiting.pk}/review/?list=view%3Dall"
    assert answer.json()["decision"]["approved"] == "83.33"
    again = desk.post(url, json.dumps(body), content_type="application/json")
    assert again.status_code == 409
    wrong = desk.post(url, json.dumps({**body, "outcome": "nonsense"}), content_type="application/json")
    assert wrong.status_code == 400


def test_an_incomplete_decision_names_its_fields(desk: Client, invoice: Document) -> None:
    body = {"outcome": "rejected", "version": 0}
    answer = desk.post(
        f"/api/v1/claims/{invoice.claim.number}/decision/", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"reason_code", "reason"}


def test_a_masked_number_is_revealed_on_record(desk: Client, invoice: Document, signed_in: SignIn, clerk: User) -> None:
    body = {"cell": "invoice/social_security_card_number"}
    assert post(desk, invoice, "reveal", body).json() == {"value": "11010519491231002X"}
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.subject) == ("value.revealed", body["cell"])
    assert "11010519491231002X" not in str(entry.detail)
    assert post(signed_in(clerk), invoice, "reveal", body).status_code == 403
    assert post(desk, invoice, "reveal", {"cell": "invoice/payee"}).status_code == 409
    assert post(desk, invoice, "reveal", {"cell": "nothing"}).status_code == 400


def test_a_page_stays_turned(desk: Client, invoice: Document) -> None:
    Page.objects.create(document=invoice, index=0, width=10, height=10, picture="p", thumbnail="t")
    assert post(desk, invoice, "pages/0/rotation", {"rotation": 90}).status_code == 204
    assert Page.objects.get().rotation == 90
    assert post(desk, invoice, "pages/0/rotation", {"rotation": 45}).status_code == 400
    assert post(desk, invoice, "pages/1/rotation", {"rotation": 90}).status_code == 409


def test_a_partial_reading_is_confirmed_by_a_person(desk: Client, invoice: Document) -> None:
    Document.objects.update(partial=True)
    assert post(desk, invoice, "confirm-partial").json()["document"]["partial_confirmed"] is True
    assert LogEntry.objects.latest("id").action == "document.partial-confirmed"


def test_a_document_that_nobody_could_read_is_typed_by_hand(desk: Client, claim: Claim) -> None:
    document = Document.objects.create(
        claim=claim, sha256="cd" * 32, media_type="image/jpeg", byte_size=1, original_name="x.jpg",
        kind="invoice", status="failed", failure_code="unreadable",
    )  # fmt: skip
    change = {"cell": "invoice/total_cost", "value": "12.50", "seen": 0}
    answer = post(desk, document, "corrections", {"changes": [change]})
    assert answer.status_code == 200
    assert next(field for field in answer.json()["fields"] if field["name"] == "total_cost")["value"] == "12.50"


def test_health_checks_show_earlier_values_of_the_same_person(desk: Client, read_document: ReadDocument) -> None:
    Claim.objects.update(patient_name="สมชาย")
    first, second = read_document(Kind.HEALTH_CHECK), read_document(Kind.HEALTH_CHECK)
    assert first.pk < second.pk
    health = desk.get(f"/api/v1/documents/{second.pk}/state/").json()["health"]
    assert [point["value"] for point in health["previous"]["Weight"]] == ["73.1"]
    assert health["ranges"]["BMI"]["source"]


def test_an_earlier_report_without_a_date_stands_at_the_desks_own_day(
    desk: Client, read_document: ReadDocument
) -> None:
    first, second = read_document(Kind.HEALTH_CHECK), read_document(Kind.HEALTH_CHECK)
    Document.objects.filter(pk=first.pk).update(uploaded_at=datetime(2026, 3, 1, 20, tzinfo=UTC))
    health = desk.get(f"/api/v1/documents/{second.pk}/state/").json()["health"]
    assert [point["date"] for point in health["previous"]["Weight"]] == ["2026-03-02"]
