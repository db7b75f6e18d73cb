"""The call ledger only grows: the database itself refuses to delete a call, or to change one that has ended.

A row is written before the request leaves and changes until its fate is known, along these ways and no others:

    sending ──> answered ──> ok | failed | uncertain
    sending ──> failed | not-sent | uncertain
    fate unknown, no answer on record ──> answered      (an answer that came after it was given up)

What was asked never changes; the raw answer and what came with it never change once they are there. The triggers are
made after every `migrate`, not in a migration: SQLite remakes a table when it alters it, and loses its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from ocr_providers.exceptions import FateUnknown
from ocr_providers.models import ProviderCall

TABLE = ProviderCall._meta.db_table
UPDATES, DELETIONS, REPLACING = f"{TABLE}_append_only", f"{TABLE}_no_delete", f"{TABLE}_no_replace"
MESSAGE = "The call ledger is append-only."

NEVER = ("account_id", "vendor", "endpoint", "sha256", "kind", "page", "key", "generation", "started_at", "sent_bytes")
"""Columns that say what was asked."""
ONCE = ("answer", "status", "charged", "cut_short", "latency_ms", "remaining_calls", "remaining_seconds")
"""Columns that say what was answered: written once, together."""
WAYS = f"""
    (OLD.state = 'sending' AND NEW.state IN ('sending', 'answered', 'failed', 'not-sent', 'uncertain'))
    OR (OLD.state = 'answered' AND NEW.state IN ('answered', 'ok', 'failed', 'uncertain'))
    OR (OLD.answer IS NULL AND OLD.error_class = '{FateUnknown.__name__}' AND NEW.state = 'answered')
"""


def ensure_trigger(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`: whatever the migrations did, the triggers are there."""
    create_triggers(connections[kwargs.get("using", "default")])


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Safe to repeat."""
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    of_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in (UPDATES, DELETIONS, *((REPLACING,) if connection.vendor == "sqlite" else ())):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}")


@contextmanager
def suspended(using: str = "default") -> Iterator[None]:
    """For an erasure that the law asks for, and nothing else. One transaction: nobody else ever sees the door open."""
    connection = connections[using]
    with transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            connection.check_constraints()  # a table with checks still to come cannot lose its triggers
        drop_triggers(connection)
        yield
        create_triggers(connection)


def _refused(differs: str) -> str:
    asked = [f"NEW.{name} {differs} OLD.{name}" for name in NEVER]
    answered = [f"(OLD.answer IS NOT NULL AND NEW.{name} {differs} OLD.{name})" for name in ONCE]
    return " OR ".join([*asked, *answered, f"NOT ({WAYS})"])


def _sqlite() -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for name, event in ((UPDATES, f"UPDATE ON {TABLE} WHEN {_refused('IS NOT')}"), (DELETIONS, f"DELETE ON {TABLE}")):
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} BEFORE {event} {refuse}"
    yield f"DROP TRIGGER IF EXISTS {REPLACING}"
    yield refuse_replacing(REPLACING, TABLE, tuple(unique_keys(ProviderCall)), MESSAGE)


def unique_keys(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """The columns that no two rows of a table have alike."""
    columns = {field.name: str(field.column) for field in model._meta.concrete_fields}
    yield from ((columns[field.name],) for field in model._meta.concrete_fields if field.unique)
    for constraint in model._meta.total_unique_constraints:
        yield tuple(columns[name] for name in constraint.fields)


def refuse_replacing(name: str, table: str, keys: tuple[tuple[str, ...], ...], message: str) -> str:
    """SQLite's `INSERT OR REPLACE` deletes the row that is in its way, and no trigger for deletions hears of it."""
    same = " OR ".join("(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in keys)
    in_the_way = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names
    refuse = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    return f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {in_the_way} {refuse}"


def _postgresql() -> Iterator[str]:
    refuse = f"EXECUTE FUNCTION {UPDATES}()"
    yield (
        f"CREATE OR REPLACE FUNCTION {UPDATES}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    changed = _refused("IS DISTINCT FROM")
    yield f"CREATE OR REPLACE TRIGGER {UPDATES} BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({changed}) {refuse}"
    yield f"CREATE OR REPLACE TRIGGER {DELETIONS} BEFORE DELETE OR TRUNCATE ON {TABLE} FOR EACH STATEMENT {refuse}"
