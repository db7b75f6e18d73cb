"""Claims and policies in the admin: as at the desk, with its guards, and found again."""

from __future__ import annotations

import pytest

from claims.guards import Refused
from claims.models import (
    Claim,
    Document,
    LogEntry,
    Policy,
    User,
)
from claims.queueing import search
from tests.claims.admin.conftest import SignIn, address

pytestmark = pytest.mark.django_db


def test_the_claims_of_a_renamed_policy_are_found_by_the_new_name(
    claim: Claim, policy: Policy, administrator: User, signed_in: SignIn
) -> None:
    Claim.objects.update(policy=policy)
    form = {
        "number": policy.number, "plan": policy.plan_id, "insured_name": "钱多多", "effective_from": "2025-01-01",
        "effective_until": "2026-12-31", "why": "Married.",
    }  # fmt: skip
    signed_in(administrator).post(address(Policy, "change", policy.pk), form)
    assert search.find(["钱多多"]) == [claim.pk]
    found = signed_in(administrator).get(address(Claim, "changelist"), {"q": "多多"}).content.decode()
    assert claim.number in found


def claim_form(claim: Claim, **changes: str) -> dict[str, str]:
    form = {"patient_name": claim.patient_name, "policy": "", "priority": "0", "currency": claim.currency}
    return {**form, "due_at_0": "", "due_at_1": "", "why": "Misspelt.", **changes}


def test_a_claim_is_changed_here_as_at_the_desk(
    invoice: Document, policy: Policy, administrator: User, signed_in: SignIn
) -> None:
    Policy.objects.update(effective_until="2025-02-01")
    claim = Claim.objects.get()
    page = address(Claim, "change", claim.pk)
    sent = claim_form(claim, patient_name="钱多多", policy=str(policy.pk))
    assert signed_in(administrator).post(page, sent).status_code == 302
    changed, entry = Claim.objects.get(), LogEntry.objects.filter(action="claim.changed").get()
    assert (changed.patient_name, changed.version) == ("钱多多", claim.version + 1)
    assert invoice.findings.filter(code="CLM-PERIOD").exists()
    assert (entry.claim_number, entry.reason) == (claim.number, "Misspelt.")
    assert search.find(["钱多多"]) == [claim.pk]


@pytest.mark.parametrize("status", ["decided", "checking", "merged"])
def test_a_closed_claim_is_looked_at_only(claim: Claim, administrator: User, signed_in: SignIn, status: str) -> None:
    Claim.objects.update(status=status)
    page, desk = address(Claim, "change", claim.pk), signed_in(administrator)
    assert 'name="patient_name"' not in desk.get(page).content.decode()
    assert desk.post(page, claim_form(claim, patient_name="X")).status_code == 403
    assert Claim.objects.get().patient_name == claim.patient_name


def test_a_claim_that_is_decided_meanwhile_says_so(
    claim: Claim, administrator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> bool:
        raise Refused("Decided.")

    monkeypatch.setattr("claims.receiving.claim_changes.change_claim", refuse)
    answer = signed_in(administrator).post(address(Claim, "change", claim.pk), claim_form(claim), follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Decided."]
