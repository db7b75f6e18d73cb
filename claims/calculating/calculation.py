"""What the insurer owes for a claim: pure arithmetic over a plan's terms and the invoices' values, each step kept.

For each invoice, in the order of their dates (DOMAIN notes 2; the insurers' published form is
K = min(limit, max(0, A − deductible) × ratio)):

    A = total − paid by public funds − class C part − class B part          class C and B only where not covered
    payable = (A − deductible per visit − what is left of the yearly deductible) × ratio, at most limit per visit
              and what is left of the yearly limit

The class C part of a line is its price (level 丙, or a self-paid ratio of 1); the class B part is the share that the
patient pays first (self-paid amount, or price × ratio). Amounts are rounded half up to 0.01 after each product.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from ocr_providers.arithmetic.vocabulary import FUND_PAYMENTS, Pay, is_uninsured, level_of, payment_kind
from ocr_providers.results import Invoice, LineItem

ZERO, ONE, CENT = Decimal(0), Decimal(1), Decimal("0.01")


class Step(StrEnum):
    """One step of the trace."""

    TOTAL = "total"
    FUND = "fund-paid"
    CLASS_C = "class-c"
    CLASS_B = "class-b"
    ELIGIBLE = "eligible"
    DEDUCTIBLE_VISIT = "deductible-visit"
    DEDUCTIBLE_YEAR = "deductible-year"
    RATIO = "ratio"
    LIMIT_VISIT = "limit-visit"
    LIMIT_YEAR = "limit-year"
    PAYABLE = "payable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A plan's rules. Limits of `None` do not limit."""

    cover_class_b: bool = False
    cover_class_c: bool = False
    deductible_per_visit: Decimal = ZERO
    deductible_per_year: Decimal = ZERO
    ratio_insured: Decimal = ONE
    ratio_uninsured: Decimal = ONE
    limit_per_visit: Decimal | None = None
    limit_per_year: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What earlier claims of the same insurance year took already."""

    deductible: Decimal = ZERO
    paid: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One invoice and the document it is on."""

    document: int
    invoice: Invoice


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trace: what the step took away (negative) or gave, and what was left after it."""

    step: Step
    amount: Decimal
    sum: Decimal
    ratio: Decimal | None = None
    document: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Asked, eligible and payable for one line of an invoice."""

    document: int
    n: int
    """Place in the invoice's list; -1 for what the total says beyond its lines."""
    name: str
    asked: Decimal
    eligible: Decimal
    approved: Decimal = ZERO
    reason: Step | None = None
    """The class that makes the line not fully eligible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one invoice meets the plan's deductibles and limits, as far as earlier invoices left them."""

    document: int
    eligible: Decimal
    deductible_left: Decimal
    before_limits: Decimal
    """Payable if there were no limits."""
    limit_left: Decimal | None
    """The smaller of what the visit's and the year's limit leave; `None` without limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """Of a whole claim."""

    asked: Decimal
    eligible: Decimal
    approved: Decimal
    trace: tuple[Entry, ...] = ()
    lines: tuple[Line, ...] = ()
    standings: tuple[Standing, ...] = ()


@dataclass(slots=True)
class _Visit:
    """The running sum of one invoice."""

    document: int
    sum: Decimal = ZERO
    trace: list[Entry] = field(default_factory=list)

    def take(self, step: Step, amount: Decimal, *, always: bool = False) -> Decimal:
        """Takes away at most what is left; a step that takes nothing leaves no trace unless it must show."""
        taken = max(ZERO, min(amount, self.sum))
        self.sum -= taken
        if taken or always:
            self.trace.append(Entry(step, -taken, self.sum, document=self.document))
        return taken


def calculate(terms: Terms, papers: Iterable[Paper], used: Used | None = None) -> Calculation:
    """The payable amount of a claim's invoices. An invoice without any amount asks for nothing."""
    so_far = used or Used()
    visits = []
    for paper in sorted(papers, key=_by_date):
        visit = _calculate_one(terms, paper, so_far)
        so_far = Used(deductible=so_far.deductible + visit.deductible, paid=so_far.paid + visit.calculation.approved)
        visits.append(visit.calculation)
    return Calculation(
        asked=sum((visit.asked for visit in visits), ZERO),
        eligible=sum((visit.eligible for visit in visits), ZERO),
        approved=sum((visit.approved for visit in visits), ZERO),
        trace=tuple(entry for visit in visits for entry in visit.trace),
        lines=tuple(line for visit in visits for line in visit.lines),
        standings=tuple(standing for visit in visits for standing in visit.standings),
    )


