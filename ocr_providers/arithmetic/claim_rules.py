"""Rules about an invoice within its claim: policy, insured person, hospitals, other invoices (DOMAIN notes 2 and 3).

Pure: what the claim knows comes in as a `ClaimContext`; a part that is not known is not checked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rapidfuzz import fuzz

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Finding, Severity
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.money import ZERO, money_text, total
from ocr_providers.arithmetic.payment_identities import payments_by_kind
from ocr_providers.arithmetic.remarks import configured, propose, remark
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules, tolerance
from ocr_providers.arithmetic.vocabulary import FUND_PAYMENTS, level_of, payment_kind, plain
from ocr_providers.results import Invoice

SAME_HOSPITAL = Decimal("0.9")
"""Similarity of two names of one hospital."""
MANY_IN_A_DAY = 3


@dataclass(frozen=True, slots=True)
class OtherInvoice:
    """What is known of another invoice, of this claim or another one."""

    claim: str
    note_no: str | None = None
    note_code: str | None = None
    hospital_name: str | None = None
    billing_date: date | None = None
    total_cost: Decimal | None = None
    patient_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimContext:
    """What the claim, its policy and its plan say. Amounts in yuan."""

    insured_name: str | None = None
    policy_begins: date | None = None
    policy_ends: date | None = None
    waiting_days: int = 0
    accident: bool = False
    """An accident has no waiting period."""
    hospitals: tuple[str, ...] = ()
    """Names the plan accepts; empty: any."""
    covers_class_c: bool = True
    needs_public_settlement: bool = False
    deductible_left: Decimal = ZERO
    eligible: Decimal | None = None
    """What remains eligible of this invoice before the deductible, if it was calculated."""
    payable: Decimal | None = None
    """Of that, what the plan pays before its limits."""
    sum_insured_left: Decimal | None = None
    """What the plan's limits leave for this invoice; `None`: no limit."""
    verified: bool | None = None
    """Whether an electronic receipt was verified (查验); `None`: not asked for."""
    others: tuple[OtherInvoice, ...] = ()


def check_claim(invoice: Invoice, context: ClaimContext, rules: Rules = DEFAULT_RULES) -> tuple[Finding, ...]:
    """Findings about an invoice that its claim gives rise to, most severe first."""
    found = [
        *_name(invoice, context),
        *_duplicates(invoice, context),
        *_period(invoice, context),
        *_hospital(invoice, context, tolerance(rules, "CLM-HOSP", SAME_HOSPITAL)),
        *_coverage(invoice, context),
        *_amounts(context),
        *_settlement(invoice, context),
        *_verification(invoice, context),
    ]
    return tuple(sorted(configured(found, rules), key=lambda finding: finding.severity.rank))


