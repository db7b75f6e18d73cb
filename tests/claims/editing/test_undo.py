"""Undo takes back what was done, redo does it again, and neither touches what others did."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.editing.actions import Conflict
from claims.editing.corrections import Edit, correct
from claims.editing.rows import RowAction, change_rows
from claims.editing.undo import NothingLeft, redo, undo
from claims.models import Correction, Document, InvoiceHeader, LineItem, User
from claims.working_values import sources
from claims.working_values.snapshots import snapshot
from claims.working_values.values import load_values
from tests.claims.conftest import price

pytestmark = pytest.mark.django_db


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
