"""Lines added, duplicated, split, moved and removed by a person."""

from __future__ import annotations

import uuid
from enum import StrEnum

from django.utils.translation import gettext as _

from claims import guards
from claims.editing.actions import Action, action
from claims.models import Correction, Document, User
from claims.working_values import sources
from claims.working_values.cells import LISTS, Cell, ListRow, columns_of, put, table_of, value_in
from claims.working_values.values import lists_of

PARTS = {"quantity", "price", "selfpay", "cost", "amount", "value"}
"""What a split line shares out between its two halves: the second one starts without."""


class RowAction(StrEnum):
    """What can be done to a whole line."""

    ADD = "add"
    DUPLICATE = "duplicate"
    SPLIT = "split"
    MOVE = "move"
    DELETE = "delete"


def change_rows(
    *,
    document: Document,
    user: User,
    table: str,
    what: RowAction,
    row: int | None = None,
    n: int | None = None,
    count: int = 1,
    key: uuid.UUID | None = None,
) -> Action:
    """`row`: id of the line meant, for all but `ADD`. `n`: place from 0, for `ADD` (default: the end) and `MOVE`.
    `count`: how many to `ADD`.

    Raises `guards.Refused`, `actions.AlreadyDone`, `PermissionDenied`.
    """
    if table not in lists_of(document):
        raise guards.Refused(_("This document has no such list."))
    with action(document=document, user=user, why=Correction.Why.TYPED, key=key) as work:
        rows = work.values.lists[table]
        if what is RowAction.ADD:
            first = len(rows) if n is None else max(n, 0)
            for place in range(first, first + count):
                work.insert_row(table, LISTS[table].model(document=document, n=0), place)
        else:
            _change(work, _row(work, table, row), what, n)
    return work


def _row(work: Action, table: str, pk: int | None) -> ListRow:
    found = work.values.row(Cell(table, pk))
    if found is None or table_of(found) != table:
        raise guards.Stale(_("This line is not there any more."))
    return found  # type: ignore[return-value] # a row of a list, never the header


def _change(work: Action, row: ListRow, what: RowAction, n: int | None) -> None:
    if what is RowAction.DELETE:
        work.delete_row(row)
    elif what is RowAction.MOVE:
        if n is None:
            raise guards.Refused(_("Say where the line goes."))
        if n != row.n:
            work.move_row(row, max(n, 0))
    else:
        work.insert_row(table_of(row), _copy(work, row, without=PARTS if what is RowAction.SPLIT else set()), row.n + 1)


def _copy(work: Action, row: ListRow, *, without: set[str]) -> ListRow:
    """A new line with the same values, typed by this person. Its numbers of a split are theirs to fill in."""
    table = table_of(row)
    copied: ListRow = LISTS[table].model(document=work.document, n=row.n + 1)
    for column in columns_of(table):
        value = value_in(row, column.name)
        if column.editable and column.name not in without and value is not None:
            put(copied, column.name, value)
            copied.sources[column.name] = sources.of_person(
                None, by=work.user.get_username(), revision=work.document.revision
            )
    return copied
