"""What the desk holds about one person: found by policy, identity number and name, erased on request, or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.contrib.admin.models import ADDITION
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError
from django.test import Client
from django.urls import reverse

from claims import audit, holds
from claims.guards import Refused
from claims.models import Claim, Erasure, LogEntry, Policy, Reading, User
from claims.recording import persons
from claims.recording.persons import Why
from tests.claims.conftest import ReadDocument
from tests.claims.recording.conftest import everything_stored, run

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"
"""Of the person of policy P-1; it stands on the invoice of the fixtures."""


def test_a_persons_data_goes_on_request_with_the_reason_on_record(
    decided: Claim, policy: Policy, administrator: User
) -> None:
    AdminEntry.objects.create(
        user=administrator, action_flag=ADDITION, object_id=str(policy.pk), object_repr="P-1 王芳",
        content_type=ContentType.objects.get_for_model(Policy),
    )  # fmt: skip
    assert persons.erase(person=persons.person(policy=policy), by=administrator, reason="Asked by letter.") == [decided]
    policy.refresh_from_db()
    assert (policy.insured_name, policy.identity_number) == ("", "")
    assert "王芳" not in everything_stored(without=())
    assert AdminEntry.objects.get().object_repr == "P-1"
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.subject, entry.reason) == ("person.erased", "P-1", "Asked by letter.")
    assert audit.verify() == []


def test_a_hold_on_one_claim_keeps_all_of_the_persons_data(decided: Claim, policy: Policy, administrator: User) -> None:
    second = Claim.objects.create(number="2026-000009", policy=policy, status=Claim.Status.DECIDED)
    holds.place(claim=second, user=administrator, reason="A lawsuit.")
    with pytest.raises(Refused, match="2026-000009"):
        persons.erase(person=persons.person(policy=policy), by=administrator, reason="Asked by letter.")
    assert Reading.objects.get().answer != "{}"
    policy.refresh_from_db()
    assert policy.insured_name == "王芳"


@pytest.mark.parametrize("reason", ["", " "])
def test_a_person_is_erased_by_an_administrator_with_a_reason(
    decided: Claim, policy: Policy, administrator: User, supervisor: User, reason: str
) -> None:
    with pytest.raises(Refused):
        persons.erase(person=persons.person(policy=policy), by=administrator, reason=reason)
    with pytest.raises(PermissionDenied):
        persons.erase(person=persons.person(policy=policy), by=supervisor, reason="Asked.")


def test_the_command_for_one_person(decided: Claim, policy: Policy, administrator: User, reviewer: User) -> None:
    with pytest.raises(CommandError):
        run("erase_person", "P-1", by=reviewer.username, reason="Asked.")
    with pytest.raises(CommandError):
        run("erase_person", "P-9", by=administrator.username, reason="Asked.")
    assert "1 claims" in run("erase_person", "P-1", by=administrator.username, reason="Asked.")
    assert "0 claims" in run("erase_person", "P-1", dry_run=True)


def test_the_action_in_the_admin(
    decided: Claim,
    policy: Policy,
    administrator: User,
    signed_in: Callable[[User], Client],
    closed_claim: Callable[..., Claim],
) -> None:
    client, page = signed_in(administrator), reverse("admin:claims_policy_changelist")
    sent = {"action": "erase_person", "_selected_action": [policy.pk]}
    client.post(page, sent)
    assert not Erasure.objects.exists()
    closed_claim("namesake", "王芳")
    answer = client.post(page, {**sent, "reason": "Asked by letter."}, follow=True)
    assert Erasure.objects.get().values_at
    assert "were kept" in answer.content.decode()
    assert "namesake" in answer.content.decode()


# --- by identity number and name -------------------------------------------------------------------------------------


@pytest.fixture
def closed_claim(read_document: ReadDocument) -> Callable[..., Claim]:
    """`closed_claim("2026-000002", "王芳", identity=NUMBER)`: decided, one invoice, no policy unless one is given."""

    def make(number: str, name: str, *, identity: str = "", policy: Policy | None = None) -> Claim:
        claim = Claim.objects.create(number=number, patient_name=name, policy=policy, status=Claim.Status.READY)
        read_document(of=claim, patient_name=name, social_security_card_number=identity)
        Claim.objects.filter(pk=claim.pk).update(status=Claim.Status.DECIDED)
        return Claim.objects.get(pk=claim.pk)

    return make


def policy_of(number: str, name: str, like: Policy, identity: str = "") -> Policy:
    return Policy.objects.create(
        number=number, plan=like.plan, insured_name=name, identity_number=identity,
        effective_from=like.effective_from, effective_until=like.effective_until,
    )  # fmt: skip


def found(**known: object) -> dict[str, Why]:
    return {item.claim.number: item.why for item in persons.find(persons.person(**known))}  # type: ignore[arg-type]


def test_an_identity_number_leads_to_other_policies_and_to_papers_without_one(
    decided: Claim, policy: Policy, closed_claim: Callable[..., Claim]
) -> None:
    Policy.objects.update(identity_number=NUMBER)
    closed_claim("second", "王芳", policy=policy_of("P-2", "Wang Fang", policy, identity=NUMBER.lower()))
    closed_claim("unfiled", "F. Wang", identity=NUMBER)
    closed_claim("misfiled", "F. Wang", identity=NUMBER, policy=policy_of("P-3", "李雷", policy))
    closed_claim("somebody", "李雷")
    known = {"2026-000001": Why.POLICY, "second": Why.POLICY, "unfiled": Why.IDENTITY, "misfiled": Why.PAPER}
    policy.refresh_from_db()
    assert found(policy=policy) == known
    assert found(identity_number=NUMBER) == known


def test_a_name_leads_to_claims_that_are_kept_until_somebody_says_they_are_meant(
    decided: Claim, policy: Policy, administrator: User, closed_claim: Callable[..., Claim]
) -> None:
    closed_claim("unfiled", "王芳")
    namesake = closed_claim("namesake", "王芳", policy=policy_of("P-2", "王芳", policy))
    person = persons.person(policy=policy)
    assert found(policy=policy) == {"2026-000001": Why.POLICY, "unfiled": Why.NAME, "namesake": Why.NAME}
    erased = persons.erase(person=person, by=administrator, reason="Asked.", also=["unfiled"])
    assert [claim.number for claim in erased] == ["2026-000001", "unfiled"]
    assert not Erasure.objects.filter(claim=namesake).exists()
    assert Claim.objects.get(number="namesake").patient_name == "王芳"


def test_all_policies_of_one_identity_number_forget_the_person(
    decided: Claim, policy: Policy, administrator: User, closed_claim: Callable[..., Claim]
) -> None:
    Policy.objects.update(identity_number=NUMBER)
    policy.refresh_from_db()
    policy_of("P-2", "Wang Fang", policy, identity=NUMBER)
    persons.erase(person=persons.person(policy=policy), by=administrator, reason="Asked.")
    assert set(Policy.objects.values_list("insured_name", "identity_number")) == {("", "")}
    assert LogEntry.objects.latest("id").subject == "P-1, P-2"
    assert NUMBER not in everything_stored(without=())


def test_what_is_no_whole_identity_number_leads_to_nobody(
    decided: Claim, policy: Policy, closed_claim: Callable[..., Claim]
) -> None:
    """A card's number or a placeholder may be many people's."""
    Policy.objects.update(identity_number="0000")
    policy_of("P-2", "李雷", policy, identity="0000")
    closed_claim("other", "李雷", identity="0000")
    policy.refresh_from_db()
    assert found(policy=policy) == {"2026-000001": Why.POLICY}
    with pytest.raises(Refused):
        persons.person(identity_number="0000")


def test_a_claim_that_does_not_lead_to_the_person_is_never_erased_with_it(
    decided: Claim, policy: Policy, administrator: User, closed_claim: Callable[..., Claim]
) -> None:
    closed_claim("somebody", "李雷")
    with pytest.raises(Refused, match="somebody"):
        persons.erase(person=persons.person(policy=policy), by=administrator, reason="Asked.", also=["somebody"])
    assert not Erasure.objects.exists()


def test_a_dry_run_lists_what_would_go_and_what_stands_in_the_way(
    decided: Claim, policy: Policy, supervisor: User, closed_claim: Callable[..., Claim]
) -> None:
    closed_claim("unfiled", "王芳")
    said = run("erase_person", "P-1", dry_run=True)
    assert "policy P-1: name and identity number" in said
    assert "claim 2026-000001: of their policy; 1 documents, 1 letters, 1 notes\n" in said
    assert "Kept, unless --also unfiled" in said
    assert "1 claims, 1 policies would be erased." in said
    holds.place(claim=decided, user=supervisor, reason="A lawsuit.")
    said = run("erase_person", "P-1", dry_run=True, also=["unfiled"])
    assert "NOT POSSIBLE: Claim 2026-000001 is under a legal hold." in said
    assert "2 claims, 1 policies would be erased." in said
    assert not Erasure.objects.exists()


def test_the_command_finds_a_person_without_a_policy(
    administrator: User, closed_claim: Callable[..., Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_claim("unfiled", "F. Wang", identity=NUMBER)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NUMBER}\n"))
    said = run("erase_person", identity="-", by=administrator.username, reason="Asked.")
    assert said == "Erased: 1 claims, 0 policies.\n"
    entry = LogEntry.objects.latest("id")
    assert (entry.subject, entry.detail) == ("110105********002X", {"claims": ["unfiled"]})
    assert NUMBER not in everything_stored(without=())


@pytest.mark.parametrize("who", [{}, {"identity": "123"}, {"policy": "P-9"}])
def test_the_command_says_what_is_missing(administrator: User, who: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        run("erase_person", by=administrator.username, reason="Asked.", **who)