def _by_date(paper: Paper) -> tuple[bool, str, int]:
    day = paper.invoice.billing_date
    return day is None, day.isoformat() if day else "", paper.document


@dataclass(frozen=True, slots=True)
class _One:
    calculation: Calculation
    deductible: Decimal
    """What this invoice took of the yearly deductible."""


def _calculate_one(terms: Terms, paper: Paper, used: Used) -> _One:
    lines = list(_lines(terms, paper))
    asked = sum((line.asked for line in lines), ZERO)
    visit = _Visit(paper.document, max(ZERO, asked))
    visit.trace.append(Entry(Step.TOTAL, asked, visit.sum, document=paper.document))
    visit.take(Step.FUND, fund_paid(paper.invoice))
    if not terms.cover_class_c:
        visit.take(Step.CLASS_C, sum((class_c(line) for line in paper.invoice.line_items), ZERO))
    if not terms.cover_class_b:
        visit.take(Step.CLASS_B, sum((class_b(line) for line in paper.invoice.line_items), ZERO))
    eligible = visit.sum
    visit.trace.append(Entry(Step.ELIGIBLE, eligible, eligible, document=paper.document))
    deductible = _pay(terms, paper.invoice, visit, used)
    standing = Standing(
        document=paper.document,
        eligible=eligible,
        deductible_left=terms.deductible_per_visit + max(ZERO, terms.deductible_per_year - used.deductible),
        before_limits=next(entry.sum for entry in visit.trace if entry.step is Step.RATIO),
        limit_left=_limit_left(terms, used),
    )
    shared = share_out(visit.sum, [line.eligible for line in lines])
    return _One(
        Calculation(
            asked=max(ZERO, asked),
            eligible=eligible,
            approved=visit.sum,
            trace=tuple(visit.trace),
            lines=tuple(replace(line, approved=amount) for line, amount in zip(lines, shared, strict=True)),
            standings=(standing,),
        ),
        deductible,
    )


def _limit_left(terms: Terms, used: Used) -> Decimal | None:
    of_year = None if terms.limit_per_year is None else max(ZERO, terms.limit_per_year - used.paid)
    return min((limit for limit in (terms.limit_per_visit, of_year) if limit is not None), default=None)


def _pay(terms: Terms, invoice: Invoice, visit: _Visit, used: Used) -> Decimal:
    """From eligible to payable; returns what was taken of the yearly deductible."""
    visit.take(Step.DEDUCTIBLE_VISIT, terms.deductible_per_visit)
    deductible = visit.take(Step.DEDUCTIBLE_YEAR, terms.deductible_per_year - used.deductible)
    ratio = terms.ratio_insured if has_public_insurance(invoice) else terms.ratio_uninsured
    payable = (visit.sum * ratio).quantize(CENT, ROUND_HALF_UP)
    visit.trace.append(Entry(Step.RATIO, payable - visit.sum, payable, ratio, visit.document))
    visit.sum = payable
    if terms.limit_per_visit is not None:
        visit.take(Step.LIMIT_VISIT, visit.sum - terms.limit_per_visit)
    if terms.limit_per_year is not None:
        visit.take(Step.LIMIT_YEAR, visit.sum - max(ZERO, terms.limit_per_year - used.paid))
    visit.trace.append(Entry(Step.PAYABLE, visit.sum, visit.sum, document=visit.document))
    return deductible


