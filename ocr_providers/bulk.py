"""Many rows written by statements that are made once.

The ORM makes the text of an INSERT or UPDATE anew every time, value by value, which costs several times as much as the
database needs to run it. Here it is made once for a model (and a number of rows), and the values are what the model's
fields make of them. As with `bulk_create`, no `save` and no signal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

MOST_ROWS = 64
"""In one INSERT."""


def insert_rows(rows: Iterable[models.Model]) -> None:
    """Adds the rows, which are all of one model; each gets its key, unless it came with one."""
    new = list(rows)
    if not new:
        return
    model = type(new[0])
    fields = _own_fields(model)
    with connection.cursor() as cursor:
        for part in _parts(new):
            values = [_prepared(field, field.pre_save(row, add=True)) for row in part for field in fields]
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
    model, names = type(changed[0]), tuple(columns)
    fields = _fields(model, names)
    values = [[_prepared(field, getattr(row, field.attname)) for field in fields] for row in changed]
    with connection.cursor() as cursor:
        cursor.executemany(_update(model, names), values)


def _prepared(field: models.Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


@cache
def _own_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """All that have a column, without a key that the database makes."""
    return [field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]


@cache
def _fields(model: type[models.Model], names: tuple[str, ...]) -> list[models.Field[Any, Any]]:
    """The columns to write, and the key at the end."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return [*fields, model._meta.pk]


@cache
def _insert(model: type[models.Model], count: int) -> str:
    quote, fields = connection.ops.quote_name, _own_fields(model)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    key = quote(str(model._meta.pk.column))
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * count)} RETURNING {key}"  # noqa: S608 - ours


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    *columns, key = (f"{quote(str(field.column))} = %s" for field in _fields(model, names))
    return f"UPDATE {quote(model._meta.db_table)} SET {', '.join(columns)} WHERE {key}"  # noqa: S608 - our own names
