"""The vendors' JSON to `results` and back, without losing a digit or an unknown key.

Parsers accept any JSON: a value in a shape its field cannot hold becomes `None` and is kept, as it came, in `unparsed`
under its JSON Pointer. Writers give the schema of the two service documents, every documented field present.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, TypeVar

from ocr_providers.results import (
    HEALTH_KEYS,
    JSON,
    TEXT_HEALTH_KEYS,
    Box,
    CostCategory,
    HealthReport,
    HealthValue,
    Invoice,
    LineItem,
    Payment,
    Source,
)

T = TypeVar("T")

ABSENT_WORDS = frozenset({"", "n/a", "na", "none", "null", "-", "--", "not found"})
"""AIGEN's "n/a" and its relatives, case-folded."""

VENDOR_NAMES = {"quantity": "amount", "category": "class", "line_items": "cost_detail_list"}
"""Our name -> the vendor's, where the two differ (see `results`)."""

EXTRA_FIELDS = ("total_cost_in_words", "note_code", "check_code", "qr_code", "payments_class_b", "payments_class_c")
"""Fields of `Invoice` that the documents do not have: written under `extra`."""

MAX_DIGITS = 18
"""A number with more digits, or an exponent beyond that, is no amount of this field: kept unparsed."""

# --- single values: None when the shape does not fit -----------------------------------------------------------------


def text_of(value: JSON) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def number_of(value: JSON) -> Decimal | None:
    """A number, or a text that is nothing but a number ("1,234.50"); bounded, finite."""
    if type(value) is Decimal:  # what `loads` gives: the common case, thousands of times a document
        number = value
    elif isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    else:
        try:
            number = Decimal(str(value).replace(",", "").strip())
        except InvalidOperation:
            return None
    if not number.is_finite() or abs(number.adjusted()) > MAX_DIGITS:
        return None
    # Counting digits is slow: a short number has few.
    if len(str(number)) > MAX_DIGITS and len(number.as_tuple().digits) > MAX_DIGITS:
        return None
    return number


def ratio_of(value: JSON) -> Decimal | None:
    """A number; "10%" is 0.1."""
    if isinstance(value, str) and value.rstrip().endswith(("%", "％")):
        percent = number_of(value.rstrip()[:-1])
        return None if percent is None else percent / 100
    return number_of(value)


def integer_of(value: JSON) -> int | None:
    if type(value) is int and abs(value) < 10**MAX_DIGITS:
        return value
    number = number_of(value)
    return int(number) if number is not None and number == number.to_integral_value() else None


