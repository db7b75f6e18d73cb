"""Corrections: typed values, accepted suggestions, whole ranges at once.

An edit names the value's revision that the person saw. Edits of different values merge; an edit of a value that
somebody changed meanwhile is a conflict, and then nothing of the request is applied.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims import guards
from claims.editing.actions import Action, Clash, Conflict, action
from claims.models import Correction, Document, InvoiceHeader, User
from claims.working_values import sources
from claims.working_values.cells import HEADER, Cell, Column, ListRow, Row, Value, column_of, shown, type_of, value_in
from claims.working_values.parsing import NotUnderstood, parse
from claims.working_values.snapshots import values_of

MOST_EDITS = 5000


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell and what the person typed there. A whole row with no value is removed."""

    cell: str
    value: str | None
    seen: int = 0
    """The value's revision on the person's screen; 0 where nothing stood."""


class Invalid(Exception):
    """What was typed is no value of its cell. `errors`: (cell, message) pairs."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("invalid")
        self.errors = list(errors)


@dataclass(frozen=True, slots=True)
class _Wanted:
    edit: Edit
    row: Row
    column: Column | None
    value: Value


def correct(
    *,
    document: Document,
    user: User,
    edits: Sequence[Edit],
    why: Correction.Why = Correction.Why.TYPED,
    finding_code: str = "",
    reason: str = "",
    key: uuid.UUID | None = None,
) -> Action:
    """Applies all edits or none. Returns the action with the values and findings as they now stand.

    Raises `Invalid`, `actions.Conflict`, `actions.AlreadyDone`, `guards.Refused`, `PermissionDenied`.
    """
    cells = _cells(edits)
    with action(document=document, user=user, why=why, reason=reason, finding_code=finding_code, key=key) as work:
        _ensure_header(work, cells)
        wanted = _wanted(work, list(zip(edits, cells, strict=True)))
        for item in wanted:
            _apply(work, item)
    return work


def _cells(edits: Sequence[Edit]) -> list[Cell]:
    if len(edits) > MOST_EDITS:
        raise Invalid([("", _("Too many changes at once: %(limit)d at most.") % {"limit": MOST_EDITS})])
    cells: list[Cell] = []
    errors = []
    for edit in edits:
        try:
            cells.append(Cell.parse(edit.cell))
        except ValueError:
            errors.append((edit.cell, _("There is no such field.")))
    if len(set(cells)) < len(cells):
        errors.append(("", _("A value is named twice.")))
    if errors:
        raise Invalid(errors)
    return cells


def _ensure_header(work: Action, cells: Iterable[Cell]) -> None:
    """A document that no provider could read is typed by hand: its header begins with the first value."""
    if work.values.header is None and any(cell.table == HEADER for cell in cells):
        if work.document.kind == Document.Kind.HEALTH_CHECK:
            raise guards.Refused(_("This document has no such fields."))
        work.values.header = InvoiceHeader.objects.create(document=work.document)


def _wanted(work: Action, edits: Sequence[tuple[Edit, Cell]]) -> list[_Wanted]:
    """Checks every edit before any is applied; what changes nothing is left out."""
    wanted, errors, clashes = [], [], []
    for edit, cell in edits:
        row = work.values.row(cell)
        if row is None:
            clashes.append(Clash(edit.cell, edit.value, None, _removed_by(work.document, cell), work.document.revision))
            continue
        try:
            item = _one(edit, cell, row)
        except NotUnderstood as problem:
            errors.append((edit.cell, str(problem)))
            continue
        clash = _clash(item)
        if clash:
            clashes.append(clash)
        elif item.column is None or value_in(row, item.column.name) != item.value:
            wanted.append(item)
    if errors:
        raise Invalid(errors)
    if clashes:
        raise Conflict(clashes)
    return wanted


def _one(edit: Edit, cell: Cell, row: Row) -> _Wanted:
    if not cell.column:
        if edit.value is not None:
            raise NotUnderstood(_("A whole line can only be removed."))
        return _Wanted(edit, row, None, None)
    column = column_of(cell)
    if not column.editable:
        raise NotUnderstood(_("This value is the provider's own and cannot be changed."))
    return _Wanted(edit, row, column, parse(edit.value, column, type_of(row, column)))


def _clash(item: _Wanted) -> Clash | None:
    """Both typing the same is no conflict. Removing a row that somebody edited since is one."""
    if item.column is None:
        return _row_clash(item)
    name = item.column.name
    now, revision = value_in(item.row, name), sources.revision_of(item.row, name)
    if revision == item.edit.seen or now == item.value:
        return None
    kind = type_of(item.row, item.column)
    by = (sources.of(item.row, name) or {}).get("by", "")
    return Clash(item.edit.cell, shown(item.value, kind), shown(now, kind), by, revision)


def _row_clash(item: _Wanted) -> Clash | None:
    newest = max(item.row.sources.values(), key=lambda stored: stored["revision"], default=None)
    if not item.edit.seen or newest is None or newest["revision"] <= item.edit.seen:
        return None
    return Clash(item.edit.cell, None, ", ".join(_row_values(item.row)), newest["by"], newest["revision"])


def _row_values(row: Row) -> Iterable[str]:
    return () if isinstance(row, InvoiceHeader) else values_of(row).values()


def _removed_by(document: Document, cell: Cell) -> str:
    """Who took a row away."""
    whole = str(Cell(cell.table, cell.row))
    last = document.corrections.filter(cell=whole, new__isnull=True).order_by("-id").first()
    return last.person if last else ""


def _apply(work: Action, item: _Wanted) -> None:
    if item.column is not None:
        source = work.typed_source(item.row, item.column.name)
        work.set_value(item.row, item.column, item.value, source=source)
    elif not isinstance(item.row, InvoiceHeader):
        row: ListRow = item.row
        work.delete_row(row)
