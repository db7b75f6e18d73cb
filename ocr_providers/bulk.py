"""Many rows written and found by statements that are made once.

The ORM makes the text of a statement anew every time, value by value, which costs several times as much as the database
needs to run it. Here it is made once for a model (and a number of rows), and the values are what the model's fields
make of them. As with `bulk_create`, no `save` and no signal.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Model: TypeAlias = type[models.Model]

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")

TEXTS = frozenset({models.CharField, models.TextField})
MOST_ROWS = 32
"""In one INSERT: the text of a longer one is not remembered by psycopg, which takes it apart anew every time."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows of one model, with their columns' values as the database takes them."""

    rows: Sequence[models.Model]
    values: Sequence[Sequence[Any]]


def prepare(rows: Iterable[models.Model]) -> Prepared:
    """Most of what it takes to add rows; may be done before the transaction."""
    new = list(rows)
    connection, fields = transaction.get_connection(), _own_fields(type(new[0])) if new else []
    return Prepared(
        new, [[_prepared(field, field.pre_save(row, add=True), connection) for field in fields] for row in new]
    )


def insert_rows(rows: Iterable[models.Model]) -> None:
    """Adds the rows, which are all of one model; each gets its key, unless it came with one."""
    insert_prepared([prepare(rows)])


def insert_prepared(several: Iterable[Prepared]) -> None:
    """As `insert_rows`, of rows of one model that were prepared apart."""
    new = [pair for prepared in several for pair in zip(prepared.rows, prepared.values, strict=True)]
    if not new:
        return
    connection, model = transaction.get_connection(), type(new[0][0])
    with connection.cursor() as cursor:
        for part in _parts(new):
            cursor.execute(_insert(model, len(part)), [value for _row, values in part for value in values])
            for (row, _values), (key,) in zip(part, cursor.fetchall(), strict=True):
                row.pk = key
                row._state.adding, row._state.db = False, connection.alias


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
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
    values = [[_prepared(field, getattr(row, field.attname), connection) for field in fields] for row in changed]
    with connection.cursor() as cursor:
        cursor.executemany(_update(model, names), values)


def rows_where(model: type[M], column: str, among: Collection[int] | Collection[str], *, lock: bool = False) -> list[M]:
    """All rows whose column holds one of these values, in the order of their keys; `lock`: for update."""
    if not among:
        return []
    connection = transaction.get_connection()
    value = list(among) if connection.vendor == "postgresql" else json.dumps(list(among))
    return list(model._base_manager.raw(_select(model, column, lock), [value]))


def _prepared(field: models.Field[Any, Any], value: Any, connection: BaseDatabaseWrapper) -> Any:
    """As the database takes it. Most values are empty, or texts: fields of Django's own leave those as they are."""
    if value is None or (type(value) is str and type(field) in TEXTS):
        return value
    return field.get_db_prep_save(value, connection)


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


@cache
def _select(model: Model, column: str, lock: bool) -> str:
    connection = transaction.get_connection()
    fields: dict[str, Any] = {field.name: field for field in model._meta.local_concrete_fields}
    table, key, name = model._meta.db_table, model._meta.pk.column, fields[column].column
    among = "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    held = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    where = f"{_quoted(name)} {among} ORDER BY {_quoted(key)}{held}"
    return f"SELECT * FROM {_quoted(table)} WHERE {where}"  # noqa: S608 - our own names


def _quoted(name: str | None) -> str:
    quoted: str = transaction.get_connection().ops.quote_name(str(name))
    return quoted
