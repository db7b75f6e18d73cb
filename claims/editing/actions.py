"""One action of a person on a document: everything it changes is saved together, recorded, and checked again.

Pages and API call the verbs (`corrections`, `rows`, `undo`); each verb does its work inside `action`.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from claims import audit, guards
from claims.editing import findings
from claims.models import Correction, Document, Finding, InvoiceHeader, User
from claims.working_values import kept_values, sources
from claims.working_values.cells import (
    LISTS,
    Column,
    ListRow,
    Row,
    Value,
    cell_of,
    label_of,
    put,
    shown,
    table_of,
    type_of,
    value_in,
)
from claims.working_values.snapshots import snapshot
from claims.working_values.values import WorkingValues


@dataclass(frozen=True, slots=True)
class Clash:
    """A value that somebody else changed since the person saw it."""

    cell: str
    mine: str | None
    theirs: str | None
    by: str
    revision: int


class Conflict(Exception):
    """Nothing of the action was saved."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__("conflict")
        self.clashes = clashes


class AlreadyDone(Exception):
    """The same request came before, and its answer did not arrive: it is not done a second time."""


@dataclass(slots=True, kw_only=True)
class Action:
    """Changes in memory and their records; `finish` saves both."""

    document: Document
    user: User
    why: Correction.Why
    reason: str = ""
    finding_code: str = ""
    values: WorkingValues
    batch: uuid.UUID
    records: list[Correction] = field(default_factory=list)
    changed: defaultdict[str, dict[int, Row]] = field(default_factory=lambda: defaultdict(dict))
    columns: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tables: set[str] = field(default_factory=set)
    """Lists and header touched: what the page has to draw again."""
    findings: list[Finding] = field(default_factory=list)
    """As they stand after the action."""

    def set_value(
        self, row: Row, column: Column, value: Value, *, source: sources.Stored | None, undoes: Correction | None = None
    ) -> None:
        """`source`: what the value now comes from; `None` when nothing stands there any more."""
        kind = type_of(row, column)
        old = shown(value_in(row, column.name), kind)
        self._record(str(cell_of(row, column.name)), label_of(row, column), old, shown(value, kind), undoes)
        put(row, column.name, value)
        self.values.forget()
        if source is None:
            row.sources.pop(column.name, None)
        else:
            row.sources[column.name] = source
        self.mark(row, *model_fields(column.name, row))

    def mark(self, row: Row, *names: str) -> None:
        table = table_of(row)
        self.changed[table][row.pk] = row
        self.columns[table].update((*names, "sources"))
        self.tables.add(table)

    def typed_source(self, row: Row, column: str) -> sources.Stored:
        return sources.of_person(sources.of(row, column), by=self.user.get_username(), revision=self.document.revision)

    def insert_row(self, table: str, row: ListRow, n: int, *, undoes: Correction | None = None) -> None:
        """Puts a row at place `n`; the rows from there on move down by one."""
        rows = self.values.lists[table]
        rows.insert(min(n, len(rows)), row)
        self._renumber(table)
        row.save(force_insert=True)
        self.values.forget()  # it has an id only now
        self._record(str(cell_of(row)), label_of(row), None, snapshot(row), undoes)

    def delete_row(self, row: ListRow, *, undoes: Correction | None = None) -> None:
        table, cell = table_of(row), str(cell_of(row))
        self._record(cell, label_of(row), snapshot(row), None, undoes)
        self.values.lists[table].remove(row)
        self.changed[table].pop(row.pk, None)
        row.delete()
        self._renumber(table)

    def move_row(self, row: ListRow, n: int, *, undoes: Correction | None = None) -> None:
        table, old = table_of(row), row.n
        rows = self.values.lists[table]
        rows.remove(row)
        rows.insert(min(n, len(rows)), row)
        self._renumber(table)
        self._record(str(cell_of(row)), label_of(row), {"n": old}, {"n": row.n}, undoes)

    def _renumber(self, table: str) -> None:
        """Places follow the order in memory; only rows whose place changed are saved."""
        for n, row in enumerate(self.values.lists[table]):
            if row.n != n:
                row.n = n
                if row.pk is not None:
                    self.mark(row, "n")
        self.tables.add(table)
        self.values.forget()

    def _record(self, cell: str, label: str, old: Any, new: Any, undoes: Correction | None) -> None:
        record = Correction(
            document=self.document,
            cell=cell,
            label=label,
            old=old,
            new=new,
            why=self.why,
            reason=self.reason,
            finding_code=self.finding_code,
            batch=self.batch,
            undoes=undoes,
            revision=self.document.revision,
            user=self.user,
            person=self.user.get_username(),
        )
        self.records.append(record)

    def finish(self) -> None:
        for table, rows in self.changed.items():
            _save(table, list(rows.values()), self.columns[table])
        Correction.objects.bulk_create(self.records)
        self.findings = findings.refresh(self.document, self.values)
        audit.record(
            person=self.user,
            action=f"values.{self.why}",
            document=self.document,
            subject=", ".join(record.cell for record in self.records[:5]),
            reason=self.reason,
            detail={"batch": str(self.batch), "cells": [record.cell for record in self.records]},
        )


def model_fields(column: str, row: Row) -> tuple[str, ...]:
    """The columns of the database behind a column of the screen."""
    if column == "value" and not hasattr(row, "value"):
        return ("number", "value_text", "found")
    return (column,)


def _save(table: str, rows: list[Row], names: set[str]) -> None:
    """Whole lists in statements of a hundred rows, since a statement's size is limited."""
    model: Any = LISTS[table].model if table in LISTS else InvoiceHeader
    if rows:
        model._default_manager.bulk_update(rows, sorted(names), batch_size=100)


@contextmanager
def action(
    *,
    document: Document,
    user: User,
    why: Correction.Why,
    reason: str = "",
    finding_code: str = "",
    key: uuid.UUID | None = None,
) -> Iterator[Action]:
    """All or nothing. Raises `guards.Refused`, `Conflict` and what the work inside raises: then nothing is saved.

    `key`: the sender's name for this action, under which it is recorded. Raises `AlreadyDone` when it is.
    """
    with transaction.atomic():
        guards.open_for_edits(document, user=user)
        if key and document.corrections.filter(batch=key).exists():
            raise AlreadyDone
        work = Action(
            document=document,
            user=user,
            why=why,
            reason=reason,
            finding_code=finding_code,
            values=kept_values.take(document, revision=document.revision - 1),
            batch=key or uuid.uuid4(),
        )
        yield work
        if work.records:
            work.finish()
        else:
            work.findings = list(document.findings.select_related("acknowledged_by"))
