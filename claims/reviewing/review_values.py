"""The parts of the review page's state that show working values (docs/review-api.md is its contract)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any, TypeAlias

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims import links
from claims.masking import mask
from claims.models import Finding, InvoiceHeader
from claims.working_values import sources
from claims.working_values.cells import (
    HEADER,
    HEADER_COLUMNS,
    LISTS,
    Cell,
    Column,
    ListRow,
    Row,
    column_of,
    columns_of,
    from_shown,
    label_of,
    number_text,
    shown,
    table_of,
    type_of,
    value_in,
    values_in,
)
from claims.working_values.reading_rows import typed_paths
from claims.working_values.values import WorkingValues
from ocr_providers import arithmetic

Part: TypeAlias = dict[str, Any]
Said: TypeAlias = tuple[Any, ...]
"""The parts of a source that many share, in the order of `SAID_PARTS`; `None`: absent."""

SAID_PARTS = ("origin", "page", "placed", "by", "revision", "text")
OWN_PARTS = ("score", "rect", "candidates", "alternatives")
TOLERANCE = Decimal("0.005")
LIST_LABELS = {
    "cost_categories": gettext_lazy("Categories"),
    "cost_detail_list": gettext_lazy("Line items"),
    "payments_info": gettext_lazy("Payments"),
}
"""A provider's flag for a list as a whole, in words."""


# --- values ----------------------------------------------------------------------------------------------------------


def fields(values: WorkingValues) -> list[Part]:
    """The header of an invoice, empty when nothing was read; none for a health-check report."""
    if "health_values" in values.lists:
        return []
    header = values.header or InvoiceHeader()
    return values.once(("fields", get_language()), lambda: [_field(header, column) for column in HEADER_COLUMNS])


def _field(header: Row, column: Column) -> Part:
    kind = type_of(header, column)
    value, source = shown(value_in(header, column.name), kind), source_part(header, column.name)
    masked = column.identity and value is not None
    if column.identity:
        value, source = value and mask(value), source and _masked(source)
    return {
        "name": column.name,
        "cell": f"{HEADER}/{column.name}",
        "label": str(column.label),
        "title": str(column.title),
        "type": kind.value,
        "choices": choices(column),
        "editable": column.editable,
        "value": value,
        "source": source,
        "masked": masked,
    }


def _masked(source: Part) -> Part:
    return source | {"text": mask(source["text"]), "alternatives": [mask(item) for item in source["alternatives"]]}


def source_part(row: Row, column: str) -> Part | None:
    """Every key of the contract, present or null."""
    stored = sources.of(row, column)
    if stored is None:
        return None
    return {
        "origin": stored["origin"],
        "text": stored.get("text", ""),
        "score": stored.get("score"),
        "rect": stored.get("rect"),
        "page": stored.get("page", 0),
        "placed": stored.get("placed"),
        "candidates": stored.get("candidates", []),
        "alternatives": stored.get("alternatives", []),
        "by": stored["by"],
        "revision": stored["revision"],
    }


def choices(column: Column) -> list[Part] | None:
    return [{"value": str(value), "label": str(label)} for value, label in column.choices] or None


def lists(values: WorkingValues, tables: Iterable[str] | None = None) -> Part:
    """All lists, or those named."""
    wanted = values.lists if tables is None else [name for name in values.lists if name in set(tables)]
    language = get_language()
    return {name: values.once((name, language), partial(_list, name, values.lists[name])) for name in wanted}


def _list(table: str, rows: Sequence[ListRow]) -> Part:
    texts = [_texts(row) for row in rows]
    said = [_said_of(row, shown_texts) for row, shown_texts in zip(rows, texts, strict=True)]
    seen = Counter(chain.from_iterable(names.values() for names in said))
    most = seen.most_common(1)[0][0] if seen else ()
    common = {key: part for key, part in zip(SAID_PARTS, most, strict=False) if part is not None}
    unlike = {each: _unlike(each, common) for each in seen}
    parts = [_row(row, words, names, unlike) for row, words, names in zip(rows, texts, said, strict=True)]
    return {"columns": _columns(table), "common": common, "rows": parts}


