"""A provider's answer as rows of working values, not saved yet; and rows as the plain results that rules take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from claims.models import Document, HealthValue, InvoiceHeader
from claims.working_values import sources
from claims.working_values.cells import (
    HEADER_COLUMNS,
    INVOICE_LISTS,
    LISTS,
    Column,
    ListRow,
    Row,
    Value,
    ValueType,
    plain_number,
    put,
    value_in,
    values_in,
)
from ocr_providers import results
from ocr_providers.exact_json import dumps, storable
from ocr_providers.vendor_schema import EXTRA_FIELDS, VENDOR_NAMES

PLACES = Decimal("0.0001")
LARGEST = Decimal(10) ** 11
SMALL = range(-(2**15), 2**15)
INDEXED = frozenset({"note_no", "social_security_card_number"})
LONGEST_INDEXED = 500
"""Characters: PostgreSQL refuses a row whose index entry is longer than 2704 bytes."""
UNSAID = results.Source()
"""Of a vendor that gives values only."""
READ_PARTS = ("text", "alternatives")
"""What of a source the provider wrote."""
HOSPITAL_DATES = ("hospital_admitted", "hospital_discharged")
RESULT_ROWS: Mapping[str, Any] = {
    "line_items": results.LineItem,
    "cost_categories": results.CostCategory,
    "payments_info": results.Payment,
}


@dataclass(slots=True)
class Rows:
    """The rows of one document: a header for an invoice, and its lists in order."""

    header: InvoiceHeader | None = None
    lists: dict[str, list[ListRow]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes rows out of one result; remembers whose reading it was."""

    document: Document
    sources: results.Sources
    unparsed: Mapping[str, results.JSON]
    by: str
    revision: int

    @property
    def says_more(self) -> bool:
        """Whether the answer holds more than values."""
        return bool(self.sources or self.unparsed)

    def set(self, row: Row, name: str, value: Value, *pointers: str, known: results.Source | None = None) -> None:
        """Puts a value and its source. A shape that the field cannot hold leaves its text as the source."""
        source = known or self._source(pointers)
        if value is None and source is None:
            return  # as the row was made
        fitted = fit(value)
        if name in INDEXED and isinstance(fitted, str):
            fitted = fitted[:LONGEST_INDEXED]
        put(row, name, fitted)
        row.sources[name] = stored = self._stored(source)
        if fitted == value:
            return
        if isinstance(value, Decimal | int):
            stored["exact" if fitted is not None else "text"] = str(value)
        elif isinstance(value, str) and len(value) > LONGEST_INDEXED and name in INDEXED:
            stored["text"] = storable(value)

    def _source(self, pointers: Sequence[str]) -> results.Source | None:
        for at in pointers:
            if at in self.sources:
                return self.sources[at]
        refused = next((self.unparsed[at] for at in pointers if at in self.unparsed), None) if self.unparsed else None
        return None if refused is None else results.Source(text=text_of(refused))

    def _stored(self, source: results.Source | None) -> dict[str, Any]:
        stored = sources.of_reading(source or UNSAID, by=self.by, revision=self.revision)
        for part in READ_PARTS:
            if part in stored:
                stored[part] = clean(stored[part])
        return stored


def text_of(value: results.JSON) -> str:
    return value if isinstance(value, str) else dumps(value)


def fit(value: Value) -> Value:
    """What the column can hold: four decimals, rounded half up; `None` for what is out of its range."""
    if isinstance(value, Decimal):
        rounded = value.quantize(PLACES, ROUND_HALF_UP) if abs(value) < LARGEST else None
        return value if rounded == value else rounded
    if isinstance(value, int):
        return value if value in SMALL else None
    return storable(value) if isinstance(value, str) else value


