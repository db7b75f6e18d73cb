"""Edits merge or conflict, are saved all together or not at all, and are taken back and done again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from claims import findings, guards, sources
from claims.actions import Conflict
from claims.corrections import Edit, Invalid, correct
from claims.models import Claim, Correction, Document, Finding, InvoiceHeader, LineItem, LogEntry, Role, User
from claims.rows import RowAction, change_rows
from claims.snapshots import snapshot
from claims.undo import NothingLeft, redo, undo
from claims.values import load_values
from ocr_providers.results import Kind

from .conftest import ReadDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(invoice: Document) -> LineItem:
    """The second line: 1 × 50.00 = 50.00."""
    return LineItem.objects.get(document=invoice, n=1)


@pytest.fixture
def second_reviewer(make_user: object) -> User:
    user: User = make_user("wei.reviewer", Role.REVIEWER)  # type: ignore[operator]
    return user


def price(line: LineItem, text: str | None, seen: int = 1) -> Edit:
    return Edit(f"line_items/{line.pk}/price", text, seen)


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


# --- lines -----------------------------------------------------------------------------------------------------------


def names(document: Document) -> list[str]:
    rows = LineItem.objects.filter(document=document).order_by("n")
    assert [row.n for row in rows] == list(range(len(rows)))
    return [row.ocr_name for row in rows]


def test_lines_are_added_duplicated_split_moved_and_removed(invoice: Document, line: LineItem, reviewer: User) -> None:
    def do(what: RowAction, row: int | None = None, n: int | None = None) -> None:
        change_rows(document=invoice, user=reviewer, table="line_items", what=what, row=row, n=n)

    do(RowAction.ADD, n=0)
    assert names(invoice) == ["", "阿莫西林胶囊", "替格瑞洛片", "左氧氟沙星片", "留置针"]
    do(RowAction.DUPLICATE, line.pk)
    do(RowAction.SPLIT, line.pk)
    assert names(invoice) == ["", "阿莫西林胶囊", "替格瑞洛片", "替格瑞洛片", "替格瑞洛片", "左氧氟沙星片", "留置针"]
    prices = LineItem.objects.order_by("n").values_list("price", flat=True)
    assert list(prices)[2:5] == [Decimal(50), None, Decimal(50)]
    do(RowAction.MOVE, line.pk, 6)
    assert names(invoice)[-1] == "替格瑞洛片"
    do(RowAction.DELETE, line.pk)
    assert len(names(invoice)) == 6
    for _step in range(5):
        undo(document=invoice, user=reviewer)
    assert names(invoice) == ["阿莫西林胶囊", "替格瑞洛片", "左氧氟沙星片", "留置针"]
    assert LineItem.objects.get(n=1).pk == line.pk


def test_a_line_action_on_a_list_that_the_document_has_not_is_refused(invoice: Document, reviewer: User) -> None:
    with pytest.raises(guards.Refused):
        change_rows(document=invoice, user=reviewer, table="health_values", what=RowAction.ADD)


# --- undo and redo ---------------------------------------------------------------------------------------------------


def test_undo_restores_the_value_and_its_origin(invoice: Document, line: LineItem, reviewer: User) -> None:
    before = snapshot(line)
    correct(document=invoice, user=reviewer, edits=[price(line, "51")])
    correct(document=invoice, user=reviewer, edits=[price(line, "52", seen=2)])
    undo(document=invoice, user=reviewer)
    line.refresh_from_db()
    assert (line.price, line.sources["price"]["origin"]) == (Decimal(51), "typed")
    undo(document=invoice, user=reviewer)
    line.refresh_from_db()
    after = snapshot(line)
    assert after["values"] == before["values"]
    assert {**after["sources"]["price"], "revision": 1} == before["sources"]["price"]
    redo(document=invoice, user=reviewer)
    redo(document=invoice, user=reviewer)
    line.refresh_from_db()
    assert (line.price, line.sources["price"]["origin"]) == (Decimal(52), "typed")
    with pytest.raises(NothingLeft):
        redo(document=invoice, user=reviewer)


def test_a_new_edit_ends_what_could_be_done_again(invoice: Document, line: LineItem, reviewer: User) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "51")])
    undo(document=invoice, user=reviewer)
    correct(document=invoice, user=reviewer, edits=[Edit("invoice/payee", "李")])
    with pytest.raises(NothingLeft):
        redo(document=invoice, user=reviewer)


def test_undo_takes_back_ones_own_action_only(
    invoice: Document, line: LineItem, reviewer: User, second_reviewer: User
) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "51")])
    correct(document=invoice, user=second_reviewer, edits=[Edit("invoice/payee", "李")])
    undo(document=invoice, user=reviewer)
    line.refresh_from_db()
    assert line.price == Decimal(50)
    assert InvoiceHeader.objects.get().payee == "李"


def test_undo_of_a_value_that_somebody_changed_since_is_a_conflict(
    invoice: Document, line: LineItem, reviewer: User, second_reviewer: User
) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "51")])
    correct(document=invoice, user=second_reviewer, edits=[price(line, "52", seen=2)])
    with pytest.raises(Conflict):
        undo(document=invoice, user=reviewer)


def test_any_action_can_be_taken_back_from_the_history(
    invoice: Document, line: LineItem, reviewer: User, second_reviewer: User
) -> None:
    correct(document=invoice, user=reviewer, edits=[price(line, "51")])
    batch = Correction.objects.get().batch
    undo(document=invoice, user=second_reviewer, batch=batch)
    line.refresh_from_db()
    assert line.price == Decimal(50)
    with pytest.raises(NothingLeft):
        undo(document=invoice, user=second_reviewer, batch=batch)


def test_an_edit_and_a_removal_of_the_same_line_at_once_are_taken_back_and_done_again(
    invoice: Document, line: LineItem, reviewer: User
) -> None:
    edits = [price(line, "51"), Edit(f"line_items/{line.pk}", None, 1)]
    correct(document=invoice, user=reviewer, edits=edits)
    undo(document=invoice, user=reviewer)
    assert LineItem.objects.get(pk=line.pk).price == Decimal(50)
    redo(document=invoice, user=reviewer)
    assert not LineItem.objects.filter(pk=line.pk).exists()
    undo(document=invoice, user=reviewer)
    assert LineItem.objects.get(pk=line.pk).price == Decimal(50)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("price"), st.integers(0, 4), st.integers(0, 99)),
        st.tuples(
            st.sampled_from(["add", "duplicate", "split", "move", "delete"]), st.integers(0, 4), st.integers(0, 4)
        ),
        st.tuples(st.just("payee"), st.integers(0, 4), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=8,
)


def whole(document: Document) -> list[object]:
    """All values and origins of a document; not the revisions, which only go up."""
    values = load_values(document)
    assert values.header is not None
    header = (values.header.payee, {name: source["origin"] for name, source in values.header.sources.items()})
    rows = [(row.pk, snapshot(row)) for row in values.lists["line_items"]]
    return [header] + [
        (pk, kept["n"], kept["values"], {name: source["origin"] for name, source in kept["sources"].items()})
        for pk, kept in rows
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_a_person_does_undo_brings_back_and_redo_does_again(
    invoice: Document, reviewer: User, steps: list[tuple[str, int, int]]
) -> None:
    before, done = whole(invoice), 0
    for kind, at, number in steps:
        done += _step(invoice, reviewer, kind, at, number)
    after = whole(invoice)
    for _step_back in range(done):
        undo(document=invoice, user=reviewer)
    assert whole(invoice) == before
    for _step_again in range(done):
        redo(document=invoice, user=reviewer)
    assert whole(invoice) == after
    for _step_back in range(done):
        undo(document=invoice, user=reviewer)
    assert whole(invoice) == before


def _step(document: Document, user: User, kind: str, at: int, number: int) -> int:
    """Does one thing; returns how many actions that were."""
    count = Correction.objects.values("batch").distinct().count()
    rows = list(LineItem.objects.filter(document=document).order_by("n"))
    row = rows[at % len(rows)] if rows else None
    if kind == "payee":
        header = InvoiceHeader.objects.get(document=document)
        seen = sources.revision_of(header, "payee")
        correct(document=document, user=user, edits=[Edit("invoice/payee", str(number), seen)])
    elif kind == "add":
        change_rows(document=document, user=user, table="line_items", what=RowAction.ADD, n=number)
    elif row and kind == "price":
        correct(document=document, user=user, edits=[price(row, str(number), sources.revision_of(row, "price"))])
    elif row:
        change_rows(document=document, user=user, table="line_items", what=RowAction(kind), row=row.pk, n=number)
    return Correction.objects.values("batch").distinct().count() - count


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
    with django_assert_num_queries(23):
        correct(document=long, user=reviewer, edits=[price(last, "8")])
