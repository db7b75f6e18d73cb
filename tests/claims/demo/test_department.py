"""The demo department is whole: everybody it names exists, nothing happens before its cause or in the future."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from claims.demo.department import CHECKING, DECIDED, IN_REVIEW, READY, RECEIVED, RETURNED, Department, department
from claims.demo.documents import DemoPicturesMissing, department_documents
from claims.demo.misreadings import Misreading
from claims.models.claim import Claim
from claims.models.decision import Decision, ReasonCode
from claims.models.people import Role
from ocr_providers.arithmetic import Severity, check_invoice
from ocr_providers.results import Invoice, Kind
from ocr_providers.vendor_schema import health_to_json, invoice_to_json

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk() -> Department:
    return department(NOW)


def test_there_are_two_hundred_claims_of_both_kinds_in_sixty_days(desk: Department) -> None:
    assert len(desk.claims) == len({claim.number for claim in desk.claims}) == 200
    assert {document.kind for claim in desk.claims for document in claim.documents} == {Kind.INVOICE, Kind.HEALTH_CHECK}
    assert (NOW - desk.claims[0].received_at).days in range(55, 66)


def test_every_status_outcome_and_reason_is_one_the_models_know(desk: Department) -> None:
    filed = set(Claim.Status.values) - {Claim.Status.MERGED}  # claims are merged later, if at all
    assert {RECEIVED, READY, IN_REVIEW, CHECKING, RETURNED, DECIDED} == filed
    assert {claim.status for claim in desk.claims} == filed
    decisions = [claim.decision for claim in desk.claims if claim.decision]
    assert {decision.outcome for decision in decisions} <= set(Decision.Outcome.values)
    assert {decision.reason_code for decision in decisions} <= {"", *ReasonCode.values}
    assert {member.role for member in desk.staff} == set(Role.values)


def test_everybody_named_exists(desk: Department) -> None:
    staff = {member.username for member in desk.staff}
    policies = {policy.number for policy in desk.policies}
    assert {policy.plan for policy in desk.policies} == {plan.code for plan in desk.plans}
    for claim in desk.claims:
        assert claim.policy in policies
        assert {claim.created_by, claim.assignee} <= staff | {None}
        assert claim.decision is None or {claim.decision.by, claim.decision.checked_by} <= staff | {None}


def test_nothing_happens_before_its_cause_or_in_the_future(desk: Department) -> None:
    for claim in desk.claims:
        assert claim.received_at < NOW
        moments = [correction.at for correction in claim.corrections]
        moments += [note.at for note in claim.notes]
        moments += [acknowledgement.at for acknowledgement in claim.acknowledgements]
        moments += [claim.decision.at] if claim.decision else []
        assert all(claim.received_at <= moment for moment in moments), claim.number


@pytest.mark.parametrize("day", [NOW, datetime(2028, 2, 29, 9, tzinfo=UTC), datetime(2031, 12, 31, 9, tzinfo=UTC)])
def test_every_policy_is_in_force_whenever_the_demo_is_loaded(day: datetime) -> None:
    desk = department(day)
    assert all(policy.effective_from <= day.date() < policy.effective_until for policy in desk.policies)
    assert day - desk.claims[-1].received_at < timedelta(days=3)


def test_a_second_person_is_never_the_first(desk: Department) -> None:
    assert all(claim.decision.by != claim.decision.checked_by for claim in desk.claims if claim.decision)


def test_a_decided_claim_has_every_misreading_corrected(desk: Department) -> None:
    for claim in desk.claims:
        if claim.status == DECIDED:
            misread = [one.path for document in claim.documents for one in document.misreadings]
            assert [correction.path for correction in claim.corrections] == misread


def at(document: object, path: str) -> object:
    node = document
    for token in path.split("/")[1:]:
        node = node[int(token)] if isinstance(node, list) else node[token]  # type: ignore[index]
    return node


def test_misreadings_stand_where_they_say() -> None:
    for document in department_documents():
        read, truth = document.reading.document, document.truth
        shown = invoice_to_json(read) if isinstance(read, Invoice) else health_to_json(read)
        right = invoice_to_json(truth) if isinstance(truth, Invoice) else health_to_json(truth)
        for one in document.misreadings:
            assert isinstance(one, Misreading)
            assert one.read != one.true
            assert at(right, one.path) == one.true, (document.key, one)
            assert at(shown, one.path) in {one.read, "n/a"}, (document.key, one)


def test_what_is_printed_adds_up_unless_it_is_a_misprint() -> None:
    for document in department_documents():
        if isinstance(document.truth, Invoice):
            findings = check_invoice(document.truth, today=NOW.date())
            loud = [finding.code for finding in findings if finding.severity is not Severity.INFO]
            assert bool(loud) == bool(document.printed_errors), (document.key, loud)


def test_boxes_lie_on_their_pictures() -> None:
    for document in department_documents():
        with Image.open(document.file) as picture:
            wide, high = picture.size
        for source in document.reading.document.sources.values():
            assert source.box is None or (source.box.right <= wide and source.box.bottom <= high), document.key


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DemoPicturesMissing, match="documents"):
        department_documents(tmp_path)