def _said_of(row: ListRow, texts: Mapping[str, str | None]) -> dict[str, Said]:
    return {name: _said(stored, texts.get(name)) for name, stored in row.sources.items()}


def _said(stored: sources.Stored, value: str | None) -> Said:
    """What thousands of sources say alike, in the order of `SAID_PARTS`; no text where it is the value itself."""
    get, text = stored.get, stored.get("text", "")
    return get("origin"), get("page"), get("placed"), get("by"), get("revision"), None if text == value else text


def _unlike(said: Said, common: Part) -> Part:
    """What the list does not say. What the list says and this one does not is said to be absent."""
    pairs = zip(SAID_PARTS, said, strict=True)
    return {key: part for key, part in pairs if part != common.get(key)}


def news(values: WorkingValues, changed_cells: Iterable[str], known: int) -> Part:
    """What a page that shows revision `known` lacks: the rows that changed since, and the order of a list whose rows
    came, went or moved. `changed_cells`: addresses in the record since then."""
    cells = [Cell.parse(cell) for cell in changed_cells]
    named = {(cell.table, cell.row) for cell in cells}
    reordered = {cell.table for cell in cells if not cell.column}
    found = {}
    for table, rows in values.lists.items():
        fresh = [row for row in rows if (table, row.pk) in named or _is_newer(row, known)]
        if fresh or table in reordered:
            order = {"order": [row.pk for row in rows]} if table in reordered else {}
            found[table] = {"changed": [_fresh_row(row) for row in fresh], **order}
    return found


def _is_newer(row: ListRow, known: int) -> bool:
    return any(max(stored["revision"], stored.get("placed_at", 0)) > known for stored in row.sources.values())


def _columns(table: str) -> list[Part]:
    return [
        {
            "name": column.name,
            "label": str(column.label),
            "title": str(column.title),
            "type": column.type.value,
            "default": column.default,
            "editable": column.editable,
            "choices": choices(column),
        }
        for column in LISTS[table].columns
    ]


def _texts(row: ListRow) -> dict[str, str | None]:
    """The values that are there, as they are written."""
    values = zip(columns_of(table_of(row)), values_in(row), strict=True)
    return {column.name: shown(value, column.type) for column, value in values if value is not None}


def _fresh_row(row: ListRow) -> Part:
    """With whole sources, for a list whose common parts the page may not know."""
    texts = _texts(row)
    said = _said_of(row, texts)
    return _row(row, texts, said, {each: _unlike(each, {}) for each in said.values()})


def _row(row: ListRow, texts: Mapping[str, str | None], said: Mapping[str, Said], unlike: Mapping[Said, Part]) -> Part:
    """Without values that are absent, and in sources without the text where it is the value."""
    return {
        "id": row.pk,
        "n": row.n,
        "values": texts,
        "sources": {name: {**unlike[said[name]], **_own(stored)} for name, stored in row.sources.items()},
        **({"extra": row.extra} if row.extra else {}),
    }


def _own(stored: sources.Stored) -> Part:
    return {key: stored[key] for key in OWN_PARTS if key in stored}


# --- findings --------------------------------------------------------------------------------------------------------


def findings(found: Sequence[Finding], values: WorkingValues) -> list[Part]:
    """In reading order, as `findings.refresh` keeps them."""
    return [_finding(item, values) for item in found]


def _finding(item: Finding, values: WorkingValues) -> Part:
    suggestions = [_suggestion(entry, values) for entry in item.suggestions]
    return {
        "id": item.pk,
        "code": item.code,
        "severity": item.severity,
        "cells": item.cells,
        "message": item.message,
        "explanation_url": links.rule(item.code),
        "suggestions": [entry for entry in suggestions if entry],
        "acknowledged": _acknowledged(item),
        **_related(item),
    }


def _related(item: Finding) -> Part:
    """The other claim that a finding speaks of: where the same invoice is."""
    number = item.values.get("claim")
    return {"related": {"label": number, "url": links.claim(number)}} if number else {}