def date_of(value: JSON) -> date | None:
    """YYYY-MM-DD, as the documents have it; also with slashes, dots, 年月日 or without separators."""
    if not isinstance(value, str):
        return None
    plain = value.strip().replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    for pattern in ("%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(plain, pattern).date()  # noqa: DTZ007 - a date of the paper has no zone
        except ValueError:
            continue
    return None


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
    """Takes known keys out of one JSON object and remembers, by pointer, what did not fit."""

    source: Mapping[str, JSON]
    pointer: str
    unparsed: dict[str, JSON]
    taken: set[str] = field(default_factory=set)

    def take(self, name: str, convert: Callable[[JSON], T | None]) -> T | None:
        self.taken.add(name)
        value = self.source.get(name)
        if value is None:
            return None
        converted = convert(value)
        if converted is None:
            self.unparsed[f"{self.pointer}/{escape(name)}"] = value
        return converted

    def rows(self, name: str, build: Callable[[_Reader], T]) -> tuple[T, ...]:
        self.taken.add(name)
        value = self.source.get(name)
        at = f"{self.pointer}/{escape(name)}"
        if not isinstance(value, list):
            if value is not None:
                self.unparsed[at] = value
            return ()
        return tuple(build(self._row(row, f"{at}/{n}")) for n, row in enumerate(value))

    def _row(self, row: JSON, at: str) -> _Reader:
        if isinstance(row, dict):
            return _Reader(row, at, self.unparsed)
        self.unparsed[at] = row
        return _Reader({}, at, self.unparsed)

    def rest(self) -> dict[str, JSON]:
        return {name: value for name, value in self.source.items() if name not in self.taken}


def escape(token: str) -> str:
    """A JSON Pointer token (RFC 6901)."""
    return token.replace("~", "~0").replace("/", "~1")


LINE_READERS: dict[str, Callable[[JSON], Any]] = {
    "name": text_of, "ocr_name": text_of, "origin_ocr_name": text_of, "category": text_of, "level": text_of,
    "medical_type": integer_of, "spec": text_of, "quantity": number_of, "unit_price": number_of, "price": number_of,
    "selfpay": number_of, "selfpay_ratio": ratio_of, "check_info": integer_of, "check_info_price": integer_of,
    "check_name_info": integer_of,
}  # fmt: skip
HEADER_READERS: dict[str, Callable[[JSON], Any]] = {
    "type": integer_of, "note_no": text_of, "patient_name": text_of, "patient_gender": integer_of,
    "billing_date": date_of, "hospital_name": text_of, "hospital_days": number_of, "total_cost": number_of,
    "medical_insurance_type": text_of, "medical_organization_type": text_of, "service_serial_number": text_of,
    "social_security_card_number": text_of, "charging_units": text_of, "hospital_no": text_of, "payee": text_of,
    "average_prob": number_of,
}  # fmt: skip
EXTRA_READERS: dict[str, Callable[[JSON], Any]] = {
    name: number_of if name.startswith("payments_") else text_of for name in EXTRA_FIELDS
}


def _take_all(reader: _Reader, readers: Mapping[str, Callable[[JSON], Any]]) -> dict[str, Any]:
    source = reader.source
    found: dict[str, Any] = {}
    for name, convert in readers.items():
        key = VENDOR_NAMES.get(name, name)
        if source.get(key) is None:
            reader.taken.add(key)
            found[name] = None
        else:
            found[name] = reader.take(key, convert)
    return found


def _by_vendor_name(readers: Mapping[str, Callable[[JSON], Any]]) -> dict[str, tuple[str, Callable[[JSON], Any]]]:
    """Our name and the reader, by the vendor's name."""
    return {VENDOR_NAMES.get(name, name): (name, convert) for name, convert in readers.items()}


LINE_FIELDS = _by_vendor_name(LINE_READERS)
CATEGORY_FIELDS = _by_vendor_name({"name": text_of, "cost": number_of})
PAYMENT_FIELDS = _by_vendor_name({"name": text_of, "amount": number_of, "check_info": integer_of})


def _row_of(
    kind: Callable[..., T], fields_by_name: Mapping[str, tuple[str, Callable[[JSON], Any]]], reader: _Reader
) -> T:
    """One row of a list: hundreds a document, so that only what is there is touched."""
    known: dict[str, Any] = {}
    extra: dict[str, JSON] = {}
    for key, value in reader.source.items():
        if key not in fields_by_name:
            extra[key] = value
        elif value is not None:
            name, convert = fields_by_name[key]
            known[name] = convert(value)
            if known[name] is None:
                reader.unparsed[f"{reader.pointer}/{escape(key)}"] = value
    return kind(**known, extra=extra)


_line_item = partial(_row_of, LineItem, LINE_FIELDS)
_category = partial(_row_of, CostCategory, CATEGORY_FIELDS)
_payment = partial(_row_of, Payment, PAYMENT_FIELDS)


def _dates(value: JSON) -> tuple[date, ...] | None:
    if not isinstance(value, list):
        return None
    dates = [date_of(item) for item in value]
    return tuple(item for item in dates if item) if all(dates) else None


def _checksum(reader: _Reader) -> dict[str, int]:
    value = reader.source.get("checksum")
    reader.taken.add("checksum")
    if not isinstance(value, dict):
        if value is not None:
            reader.unparsed[f"{reader.pointer}/checksum"] = value
        return {}
    inner = _Reader(value, f"{reader.pointer}/checksum", reader.unparsed)
    flags = {name: inner.take(name, integer_of) for name in value}
    return {name: flag for name, flag in flags.items() if flag is not None}


def _box(rect: list[JSON], page: int) -> Box | None:
    """`[left, top, right, bottom]`; raises `ValueError` when it is anything else but empty."""
    if not rect:
        return None
    left, top, right, bottom = (int(str(side)) for side in rect)
    return Box(left, top, right, bottom, page)


def source_from_json(value: JSON) -> Source | None:
    if not isinstance(value, dict):
        return None
    rect, page, score = value.get("rect"), value.get("page") or 0, number_of(value.get("score"))
    try:
        box = _box(_list(rect), int(str(page)))
        return Source(
            text=text_of(value.get("text")) or "",
            score=None if score is None else float(score),
            box=box,
            derived=value.get("derived") is True,
            alternatives=tuple(str(item) for item in _list(value.get("alternatives"))),
        )
    except (TypeError, ValueError):
        return None


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def invoice_from_json(medical_result: JSON) -> Invoice:
    """`medical_result` of the JD document. Any JSON is accepted; what is no object gives an empty invoice."""
    unparsed: dict[str, JSON] = {}
    if not isinstance(medical_result, dict):
        return Invoice(unparsed={} if medical_result is None else {"": medical_result})
    reader = _Reader(medical_result, "", unparsed)
    header = _take_all(reader, HEADER_READERS)
    extra, sources = _invoice_extra(reader)
    return Invoice(
        **header,
        **extra,
        cost_categories=reader.rows("cost_categories", _category),
        line_items=reader.rows("cost_detail_list", _line_item),
        payments_info=reader.rows("payments_info", _payment),
        hospital_dates=reader.take("hospital_dates", _dates) or (),
        checksum=_checksum(reader),
        fund_payments=reader.take("fund_payments", lambda value: value),
        sources=sources,
        unparsed=unparsed,
        extra=reader.rest(),
    )


def _invoice_extra(reader: _Reader) -> tuple[dict[str, Any], dict[str, Source]]:
    """Our own additions, which travel in `medical_result["extra"]`."""
    value = reader.source.get("extra")
    if not isinstance(value, dict):
        return {}, {}
    reader.taken.add("extra")
    inner = _Reader(value, "/extra", reader.unparsed)
    found = _take_all(inner, EXTRA_READERS)
    sources = value.get("sources")
    inner.taken.add("sources")
    known = {at: source_from_json(item) for at, item in sources.items()} if isinstance(sources, dict) else {}
    for name, kept in inner.rest().items():
        reader.unparsed[f"/extra/{escape(name)}"] = kept
    return found, {at: source for at, source in known.items() if source}


def health_value_of(key: str, value: JSON) -> Decimal | str | None:
    """A vendor's `value` as a number or a text; `None` when absent. Numeric texts of numeric keys become numbers."""
    if isinstance(value, str):
        if value.strip().casefold() in ABSENT_WORDS:
            return None
        number = None if key in TEXT_HEALTH_KEYS else number_of(value)
        return value if number is None else number
    return number_of(value)


def _health_value(reader: _Reader) -> HealthValue:
    key = reader.take("key", text_of) or ""
    raw = reader.source.get("value")
    value = health_value_of(key, raw)
    reader.taken.add("value")
    if value is None and raw is not None and not isinstance(raw, str):
        reader.unparsed[f"{reader.pointer}/value"] = raw
    rect = reader.take("rect", _integers)
    return HealthValue(
        key=key,
        value=value,
        score=reader.take("score", number_of),
        found=reader.take("found", lambda flag: flag if isinstance(flag, bool) else None) or False,
        rect=rect or (),
        unit=reader.take("unit", text_of),
        reference=reader.take("reference", text_of),
        text=reader.take("text", text_of),
        extra=reader.rest(),
    )


def _integers(value: JSON) -> tuple[int, ...] | None:
    if not isinstance(value, list):
        return None
    numbers = [integer_of(item) for item in value]
    return tuple(number for number in numbers if number is not None) if None not in numbers else None


def health_from_json(data: JSON) -> HealthReport:
    """`data` of the AIGEN document. Any JSON is accepted; what is no list gives an empty report."""
    unparsed: dict[str, JSON] = {}
    if not isinstance(data, list):
        return HealthReport(unparsed={} if data is None else {"": data})
    reader = _Reader({"data": data}, "", unparsed)
    values = reader.rows("data", _health_value)
    kept = {at.removeprefix("/data"): value for at, value in unparsed.items()}
    return HealthReport(values=values, unparsed=kept)


# --- writing ---------------------------------------------------------------------------------------------------------


def _row_json(row: LineItem | CostCategory | Payment) -> dict[str, Any]:
    known = {VENDOR_NAMES.get(f.name, f.name): getattr(row, f.name) for f in fields(row) if f.name != "extra"}
    return {**row.extra, **known}


def source_to_json(source: Source) -> dict[str, Any]:
    known: dict[str, Any] = {"text": source.text, "score": source.score}
    if source.box:
        known |= {"rect": source.box.rect, "page": source.box.page}
    if source.derived:
        known["derived"] = True
    if source.alternatives:
        known["alternatives"] = list(source.alternatives)
    return known


def invoice_to_json(invoice: Invoice) -> dict[str, Any]:
    """`medical_result` with every field of the document's tables, and ours under `extra`."""
    extra = {name: getattr(invoice, name) for name in EXTRA_FIELDS if getattr(invoice, name) is not None}
    if invoice.sources:
        extra["sources"] = {at: source_to_json(source) for at, source in invoice.sources.items()}
    return {
        **invoice.extra,
        **{name: getattr(invoice, name) for name in HEADER_READERS},
        "hospital_dates": [day.isoformat() for day in invoice.hospital_dates],
        "cost_categories": [_row_json(row) for row in invoice.cost_categories],
        "cost_detail_list": [_row_json(row) for row in invoice.line_items],
        "payments_info": [_row_json(row) for row in invoice.payments_info],
        "fund_payments": invoice.fund_payments,
        "checksum": dict(invoice.checksum),
        **({"extra": extra} if extra else {}),
    }


def health_value_to_json(value: HealthValue) -> dict[str, Any]:
    ours = {name: getattr(value, name) for name in ("unit", "reference", "text") if getattr(value, name) is not None}
    return {
        "key": value.key,
        "value": "n/a" if value.value is None else value.value,
        "score": Decimal("0.0") if value.score is None else value.score,
        "found": value.found,
        "rect": list(value.rect),
        **ours,
        **value.extra,
    }


def health_to_json(report: HealthReport) -> list[dict[str, Any]]:
    """`data`: the sixteen keys in the document's order, absent ones as "n/a"; then whatever else was found."""
    documented = [report.get(key) or HealthValue(key=key) for key in HEALTH_KEYS]
    shown: Iterable[HealthValue] = [*documented, *(value for value in report.values if value not in documented)]
    return [health_value_to_json(value) for value in shown]
