"""Search over names and numbers: claim, person, policy, invoice, hospital, file. Chinese, Thai, parts of numbers.

Each claim has one row of folded words and their grams (`queueing.grams`); an index of the database's own finds the rows
that have all grams of a query: FTS5 on SQLite, GIN over a text-search vector on PostgreSQL. Neither needs an extension
that a common role could not install. The index follows the row within the transaction (triggers, or the database's own
index), the row follows the claim in the transaction that changes it (`refresh`).

Identity numbers are not in here: `queueing.identity_search`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.apps import AppConfig
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import Contains

from claims.models import Claim, Document, HealthValue, SearchText
from claims.queueing import grams
from claims.queueing.grams import Gram
from ocr_providers.arithmetic.identity_numbers import SHAPES

MOST_FOUND = 1000
"""A query that finds more is so common that looking along the list finds a page at once."""
COMMON = 20 * MOST_FOUND
"""Rows that PostgreSQL expects of a query that is not worth asking: the estimate costs no look at the index, which
would read all the places of such words before the first row."""
AT_ONCE = 500
"""Claims in one statement."""
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
    """Ids of the claims that may hold all the words, or `None` where they are too many to list.

    Compare again with `holds`: a row may have all grams of a word, and not the word.
    """
    wanted = sorted(grams.wanted(words))
    if not wanted:
        return None
    with connection.cursor() as cursor:
        found = _in_postgresql(cursor, wanted) if connection.vendor == "postgresql" else _in_sqlite(cursor, wanted)
    return found if found is not None and len(found) <= MOST_FOUND else None


def _in_postgresql(cursor: CursorWrapper, wanted: Iterable[Gram]) -> list[int] | None:
    """`None` where the planner's statistics know the words as common. One query more, which only plans."""
    sql = f"SELECT claim_id FROM {TABLE} WHERE {VECTOR} @@ %s::tsquery"  # noqa: S608
    asked = [" & ".join(f"'{gram.text}'{':*' * gram.is_beginning}" for gram in wanted)]
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", asked)
    if cursor.fetchone()[0][0]["Plan"]["Plan Rows"] > COMMON:
        return None
    cursor.execute(f"{sql} LIMIT {MOST_FOUND + 1}", asked)
    return [pk for (pk,) in cursor.fetchall()]


def _in_sqlite(cursor: CursorWrapper, wanted: Iterable[Gram]) -> list[int]:
    sql = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s LIMIT {MOST_FOUND + 1}"  # noqa: S608
    cursor.execute(sql, [" AND ".join(f'"{gram.text}"{" *" * gram.is_beginning}' for gram in wanted)])
    return [pk for (pk,) in cursor.fetchall()]


def holds(words: Iterable[str]) -> Q:
    """A condition on claims: all the words stand in their names and numbers.

    Asked of each claim that is looked at. As a join, PostgreSQL would begin with the words of all claims instead.
    """
    kept = Subquery(SearchText.objects.filter(claim=OuterRef("pk")).values("words"))
    condition = Q()
    for word in words:
        condition &= Q(Contains(kept, word))
    return condition


# --- keeping it true -------------------------------------------------------------------------------------------------


def refresh(*claims: int) -> None:
    """Writes the claims' rows again if they changed. Call it in the transaction that changes a name or a number."""
    columns = ("pk", "search__words", "number", "patient_name", "policy__number", "policy__insured_name")
    on_papers, changed = _on_papers(claims), []
    for pk, known, *names in Claim.objects.filter(pk__in=claims).order_by("pk").values_list(*columns):
        words = "\n".join(_folded(text for text in (*names, *on_papers[pk]) if text))
        if known != words:
            changed.append(SearchText(claim_id=pk, **_columns(words)))
    if changed:
        SearchText.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["claim"], update_fields=["words", "grams"]
        )


def refresh_policy(policy_id: int) -> None:
    """The claims of a policy whose number or person changed."""
    claims = list(Claim.objects.filter(policy=policy_id).values_list("pk", flat=True))
    for start in range(0, len(claims), AT_ONCE):
        refresh(*claims[start : start + AT_ONCE])


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


def _on_papers(claims: Collection[int]) -> Mapping[int, list[str]]:
    """Names and numbers of the claims' documents. A query, and one more where there is a health-check report."""
    columns = ("claim", "kind", "original_name", "invoice__note_no", "invoice__patient_name", "invoice__hospital_name")
    found, reports = defaultdict[int, list[str]](list), set()
    for claim, kind, name, *invoice in Document.objects.filter(claim__in=claims).order_by().values_list(*columns):
        found[claim] += [name.rpartition(".")[0] or name, *invoice]
        if kind == Document.Kind.HEALTH_CHECK:
            reports.add(claim)
    if reports:
        named = HealthValue.objects.filter(document__claim__in=reports, key="Name")
        for claim, name in named.values_list("document__claim", "value_text"):
            found[claim].append(name)
    return found


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