def _acknowledged(item: Finding) -> Part | None:
    if item.acknowledged_by is None or item.acknowledged_at is None:
        return None
    return {
        "by": str(item.acknowledged_by),
        "at": item.acknowledged_at.isoformat(),
        "reason": item.acknowledged_reason,
    }


def _suggestion(entry: Part, values: WorkingValues) -> Part | None:
    """With the words for its button; `None` when a row it is about is gone."""
    labels = [_change_label(change["cell"], change["value"], values) for change in entry["changes"]]
    if None in labels:
        return None
    return {"label": "; ".join(filter(None, labels)), "changes": entry["changes"], "explains": entry["explains"]}


def _change_label(address: str, value: str | None, values: WorkingValues) -> str | None:
    cell = Cell.parse(address)
    row = values.row(cell)
    if row is None:
        return None
    if not cell.column:
        return _("Remove line %(n)d") % {"n": getattr(row, "n", 0) + 1}
    column = column_of(cell)
    if column.identity:
        return None  # the button would show the number
    kind = type_of(row, column)
    old, new = shown(value_in(row, column.name), kind), shown(from_shown(value, kind), kind)
    return _("%(label)s: %(old)s → %(new)s") % {
        "label": label_of(row, column),
        "old": "–" if old is None else old,
        "new": "–" if new is None else new,
    }


def agreement(values: WorkingValues) -> list[Part]:
    """The provider's flags beside ours: all of the document, and those of lines where the two do not agree."""
    if values.header is None:
        return []
    today = timezone.localdate()
    return values.once(("agreement", get_language(), today), partial(_agreements, values, today))


def _agreements(values: WorkingValues, today: date) -> list[Part]:
    places, invoice = values.places, values.invoice()
    compare = arithmetic.agreement if arithmetic.has_row_flags(invoice) else arithmetic.agreement_on_checksum
    entries = compare(invoice, corrected=typed_paths(values), today=today)
    return [_agreement(entry, places.cell(entry.path), values) for entry in entries if _is_shown(entry)]


def _is_shown(entry: arithmetic.Agreement) -> bool:
    """Hundreds of lines on which both agree say nothing."""
    of_document = entry.path.startswith("/medical_result/checksum/")
    return of_document or (entry.theirs is not None and entry.verdict is not arithmetic.Verdict.AGREED)


def _agreement(entry: arithmetic.Agreement, address: str | None, values: WorkingValues) -> Part:
    return {
        "key": entry.key,
        "label": _agreement_label(address, values) or str(LIST_LABELS.get(entry.key, entry.key)),
        "cell": address,
        "provider": entry.theirs,
        "ours": int(entry.ours),
        "stale": entry.stale,
        "verdict": entry.message,
        "severity": entry.severity.value if entry.severity else None,
    }


def _agreement_label(address: str | None, values: WorkingValues) -> str:
    if address is None:
        return ""
    cell = Cell.parse(address)
    row = values.row(cell)
    return label_of(row, column_of(cell)) if row and cell.column else ""


# --- totals ----------------------------------------------------------------------------------------------------------


def totals(values: WorkingValues) -> list[Part]:
    """The sums of the lists against the printed total; nothing for a health-check report."""
    if values.header is None:
        return []
    total = values.header.total_cost
    return [
        _total("line_items", _("Lines"), _sum(values, "line_items", "price"), total),
        _total("cost_categories", _("Categories"), _sum(values, "cost_categories", "cost"), total),
        _total("total_cost", _("Total"), total, None),
    ]


def _sum(values: WorkingValues, table: str, column: str) -> Decimal | None:
    amounts = [value_in(row, column) for row in values.lists.get(table, [])]
    known = [amount for amount in amounts if isinstance(amount, Decimal)]
    return sum(known, Decimal(0)) if known else None


def _total(key: str, label: str, value: Decimal | None, against: Decimal | None) -> Part:
    difference = None if value is None or against is None else value - against
    return {
        "key": key,
        "label": label,
        "value": None if value is None else number_text(value, at_least=2),
        "difference": None if difference is None else number_text(difference, at_least=2),
        "ok": None if difference is None else abs(difference) <= TOLERANCE,
    }
