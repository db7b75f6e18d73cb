"""The ledger's raw answers never change: held by the database itself.

The trigger is made after every `migrate`, not in a migration: SQLite remakes a table when it alters it, and loses its
triggers. Rows are not deleted either (`ProviderCall.delete` raises), but the database leaves room for the erasure that
a law may ask for.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from ocr_providers.models import ProviderCall

TABLE = ProviderCall._meta.db_table
TRIGGER = f"{TABLE}_append_only"
MESSAGE = "The call ledger is append-only."

NEVER = ("account_id", "vendor", "endpoint", "sha256", "kind", "page", "key", "generation", "started_at")
"""Columns that say what was asked."""
ONCE = ("answer", "status", "charged")
"""Columns that say what was answered: written once, together."""


def ensure_trigger(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`; safe to repeat."""
    create_trigger(connections[kwargs.get("using", "default")])


def create_trigger(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def drop_trigger(connection: BaseDatabaseWrapper) -> None:
    """For an erasure only, inside the transaction that makes the trigger again."""
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER}{on_table}")


def _changed(differs: str) -> str:
    asked = [f"NEW.{name} {differs} OLD.{name}" for name in NEVER]
    answered = [f"(OLD.answer IS NOT NULL AND NEW.{name} {differs} OLD.{name})" for name in ONCE]
    return " OR ".join(asked + answered)


def _sqlite() -> tuple[str, ...]:
    return (
        f"DROP TRIGGER IF EXISTS {TRIGGER}",
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} WHEN {_changed('IS NOT')} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    )


def _postgresql() -> tuple[str, ...]:
    return (
        f"CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$",
        f"DROP TRIGGER IF EXISTS {TRIGGER} ON {TABLE}",
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} FOR EACH ROW "
        f"WHEN ({_changed('IS DISTINCT FROM')}) EXECUTE FUNCTION {TRIGGER}()",
    )
