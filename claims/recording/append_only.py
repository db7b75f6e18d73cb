"""Tables that only grow: the database itself refuses to change or delete their rows.

Triggers, because a promise kept by the ORM alone is broken by the first `UPDATE` from a console. They are made after
every `migrate`, not in a migration: SQLite remakes a table when it alters it, and loses its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from claims.models import Correction, Letter, LogEntry, Reading, SampleDraw
from ocr_providers import append_only as ledger_rows

MODELS: tuple[type[models.Model], ...] = (Reading, Correction, LogEntry, Letter, SampleDraw)
"""Rows that are never changed."""
KEYS = {model._meta.db_table: tuple(ledger_rows.unique_keys(model)) for model in MODELS}
REFUSAL = "rows of this table are never changed or deleted"

POSTGRES_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION claimdesk_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$
"""


def ensure_triggers(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`: whatever the migrations did, the triggers are there."""
    create_triggers(connections[kwargs.get("using", "default")])


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Safe to repeat. Tables that do not exist yet (migrated halfway) are left out."""
    if connection.vendor == "sqlite":
        drop_triggers(connection)  # PostgreSQL replaces what it has
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for table, name, event in _refusals(connection.vendor):
            if table in present:
                cursor.execute(_create(connection.vendor, table, name, event))


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for table, name, _event in _refusals(connection.vendor):
            of_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{of_table}")


@contextmanager
def suspended(using: str = "default") -> Iterator[None]:
    """For an erasure that the law asks for, and nothing else. One transaction: nobody else ever sees the door open.

    The call ledger's door (`ocr_providers.append_only`) opens with it.
    """
    connection = connections[using]
    with transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            connection.check_constraints()  # a table with checks still to come cannot lose its triggers
        drop_triggers(connection)
        with ledger_rows.suspended(using):
            yield
        create_triggers(connection)


def _refusals(vendor: str) -> Iterator[tuple[str, str, str]]:
    """Table, name and event of every trigger."""
    tables = [model._meta.db_table for model in MODELS]
    yield from ((table, "no_update", "UPDATE") for table in tables)
    yield from ((table, "no_delete", "DELETE") for table in tables)
    if vendor == "sqlite":
        yield from ((table, "no_replace", "INSERT") for table in tables)


def _create(vendor: str, table: str, name: str, event: str) -> str:
    if event == "INSERT":
        return ledger_rows.refuse_replacing(f"{table}_{name}", table, KEYS[table], REFUSAL)
    if vendor == "postgresql":
        scope = "DELETE OR TRUNCATE" if event == "DELETE" else event
        each = "STATEMENT" if event == "DELETE" else "ROW"
        return (
            f"CREATE OR REPLACE TRIGGER {table}_{name} BEFORE {scope} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION claimdesk_append_only()"
        )
    return f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
