"""A second person above the plan's limit: the database itself refuses what `deciding.decisions` would not do.

Constraints keep maker and checker apart (`Decision.Meta`). What needs to look into other tables are triggers, made
after every `migrate` as those of `append_only` are: a decision above the limit that needs no check, and a claim
that is decided while its decision still waits for the second person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from claims.models import Claim, Decision, Plan, Policy

CLAIMS, DECISIONS = Claim._meta.db_table, Decision._meta.db_table
POLICIES, PLANS = Policy._meta.db_table, Plan._meta.db_table
WITHOUT_PLAN = Plan._meta.get_field("check_above").get_default()
"""The limit of claims that have no policy: a plan's default."""

LIMIT = f"""COALESCE((SELECT plan.check_above FROM {CLAIMS} claim
    JOIN {POLICIES} policy ON policy.id = claim.policy_id JOIN {PLANS} plan ON plan.id = policy.plan_id
    WHERE claim.id = NEW.claim_id), {WITHOUT_PLAN})"""  # noqa: S608 - our own names
TOO_MUCH = f"NOT NEW.needs_check AND NEW.approved > {LIMIT}"
STILL_WAITS = f"""NEW.status = 'decided' AND EXISTS (SELECT 1 FROM {DECISIONS} decision
    WHERE decision.claim_id = NEW.id AND decision.superseded_at IS NULL
    AND decision.needs_check AND decision.checked_by_id IS NULL)"""  # noqa: S608
ABOVE, WAITS = "a decision above the plan's limit needs a second person", "the decision still waits for a second person"


def ensure_triggers(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`: whatever the migrations did, the triggers are there."""
    create_triggers(connections[kwargs.get("using", "default")])


def step_aside(sender: AppConfig, **kwargs: Any) -> None:
    """Before `migrate` changes anything; they are back afterwards.

    SQLite remakes a table by renaming another, and refuses while a trigger names a table that is not there at the
    moment. PostgreSQL changes no column that a trigger names.
    """
    if kwargs.get("plan"):
        drop_triggers(connections[kwargs.get("using", "default")])


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for name, table, *_rest in _rules():
            of_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            if table in present:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}")


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Safe to repeat. Nothing happens before the tables are there (migrated halfway)."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if not {CLAIMS, DECISIONS, POLICIES, PLANS} <= present:
            return
        make = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
        for name, table, event, condition, refusal in _rules():
            for statement in make(name, table, event, condition, refusal):
                cursor.execute(statement)


def _rules() -> Iterator[tuple[str, str, str, str, str]]:
    """Name, table, event, what is refused, and in which words."""
    yield "four_eyes_new", DECISIONS, "INSERT", TOO_MUCH, ABOVE
    yield "four_eyes_change", DECISIONS, "UPDATE OF approved, needs_check, claim_id", TOO_MUCH, ABOVE
    yield "four_eyes_close", CLAIMS, "UPDATE OF status", STILL_WAITS, WAITS


def _on_sqlite(name: str, table: str, event: str, condition: str, refusal: str) -> Iterator[str]:
    words = refusal.replace("'", "''")
    yield f"DROP TRIGGER IF EXISTS {name}"  # an older desk may have it with another condition
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _on_postgresql(name: str, table: str, event: str, condition: str, refusal: str) -> Iterator[str]:
    """A condition that looks into other tables stands in the function there, not in the trigger."""
    words = refusal.replace("'", "''")
    yield f"""CREATE OR REPLACE FUNCTION claimdesk_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        END $$"""
    yield (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION claimdesk_{name}()"
    )
