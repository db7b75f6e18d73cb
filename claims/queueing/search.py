"""Search over names and numbers: claim, person, policy, invoice, hospital, file. Chinese, Thai, parts of numbers.

Each claim has one row of folded words and their grams (`queueing.grams`); an index of the database's own finds the rows
that have all grams of a query: FTS5 on SQLite, GIN over a text-search vector on PostgreSQL. Neither needs an extension
that a common role could not install. The index follows the row within the transaction (triggers, or the database's own
index), the row follows the claim in the transaction that changes it (`refresh`).

Identity numbers are not in here: `queueing.identity_search`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import AppConfig
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

from claims.models import Claim, Document, HealthValue, SearchText
from claims.queueing import grams
from ocr_providers.arithmetic.identity_numbers import SHAPES

MOST_FOUND = 1000
"""A query that finds more is so common that looking along the list finds a page at once."""
TABLE = SearchText._meta.db_table
INDEX = f"{TABLE}_grams"

SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5("
    f"grams, content='{TABLE}', content_rowid='claim_id', tokenize='ascii', detail=none, columnsize=0)",
    f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')",  # noqa: S608 - our own names
)
ADD = f"INSERT INTO {INDEX}(rowid, grams) VALUES (new.claim_id, new.grams)"  # noqa: S608
REMOVE = f"INSERT INTO {INDEX}({INDEX}, rowid, grams) VALUES ('delete', old.claim_id, old.grams)"  # noqa: S608
SQLITE_TRIGGERS = (
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_add AFTER INSERT ON {TABLE} BEGIN {ADD}; END",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_remove AFTER DELETE ON {TABLE} BEGIN {REMOVE}; END",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_change AFTER UPDATE OF grams ON {TABLE} "
    f"WHEN old.grams <> new.grams BEGIN {REMOVE}; {ADD}; END",
)
VECTOR = "array_to_tsvector(string_to_array(grams, ' '))"
POSTGRESQL = f"CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE} USING gin ({VECTOR})"


# --- asking ----------------------------------------------------------------------------------------------------------


def find(words: Iterable[str]) -> list[int] | None:
    """Ids of the claims that may hold all the words, or `None` where they are too many to list. One query.

    Compare again with `holds`: a row may have all grams of a word, and not the word.
    """
    wanted = sorted(grams.wanted(words))
    if not wanted:
        return None
    if connection.vendor == "postgresql":
        sql = f"SELECT claim_id FROM {TABLE} WHERE {VECTOR} @@ %s::tsquery LIMIT {MOST_FOUND + 1}"  # noqa: S608
        asked = " & ".join(f"'{gram.text}'{':*' * gram.is_beginning}" for gram in wanted)
    else:
        sql = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s LIMIT {MOST_FOUND + 1}"  # noqa: S608
        asked = " AND ".join(f'"{gram.text}"{" *" * gram.is_beginning}' for gram in wanted)
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked])
        found = [pk for (pk,) in cursor.fetchall()]
    return found if len(found) <= MOST_FOUND else None


def holds(words: Iterable[str]) -> Q:
    """A condition on claims: all the words stand in their names and numbers."""
    condition = Q()
    for word in words:
        condition &= Q(search__words__contains=word)
    return condition


# --- keeping it true -------------------------------------------------------------------------------------------------


def refresh(claim_id: int) -> None:
    """Writes the claim's row again if it changed. Call it in the transaction that changes a name or a number."""
    columns = ("search__words", "number", "patient_name", "policy__number", "policy__insured_name")
    claim = Claim.objects.filter(pk=claim_id).values_list(*columns).first()
    if claim is None:
        return
    known, *names = claim
    words = "\n".join(_folded(text for text in (*names, *_on_papers(claim_id)) if text))
    if known != words:
        SearchText.objects.update_or_create(claim_id=claim_id, defaults=_columns(words))


def refresh_policy(policy_id: int) -> None:
    """The claims of a policy whose number or person changed."""
    for claim_id in Claim.objects.filter(policy=policy_id).values_list("pk", flat=True):
        refresh(claim_id)


def forget_deleted() -> None:
    """SQLite's index keeps words of deleted rows until its parts are merged: after an erasure they are. Not cheap."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES('optimize')")


def row(claim_id: int, texts: Iterable[str]) -> SearchText:
    """An unsaved row, for whoever fills a table in bulk."""
    return SearchText(claim_id=claim_id, **_columns("\n".join(_folded(texts))))


def _columns(words: str) -> dict[str, str]:
    return {"words": words, "grams": " ".join(sorted(grams.stored(words.split("\n"))))}


def _folded(texts: Iterable[str]) -> list[str]:
    """What has the shape of an identity number is left out, wherever it stands (a file may be called by it)."""
    return sorted({grams.fold(SHAPES.sub(" ", text)) for text in texts} - {""})


def _on_papers(claim_id: int) -> Iterator[str]:
    """Names and numbers of the documents. A query, and one more where there is a health-check report."""
    columns = ("kind", "original_name", "invoice__note_no", "invoice__patient_name", "invoice__hospital_name")
    papers = list(Document.objects.filter(claim=claim_id).order_by().values_list(*columns))
    for _kind, name, *invoice in papers:
        yield name.rpartition(".")[0] or name
        yield from invoice
    if any(kind == Document.Kind.HEALTH_CHECK for kind, *_names in papers):
        named = HealthValue.objects.filter(document__claim=claim_id, key="Name")
        yield from named.values_list("value_text", flat=True)


# --- the index -------------------------------------------------------------------------------------------------------


def ensure_index(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`: whatever the migrations did, the index is there, and so are the triggers that feed it."""
    create_index(connections[kwargs.get("using", "default")])


def create_index(connection: BaseDatabaseWrapper) -> None:
    """Safe to repeat. Nothing happens before the table is there (migrated halfway)."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if TABLE not in present:
            return
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL)
            return
        for statement in (*(() if INDEX in present else SQLITE), *SQLITE_TRIGGERS):
            cursor.execute(statement)
