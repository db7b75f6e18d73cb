"""The contract of docs/review-api.md, over HTTP."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim, Correction, Document, Finding, InvoiceHeader, LineItem, LogEntry, Page, Role, User
from ocr_providers.exact_json import loads
from ocr_providers.results import Kind

from ..conftest import INVOICE, ReadDocument, add_reading

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MakeUser = Callable[..., User]


def post(client: Client, document: Document, what: str, body: Any = None, revision: int | None = None) -> Any:
    """`revision`: what the page says it shows already."""
    url = f"/api/v1/documents/{document.pk}/{what}/" + (f"?revision={revision}" if revision is not None else "")
    return client.post(url, json.dumps(body or {}), content_type="application/json")


def state_of(client: Client, document: Document) -> Any:
    answer = client.get(f"/api/v1/documents/{document.pk}/state/")
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
def desk(signed_in: SignIn, reviewer: User) -> Client:
    return signed_in(reviewer)


def test_the_state_names_every_value_with_its_source(desk: Client, invoice: Document) -> None:
    state = state_of(desk, invoice)
    total = next(field for field in state["fields"] if field["name"] == "total_cost")
    assert (total["cell"], total["type"], total["value"]) == ("invoice/total_cost", "money", "203.33")
    assert total["source"] == {
        "origin": "read", "text": "203.33", "score": 0.97, "rect": [10, 20, 90, 40], "page": 0,
        "alternatives": ["208.33"], "by": "local", "revision": 1, "placed": None, "candidates": [],
    }  # fmt: skip
    first = state["lists"]["line_items"]["rows"][0]
    assert (first["values"]["quantity"], first["values"]["unit_price"], first["extra"]) == (
        "2",
        "50.00",
        {"batch": "B-7"},
    )
    answer = desk.get(f"/api/v1/documents/{invoice.pk}/answer/").json()
    assert answer["reading"] == state["readings"][0]["id"]
    assert answer["answer"]["medical_result"]["note_no"] == "3300123456"
    assert {total["key"]: total["ok"] for total in state["totals"]} == {
        "line_items": True, "cost_categories": True, "total_cost": None,
    }  # fmt: skip


def test_identity_numbers_are_masked_everywhere(desk: Client, invoice: Document) -> None:
    cell = "invoice/social_security_card_number"
    post(desk, invoice, "corrections", {"changes": [{"cell": cell, "value": "330128370484946458", "seen": 1}]})
    text = json.dumps(state_of(desk, invoice))
    assert "330128370484946458" not in text
    assert "11010519491231002X" not in text
    assert "330128********6458" in text


def test_an_edit_answers_with_what_changed(desk: Client, invoice: Document) -> None:
    line = LineItem.objects.get(n=1)
    change = {"cell": f"line_items/{line.pk}/price", "value": "58", "seen": 1}
    answer = post(desk, invoice, "corrections", {"changes": [change]})
    assert answer.status_code == 200
    parts = answer.json()
    assert list(parts["lists"]) == ["line_items"]
    assert parts["lists"]["line_items"]["rows"][1]["values"]["price"] == "58.00"
    assert any(f"line_items/{line.pk}/price" in finding["cells"] for finding in parts["findings"])
    assert parts["history"][0]["new"] == "58.00"
    assert parts["revision"] == 2


def test_a_page_that_says_what_it_shows_gets_only_the_news(
    desk: Client, signed_in: SignIn, make_user: MakeUser, invoice: Document
) -> None:
    other = signed_in(make_user("wei.reviewer", Role.REVIEWER))
    first, second = LineItem.objects.order_by("n")[:2]
    theirs = {"changes": [{"cell": f"line_items/{first.pk}/price", "value": "99", "seen": 1}]}
    assert post(other, invoice, "corrections", theirs).status_code == 200
    mine = {"changes": [{"cell": f"line_items/{second.pk}/price", "value": "58", "seen": 1}]}
    parts = post(desk, invoice, "corrections", mine, revision=1).json()
    assert list(parts["lists"]) == ["line_items"]
    assert list(parts["lists"]["line_items"]) == ["changed"]
    prices = {row["id"]: row["values"]["price"] for row in parts["lists"]["line_items"]["changed"]}
    assert prices == {first.pk: "99.00", second.pk: "58.00"}
    assert post(desk, invoice, "undo", revision=parts["revision"]).json()["lists"]["line_items"]["changed"]


def test_the_news_of_lines_that_came_and_went_are_the_order_of_all(desk: Client, invoice: Document) -> None:
    ids = list(LineItem.objects.order_by("n").values_list("pk", flat=True))
    added = post(desk, invoice, "rows", {"list": "line_items", "action": "add", "n": 1}, revision=1).json()
    news = added["lists"]["line_items"]
    assert [row["id"] for row in news["changed"]] == [news["order"][1]]
    assert [pk for pk in news["order"] if pk in ids] == ids
    gone = {"list": "line_items", "action": "delete", "row": ids[0]}
    news = post(desk, invoice, "rows", gone, revision=added["revision"]).json()["lists"]["line_items"]
    assert (news["changed"], ids[0] in news["order"], len(news["order"])) == ([], False, 4)


def test_a_poll_for_who_is_here_brings_no_lists(
    desk: Client, signed_in: SignIn, make_user: MakeUser, invoice: Document
) -> None:
    state = state_of(desk, invoice)
    state_of(signed_in(make_user("wei", Role.REVIEWER)), invoice)
    url = f"/api/v1/documents/{invoice.pk}/state/"
    answer = desk.get(url, {"since": state["tag"], "revision": state["revision"]})
    assert (answer.status_code, answer.json()["lists"]) == (200, {})


def test_another_reading_is_news_of_every_row(desk: Client, invoice: Document) -> None:
    seen = state_of(desk, invoice)["revision"]
    add_reading(invoice, Kind.INVOICE, loads(INVOICE))
    url = f"/api/v1/documents/{invoice.pk}/state/"
    assert len(desk.get(url, {"revision": seen}).json()["lists"]["line_items"]["changed"]) == 4


def test_a_suggestion_can_be_sent_back_as_it_came(desk: Client, invoice: Document) -> None:
    line = LineItem.objects.get(n=0)
    wrong = {"changes": [{"cell": f"line_items/{line.pk}/price", "value": "180", "seen": 1}]}
    parts = post(desk, invoice, "corrections", wrong).json()
    finding = next(finding for finding in parts["findings"] if finding["suggestions"])
    seen = parts["revision"]
    changes = [{**change, "seen": seen} for change in finding["suggestions"][0]["changes"]]
    answer = post(desk, invoice, "corrections", {"changes": changes, "why": "suggestion", "finding": finding["id"]})
    assert answer.status_code == 200
    assert not [entry for entry in answer.json()["findings"] if entry["severity"] == "error"]
    assert Correction.objects.latest("id").finding_code == finding["code"]


def test_a_conflict_says_what_both_wrote_and_how_things_stand(
    desk: Client, signed_in: SignIn, make_user: MakeUser, invoice: Document
) -> None:
    other = signed_in(make_user("wei.reviewer", Role.REVIEWER))
    change = {"cell": "invoice/note_no", "value": "1", "seen": 1}
    assert post(desk, invoice, "corrections", {"changes": [change]}).status_code == 200
    answer = post(other, invoice, "corrections", {"changes": [{**change, "value": "2"}]})
    assert answer.status_code == 409
    clash = answer.json()["conflicts"][0]
    assert clash.pop("at")
    assert clash == {"cell": "invoice/note_no", "mine": "2", "theirs": "1", "by": "rui.reviewer", "revision": 2}
    assert next(field for field in answer.json()["fields"] if field["name"] == "note_no")["value"] == "1"


def test_a_bad_value_names_its_cell_and_the_reason(desk: Client, invoice: Document) -> None:
    answer = post(desk, invoice, "corrections", {"changes": [{"cell": "invoice/total_cost", "value": "1.234,5"}]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["cell"] == "invoice/total_cost"
    assert "point" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "body", [{}, {"changes": []}, {"changes": [{"cell": "x"}]}, {"changes": "x"}, [], {"changes": [1], "why": "reread"}]
)
def test_a_malformed_request_is_a_clear_error(desk: Client, invoice: Document, body: Any) -> None:
    url = f"/api/v1/documents/{invoice.pk}/corrections/"
    assert desk.post(url, json.dumps(body), content_type="application/json").status_code == 400


def test_lines_undo_and_redo_over_http(desk: Client, invoice: Document) -> None:
    added = post(desk, invoice, "rows", {"list": "line_items", "action": "add", "n": 0})
    assert len(added.json()["lists"]["line_items"]["rows"]) == 5
    assert len(post(desk, invoice, "undo").json()["lists"]["line_items"]["rows"]) == 4
    assert len(post(desk, invoice, "redo").json()["lists"]["line_items"]["rows"]) == 5
    assert post(desk, invoice, "redo").status_code == 409


def test_a_finding_is_acknowledged_with_a_reason(desk: Client, invoice: Document) -> None:
    post(desk, invoice, "corrections", {"changes": [{"cell": "invoice/total_cost", "value": "300", "seen": 1}]})
    finding = Finding.objects.filter(severity="error")[0]
    answer = post(desk, invoice, f"findings/{finding.pk}/acknowledge", {"reason": "printed so on the paper"})
    acknowledged = {entry["id"]: entry["acknowledged"] for entry in answer.json()["findings"]}[finding.pk]
    assert acknowledged["reason"] == "printed so on the paper"
    assert post(desk, invoice, f"findings/{finding.pk}/acknowledge", {}).status_code == 400
    assert post(desk, invoice, f"findings/{finding.pk}/reopen").status_code == 200
    assert post(desk, invoice, "findings/999999/acknowledge", {"reason": "x"}).status_code == 409


def test_polling_says_whether_anything_changed_and_who_is_here(
    desk: Client, signed_in: SignIn, make_user: MakeUser, invoice: Document
) -> None:
    tag = state_of(desk, invoice)["tag"]
    url = f"/api/v1/documents/{invoice.pk}/state/"
    assert desk.get(url, {"since": tag}).status_code == 204
    state_of(signed_in(make_user("wei", Role.REVIEWER, display_name="Wei Li")), invoice)
    answer = desk.get(url, {"since": tag})
    assert answer.json()["presence"] == [{"name": "Wei Li", "initials": "WL"}]
    assert desk.get(url, {"since": "1"}).status_code == 204


def test_without_a_session_the_answer_is_401_and_without_the_right_403(
    client: Client, invoice: Document, signed_in: SignIn, auditor: User, stranger: User
) -> None:
    body = {"changes": [{"cell": "invoice/payee", "value": "x"}]}
    assert post(client, invoice, "corrections", body).status_code == 401
    assert post(signed_in(auditor), invoice, "corrections", body).status_code == 403
    assert post(signed_in(stranger), invoice, "corrections", body).status_code == 404


def test_a_post_without_the_csrf_token_is_refused(invoice: Document, reviewer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer)
    assert post(client, invoice, "undo").status_code == 403


def test_a_decided_claim_answers_409_to_edits(desk: Client, invoice: Document) -> None:
    Claim.objects.update(status="decided")
    answer = post(desk, invoice, "corrections", {"changes": [{"cell": "invoice/payee", "value": "x"}]})
    assert answer.status_code == 409
    assert "decided" in answer.json()["detail"]


def test_the_state_of_500_lines_takes_as_many_queries_as_that_of_four(
    desk: Client, invoice: Document, read_document: ReadDocument, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item = {"ocr_name": "葡萄糖", "amount": 1, "unit_price": 1.0, "price": 2.0}
    long = read_document(cost_detail_list=[item] * 500)
    state_of(desk, long)
    for document in (invoice, long):
        with django_assert_num_queries(28):
            state_of(desk, document)


def test_the_history_costs_no_query_per_change(desk: Client, invoice: Document) -> None:
    seen = 0
    counts: list[int] = []
    for payee in ("a", "b", "c", "d"):
        changes = [{"cell": "invoice/payee", "value": payee, "seen": seen}]
        seen = post(desk, invoice, "corrections", {"changes": changes}).json()["revision"]
        with CaptureQueriesContext(connection) as queries:
            assert len(state_of(desk, invoice)["history"]) == len(counts) + 1
        counts.append(len(queries))
    assert counts[1] == counts[3]


def test_lines_are_added_as_many_as_a_spreadsheet_pastes(desk: Client, invoice: Document) -> None:
    news = post(desk, invoice, "rows", {"list": "line_items", "action": "add", "n": 4, "count": 500}, revision=1).json()
    assert [row["n"] for row in news["lists"]["line_items"]["changed"]] == list(range(4, 504))
    post(desk, invoice, "undo")
    assert LineItem.objects.filter(document=invoice).count() == 4


@pytest.mark.parametrize("what", ["rows", "undo"])
def test_an_action_that_is_sent_again_is_done_once(desk: Client, invoice: Document, what: str) -> None:
    """Its answer got lost on the way."""
    for payee in ("a", "b"):
        seen = Document.objects.get().revision if payee == "b" else 0
        post(desk, invoice, "corrections", {"changes": [{"cell": "invoice/payee", "value": payee, "seen": seen}]})
    url, key = f"/api/v1/documents/{invoice.pk}/{what}/", str(uuid.uuid4())
    body = json.dumps({"list": "line_items", "action": "add"} if what == "rows" else {})
    answers = [
        desk.post(url, body, content_type="application/json", headers={"idempotency-key": key}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Correction.objects.filter(batch=key).count() == 1
    assert answers[0].json()["revision"] == answers[1].json()["revision"]
    assert InvoiceHeader.objects.get().payee == ("b" if what == "rows" else "a")


def test_a_health_check_has_a_list_of_values_and_no_header(desk: Client, read_document: ReadDocument) -> None:
    state = state_of(desk, read_document(Kind.HEALTH_CHECK))
    assert state["fields"] == []
    weight = next(row for row in state["lists"]["health_values"]["rows"] if row["values"]["key"] == "Weight")
    assert weight["values"]["value"] == "73.1"


@pytest.fixture
def page(invoice: Document) -> Page:
    return Page.objects.create(document=invoice, index=0, width=600, height=400, picture="p", thumbnail="t")


def test_a_value_is_pinned_to_its_place_and_stays_as_it_was_read(desk: Client, invoice: Document, page: Page) -> None:
    cell = f"line_items/{invoice.line_items.get(n=0).pk}/price"
    answer = post(desk, invoice, "pin", {"cell": cell, "rect": [100, 50, 160, 70], "page": 0})
    items = answer.json()["lists"]["line_items"]
    row = items["rows"][0]
    source = {**items["common"], **row["sources"]["price"]}
    assert (source["rect"], source["page"], source["placed"]) == ([100, 50, 160, 70], 0, "pinned")
    assert (source["origin"], source["by"], source["revision"]) == ("read", "local", 1)
    assert row["values"]["price"] == "100.00"
    assert LogEntry.objects.get(action="value.pinned").subject == cell


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"rect": [100, 50, 601, 70]}, 409),
        ({"page": 1}, 409),
        ({"cell": "invoice/payee"}, 409),
        ({"rect": [100, 50, 90, 70]}, 400),
        ({"cell": "invoice/nonsense"}, 400),
    ],
)
def test_a_place_is_on_a_page_and_belongs_to_a_value(
    desk: Client, invoice: Document, page: Page, body: dict[str, Any], status: int
) -> None:
    sent = {"cell": "invoice/total_cost", "rect": [100, 50, 160, 70], "page": 0, **body}
    assert post(desk, invoice, "pin", sent).status_code == status


def test_an_auditor_pins_nothing(signed_in: SignIn, auditor: User, invoice: Document, page: Page) -> None:
    sent = {"cell": "invoice/total_cost", "rect": [100, 50, 160, 70], "page": 0}
    assert post(signed_in(auditor), invoice, "pin", sent).status_code == 403


def test_a_page_of_somebody_else_is_told_to_sign_in(
    desk: Client, invoice: Document, reviewer: User, clerk: User
) -> None:
    """Somebody else signed in since the page was opened: nobody works under another person's name."""
    url = f"/api/v1/documents/{invoice.pk}/undo/"
    for person, status in ((clerk.pk, 401), (reviewer.pk, 409), ("", 409)):
        answer = desk.post(url, "{}", content_type="application/json", headers={"X-Page-Of": str(person)})
        assert answer.status_code == status
    assert desk.get(f"/api/v1/documents/{invoice.pk}/state/", headers={"X-Page-Of": str(clerk.pk)}).status_code == 401


def test_the_page_is_kept_by_no_cache(desk: Client, invoice: Document) -> None:
    page = desk.get(f"/documents/{invoice.pk}/review/")
    assert "no-store" in page.headers["Cache-Control"]


def test_the_providers_flags_are_named_in_words(desk: Client, invoice: Document) -> None:
    labels = {entry["key"]: entry["label"] for entry in state_of(desk, invoice)["agreement"]}
    assert (labels["cost_categories"], labels["total_cost"]) == ("Categories", "Total")


def test_a_finding_about_another_claim_leads_there(
    desk: Client, invoice: Document, read_document: ReadDocument
) -> None:
    elsewhere = Claim.objects.create(number="2026-000077", patient_name="王芳")
    again = read_document(of=elsewhere)
    found = {finding["code"]: finding for finding in state_of(desk, again)["findings"]}
    number = invoice.claim.number
    assert found["INV-DUP"]["related"] == {"label": number, "url": f"/claims/{number}/"}
    assert all("related" not in finding for code, finding in found.items() if not code.startswith("INV-DUP"))
