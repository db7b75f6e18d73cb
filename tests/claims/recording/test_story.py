"""The story on a claim's page: the log in words, with what was changed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import audit
from claims.editing.corrections import Edit, correct
from claims.models import Claim, Correction, Document, User
from claims.recording import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def corrected(invoice: Document, reviewer: User) -> Correction:
    line = invoice.line_items.order_by("n")[0]
    correct(document=invoice, user=reviewer, edits=[Edit(f"line_items/{line.pk}/price", "77.70", 1)])
    return Correction.objects.get()


def test_a_correction_is_told_with_its_values(claim: Claim, corrected: Correction) -> None:
    event = story.story(claim.number).events[0]
    assert event.changes == (story.Change(corrected.label, "100.00", "77.70"),)
    assert event.subject == ""


def test_of_a_large_action_only_the_first_changes_are_shown(invoice: Document, claim: Claim, reviewer: User) -> None:
    cells = [f"line_items/{line.pk}/{name}" for line in invoice.line_items.all() for name in ("price", "unit_price")]
    correct(document=invoice, user=reviewer, edits=[Edit(cell, "1.23", 1) for cell in cells])
    event = story.story(claim.number).events[0]
    assert (len(event.changes), event.more) == (story.MOST_CHANGES, len(cells) - story.MOST_CHANGES)


@pytest.mark.parametrize(
    ("action", "subject", "detail", "told"),
    [
        ("claim.decided", "partly", {}, "Partly approved"),
        ("claim.assigned", "", {"from": "rui", "to": "mei"}, "from rui to mei"),
        ("claim.released", "", {"from": "rui", "to": ""}, "rui"),
        ("value.revealed", "invoice/social_security_card_number", {}, "Social security number"),
        ("document.not-read", "too-blurred", {}, "too-blurred"),
        ("values.typed", "of another version", {}, "of another version"),
    ],
)
def test_what_an_entry_is_about_is_said_in_words(
    claim: Claim, action: str, subject: str, detail: dict[str, str], told: str
) -> None:
    audit.record(person="rui", action=action, claim=claim, subject=subject, detail=detail)
    assert story.story(claim.number).events[0].subject == told


@pytest.mark.parametrize(
    ("topic", "actions"),
    [
        ("", ["claim.exported", "claim.decided", "document.read", "values.typed"]),
        ("values", ["values.typed"]),
        ("papers", ["document.read"]),
        ("decision", ["claim.decided"]),
        ("access", ["claim.exported"]),
        ("no-such-topic", ["claim.exported", "claim.decided", "document.read", "values.typed"]),
    ],
)
def test_a_reader_chooses_what_the_story_is_about(claim: Claim, topic: str, actions: list[str]) -> None:
    for action in ("values.typed", "document.read", "claim.decided", "claim.exported"):
        audit.record(person="rui", action=action, claim=claim)
    assert [event.entry.action for event in story.story(claim.number, topic=topic).events] == actions


def test_a_long_story_has_pages_and_loses_nothing(claim: Claim) -> None:
    for n in range(story.PAGE + 3):
        audit.record(person="rui", action="note.added", claim=claim, subject=str(n))
    newest = story.story(claim.number)
    rest = story.story(claim.number, before=newest.older)
    told = [event.subject for event in (*newest.events, *rest.events)]
    assert told == [str(n) for n in reversed(range(story.PAGE + 3))]
    assert rest.older is None


def test_a_story_costs_two_queries(claim: Claim, corrected: Correction) -> None:
    with CaptureQueriesContext(connection) as queries:
        story.story(claim.number)
    assert len(queries) == 2


@pytest.mark.parametrize("query", ["before=", "before=abc", "before=٣", "before=99999999999999999999"])
def test_an_address_that_makes_no_sense_still_shows_the_claim(
    client: Client, reviewer: User, claim: Claim, query: str
) -> None:
    client.force_login(reviewer)
    assert client.get(reverse("claims:claim", args=[claim.number]) + f"?{query}").status_code == 200
