"""Readings, corrections and the log cannot be changed or deleted, whoever asks the database."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from claims import audit
from claims.models import Correction, Document, LogEntry, Reading, SampleDraw
from claims.recording.append_only import MODELS, create_triggers, suspended
from ocr_providers.models import ProviderAccount, ProviderCall
from tests.claims.access_table import make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(document: Document) -> list[models.Model]:
    now = timezone.now()
    return [
        Reading.objects.create(
            document=document, vendor="local", account_name="local", kind="invoice", answer="{}", started_at=now,
            finished_at=now,
        ),
        Correction.objects.create(
            document=document, cell="invoice/note_no", label="Invoice number", why="typed", batch=uuid4(), revision=1,
            person="rui",
        ),
        SampleDraw.objects.create(claim=document.claim, drawn="0.5", share="0.1", held=False, payable="1"),
        audit.record(person="rui", action="x"),
        make_letter(document.claim),
    ]  # fmt: skip


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        return True
    return False


def erase_half_way() -> None:
    with suspended():
        Correction.objects.all().delete()
        raise RuntimeError("half way")


def test_every_kind_of_append_only_row_is_tried(rows: list[models.Model]) -> None:
    assert {type(row) for row in rows} == set(MODELS)


def test_the_database_refuses_to_change_or_delete(rows: list[models.Model]) -> None:
    for row in rows:
        table = row._meta.db_table
        assert refused(f"UPDATE {table} SET id = id")
        assert refused(f"DELETE FROM {table}")
        assert type(row)._default_manager.filter(pk=row.pk).exists()


def test_a_suspended_refusal_is_back_afterwards(rows: list[models.Model]) -> None:
    with suspended():
        Correction.objects.all().delete()
    assert Correction.objects.count() == 0
    assert refused(f"DELETE FROM {Reading._meta.db_table}")


def test_a_failed_erasure_leaves_everything_as_it_was(rows: list[models.Model]) -> None:
    with pytest.raises(RuntimeError, match="half way"):
        erase_half_way()
    assert Correction.objects.count() == 1
    assert refused(f"DELETE FROM {Correction._meta.db_table}")


def test_triggers_of_an_older_desk_are_replaced(rows: list[models.Model]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL replaces what it has")
    name, table = f"{Reading._meta.db_table}_no_delete", Reading._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(f"CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN 0 BEGIN SELECT 1; END")
    create_triggers(connection)
    assert refused(f"DELETE FROM {table}")


def test_making_the_triggers_again_is_harmless(rows: list[models.Model]) -> None:
    create_triggers(connection)
    assert refused(f"UPDATE {Reading._meta.db_table} SET id = id")


@pytest.fixture
def call(db: None) -> ProviderCall:
    now = timezone.now()
    account = ProviderAccount.objects.create(name="local", vendor="local")
    return ProviderCall.objects.create(account=account, vendor="local", endpoint="local", sha256="ab", expires_at=now)


def test_an_answer_on_record_stays_as_it_came(call: ProviderCall) -> None:
    ProviderCall.objects.update(answer=b"first", state="answered", status=200)
    ProviderCall.objects.update(answer=b"first", state="ok")
    for other in (b"second", None):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProviderCall.objects.update(answer=other)
    call.refresh_from_db()
    assert (bytes(call.answer or b""), call.state) == (b"first", "ok")


def test_a_call_is_not_deleted_from_the_ledger(call: ProviderCall) -> None:
    assert refused(f"DELETE FROM {ProviderCall._meta.db_table}")
    with suspended(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {ProviderCall._meta.db_table}")
    assert not ProviderCall.objects.exists()


def test_the_tables_cannot_be_emptied_at_once(rows: list[models.Model]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has TRUNCATE")
    connection.check_constraints()  # rows of this very transaction would be refused for another reason
    assert refused(f"TRUNCATE {Correction._meta.db_table} CASCADE")


def test_a_row_is_not_replaced_by_another(rows: list[models.Model], call: ProviderCall) -> None:
    """SQLite's `INSERT OR REPLACE` deletes without asking the triggers for deletions."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows")
    for row in [*rows, call]:
        table = row._meta.db_table
        assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    names = [str(field.column) for field in LogEntry._meta.concrete_fields if field.column != "id"]
    others, table = ", ".join(names), LogEntry._meta.db_table
    assert refused(f"INSERT OR REPLACE INTO {table} (id, {others}) SELECT id + 1000, {others} FROM {table}")
