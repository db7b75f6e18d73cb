"""Rules about the head of an invoice: number, dates, kind, identity, hospital."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ocr_providers.arithmetic import identity_numbers, paths
from ocr_providers.arithmetic.findings import Finding, Severity, Suggestion
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.misreadings import CONFUSED
from ocr_providers.arithmetic.places import other_province
from ocr_providers.arithmetic.remarks import propose, remark
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules, tolerance
from ocr_providers.arithmetic.vocabulary import is_label
from ocr_providers.results import JSON, Invoice
from ocr_providers.vendor_schema import ABSENT_WORDS

TYPE_OUTPATIENT, TYPE_INPATIENT = 1, 2
LETTERS_FOR_DIGITS = str.maketrans("OoDlIiSsBZz", "00011155822")
NOTE_LENGTHS = frozenset({8, 9, 10, 11, 12, 20})
FIRST_YEAR = 1990
RECENT_YEARS = 5
MORE_DAYS = Decimal(1)
"""A stay may count the day of discharge."""
TEXT_FIELDS = (
    "patient_name", "hospital_name", "payee", "charging_units", "hospital_no", "note_no", "service_serial_number",
    "social_security_card_number", "medical_insurance_type", "medical_organization_type",
)  # fmt: skip
BILLING_DATE = "/billing_date"


def check_header(invoice: Invoice, today: date, rules: Rules = DEFAULT_RULES) -> Iterator[Finding]:
    """All rules of the head; `today` bounds the dates."""
    yield from _note(invoice)
    yield from _billing_date(invoice, today)
    yield from _type(invoice)
    yield from _stay(invoice, tolerance(rules, "INV-STAY", MORE_DAYS))
    yield from _identity(invoice)
    yield from _region(invoice)
    yield from _labels(invoice)
    yield from _unreadable(invoice)


def note_is_plausible(invoice: Invoice) -> bool | None:
    """Whether number, code and check code have the shape of a receipt; `None` without a number."""
    if not invoice.note_no:
        return None
    digits = invoice.note_no.isascii() and invoice.note_no.isdigit()
    if invoice.note_code or invoice.check_code:
        code, check = invoice.note_code, invoice.check_code
        code_fits = not code or (len(code) == 8 and code.isdigit())
        check_fits = not check or (len(check) == 6 and check.isascii() and check.isalnum())
        return digits and len(invoice.note_no) in (10, 20) and code_fits and check_fits
    return digits and len(invoice.note_no) in NOTE_LENGTHS


def _note(invoice: Invoice) -> Iterator[Finding]:
    if note_is_plausible(invoice) is not False:
        return
    at, number = paths.header("note_no"), invoice.note_no or ""
    mended = "".join(number.split()).translate(LETTERS_FOR_DIGITS)
    better = mended != number and mended.isdigit() and len(mended) in NOTE_LENGTHS
    yield remark(
        "INV-NOTE",
        [at],
        gettext_noop(
            "Invoice number: %(length)s characters; expected 8 to 12 or 20 digits (10 on an electronic receipt)"
        ),
        {"length": len(number)},
        suggestions=propose(at, mended) if better else (),
    )


def date_is_plausible(day: date, today: date) -> bool:
    """A day from 1990 on, and not in the future."""
    return day.year >= FIRST_YEAR and day <= today


def _billing_date(invoice: Invoice, today: date) -> Iterator[Finding]:
    at, day = paths.header("billing_date"), invoice.billing_date
    unparsed = invoice.unparsed.get(BILLING_DATE)
    if not _blank(unparsed) and not _date(str(unparsed)[:10]):
        yield remark("INV-DATE", [at], gettext_noop("The billing date is not a date that exists"))
    if day is None:
        return
    if not date_is_plausible(day, today):
        template = (
            gettext_noop("Billing date %(date)s lies in the future")
            if day > today
            else gettext_noop("Billing date %(date)s is before 1990")
        )
        severity = None if day > today else Severity.WARNING
        yield remark(
            "INV-DATE", [at], template, {"date": day}, severity=severity, suggestions=_dates_like(at, day, today)
        )
    elif invoice.note_code and len(invoice.note_code) == 8 and invoice.note_code[6:].isdigit():
        years = day.year % 100 - int(invoice.note_code[6:])
        if years not in (0, 1):
            template = gettext_noop("Billing date %(date)s does not fit the year in the receipt's code, %(code)s")
            yield remark(
                "INV-DATE", [at], template, {"date": day, "code": invoice.note_code}, severity=Severity.WARNING
            )


def _dates_like(path: str, day: date, today: date) -> tuple[Suggestion, ...]:
    """The only recent date that differs by one look-alike digit."""
    text = day.isoformat()
    found = set()
    for at, read in enumerate(text):
        for digit in "0123456789":
            if read + digit in CONFUSED and (other := _date(text[:at] + digit + text[at + 1 :])):
                found.add(other)
    recent = [other for other in found if other <= today and today.year - other.year <= RECENT_YEARS]
    return propose(path, recent[0].isoformat()) if len(recent) == 1 else ()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _type(invoice: Invoice) -> Iterator[Finding]:
    at = paths.header("type")
    if invoice.type == TYPE_INPATIENT:
        yield remark("INV-TYPE", [at], gettext_noop("An inpatient invoice: the service reads outpatient forms"))
    elif invoice.type == TYPE_OUTPATIENT and (invoice.hospital_dates or invoice.hospital_days):
        stay = [paths.header("hospital_dates"), paths.header("hospital_days")]
        yield remark("INV-TYPE", [at, *stay], gettext_noop("An outpatient invoice with dates of a hospital stay"))


def _stay(invoice: Invoice, more: Decimal) -> Iterator[Finding]:
    if len(invoice.hospital_dates) != 2:
        return
    admitted, discharged = invoice.hospital_dates
    at = [paths.header("hospital_dates"), paths.header("hospital_days")]
    days = (discharged - admitted).days
    if days < 0:
        template = gettext_noop("Discharge %(discharged)s before admission %(admitted)s")
        yield remark("INV-STAY", at[:1], template, {"discharged": discharged, "admitted": admitted})
    elif invoice.hospital_days is not None and not 0 <= invoice.hospital_days - days <= more:
        template = gettext_noop("%(admitted)s to %(discharged)s is %(days)s days, printed %(printed)s")
        values = {"admitted": admitted, "discharged": discharged, "days": days, "printed": invoice.hospital_days}
        yield remark("INV-STAY", at, template, values)


def _identity(invoice: Invoice) -> Iterator[Finding]:
    number = invoice.social_security_card_number
    if not number or not identity_numbers.has_identity_shape(number):
        return
    at = paths.header("social_security_card_number")
    if not identity_numbers.is_valid(number):
        dated = identity_numbers.birth_date(number) is not None
        template = (
            gettext_noop("The check digit of the identity number is wrong")
            if dated
            else gettext_noop("18 characters, but no identity number: there is no birth date in it")
        )
        severity = None if dated else Severity.INFO
        yield remark(
            "INV-ID", [at], template, severity=severity, suggestions=propose(at, *identity_numbers.repairs(number))
        )
    elif invoice.patient_gender in (1, 2) and identity_numbers.gender(number) != invoice.patient_gender:
        gender_at = paths.header("patient_gender")
        yield remark(
            "INV-GENDER-ID",
            [gender_at, at],
            gettext_noop("The identity number belongs to a person of the other sex"),
            suggestions=propose(gender_at, identity_numbers.gender(number)),
        )


def _region(invoice: Invoice) -> Iterator[Finding]:
    province = other_province(invoice.hospital_name)
    if province:
        template = gettext_noop("A form of Zhejiang, but the hospital seems to be in %(province)s")
        yield remark("INV-HOSP-REGION", [paths.header("hospital_name")], template, {"province": province})


def _labels(invoice: Invoice) -> Iterator[Finding]:
    for name in TEXT_FIELDS:
        if (value := getattr(invoice, name)) and is_label(value):
            at = paths.header(name)
            template = gettext_noop("The value is a caption of the form: %(value)s")
            yield remark("INV-LABEL-VALUE", [at], template, {"value": value}, suggestions=propose(at, None))


def _unreadable(invoice: Invoice) -> Iterator[Finding]:
    for at, value in invoice.unparsed.items():
        if at and not at.startswith(("/extra", "/checksum", BILLING_DATE)) and not _blank(value):
            yield remark("INV-UNREADABLE", [f"{paths.ROOT}{at}"], gettext_noop("The value cannot be understood"))


def _blank(value: JSON) -> bool:
    """Words for "nothing there", alone or in a list."""
    if isinstance(value, list):
        return all(not isinstance(item, list) and _blank(item) for item in value)
    return value is None or (isinstance(value, str) and value.strip().casefold() in ABSENT_WORDS)
