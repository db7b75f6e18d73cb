"""Edits merge or conflict, are saved all together or not at all, and are taken back and done again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from claims import guards
from claims.editing import findings
from claims.editing.actions import Conflict
from claims.editing.corrections import Edit, Invalid, correct
from claims.editing.rows import RowAction, change_rows
from claims.models import Claim, Correction, Document, Finding, InvoiceHeader, LineItem, LogEntry, User
from claims.working_values import sources
from ocr_providers.results import Kind
from tests.claims.conftest import ReadDocument, price

pytestmark = pytest.mark.django_db


# --- one edit --------------------------------------------------------------------------------------------------------


def test_a_correction_is_saved_with_who_what_when_and_why(invoice: Document, line: LineItem, reviewer: User) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "５１.5")], reason="seal over the digits")
    line.refresh_from_db()
    assert line.price == Decimal("51.50")
    record = Correction.objects.get()
    assert (record.cell, record.old, record.new, record.why) == (
        f"line_items/{line.pk}/price",
        "50.00",
        "51.50",
        "typed",
    )
    assert (record.person, record.reason, record.label) == (reviewer.username, "seal over the digits", "Price, line 2")
    entry = LogEntry.objects.latest("id")
    assert entry.action == "values.typed"
    assert "51.5" not in str(entry.detail)


def test_a_typed_value_keeps_where_it_was_read(invoice: Document, reviewer: User) -> None:
    correct(document=invoice, user=reviewer, edits=[Edit("invoice/total_cost", "208.33", 1)])
    source = sources.of(InvoiceHeader.objects.get(), "total_cost")
    assert source is not None
    assert (source["origin"], source["text"], source["rect"]) == ("typed", "203.33", [10, 20, 90, 40])


def test_findings_follow_each_correction(invoice: Document, line: LineItem, reviewer: User) -> None:
    assert not invoice.findings.filter(severity="error").exists()
    correct(document=invoice, user=reviewer, edits=[price(line, "58")])
    codes = set(invoice.findings.values_list("code", flat=True))
    assert codes & {"LIN-PRICE", "INV-TOTAL-DET"}
    assert Claim.objects.get().error_count == Document.objects.get().error_count > 0
    correct(document=invoice, user=reviewer, edits=[price(line, "50", seen=2)])
    assert not invoice.findings.filter(severity="error").exists()


def test_an_edit_that_changes_nothing_leaves_no_record(invoice: Document, line: LineItem, reviewer: User) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "50.0")])
    assert not Correction.objects.exists()


def test_a_health_value_is_a_number_or_a_text_and_found_when_it_is_there(
    read_document: ReadDocument, reviewer: User
) -> None:
    document = read_document(Kind.HEALTH_CHECK)
    row = document.health_values.get(key="FBS")
    correct(document=document, user=reviewer, edits=[Edit(f"health_values/{row.pk}/value", "98")])
    row.refresh_from_db()
    assert (row.number, row.found) == (Decimal(98), True)


# --- several at once -------------------------------------------------------------------------------------------------


def test_one_bad_value_refuses_all(invoice: Document, line: LineItem, reviewer: User) -> None:
    edits = [
        price(line, "51"),
        Edit("invoice/billing_date", "2025-02-30", 1),
        Edit(f"line_items/{line.pk}/check_info", "1"),
    ]
    with pytest.raises(Invalid) as refused:
        correct(document=invoice, user=reviewer, edits=edits)
    assert [cell for cell, _message in refused.value.errors] == [
        "invoice/billing_date",
        f"line_items/{line.pk}/check_info",
    ]
    line.refresh_from_db()
    assert line.price == Decimal(50)


@pytest.mark.parametrize(
    "cell", ["invoice/nothing", "line_items/x/price", "users/1/password", "line_items/1/price/x", ""]
)
def test_an_address_that_is_no_cell_is_refused(invoice: Document, reviewer: User, cell: str) -> None:
    with pytest.raises(Invalid):
        correct(document=invoice, user=reviewer, edits=[Edit(cell, "1")])


def test_a_cell_of_another_document_cannot_be_reached(
    invoice: Document, read_document: ReadDocument, line: LineItem, reviewer: User
) -> None:
    with pytest.raises(Conflict):
        correct(document=read_document(), user=reviewer, edits=[price(line, "1")])
    line.refresh_from_db()
    assert line.price == Decimal(50)


# --- two people ------------------------------------------------------------------------------------------------------


def test_edits_of_different_values_merge(
    invoice: Document, line: LineItem, reviewer: User, second_reviewer: User
) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "51")])
    correct(document=invoice, user=second_reviewer, edits=[Edit(f"line_items/{line.pk}/quantity", "3", 1)])
    line.refresh_from_db()
    assert (line.price, line.quantity) == (Decimal(51), Decimal(3))


def test_the_same_value_is_a_conflict_and_nothing_else_of_the_request_is_applied(
    invoice: Document, line: LineItem, reviewer: User, second_reviewer: User
) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "51")])
    edits = [price(line, "52"), Edit("invoice/payee", "李", 0)]
    with pytest.raises(Conflict) as conflict:
        correct(document=invoice, user=second_reviewer, edits=edits)
    clash = conflict.value.clashes[0]
    assert (clash.mine, clash.theirs, clash.by) == ("52.00", "51.00", reviewer.username)
    assert InvoiceHeader.objects.get().payee == ""
    correct(document=invoice, user=second_reviewer, edits=[price(line, "52", seen=clash.revision), edits[1]])
    line.refresh_from_db()
    assert line.price == Decimal(52)


def test_typing_the_same_is_no_conflict(
    invoice: Document, line: LineItem, reviewer: User, second_reviewer: User
) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "51")])
    correct(document=invoice, user=second_reviewer, edits=[price(line, "51.00")])
    assert Correction.objects.count() == 1


def test_an_edit_in_a_line_that_somebody_removed_is_a_conflict(
    invoice: Document, line: LineItem, reviewer: User, second_reviewer: User
) -> None:
    correct(document=invoice, user=reviewer, edits=[Edit(f"line_items/{line.pk}", None)])
    with pytest.raises(Conflict) as conflict:
        correct(document=invoice, user=second_reviewer, edits=[price(line, "52")])
    assert conflict.value.clashes[0].by == reviewer.username


def test_a_decided_claim_cannot_be_edited(invoice: Document, line: LineItem, reviewer: User) -> None:
    Claim.objects.update(status=Claim.Status.DECIDED)
    with pytest.raises(guards.Refused):
        correct(document=invoice, user=reviewer, edits=[price(line, "51")])


def test_only_those_who_may_correct_can(invoice: Document, line: LineItem, auditor: User, clerk: User) -> None:
    for person in (auditor, clerk):
        with pytest.raises(PermissionDenied):
            correct(document=invoice, user=person, edits=[price(line, "51")])


def test_every_edit_counts_up_the_versions_that_guard_the_decision(
    invoice: Document, line: LineItem, reviewer: User
) -> None:
    before = Claim.objects.get().version, Document.objects.get().revision
    correct(document=invoice, user=reviewer, edits=[price(line, "51")])
    assert (Claim.objects.get().version, Document.objects.get().revision) == (before[0] + 1, before[1] + 1)


# --- findings --------------------------------------------------------------------------------------------------------


def test_an_acknowledgement_lasts_while_the_values_stay(invoice: Document, line: LineItem, reviewer: User) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "58")])
    for finding in Finding.objects.filter(acknowledged_by=None):
        findings.acknowledge(finding=finding, user=reviewer, reason="printed so on the paper")
    assert Claim.objects.get().error_count == 0
    correct(document=invoice, user=reviewer, edits=[Edit("invoice/payee", "李")])
    change_rows(document=invoice, user=reviewer, table="line_items", what=RowAction.MOVE, row=line.pk, n=0)
    assert not [finding for finding in Finding.objects.all() if finding.is_open]
    correct(document=invoice, user=reviewer, edits=[price(line, "59", seen=2)])
    assert [finding for finding in Finding.objects.all() if finding.is_open]


def test_an_acknowledgement_needs_a_reason_and_can_be_taken_back(
    invoice: Document, line: LineItem, reviewer: User
) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "58")])
    finding = Finding.objects.filter(severity="error")[0]
    with pytest.raises(guards.Refused):
        findings.acknowledge(finding=finding, user=reviewer, reason="  ")
    findings.acknowledge(finding=finding, user=reviewer, reason="printed so")
    findings.reopen(finding=finding, user=reviewer)
    assert Finding.objects.get(pk=finding.pk).is_open


def test_an_edit_takes_a_fixed_number_of_queries(
    invoice: Document,
    read_document: ReadDocument,
    line: LineItem,
    reviewer: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    item = {"ocr_name": "葡萄糖", "amount": 1, "unit_price": 1.0, "price": 1.0}
    long = read_document(cost_detail_list=[item] * 500, total_cost=500)
    last = LineItem.objects.get(document=long, n=499)
    correct(document=invoice, user=reviewer, edits=[price(line, "58")])
    with django_assert_num_queries(29):
        correct(document=long, user=reviewer, edits=[price(last, "8")])
