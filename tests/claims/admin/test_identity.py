"""Identity numbers in the admin: masked, revealed on record, written without being read."""

from __future__ import annotations

import uuid

import pytest
from django.db.models import Model

from claims.models import (
    Correction,
    Document,
    InvoiceHeader,
    LogEntry,
    Policy,
    Reading,
    User,
)
from tests.claims.admin.conftest import SignIn, address

pytestmark = pytest.mark.django_db


IDENTITY, MASKED = "11010519491231002X", "110105********002X"


@pytest.fixture
def identified(invoice: Document, policy: Policy) -> list[tuple[type[Model], int]]:
    """Rows that hold the number."""
    Policy.objects.update(identity_number=IDENTITY)
    correction = Correction.objects.create(
        document=invoice, cell="invoice/social_security_card_number", label="x", old="", new=IDENTITY, why="typed",
        batch=uuid.uuid4(), revision=1, person="x",
    )  # fmt: skip
    reading = invoice.readings.get()
    return [
        (Policy, policy.pk), (InvoiceHeader, invoice.pk), (Reading, reading.pk), (Correction, correction.pk),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["administrator", "auditor_in_the_admin"])
def test_no_page_shows_an_identity_number_in_full(
    identified: list[tuple[type[Model], int]], request: pytest.FixtureRequest, signed_in: SignIn, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    for model, pk in identified:
        page = client.get(address(model, "change", pk)).content.decode()
        assert (IDENTITY in page, MASKED in page) == (False, True), model
        assert IDENTITY not in client.get(address(model, "changelist")).content.decode()


@pytest.mark.parametrize("model", [Policy, InvoiceHeader])
def test_it_is_revealed_with_a_reason_on_record(
    identified: list[tuple[type[Model], int]], auditor_in_the_admin: User, signed_in: SignIn, model: type[Model]
) -> None:
    client, data = signed_in(auditor_in_the_admin), {"action": "reveal", "_selected_action": [dict(identified)[model]]}
    refused = client.post(address(model, "changelist"), {**data, "reason": ""}, follow=True)
    assert [str(message) for message in refused.context["messages"]] == ["Say why the number has to be seen."]
    shown = client.post(address(model, "changelist"), {**data, "reason": "A call of the police."}, follow=True)
    assert IDENTITY in " ".join(str(message) for message in shown.context["messages"])
    entry = LogEntry.objects.latest("id")
    assert (entry.person, entry.action, entry.reason) == (
        auditor_in_the_admin.username,
        "value.revealed",
        "A call of the police.",
    )
    assert IDENTITY not in entry.subject


def test_a_policys_number_is_written_without_being_read(
    identified: list[tuple[type[Model], int]], policy: Policy, administrator: User, signed_in: SignIn
) -> None:
    form = {
        "number": policy.number, "plan": policy.plan_id, "insured_name": "钱多多", "effective_from": "2025-01-01",
        "effective_until": "2026-12-31", "why": "Married.",
    }  # fmt: skip
    client, page = signed_in(administrator), address(Policy, "change", policy.pk)
    assert client.post(page, form).status_code == 302
    policy.refresh_from_db()
    assert (policy.identity_number, policy.insured_name) == (IDENTITY, "钱多多")
    client.post(page, {**form, "new_identity_number": "3101"})
    policy.refresh_from_db()
    assert policy.identity_number == "3101"