# --- what the invoice says -------------------------------------------------------------------------------------------


def fund_paid(invoice: Invoice) -> Decimal:
    """What public funds paid: 基金支付, 大病救助, 民政救助, 其他支付."""
    return _payments(invoice, FUND_PAYMENTS)


def _payments(invoice: Invoice, kinds: Sequence[Pay]) -> Decimal:
    return sum((item.amount or ZERO for item in invoice.payments_info if payment_kind(item.name) in kinds), ZERO)


def has_public_insurance(invoice: Invoice) -> bool:
    """Settled with public insurance: a fund or the insurance account paid; else as the insurance type says."""
    if _payments(invoice, (*FUND_PAYMENTS, Pay.ACCOUNT)) > 0:
        return True
    if any(payment_kind(item.name) in FUND_PAYMENTS for item in invoice.payments_info):
        return False
    return bool(invoice.medical_insurance_type) and not is_uninsured(invoice.medical_insurance_type)


def class_c(line: LineItem) -> Decimal:
    """The price of a line outside the catalogue; 0 for all others."""
    outside = level_of(line.level) == "丙" or (line.level is None and line.selfpay_ratio == ONE)
    return line.price or ZERO if outside else ZERO


def class_b(line: LineItem) -> Decimal:
    """The patient's first share of a line that the catalogue covers in part; 0 for all others."""
    price, ratio = line.price or ZERO, line.selfpay_ratio
    in_part = level_of(line.level) == "乙" or (line.level is None and ratio is not None and ZERO < ratio < ONE)
    if not in_part:
        return ZERO
    share = line.selfpay if line.selfpay is not None else (price * (ratio or ZERO)).quantize(CENT, ROUND_HALF_UP)
    return max(ZERO, min(share, price))


def _lines(terms: Terms, paper: Paper) -> Iterator[Line]:
    """The invoice's lines, or its categories where no lines are printed; then what the total says beyond them."""
    invoice = paper.invoice
    lines = list(_detail_lines(terms, paper)) or list(_category_lines(paper))
    listed = sum((line.asked for line in lines), ZERO)
    rest = ZERO if invoice.total_cost is None else invoice.total_cost - listed
    yield from lines
    if rest or not lines:
        yield Line(document=paper.document, n=-1, name="", asked=rest, eligible=max(ZERO, rest))


def _detail_lines(terms: Terms, paper: Paper) -> Iterator[Line]:
    for n, item in enumerate(paper.invoice.line_items):
        price = item.price or ZERO
        outside = ZERO if terms.cover_class_c else class_c(item)
        share = ZERO if terms.cover_class_b else class_b(item)
        reason = Step.CLASS_C if outside else Step.CLASS_B if share else None
        name = item.ocr_name or item.name or item.origin_ocr_name or ""
        yield Line(
            document=paper.document, n=n, name=name, asked=price, eligible=price - outside - share, reason=reason
        )


def _category_lines(paper: Paper) -> Iterator[Line]:
    for n, item in enumerate(paper.invoice.cost_categories):
        cost = item.cost or ZERO
        yield Line(document=paper.document, n=n, name=item.name or "", asked=cost, eligible=cost)


def share_out(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` in cents over lines in proportion to their weights, exactly: the largest remainders get the last cents.

    Lines with no weight, or a negative one (a refund), get nothing.
    """
    positive = [max(ZERO, weight) for weight in weights]
    whole = sum(positive, ZERO)
    if not whole:
        return [ZERO for _weight in weights]
    exact = [amount * weight / whole for weight in positive]
    shares = [share.quantize(CENT, ROUND_DOWN) for share in exact]
    left = int((amount - sum(shares, ZERO)) / CENT)
    for n in sorted(range(len(exact)), key=lambda n: (shares[n] - exact[n], n))[:left]:
        shares[n] += CENT
    return shares
