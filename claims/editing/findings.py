"""Warnings about exact values: the rules run over the working values after every change, and what they say is kept.

A finding ends by a correction that makes it true, or by an acknowledgement with a reason. An acknowledgement lasts
while the values it was given for stay the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit, guards
from claims.calculating.claim_context import contexts_of
from claims.models import Document, Finding, RuleSetting, User
from claims.queueing import claim_figures
from claims.working_values.cells import Cell, column_of, number_text, shown, type_of, value_in
from claims.working_values.places import Places
from claims.working_values.reading_rows import typed_paths
from claims.working_values.values import WorkingValues, load_values
from ocr_providers import arithmetic, bulk
from ocr_providers.arithmetic import findings as arithmetic_values
from ocr_providers.engine.catalogue import own_names
from ocr_providers.results import HealthReport

LOCAL = "local"
"""The engine that ships, as a reading's vendor."""
CHANGING = ("severity", "values", "suggestions", "cells", "n")
"""What may differ the next time that the rules say the same of the same values."""
MOST_FINDINGS = 500
"""A document with more is misread as a whole: nobody works through them one by one."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules say about a paper by itself, and the rules that said it."""

    rules: arithmetic.Rules
    found: Sequence[arithmetic.Finding]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to be checked. `checked`: `check_paper` of these values, where the caller has it already."""

    document: Document
    values: WorkingValues
    checked: Checked | None = None


def refresh(document: Document, values: WorkingValues | None = None, checked: Checked | None = None) -> list[Finding]:
    """Recomputes the findings of a document from its working values. A fixed number of queries.

    Returns the findings in reading order: from the top of the page to its end, the most severe first on one value.
    """
    return refresh_all([Paper(document, values or load_values(document), checked)])[document.pk]


def refresh_all(papers: Sequence[Paper]) -> dict[int, list[Finding]]:
    """As `refresh`, of several documents, by document id. The queries are as many as for one."""
    found = check(papers)
    rows = {paper.document.pk: _rows(paper, found[paper.document.pk]) for paper in papers}
    with transaction.atomic(savepoint=False):
        kept = _store(rows)
        counted = [paper.document for paper in papers if _count(paper.document, kept[paper.document.pk])]
        bulk.update_rows(counted, ("error_count", "warning_count"))
        claim_figures.update(*{paper.document.claim_id for paper in papers})
    return kept


def check(papers: Sequence[Paper]) -> dict[int, list[arithmetic.Finding]]:
    """What the rules say, by document id, without those that an administrator switched off."""
    contexts = contexts_of({paper.document: paper.values for paper in papers if paper.values.header})
    return {paper.document.pk: _check(paper, contexts.get(paper.document.pk)) for paper in papers}


def _check(paper: Paper, context: arithmetic.ClaimContext | None) -> list[arithmetic.Finding]:
    checked = paper.checked or check_paper(paper.values, vendor=_vendor_of(paper.document))
    result = paper.values.result()
    if isinstance(result, HealthReport) or context is None:
        return list(checked.found)
    return [*checked.found, *arithmetic.check_claim(result, context, checked.rules)]


def check_paper(values: WorkingValues, *, vendor: str, rules: arithmetic.Rules | None = None) -> Checked:
    """What the rules say that need nothing but the paper. Two queries, and all the arithmetic.

    `rules`: `rules_in_force`, where the caller has them already. The flags of the engine inside were made by these same
    rules: they say nothing new.
    """
    rules, result, today = rules or rules_in_force(), values.result(), timezone.localdate()
    if isinstance(result, HealthReport):
        return Checked(rules, arithmetic.check_health_report(result, rules, today))
    if values.header is None:
        return Checked(rules, ())
    corrected, independent = typed_paths(values), vendor != LOCAL
    found = arithmetic.check_invoice(result, rules, today, own_names(), corrected=corrected, independent=independent)
    return Checked(rules, found)


def _vendor_of(document: Document) -> str:
    return document.readings.order_by("-id").values_list("vendor", flat=True).first() or ""


def rules_in_force() -> arithmetic.Rules:
    """The documented rules, with what the administrator changed."""
    changed = {
        row.code: arithmetic.RuleSettings(
            arithmetic.Severity(row.severity) if row.severity else arithmetic.DEFAULT_RULES[row.code].severity,
            row.tolerance,
            row.enabled,
        )
        for row in RuleSetting.objects.all()
        if row.code in arithmetic.DEFAULT_RULES
    }
    return {**arithmetic.DEFAULT_RULES, **changed}


def _rows(paper: Paper, found: Iterable[arithmetic.Finding]) -> list[Finding]:
    """In reading order, not saved yet."""
    places = paper.values.places
    rows = [_row(paper.document, item, paper.values, places) for item in found]
    kept = in_order({row.fingerprint: row for row in rows}.values(), places)[:MOST_FINDINGS]
    for n, row in enumerate(kept):
        row.n = n
    return kept


def _row(document: Document, item: arithmetic.Finding, values: WorkingValues, places: Places) -> Finding:
    cells = [cell for cell in map(places.cell, item.paths) if cell]
    return Finding(
        document=document,
        code=item.code,
        severity=item.severity.value,
        cells=cells,
        template=item.template,
        values=dict(item.values),
        suggestions=_suggestions(item.suggestions, places),
        fingerprint=_fingerprint(item, cells, values),
    )


def _suggestions(items: Sequence[arithmetic.Suggestion], places: Places) -> list[dict[str, Any]]:
    """Only those that can be carried out on the screen: every change has its cell."""
    pointed: list[dict[str, Any]] = [
        {
            "changes": [{"cell": places.cell(change.path), "value": _text(change.value)} for change in item.changes],
            "explains": item.explains,
        }
        for item in items
    ]
    return [item for item in pointed if all(change["cell"] for change in item["changes"])]


def _text(value: arithmetic_values.Value) -> str | None:
    if value is None:
        return None
    return str(value) if isinstance(value, str | int) else number_text(value)


def _fingerprint(item: arithmetic.Finding, cells: Sequence[str], values: WorkingValues) -> str:
    """Rule, cells and their values; never the place of a line, which moves when another is added above."""
    involved = [(cell, _value_text(Cell.parse(cell), values)) for cell in sorted(cells) if "/" in cell]
    rest = [] if involved else [list(item.paths), dict(item.values)]
    text = json.dumps([item.code, item.template, involved, rest], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _value_text(cell: Cell, values: WorkingValues) -> str | None:
    row = values.row(cell)
    if row is None or not cell.column:
        return None
    return shown(value_in(row, cell.column), type_of(row, column_of(cell)))


def in_order(findings: Iterable[Finding], places: Places) -> list[Finding]:
    severities = list(Finding.Severity)
    last = (99, 0, 0)

    def place(finding: Finding) -> tuple[tuple[int, int, int], int, str]:
        at = places.in_reading_order(finding.cells[0]) if finding.cells else last
        return at, severities.index(Finding.Severity(finding.severity)), finding.code

    return sorted(findings, key=place)


def _store(found: Mapping[int, Sequence[Finding]]) -> dict[int, list[Finding]]:
    """What is there already keeps its id and its acknowledgement."""
    stored = Finding.objects.filter(document__in=found).order_by().select_related("acknowledged_by")
    known = {(row.document_id, row.fingerprint): row for row in stored}
    rows = {(row.document_id, row.fingerprint): row for each in found.values() for row in each}
    gone = [row.pk for key, row in known.items() if key not in rows]
    if gone:
        Finding.objects.filter(pk__in=gone).delete()
    new = [row for key, row in rows.items() if key not in known]
    bulk.insert_rows(new)
    kept = [_updated(known[key], row) for key, row in rows.items() if key in known]
    bulk.update_rows([row for row in kept if row is not None], CHANGING)
    return {pk: [known.get((pk, row.fingerprint), row) for row in each] for pk, each in found.items()}


def _updated(known: Finding, row: Finding) -> Finding | None:
    """`known` with what the rules say now; `None` when that is nothing new."""
    if all(getattr(known, name) == getattr(row, name) for name in CHANGING):
        return None
    for name in CHANGING:
        setattr(known, name, getattr(row, name))
    return known


def _count(document: Document, rows: Iterable[Finding]) -> bool:
    """Whether the document's counts changed."""
    still_open = [row.severity for row in rows if row.is_open]
    counts = still_open.count(Finding.Severity.ERROR), still_open.count(Finding.Severity.WARNING)
    changed = (document.error_count, document.warning_count) != counts
    document.error_count, document.warning_count = counts
    return changed