def _person(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _name(invoice: Invoice, context: ClaimContext) -> Iterator[Finding]:
    if not invoice.patient_name or not context.insured_name:
        return
    printed, insured = _person(invoice.patient_name), _person(context.insured_name)
    if printed == insured:
        return
    close = len(printed) == len(insured) > 1 and sum(a != b for a, b in zip(printed, insured, strict=True)) == 1
    at = paths.header("patient_name")
    template = (
        gettext_noop("The name on the invoice differs from the insured person's in one character")
        if close
        else gettext_noop("The name on the invoice is not the insured person's")
    )
    severity = Severity.WARNING if close else None
    suggestions = propose(at, context.insured_name) if close else ()
    yield remark("INV-NAME", [at], template, severity=severity, suggestions=suggestions)


def _duplicates(invoice: Invoice, context: ClaimContext) -> Iterator[Finding]:
    for other in context.others:
        if _same_note(invoice, other):
            template = gettext_noop("The same invoice number is in claim %(claim)s")
            yield remark("INV-DUP", [paths.header("note_no")], template, {"claim": other.claim})
        elif _same_visit(invoice, other):
            names = ("hospital_name", "billing_date", "total_cost", "patient_name")
            template = gettext_noop("Hospital, date, total and name are those of an invoice in claim %(claim)s")
            yield remark("INV-DUP-SOFT", map(paths.header, names), template, {"claim": other.claim})
    yield from _split(invoice, context)


def _same_note(invoice: Invoice, other: OtherInvoice) -> bool:
    if not invoice.note_no or not other.note_no or plain(invoice.note_no) != plain(other.note_no):
        return False
    if invoice.note_code and other.note_code:
        return invoice.note_code == other.note_code
    return (
        not invoice.hospital_name
        or not other.hospital_name
        or _same_hospital(invoice.hospital_name, other.hospital_name)
    )


def _same_hospital(name: str, other: str, similarity: Decimal = SAME_HOSPITAL) -> bool:
    return fuzz.ratio(plain(name), plain(other)) >= 100 * float(similarity)


def _same_visit(invoice: Invoice, other: OtherInvoice) -> bool:
    known = (invoice.hospital_name, invoice.billing_date, invoice.total_cost, invoice.patient_name)
    return None not in known and known == (
        other.hospital_name,
        other.billing_date,
        other.total_cost,
        other.patient_name,
    )


def _split(invoice: Invoice, context: ClaimContext) -> Iterator[Finding]:
    if invoice.billing_date is None or not invoice.hospital_name:
        return
    that_day = [
        other
        for other in context.others
        if other.billing_date == invoice.billing_date
        and other.hospital_name
        and _same_hospital(invoice.hospital_name, other.hospital_name)
    ]
    if len(that_day) + 1 >= MANY_IN_A_DAY:
        template = gettext_noop("%(count)s invoices of one day from one hospital")
        at = [paths.header("billing_date"), paths.header("hospital_name")]
        yield remark("CLM-SPLIT", at, template, {"count": len(that_day) + 1})


def _period(invoice: Invoice, context: ClaimContext) -> Iterator[Finding]:
    day, begins, ends = invoice.billing_date, context.policy_begins, context.policy_ends
    if day is None:
        return
    at = [paths.header("billing_date")]
    if (begins and day < begins) or (ends and day > ends):
        template = gettext_noop("%(date)s is not within the policy's period, %(begins)s to %(ends)s")
        yield remark("CLM-PERIOD", at, template, {"date": day, "begins": begins or "–", "ends": ends or "–"})
    elif begins and not context.accident and day < begins + timedelta(days=context.waiting_days):
        template = gettext_noop("%(date)s is within the waiting period of %(days)s days from %(begins)s")
        yield remark("CLM-WAIT", at, template, {"date": day, "begins": begins, "days": context.waiting_days})


def _hospital(invoice: Invoice, context: ClaimContext, similarity: Decimal) -> Iterator[Finding]:
    name, known = invoice.hospital_name, context.hospitals
    if not name or not known or any(_same_hospital(name, other, similarity) for other in known):
        return
    template = gettext_noop("%(hospital)s is not on the plan's list of hospitals")
    yield remark("CLM-HOSP", [paths.header("hospital_name")], template, {"hospital": name})


def _coverage(invoice: Invoice, context: ClaimContext) -> Iterator[Finding]:
    if context.covers_class_c:
        return
    at = [paths.line(n, "level") for n, item in enumerate(invoice.line_items) if level_of(item.level) == "丙"]
    if at:
        amount = total(invoice.line_items[paths.row_of(path)].price or ZERO for path in at)
        template = gettext_noop("%(count)s lines of class C, %(amount)s together: the plan does not pay for them")
        yield remark("CLM-CLASSC", at, template, {"count": len(at), "amount": money_text(amount)})


def _amounts(context: ClaimContext) -> Iterator[Finding]:
    eligible = context.eligible
    if eligible is None:
        return
    if not eligible:
        yield remark("CLM-DEDUCT", [paths.TOTAL], gettext_noop("Nothing of this invoice is eligible"))
    elif eligible <= context.deductible_left:
        template = gettext_noop("Eligible %(eligible)s is within the deductible %(deductible)s: nothing is payable")
        values = {"eligible": money_text(eligible), "deductible": money_text(context.deductible_left)}
        yield remark("CLM-DEDUCT", [paths.TOTAL], template, values)
    left, payable = context.sum_insured_left, context.payable
    if left is not None and payable is not None and payable > left:
        template = gettext_noop("Payable %(payable)s is more than the plan's limits leave, %(left)s")
        values = {"payable": money_text(payable), "left": money_text(left)}
        yield remark("CLM-LIMIT", [paths.TOTAL], template, values)


def _settlement(invoice: Invoice, context: ClaimContext) -> Iterator[Finding]:
    if not context.needs_public_settlement or not invoice.payments_info:
        return
    members = payments_by_kind(invoice)
    paid = total(item.amount or ZERO for item in invoice.payments_info if payment_kind(item.name) in FUND_PAYMENTS)
    if not paid:
        at = [path for kind in FUND_PAYMENTS for path in members.get(kind, ())]
        template = gettext_noop("No fund has paid: the plan expects settlement by the public insurance first")
        yield remark("CLM-NOCARD", at or [paths.PAYMENTS], template)


def _verification(invoice: Invoice, context: ClaimContext) -> Iterator[Finding]:
    electronic = invoice.note_code or invoice.check_code
    if electronic and context.verified is False:
        template = gettext_noop("The electronic receipt has not been verified")
        yield remark("CLM-VERIFY", [paths.header("note_no")], template)
