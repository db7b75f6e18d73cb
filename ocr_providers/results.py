"""What any provider returns: plain, frozen, typed values.

Field names are the service documents' own (`note_no`, `billing_date`, `total_cost`, `selfpay_ratio`, `check_info`),
from the vendor's JSON to the database column to the screen, with three exceptions, said once here:

- `cost_detail_list` is `line_items`;
- a line's `amount` (数量) is `quantity`, because an amount is money everywhere else;
- a line's `class` (细目所属大类) is `category`, because `class` is a Python keyword.

Money, quantities and ratios are `Decimal`, made from the JSON text and never through a float. Scores are ratios 0..1.
`None` always means "not printed or not read"; it never means zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import TypeAlias

JSON: TypeAlias = "bool | int | str | Decimal | float | list[JSON] | dict[str, JSON] | None"
"""A JSON value as this project parses it: numbers with a fraction are `Decimal` (see `exact_json.loads`)."""


class Kind(StrEnum):
    """Kind of document."""

    INVOICE = "invoice"
    HEALTH_CHECK = "health-check"
    AUTO = "auto"
    """Not known yet: the provider is asked to recognise it. Never the kind of a result."""


class Flag(IntEnum):
    """A validation flag as the vendors write it."""

    UNKNOWN = -1
    """无法校验: cannot be checked, some value is missing."""
    FAILED = 0
    """校验不通过"""
    PASSED = 1
    """校验通过"""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a value stands: pixels of the upright page picture (EXIF applied), origin at the top left."""

    left: int
    top: int
    right: int
    bottom: int
    page: int = 0
    """Index of the page, from 0."""

    def __post_init__(self) -> None:
        if self.left > self.right or self.top > self.bottom or self.page < 0:
            raise ValueError(f"not a box: {self!r}")

    @property
    def rect(self) -> list[int]:
        """As the `rect` of the vendor schema: `[left, top, right, bottom]`."""
        return [self.left, self.top, self.right, self.bottom]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one value came from. Every part is optional: vendors that give no box get none invented."""

    text: str = ""
    """The characters as read, before parsing."""
    score: float | None = None
    """The engine's own confidence, 0..1."""
    box: Box | None = None
    derived: bool = False
    """Computed from other values, not read."""
    alternatives: tuple[str, ...] = ()
    """Second choices of the engine for the same characters, best first."""

    def __post_init__(self) -> None:
        if self.score is not None and not 0 <= self.score <= 1:
            raise ValueError(f"a score is a ratio from 0 to 1: {self.score!r}")


Sources: TypeAlias = Mapping[str, Source]
"""Sources by JSON Pointer inside `medical_result` or `data`: `/note_no`, `/cost_detail_list/0/price`, `/3/value`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One line of the detail list (细类项目, `cost_detail_list`)."""

    name: str | None = None
    """通过细目名称匹配的医保库名称: the catalogue's name that matched (a local reading without a match: as printed)."""
    ocr_name: str | None = None
    """结合医保库修正的细目名称: the name read, mended by the catalogue; the one to show."""
    origin_ocr_name: str | None = None
    """票面上原始打印的细目名称: the name exactly as printed."""
    category: str | None = None
    """`class` in the vendor schema: 细目所属大类."""
    level: str | None = None
    """医保等级: 甲 / 乙 / 丙 or a synonym, as printed."""
    medical_type: int | None = None
    """0 unknown, 1 western drug, 2 Chinese drug, 3 service."""
    spec: str | None = None
    quantity: Decimal | None = None
    """`amount` in the vendor schema."""
    unit_price: Decimal | None = None
    price: Decimal | None = None
    selfpay: Decimal | None = None
    selfpay_ratio: Decimal | None = None
    check_info: int | None = None
    check_info_price: int | None = None
    check_name_info: int | None = None
    extra: Mapping[str, JSON] = field(default_factory=dict)
    """Keys beyond the document, kept as they came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostCategory:
    """One charge category (大类项目, `cost_categories`)."""

    name: str | None = None
    cost: Decimal | None = None
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment (支付信息项, `payments_info`)."""

    name: str | None = None
    amount: Decimal | None = None
    check_info: int | None = None
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A medical invoice: `medical_result`."""

    type: int | None = None
    """0 unknown, 1 outpatient, 2 inpatient."""
    note_no: str | None = None
    patient_name: str | None = None
    patient_gender: int | None = None
    """0 unknown, 1 male, 2 female."""
    billing_date: date | None = None
    cost_categories: tuple[CostCategory, ...] = ()
    line_items: tuple[LineItem, ...] = ()
    hospital_name: str | None = None
    hospital_dates: tuple[date, ...] = ()
    hospital_days: Decimal | None = None
    total_cost: Decimal | None = None
    medical_insurance_type: str | None = None
    medical_organization_type: str | None = None
    service_serial_number: str | None = None
    social_security_card_number: str | None = None
    payments_info: tuple[Payment, ...] = ()
    checksum: Mapping[str, int] = field(default_factory=dict)
    """The vendor's flags by key; unknown keys too."""
    charging_units: str | None = None
    hospital_no: str | None = None
    payee: str | None = None
    average_prob: Decimal | None = None
    fund_payments: JSON = None
    """A list in one sample, a number in another system: kept as it came."""
    # What the local engine knows beyond the schema; travels in `medical_result["extra"]`.
    total_cost_in_words: str | None = None
    """合计(大写) as printed."""
    note_code: str | None = None
    """票据代码"""
    check_code: str | None = None
    """校验码"""
    qr_code: str | None = None
    payments_class_b: Decimal | None = None
    """乙类自付 printed in the head of some forms; the counterpart of `checksum.payments_class_b`."""
    payments_class_c: Decimal | None = None
    """丙类自付 / 自费, likewise."""
    sources: Sources = field(default_factory=dict)
    unparsed: Mapping[str, JSON] = field(default_factory=dict)
    """By JSON Pointer: values that came in a shape the field cannot hold ("abc" as a cost). Nothing is lost."""
    extra: Mapping[str, JSON] = field(default_factory=dict)
    """Keys beyond the document, kept as they came."""


