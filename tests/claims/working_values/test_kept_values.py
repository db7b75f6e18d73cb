"""What a process keeps between two requests is never anything else than what a fresh one would load."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.conf import LazySettings
from django.db.models import F
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from claims import guards
from claims.editing import undo
from claims.editing.actions import Action, Conflict
from claims.editing.corrections import Edit, Invalid, correct
from claims.editing.rows import RowAction, change_rows
from claims.models import Document, LineItem, User
from claims.reviewing import review
from claims.working_values import kept_values

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keeping(settings: LazySettings) -> Any:
    settings.REVIEW_ROWS_KEPT = 1000
    kept_values.forget()
    yield
    kept_values.forget()


def state(document: Document, user: User) -> review.Part:
    return review.state(Document.objects.get(pk=document.pk), user=user)


def fresh(document: Document, user: User) -> review.Part:
    kept_values.forget()
    return state(document, user)


def cells(document: Document) -> list[str]:
    lines = LineItem.objects.filter(document=document)
    of_lines = (f"line_items/{row.pk}/{name}" for row in lines for name in COLUMNS)
    return ["invoice/total_cost", "invoice/note_no", *of_lines]


COLUMNS = ("ocr_name", "level", "quantity", "unit_price", "price", "selfpay_ratio")
TEXTS = st.sampled_from(["12.5", "0", "1.23456", "-3", "7", "甲", "乙", "", "12,000.00", "99999999999", "2026-01-05"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 30), TEXTS),
        st.tuples(st.just("row"), st.integers(0, 5), st.sampled_from(RowAction)),
        st.tuples(st.just("undo"), st.just(0), st.just("")),
        st.tuples(st.just("redo"), st.just(0), st.just("")),
    ),
    max_size=8,
)


def act(document: Document, user: User, what: str, at: int, how: Any) -> Action | None:
    """One step, as a request does it; `None` when it was refused."""
    document = Document.objects.get(pk=document.pk)
    try:
        if what == "undo":
            return undo.undo(document=document, user=user)
        if what == "redo":
            return undo.redo(document=document, user=user)
        if what == "row":
            rows = list(LineItem.objects.filter(document=document).values_list("pk", flat=True))
            row = rows[at % len(rows)] if rows and how is not RowAction.ADD else None
            place = at % (len(rows) + 1)
            return change_rows(document=document, user=user, table="line_items", what=how, row=row, n=place)
        named = cells(document)
        return correct(document=document, user=user, edits=[Edit(named[at % len(named)], how, at % 3)])
    except (Invalid, Conflict, guards.Refused):
        return None


@examples(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_edits_the_page_shows_what_a_fresh_process_shows(
    invoice: Document, reviewer: User, steps: list[tuple[str, int, Any]]
) -> None:
    for step in steps:
        work = act(invoice, reviewer, *step)
        if work:
            review.after(work, user=reviewer, known=work.document.revision - 1)
        assert state(invoice, reviewer) == fresh(invoice, reviewer)


def test_the_answer_to_an_edit_is_what_the_whole_computation_gives(
    invoice: Document, line: LineItem, reviewer: User
) -> None:
    state(invoice, reviewer)  # the values are kept
    work = correct(document=invoice, user=reviewer, edits=[Edit(f"line_items/{line.pk}/price", "58", 1)])
    answer = review.after(work, user=reviewer)
    whole = fresh(invoice, reviewer)
    for part in ("fields", "findings", "agreement", "totals", "calculation", "history", "document"):
        assert answer[part] == whole[part], part
    assert answer["lists"]["line_items"] == whole["lists"]["line_items"]


def test_what_is_kept_is_not_loaded_again(
    invoice: Document, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kept_values.take(invoice)
    with django_assert_num_queries(4):
        values = kept_values.take(invoice)
    kept_values.keep(invoice, values)
    with django_assert_num_queries(0):
        assert kept_values.take(invoice) is values


def test_one_caller_at_a_time_owns_the_values(invoice: Document) -> None:
    kept_values.keep(invoice, kept_values.take(invoice))
    assert kept_values.take(invoice) is not kept_values.take(invoice)


def test_another_process_that_changed_a_value_is_noticed(invoice: Document, line: LineItem, reviewer: User) -> None:
    state(invoice, reviewer)
    Document.objects.filter(pk=invoice.pk).update(revision=F("revision") + 1)
    LineItem.objects.filter(pk=line.pk).update(price=Decimal(77))
    rows = state(invoice, reviewer)["lists"]["line_items"]["rows"]
    assert rows[1]["values"]["price"] == "77.00"


def test_an_edit_that_is_refused_leaves_nothing_behind(invoice: Document, line: LineItem, reviewer: User) -> None:
    state(invoice, reviewer)
    edits = [Edit(f"line_items/{line.pk}/price", "58", 1), Edit("invoice/total_cost", "x", 1)]
    with pytest.raises(Invalid):
        correct(document=invoice, user=reviewer, edits=edits)
    assert state(invoice, reviewer)["lists"]["line_items"]["rows"][1]["values"]["price"] == "50.00"


def test_every_reader_gets_their_language(invoice: Document, reviewer: User) -> None:
    english = state(invoice, reviewer)
    with translation.override("zh-hans"):
        chinese = state(invoice, reviewer)
    assert english["fields"][0]["label"] != chinese["fields"][0]["label"]
    first, other = (each["lists"]["line_items"]["columns"][0] for each in (english, chinese))
    assert first["label"] != other["label"]


def test_no_more_lines_are_kept_than_allowed(
    invoice: Document, settings: LazySettings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.REVIEW_ROWS_KEPT = 1
    kept_values.keep(invoice, kept_values.take(invoice))
    with django_assert_num_queries(4):
        kept_values.take(invoice)


def test_values_are_not_kept_for_long(
    invoice: Document, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kept_values.keep(invoice, kept_values.take(invoice))
    monkeypatch.setattr(kept_values, "LONGEST_SECONDS", -1)
    with django_assert_num_queries(4):
        kept_values.take(invoice)