def clean(value: Any) -> Any:
    """Every text of a JSON value storable."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {clean(key): clean(item) for key, item in value.items()}
    return [clean(item) for item in value] if isinstance(value, list | tuple) else value


# --- an answer as rows -----------------------------------------------------------------------------------------------


def rows_of(result: results.ReadingResult, *, document: Document, by: str, revision: int) -> Rows:
    """Rows of a provider's answer. `by`: name of the account; `revision`: the document's, for every value."""
    read = result.document
    maker = _Maker(document, read.sources, read.unparsed, by, revision)
    if isinstance(read, results.Invoice):
        return _invoice_rows(maker, read)
    return Rows(lists={"health_values": [_health_row(maker, n, value) for n, value in enumerate(read.values)]})


def _invoice_rows(maker: _Maker, invoice: results.Invoice) -> Rows:
    header = InvoiceHeader(document=maker.document, checksum=dict(invoice.checksum))
    header.extra = clean({"keys": invoice.extra, "unparsed": invoice.unparsed, "fund_payments": invoice.fund_payments})
    for column in HEADER_COLUMNS:
        if column.name not in HOSPITAL_DATES:
            pointers = (f"/{column.name}", f"/extra/{column.name}")
            maker.set(header, column.name, getattr(invoice, column.name), *pointers)
    for n, (name, day) in enumerate(zip(HOSPITAL_DATES, invoice.hospital_dates, strict=False)):
        maker.set(header, name, day, f"/hospital_dates/{n}")
    lists = {name: _list_rows(maker, name, getattr(invoice, name)) for name in INVOICE_LISTS}
    return Rows(header, lists)


def _list_rows(maker: _Maker, name: str, items: Sequence[Any]) -> list[ListRow]:
    spec, vendor = LISTS[name], VENDOR_NAMES.get(name, name)
    names = [(column, VENDOR_NAMES.get(column, column)) for column in spec.by_name]
    rows: list[ListRow] = []
    for n, item in enumerate(items):
        row = spec.model(document=maker.document, n=n, extra=clean(item.extra))
        for (column, theirs), value in zip(names, spec.fields_of(item), strict=True):
            pointers = (f"/{vendor}/{n}/{theirs}",) if maker.says_more else ()
            maker.set(row, column, value, *pointers)
        rows.append(row)
    return rows


def _health_row(maker: _Maker, n: int, item: results.HealthValue) -> HealthValue:
    row = HealthValue(document=maker.document, n=n, key=clean(item.key)[:80], extra=clean(item.extra))
    at = f"/{n}/value"
    maker.set(row, "value", item.value, at, known=maker.sources.get(at) or _health_source(item))
    for name in ("unit", "reference", "score"):
        put(row, name, fit(getattr(item, name)))
    row.found = item.found
    if item.text is not None:
        row.extra["text"] = clean(item.text)
    return row


def _health_source(item: results.HealthValue) -> results.Source | None:
    """Vendors name no source: what stands in the entry itself."""
    if item.value is None and item.text is None:
        return None
    return results.Source(
        text=item.text if item.text is not None else str(item.value),
        score=float(item.score) if item.score is not None and 0 <= item.score <= 1 else None,
        box=_box(item.rect),
    )


def _box(rect: tuple[int, ...]) -> results.Box | None:
    try:
        left, top, right, bottom = rect
        return results.Box(left, top, right, bottom)
    except ValueError:
        return None


# --- rows as results -------------------------------------------------------------------------------------------------


def _all(_stored: sources.Stored) -> bool:
    return True


def invoice_of(rows: Rows, sourced: Callable[[sources.Stored], bool] = _all) -> results.Invoice:
    """The working values as a `results.Invoice`; sources by pointer, those that `sourced` lets through."""
    header = rows.header
    if header is None:
        return results.Invoice()
    columns = [column for column in HEADER_COLUMNS if column.name not in HOSPITAL_DATES]
    fields: dict[str, Any] = {column.name: result_value(header, column) for column in columns}
    fields |= {name: _result_rows(name, rows.lists.get(name, [])) for name in INVOICE_LISTS}
    dates = [value_in(header, name) for name in HOSPITAL_DATES]
    return results.Invoice(
        **fields,
        hospital_dates=tuple(day for day in dates if isinstance(day, date)),
        checksum=header.checksum,
        fund_payments=header.extra.get("fund_payments"),
        sources={at: sources.to_result(stored) for at, stored in _pointed_sources(rows, sourced)},
        unparsed=header.extra.get("unparsed", {}),
        extra=header.extra.get("keys", {}),
    )


def _result_rows(name: str, rows: Sequence[ListRow]) -> tuple[Any, ...]:
    columns, make = LISTS[name].columns, RESULT_ROWS[name]
    return tuple(
        make(
            extra=row.extra,
            **{
                column.name: _as_written(row, column, value) if isinstance(value, Decimal) else value
                for column, value in zip(columns, values_in(row), strict=True)
            },
        )
        for row in rows
    )


def result_value(row: Row, column: Column) -> Value:
    """Money with two decimals or more, other numbers without needless zeros: as a vendor writes them."""
    value = value_in(row, column.name)
    return _as_written(row, column, value) if isinstance(value, Decimal) else value


def _as_written(row: Row, column: Column, value: Decimal) -> Decimal:
    """Of a health value the column's type never is money."""
    exact = sources.exact_value(row, column.name, value)
    return plain_number(exact, at_least=2 if column.type is ValueType.MONEY else 0)