HEALTH_KEYS: tuple[str, ...] = (
    "bp", "Weight", "Height", "BMI", "BP-Systolic", "BP-Diastolic", "Date", "Date_reformatted",
    "Name", "FBS", "Hospital_name", "Age", "LDL", "Cholesterol", "HDL", "DOB",
)  # fmt: skip
"""The sixteen keys of the AIGEN document, in its spelling and its order."""

TEXT_HEALTH_KEYS: frozenset[str] = frozenset({"bp", "Date", "Date_reformatted", "Name", "Hospital_name", "DOB"})
"""Keys whose values are text; all others of the sixteen are numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthValue:
    """One entry of AIGEN's `data`."""

    key: str
    value: Decimal | str | None = None
    """A number, a text, or `None` when absent ("n/a" and its relatives)."""
    score: Decimal | None = None
    found: bool = False
    rect: tuple[int, ...] = ()
    unit: str | None = None
    """As printed, where the provider says it. `value` is already in the key's own unit (docs: DOMAIN, UCUM)."""
    reference: str | None = None
    """Reference range as printed on the report."""
    text: str | None = None
    """The value as it came, where that differs from `value` ("<5.0", "5.4 mmol/L")."""
    extra: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """A health-check report: AIGEN's `data`, entries in the order they came, unknown and repeated keys included."""

    values: tuple[HealthValue, ...] = ()
    sources: Sources = field(default_factory=dict)
    unparsed: Mapping[str, JSON] = field(default_factory=dict)

    def get(self, key: str) -> HealthValue | None:
        """The first entry with this key, whatever its case; `None` when there is none."""
        wanted = key.casefold()
        return next((value for value in self.values if value.key.casefold() == wanted), None)

    def number(self, key: str) -> Decimal | None:
        """The value of `key` where it is a number."""
        entry = self.get(key)
        return entry.value if entry and isinstance(entry.value, Decimal) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingResult:
    """One provider's answer about one document, parsed."""

    kind: Kind
    document: Invoice | HealthReport
    partial: bool = False
    """Some page could not be read (AIGEN 206): a person confirms before the values are relied on."""
    degree: int = 0
    """Rotation of the picture as the provider reports it, degrees."""
    request_id: str = ""
    messages: tuple[str, ...] = ()
    """The provider's remarks for people (never a value from the document)."""
    beside: Mapping[str, JSON] = field(default_factory=dict)
    """What the answer holds beside the document and what its page describes, kept as it came."""

    def __post_init__(self) -> None:
        expected = {Kind.INVOICE: Invoice, Kind.HEALTH_CHECK: HealthReport}.get(self.kind)
        if expected is None or not isinstance(self.document, expected):
            raise TypeError(f"a {self.kind} result cannot hold a {type(self.document).__name__}")
