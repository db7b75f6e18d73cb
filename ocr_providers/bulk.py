"""Many rows written by statements that are made once.

The ORM makes the text of an INSERT or UPDATE anew every time, value by value, which costs several times as much as the
database needs to run it. Here it is made once for a model (and a number of rows), and the values are what the model's
fields make of them. As with `bulk_create`, no `save` and no signal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

from django.db import models, transaction

Model: TypeAlias = type[models.Model]

MOST_ROWS = 64
"""In one INSERT."""


def insert_rows(rows: Iterable[models.Model]) -> None:
    """Adds the rows, which are all of one model; each gets its key, unless it came with one."""
    new = list(rows)
    if not new:
        return
    connection = transaction.get_connection()
    model = type(new[0])
    fields = _own_fields(model)
    with connection.cursor() as cursor:
        for part in _parts(new):
            values = [
                field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in part for field in fields
            ]
            cursor.execute(_insert(model, len(part)), values)
            for row, (key,) in zip(part, cursor.fetchall(), strict=True):
                row.pk = key
                row._state.adding, row._state.db = False, connection.alias


def _parts(rows: Sequence[models.Model]) -> Iterator[Sequence[models.Model]]:
    """Powers of two, the largest first: few different statements, which the database keeps prepared."""
    start = 0
    while left := len(rows) - start:
        count = min(MOST_ROWS, 1 << left.bit_length() - 1)
        yield rows[start : start + count]
        start += count


def update_rows(rows: Iterable[models.Model], columns: Sequence[str]) -> None:
    """Writes these columns of the rows, which are all of one model. PostgreSQL gets all rows in one go (a pipeline)."""
    changed = list(rows)
    if not changed:
        return
    connection = transaction.get_connection()
    model, names = type(changed[0]), tuple(columns)
    fields = _fields(model, names)
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in changed]
    with connection.cursor() as cursor:
        cursor.executemany(_update(model, names), values)


@cache
def _own_fields(model: Model) -> list[models.Field[Any, Any]]:
    """All that have a column, without a key that the database makes."""
    return [field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]


@cache
def _fields(model: Model, names: tuple[str, ...]) -> list[models.Field[Any, Any]]:
    """The columns to write, and the key at the end."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return [*fields, model._meta.pk]


@cache
def _insert(model: Model, count: int) -> str:
    fields = _own_fields(model)
    columns = ", ".join(_quoted(field.column) for field in fields)
    rows = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    return f"INSERT INTO {table} ({columns}) VALUES {rows} RETURNING {key}"  # noqa: S608 - our own names


@cache
def _update(model: Model, names: tuple[str, ...]) -> str:
    *columns, key = (f"{_quoted(field.column)} = %s" for field in _fields(model, names))
    return f"UPDATE {_quoted(model._meta.db_table)} SET {', '.join(columns)} WHERE {key}"  # noqa: S608 - our own names


def _quoted(name: str | None) -> str:
    quoted: str = transaction.get_connection().ops.quote_name(str(name))
    return quoted
