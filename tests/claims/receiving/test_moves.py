"""Documents move between claims with all that hangs on them; what rules say about both claims is worked out again."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from claims import audit
from claims.deciding import decisions
from claims.editing.corrections import Edit, correct
from claims.guards import Refused, Stale
from claims.models import (
    Claim,
    Decision,
    Document,
    Job,
    LineItem,
    LogEntry,
    Move,
    PaperRequest,
    Policy,
    User,
)
from claims.processing import jobs, outcomes
from claims.receiving import moves
from claims.receiving.uploads import receive_file
from tests.claims.conftest import ReadDocument

pytestmark = pytest.mark.django_db
Status = Claim.Status


@pytest.fixture
def other(db: None) -> Claim:
    return Claim.objects.create(number="2026-000002", status=Status.READY)


@pytest.fixture
def pair(read_document: ReadDocument, claim: Claim) -> list[Document]:
    """Two documents of one claim that is ready."""
    documents = [read_document(), read_document(note_no="3300999888", total_cost=50)]
    Claim.objects.filter(pk=claim.pk).update(status=Status.READY)
    return [fresh(document) for document in documents]


def fresh(document: Document) -> Document:
    return Document.objects.select_related("claim__policy").get(pk=document.pk)


def test_everything_of_a_document_goes_with_it(pair: list[Document], other: Claim, reviewer: User) -> None:
    moved, _stays = pair
    correct(document=moved, user=reviewer, edits=[Edit("invoice/payee", "李")])
    lines, readings = moved.line_items.count(), moved.readings.count()
    moves.move(documents=[moved], to=other, user=reviewer, reason="Belongs to the other visit.")
    moved.refresh_from_db()
    assert moved.claim == other
    assert (moved.line_items.count(), moved.readings.count(), moved.corrections.count()) == (lines, readings, 1)
    assert LineItem.objects.filter(document__claim=other).count() == lines


def test_amounts_and_findings_of_both_claims_are_worked_out_again(
    pair: list[Document], claim: Claim, other: Claim, reviewer: User
) -> None:
    moves.move(documents=pair[1:], to=other, user=reviewer, reason="Another visit.")
    claim.refresh_from_db()
    other.refresh_from_db()
    assert (claim.amount_asked, other.amount_asked) == (Decimal("203.33"), Decimal(50))
    assert other.error_count + other.warning_count > 0
    assert other.error_count == fresh(pair[1]).error_count


def test_a_finding_elsewhere_names_the_claim_where_the_document_is_now(
    read_document: ReadDocument, pair: list[Document], other: Claim, reviewer: User
) -> None:
    third = Claim.objects.create(number="2026-000003", status=Status.READY)
    twin = read_document(of=third)
    twin.duplicates.create(other=pair[0], reason="same-number")
    assert said(twin, "2026-000001")
    moves.move(documents=pair[:1], to=other, user=reviewer, reason="Another visit.")
    assert said(twin, "2026-000002")
    assert not said(twin, "2026-000001")


def said(document: Document, number: str) -> bool:
    return any(number in finding.message for finding in document.findings.all())


def test_both_stories_tell_of_the_move(pair: list[Document], other: Claim, reviewer: User) -> None:
    moves.move(documents=pair[:1], to=other, user=reviewer, reason="Another visit.")
    entries = LogEntry.objects.filter(action="documents.moved")
    assert {entry.claim_number for entry in entries} == {"2026-000001", "2026-000002"}
    assert all(entry.detail["documents"] == [pair[0].pk] for entry in entries)
    assert audit.verify() == []


def test_taking_it_back_puts_everything_where_it_was(
    pair: list[Document], claim: Claim, other: Claim, reviewer: User
) -> None:
    claim.refresh_from_db()
    before = (claim.amount_asked, claim.error_count, claim.warning_count)
    done = moves.move(documents=pair[:1], to=other, user=reviewer, reason="Another visit.")
    moves.take_back(done=done, user=reviewer)
    claim.refresh_from_db()
    assert (claim.amount_asked, claim.error_count, claim.warning_count) == before
    assert not other.documents.exists()
    assert moves.takes_back(claim) == []
    with pytest.raises(Refused):
        moves.take_back(done=done, user=reviewer)


@pytest.mark.parametrize("status", [Status.DECIDED, Status.CHECKING, Status.MERGED])
@pytest.mark.parametrize("which", ["source", "target"])
def test_nothing_moves_out_of_or_into_a_claim_that_is_decided(
    pair: list[Document], claim: Claim, other: Claim, reviewer: User, status: str, which: str
) -> None:
    Claim.objects.filter(pk=claim.pk if which == "source" else other.pk).update(status=status)
    with pytest.raises(Refused):
        moves.move(documents=pair[:1], to=other, user=reviewer, reason="Another visit.")
    assert not Move.objects.exists()
    assert fresh(pair[0]).claim == claim


def test_another_policy_is_told_first(pair: list[Document], other: Claim, policy: Policy, reviewer: User) -> None:
    second = Policy.objects.create(
        number="P-2", plan=policy.plan, insured_name="李", effective_from="2025-01-01", effective_until="2026-12-31"
    )
    Claim.objects.filter(pk=pair[0].claim_id).update(policy=policy)
    Claim.objects.filter(pk=other.pk).update(policy=second)
    documents, other = [fresh(pair[0])], Claim.objects.get(pk=other.pk)
    with pytest.raises(moves.OtherPolicy):
        moves.move(documents=documents, to=other, user=reviewer, reason="Theirs.")
    moves.move(documents=documents, to=other, user=reviewer, reason="Theirs.", other_policy=True)
    assert fresh(pair[0]).claim == other


def test_the_same_file_twice_another_currency_and_no_reason_are_refused(
    pair: list[Document], other: Claim, reviewer: User
) -> None:
    with pytest.raises(Refused):
        moves.move(documents=pair[:1], to=other, user=reviewer, reason=" ")
    Document.objects.create(
        claim=other, sha256=pair[0].sha256, media_type="image/jpeg", byte_size=1, original_name="a.jpg"
    )
    with pytest.raises(Refused):
        moves.move(documents=pair[:1], to=other, user=reviewer, reason="Another visit.")
    baht = Claim.objects.create(number="thb", currency="THB")
    with pytest.raises(Refused):
        moves.move(documents=pair[:1], to=baht, user=reviewer, reason="Another visit.")
    assert not Move.objects.exists()


def test_a_split_opens_a_claim_of_the_same_person_and_policy(
    pair: list[Document], claim: Claim, policy: Policy, reviewer: User
) -> None:
    Claim.objects.filter(pk=claim.pk).update(policy=policy)
    done = moves.split(documents=[fresh(pair[1])], user=reviewer, reason="Two visits.")
    assert (done.to_claim.policy, done.to_claim.patient_name) == (policy, "测试人")
    assert Claim.objects.get(pk=done.to_claim_id).status == Status.READY
    with pytest.raises(Refused):
        moves.split(documents=[fresh(pair[0])], user=reviewer, reason="The last one.")


def test_a_merger_closes_the_empty_claim_and_can_be_taken_back(
    pair: list[Document], claim: Claim, other: Claim, reviewer: User
) -> None:
    done = moves.merge(claim=claim, into=other, user=reviewer, reason="One visit.")
    assert Claim.objects.get(pk=claim.pk).status == Status.MERGED
    assert other.documents.count() == 2
    assert not Claim.objects.open().filter(pk=claim.pk).exists()
    moves.take_back(done=done, user=reviewer)
    assert Claim.objects.get(pk=claim.pk).status == Status.READY
    assert claim.documents.count() == 2


def test_a_document_that_is_being_read_moves_with_its_job(
    claim: Claim, other: Claim, picture: Callable[..., bytes], reviewer: User
) -> None:
    document = receive_file(claim=claim, file=picture(), name="a.jpg", user=reviewer).document
    job = jobs.take(Job.Queue.values, "worker")
    assert job
    stale = Document.objects.select_related("claim").get(pk=document.pk)
    moves.move(documents=[fresh(document)], to=other, user=reviewer, reason="Another visit.")
    assert Claim.objects.get(pk=other.pk).status == Status.RECEIVED
    outcomes.fail(job, stale, "unreadable", "Nothing on it.")
    assert Claim.objects.get(pk=other.pk).status == Status.READY


def test_an_edit_of_a_page_that_was_open_before_the_move_is_told(
    pair: list[Document], other: Claim, reviewer: User
) -> None:
    seen = fresh(pair[0])
    moves.move(documents=[fresh(pair[0])], to=other, user=reviewer, reason="Another visit.")
    with pytest.raises(Stale):
        correct(document=seen, user=reviewer, edits=[Edit("invoice/payee", "李")])


def test_documents_that_move_in_are_the_papers_that_were_waited_for(
    pair: list[Document], other: Claim, reviewer: User
) -> None:
    verdict = decisions.Verdict(outcome=Decision.Outcome.RETURNED, reason="The invoice.")
    decisions.decide(claim=other, user=reviewer, verdict=verdict, version=other.version)
    moves.move(documents=pair[:1], to=other, user=reviewer, reason="Sent under a new number.")
    assert PaperRequest.objects.get().state() == PaperRequest.State.RECEIVED
    assert Claim.objects.get(pk=other.pk).status == Status.READY


def test_an_auditor_moves_nothing(pair: list[Document], other: Claim, auditor: User) -> None:
    with pytest.raises(PermissionDenied):
        moves.move(documents=pair[:1], to=other, user=auditor, reason="Another visit.")
