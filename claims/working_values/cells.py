"""The cells of the review screen: one address per working value.

A cell is named alike on the page, in findings and in the record of corrections: `invoice/note_no`,
`line_items/12/price` (12 = id of the row), and `line_items/12` for a whole row. Names are the service documents' own
(see `results`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models import CostCategory, HealthValue, InvoiceHeader, LineItem, Payment
from ocr_providers.results import TEXT_HEALTH_KEYS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Value: TypeAlias = "Decimal | int | str | date | None"
"""A working value; `None` when nothing is printed or nothing was read."""

Row: TypeAlias = "InvoiceHeader | LineItem | CostCategory | Payment | HealthValue"
ListRow: TypeAlias = "LineItem | CostCategory | Payment | HealthValue"

HEADER = "invoice"


class ValueType(StrEnum):
    """How a value is written, typed and compared."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    RATIO = "ratio"
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"
    MEASURE = "measure"
    """A number or a word: "98", "negative", "<5.0"."""


REMEMBERED = 8192
"""Numbers whose spelling is remembered: quantities, ratios and prices come again and again."""
STEPS = {0: Decimal(1), 2: Decimal("0.01")}
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
NUMBERS = frozenset({ValueType.MONEY, ValueType.NUMBER, ValueType.RATIO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of the header, or one column of a list."""

    name: str
    label: StrOrPromise
    title: StrOrPromise = ""
    type: ValueType = ValueType.TEXT
    choices: tuple[tuple[int, StrOrPromise], ...] = ()
    default: bool = True
    """Shown until the person chooses other columns."""
    editable: bool = True
    identity: bool = False
    """Identifies a person: masked until revealed."""


@dataclass(frozen=True)
class List:
    """One list of a document: its rows' model and its columns, in the order of the screen."""

    model: type[LineItem] | type[CostCategory] | type[Payment] | type[HealthValue]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Raises `KeyError` for a name that is no column."""
        return self.by_name[name]

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return _by_name(self.columns)

    @cached_property
    def fields_of(self) -> Callable[[Any], tuple[Value, ...]]:
        """The columns of a row in one call; of a list whose columns are all the model's own."""
        return attrgetter(*self.by_name)


def _by_name(columns: tuple[Column, ...]) -> Mapping[str, Column]:
    return {column.name: column for column in columns}


T = ValueType
TYPES = ((0, _("Unknown")), (1, _("Outpatient")), (2, _("Inpatient")))
GENDERS = ((0, _("Unknown")), (1, _("Male")), (2, _("Female")))
MEDICAL_TYPES = ((0, _("Unknown")), (1, _("Western drug")), (2, _("Chinese drug")), (3, _("Service")))
FLAGS = ((-1, _("cannot be checked")), (0, _("failed")), (1, _("passed")))


def _flag(name: str, label: StrOrPromise) -> Column:
    """A flag is the provider's word: shown, never typed over."""
    return Column(name=name, label=label, type=T.FLAG, choices=FLAGS, default=False, editable=False)


HEADER_COLUMNS: tuple[Column, ...] = (
    Column(name="note_no", label=_("Invoice number")),
    Column(name="note_code", label=_("Invoice code"), title=_("票据代码, eight digits on electronic receipts")),
    Column(name="check_code", label=_("Check code"), title=_("校验码, six characters")),
    Column(name="billing_date", label=_("Billing date"), type=T.DATE),
    Column(name="type", label=_("Type"), type=T.CHOICE, choices=TYPES),
    Column(name="patient_name", label=_("Patient")),
    Column(name="patient_gender", label=_("Gender"), type=T.CHOICE, choices=GENDERS),
    Column(name="medical_insurance_type", label=_("Insurance type"), title=_("医保类型, as printed")),
    Column(name="social_security_card_number", label=_("Social security number"), identity=True),
    Column(name="hospital_name", label=_("Hospital")),
    Column(name="medical_organization_type", label=_("Institution type")),
    Column(name="hospital_no", label=_("Outpatient number")),
    Column(name="service_serial_number", label=_("Serial number")),
    Column(name="hospital_admitted", label=_("Admitted"), type=T.DATE),
    Column(name="hospital_discharged", label=_("Discharged"), type=T.DATE),
    Column(name="hospital_days", label=_("Days in hospital"), type=T.NUMBER),
    Column(name="total_cost", label=_("Total"), type=T.MONEY),
    Column(name="total_cost_in_words", label=_("Total in words"), title=_("合计(大写)")),
    Column(
        name="payments_class_b",
        label=_("Class B self-paid"),
        title=_("乙类自付: the patient's first share of class B items"),
        type=T.MONEY,
    ),
    Column(
        name="payments_class_c",
        label=_("Class C self-paid"),
        title=_("丙类自费: items outside the catalogue"),
        type=T.MONEY,
    ),
    Column(name="charging_units", label=_("Charging unit")),
    Column(name="payee", label=_("Payee")),
    Column(name="qr_code", label=_("QR code")),
    Column(name="average_prob", label=_("Mean score"), type=T.RATIO, editable=False),
)

LISTS: Mapping[str, List] = MappingProxyType(
    {
        "line_items": List(
            LineItem,
            (
                Column(name="ocr_name", label=_("Name"), title=_("As read, mended by the catalogue")),
                Column(name="origin_ocr_name", label=_("Name as printed"), default=False),
                Column(name="name", label=_("Matched name"), title=_("The catalogue's name"), default=False),
                Column(name="category", label=_("Category"), title=_("大类")),
                Column(name="level", label=_("Level"), title=_("甲 in full, 乙 in part, 丙 not covered")),
                Column(
                    name="medical_type",
                    label=_("Medical type"),
                    type=T.CHOICE,
                    choices=MEDICAL_TYPES,
                    default=False,
                ),
                Column(name="spec", label=_("Specification")),
                Column(name="quantity", label=_("Quantity"), type=T.NUMBER),
                Column(name="unit_price", label=_("Unit price"), type=T.MONEY),
                Column(name="price", label=_("Price"), type=T.MONEY),
                Column(name="selfpay_ratio", label=_("Self-paid ratio"), title=_("自付比例, 0 to 1"), type=T.RATIO),
                Column(name="selfpay", label=_("Self-paid"), title=_("自付金额"), type=T.MONEY),
                _flag("check_info", _("Line check")),
                _flag("check_info_price", _("Price check")),
                _flag("check_name_info", _("Name check")),
            ),
        ),
        "cost_categories": List(
            CostCategory,
            (
                Column(name="name", label=_("Category")),
                Column(name="cost", label=_("Cost"), type=T.MONEY),
            ),
        ),
        "payments_info": List(
            Payment,
            (
                Column(name="name", label=_("Payment")),
                Column(name="amount", label=_("Amount"), type=T.MONEY),
                _flag("check_info", _("Amount check")),
            ),
        ),
        "health_values": List(
            HealthValue,
            (
                Column(name="key", label=_("Item")),
                Column(name="value", label=_("Value"), type=T.MEASURE),
                Column(name="unit", label=_("Unit")),
                Column(name="reference", label=_("Reference range"), title=_("As printed on the report")),
                Column(name="score", label=_("Score"), type=T.RATIO, default=False, editable=False),
            ),
        ),
    }
)
INVOICE_LISTS = ("line_items", "cost_categories", "payments_info")
HEALTH_LISTS = ("health_values",)

_HEADER = _by_name(HEADER_COLUMNS)
_LIST_OF_MODEL = {spec.model: name for name, spec in LISTS.items()}


@dataclass(frozen=True, slots=True)
class Cell:
    """An address. `row` is `None` for header fields; `column` is empty for a whole row."""

    table: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        return "/".join(str(part) for part in (self.table, self.row, self.column) if part not in (None, ""))

    @classmethod
    def parse(cls, text: str) -> Cell:
        """Raises `ValueError` for anything that is not the address of a value or of a row."""
        parts = text.split("/")
        if len(parts) == 2 and parts[0] == HEADER and parts[1] in _HEADER:
            return cls(HEADER, None, parts[1])
        if len(parts) in (2, 3) and parts[0] in LISTS and parts[1].isascii() and parts[1].isdigit():
            column = parts[2] if len(parts) == 3 else ""
            if len(parts) == 2 or column in LISTS[parts[0]].by_name:
                return cls(parts[0], int(parts[1]), column)
        raise ValueError(f"not a cell: {text!r}")


def columns_of(table: str) -> tuple[Column, ...]:
    return HEADER_COLUMNS if table == HEADER else LISTS[table].columns


def column_of(cell: Cell) -> Column:
    """Raises `KeyError` for the address of a row."""
    return _HEADER[cell.column] if cell.table == HEADER else LISTS[cell.table].column(cell.column)


def table_of(row: Row) -> str:
    return HEADER if isinstance(row, InvoiceHeader) else _LIST_OF_MODEL[type(row)]


def cell_of(row: Row, column: str = "") -> Cell:
    return Cell(HEADER, None, column) if isinstance(row, InvoiceHeader) else Cell(table_of(row), row.pk, column)


def type_of(row: Row, column: Column) -> ValueType:
    """The column's type; for the value of a health check it depends on the row's key."""
    if column.name == "value" and isinstance(row, HealthValue):
        return T.TEXT if row.key in TEXT_HEALTH_KEYS else T.MEASURE
    return column.type


def value_in(row: Row, name: str) -> Value:
    """The value of one cell; an empty text is `None`."""
    if name == "value" and isinstance(row, HealthValue):
        return row.value_text or None if row.number is None else row.number
    value: Value = getattr(row, name)
    return None if value == "" else value


def values_in(row: ListRow) -> list[Value]:
    """The values of all columns, in their order. A long invoice has thousands: one call a row."""
    if isinstance(row, HealthValue):
        return [value_in(row, name) for name in LISTS["health_values"].by_name]
    return [None if value == "" else value for value in LISTS[_LIST_OF_MODEL[type(row)]].fields_of(row)]


def put(row: Row, name: str, value: Value) -> None:
    """Sets one cell in memory. A health value stands in `number` or in `value_text`, and is found when it is there."""
    if isinstance(row, HealthValue) and name == "value":
        row.number = value if isinstance(value, Decimal) else None
        row.value_text = value if isinstance(value, str) else ""
        row.found = value is not None
    else:
        empty = "" if row._meta.get_field(name).empty_strings_allowed and value is None else value
        setattr(row, name, empty)


def shown(value: Value, kind: ValueType) -> str | None:
    """As the page and the record write it: money with two decimals or more, dates as YYYY-MM-DD, numbers plain."""
    if isinstance(value, Decimal):
        return number_text(value, at_least=2 if kind is T.MONEY else 0)
    return None if value is None else str(value)


@lru_cache(REMEMBERED)
def plain_number(number: Decimal, *, at_least: int = 0) -> Decimal:
    """The same number without needless zeros, and with `at_least` decimals: 128 -> 128.00, 3.0000 -> 3."""
    fitted = number.quantize(STEPS[at_least])
    plain = fitted if fitted == number else number.normalize()
    return plain or abs(plain)  # there is no "-0"


@lru_cache(REMEMBERED)
def number_text(number: Decimal, *, at_least: int = 0) -> str:
    """Without exponent, without needless zeros: 128 -> "128.00" for money, 3.0000 -> "3"."""
    return f"{plain_number(number, at_least=at_least):f}"


def from_shown(text: str | None, kind: ValueType) -> Value:
    """The inverse of `shown`, for values that the record kept."""
    if text is None or kind is T.TEXT:
        return text
    if kind in NUMBERS or (kind is T.MEASURE and PLAIN_NUMBER.fullmatch(text)):
        return Decimal(text)
    if kind is T.MEASURE:
        return text
    return date.fromisoformat(text) if kind is T.DATE else int(text)


def label_of(row: Row, column: Column | None = None) -> str:
    """How a person calls a cell, in the active language: "Total", "Price, line 3", "Line 3"."""
    if isinstance(row, InvoiceHeader):
        return str(column.label) if column else ""
    if column is None:
        return gettext("Line %(n)d") % {"n": row.n + 1}
    if isinstance(row, HealthValue) and column.name == "value":
        return row.key
    return gettext("%(column)s, line %(n)d") % {"column": column.label, "n": row.n + 1}