# --- acknowledgement -------------------------------------------------------------------------------------------------


@transaction.atomic
def acknowledge(*, finding: Finding, user: User, reason: str) -> Finding:
    """A person saw it and says why it may stay ("printed so on the paper"). Raises `guards.Refused`."""
    if not reason.strip():
        raise guards.Refused(_("Say why this may stay as it is."))
    guards.open_for_edits(finding.document, user=user)
    finding.acknowledged_by, finding.acknowledged_at = user, timezone.now()
    finding.acknowledged_reason = reason.strip()
    return _acknowledgement_changed(finding, user=user, action="finding.acknowledged", reason=reason.strip())


@transaction.atomic
def reopen(*, finding: Finding, user: User) -> Finding:
    """Takes an acknowledgement back. Raises `guards.Refused`."""
    guards.open_for_edits(finding.document, user=user)
    finding.acknowledged_by = finding.acknowledged_at = None
    finding.acknowledged_reason = ""
    return _acknowledgement_changed(finding, user=user, action="finding.reopened")


def _acknowledgement_changed(finding: Finding, *, user: User, action: str, reason: str = "") -> Finding:
    finding.save(update_fields=["acknowledged_by", "acknowledged_at", "acknowledged_reason"])
    document = finding.document
    Document.objects.filter(pk=document.pk).update(revision=F("revision") + 1)
    if _count(document, document.findings.all()):
        document.save(update_fields=["error_count", "warning_count"])
    claim_figures.update(document.claim_id)
    audit.record(person=user, action=action, document=document, subject=finding.code, reason=reason)
    return finding