def _pointed_sources(rows: Rows, sourced: Callable[[sources.Stored], bool]) -> Iterable[tuple[str, sources.Stored]]:
    if rows.header:
        for name, stored in rows.header.sources.items():
            if sourced(stored):
                yield pointer_in_header(name), stored
    for table, items in rows.lists.items():
        at = VENDOR_NAMES.get(table, table)
        for n, row in enumerate(items):
            for name, stored in row.sources.items():
                if sourced(stored):
                    yield f"/{at}/{n}/{VENDOR_NAMES.get(name, name)}", stored


def pointer_in_header(name: str) -> str:
    """Inside `medical_result`."""
    if name in HOSPITAL_DATES:
        return f"/hospital_dates/{HOSPITAL_DATES.index(name)}"
    return f"/extra/{name}" if name in EXTRA_FIELDS else f"/{name}"


def health_report_of(rows: Rows) -> results.HealthReport:
    """The working values as a `results.HealthReport`, entries in their order."""
    values = [row for row in rows.lists.get("health_values", []) if isinstance(row, HealthValue)]
    stored = {f"/{n}/{name}": source for n, row in enumerate(values) for name, source in row.sources.items()}
    return results.HealthReport(
        values=tuple(_health_value(row) for row in values),
        sources={at: sources.to_result(source) for at, source in stored.items()},
    )


def _health_value(row: HealthValue) -> results.HealthValue:
    extra = {key: value for key, value in row.extra.items() if key != "text"}
    number, source = row.number, sources.of(row, "value") or {}
    value: Decimal | str | None = row.value_text or None
    if number is not None:
        value = plain_number(sources.exact_value(row, "value", number))
    return results.HealthValue(
        key=row.key,
        value=value,
        score=None if row.score is None else plain_number(row.score),
        found=row.found,
        rect=tuple(source.get("rect", ())),
        unit=row.unit or None,
        reference=row.reference or None,
        text=None if source.get("origin") == sources.TYPED else row.extra.get("text"),
        extra=extra,
    )


def typed_paths(rows: Rows) -> set[str]:
    """Pointers of the values that a person changed since the reading."""
    typed = {
        f"/medical_result/{VENDOR_NAMES.get(table, table)}/{n}/{VENDOR_NAMES.get(name, name)}"
        for table, items in rows.lists.items()
        for n, row in enumerate(items)
        for name, stored in row.sources.items()
        if stored["origin"] == sources.TYPED
    }
    header = rows.header
    names = [name for name in header.sources if sources.is_typed(header, name)] if header else []
    return typed | {f"/medical_result{pointer_in_header(name)}" for name in names}
