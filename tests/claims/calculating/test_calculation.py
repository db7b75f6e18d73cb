"""What is payable, step by step. Amounts are checked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from claims.calculating.calculation import ONE, ZERO, Calculation, Paper, Step, Terms, Used, calculate, share_out
from ocr_providers.exact_json import loads
from ocr_providers.results import CostCategory, Invoice, LineItem, Payment
from ocr_providers.vendor_schema import invoice_from_json
from tests.claims.conftest import INVOICE

EXAMPLE = invoice_from_json(loads(INVOICE))
"""Total 203.33, fund 120, class C 20, first share of class B 5.83, 自付一 57.50."""


def paid(terms: Terms, *invoices: Invoice, used: Used | None = None) -> Calculation:
    return calculate(terms, [Paper(document=n, invoice=invoice) for n, invoice in enumerate(invoices, 1)], used)


def steps(calculation: Calculation) -> dict[Step, Decimal]:
    return {entry.step: entry.amount for entry in calculation.trace}


def bill(total: str, **fields: object) -> Invoice:
    return Invoice(total_cost=Decimal(total), **fields)  # type: ignore[arg-type]


def test_every_step_of_the_example() -> None:
    terms = Terms(deductible_per_visit=Decimal(7), ratio_insured=Decimal("0.8"), limit_per_visit=Decimal(40))
    result = paid(terms, EXAMPLE)
    assert [(entry.step, str(entry.amount), str(entry.sum)) for entry in result.trace] == [
        (Step.TOTAL, "203.33", "203.33"),
        (Step.FUND, "-120.00", "83.33"),
        (Step.CLASS_C, "-20.00", "63.33"),
        (Step.CLASS_B, "-5.83", "57.50"),
        (Step.ELIGIBLE, "57.50", "57.50"),
        (Step.DEDUCTIBLE_VISIT, "-7", "50.50"),
        (Step.RATIO, "-10.10", "40.40"),
        (Step.LIMIT_VISIT, "-0.40", "40.00"),
        (Step.PAYABLE, "40.00", "40.00"),
    ]
    assert (result.asked, result.eligible, result.approved) == (Decimal("203.33"), Decimal("57.50"), Decimal(40))


def test_classes_that_are_covered_are_not_taken_away() -> None:
    assert paid(Terms(cover_class_b=True, cover_class_c=True), EXAMPLE).eligible == Decimal("83.33")
    assert paid(Terms(cover_class_b=True), EXAMPLE).eligible == Decimal("63.33")


def test_each_line_knows_what_was_asked_and_what_is_eligible() -> None:
    lines = paid(Terms(), EXAMPLE).lines
    assert [(line.name, line.asked, line.eligible, line.reason) for line in lines] == [
        ("阿莫西林胶囊", Decimal(100), Decimal(100), None),
        ("替格瑞洛片", Decimal(50), Decimal("47.5"), Step.CLASS_B),
        ("左氧氟沙星片", Decimal("33.33"), Decimal("30.00"), Step.CLASS_B),
        ("留置针", Decimal(20), ZERO, Step.CLASS_C),
    ]
    assert sum(line.approved for line in lines) == Decimal("57.50")


def test_the_deductible_of_the_year_is_used_up_over_visits() -> None:
    terms = Terms(deductible_per_year=Decimal(100))
    first, second = bill("80", billing_date=date(2025, 1, 1)), bill("50", billing_date=date(2025, 2, 1))
    assert paid(terms, second, first).approved == Decimal(30)
    assert paid(terms, first, second, used=Used(deductible=Decimal(90))).approved == Decimal(120)


def test_the_limit_of_the_year_counts_what_was_paid_before() -> None:
    terms = Terms(limit_per_year=Decimal(100))
    assert paid(terms, bill("80"), bill("80")).approved == Decimal(100)
    assert paid(terms, bill("80"), used=Used(paid=Decimal(150))).approved == ZERO


def test_the_ratio_depends_on_whether_public_insurance_settled_the_visit() -> None:
    terms = Terms(ratio_insured=Decimal("0.9"), ratio_uninsured=Decimal("0.6"))
    fund = Payment(name="医保统筹基金支付", amount=Decimal(10))
    account = Payment(name="个人账户支付", amount=Decimal(10))
    assert paid(terms, bill("100", payments_info=(fund,))).approved == Decimal(81)
    assert paid(terms, bill("100", payments_info=(account,))).approved == Decimal(90)
    assert paid(terms, bill("100", medical_insurance_type="城镇职工")).approved == Decimal(90)
    assert paid(terms, bill("100", medical_insurance_type="普通自费")).approved == Decimal(60)
    none = Payment(name="基金支付", amount=ZERO)
    assert paid(terms, bill("100", medical_insurance_type="城镇职工", payments_info=(none,))).approved == Decimal(60)


def test_amounts_are_rounded_half_up() -> None:
    assert paid(Terms(ratio_uninsured=Decimal("0.5")), bill("0.05")).approved == Decimal("0.03")


def test_without_lines_the_categories_stand_for_them_and_without_both_the_total() -> None:
    categories = (CostCategory(name="西药费", cost=Decimal(60)), CostCategory(name="检查费", cost=Decimal(30)))
    lines = paid(Terms(), bill("100", cost_categories=categories)).lines
    assert [(line.name, line.asked) for line in lines] == [
        ("西药费", Decimal(60)),
        ("检查费", Decimal(30)),
        ("", Decimal(10)),
    ]
    assert [(line.n, line.approved) for line in paid(Terms(), bill("100")).lines] == [(-1, Decimal(100))]


def test_a_class_b_line_without_its_self_paid_amount_takes_price_times_ratio() -> None:
    line = LineItem(price=Decimal("33.33"), level="乙类", selfpay_ratio=Decimal("0.1"))
    assert steps(paid(Terms(), bill("33.33", line_items=(line,))))[Step.CLASS_B] == Decimal("-3.33")


def test_a_level_that_is_not_printed_follows_from_the_ratio() -> None:
    line = LineItem(price=Decimal(20), selfpay_ratio=ONE)
    assert steps(paid(Terms(), bill("20", line_items=(line,))))[Step.CLASS_C] == Decimal(-20)


def test_an_invoice_without_amounts_asks_for_nothing() -> None:
    result = paid(Terms(deductible_per_visit=Decimal(10)), Invoice())
    assert (result.asked, result.eligible, result.approved) == (ZERO, ZERO, ZERO)


CENTS = st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100)
INVOICES = st.builds(
    lambda total, fund, lines: bill(
        str(total), payments_info=(Payment(name="基金支付", amount=fund),), line_items=tuple(lines)
    ),
    CENTS,
    CENTS,
    st.lists(
        st.builds(
            lambda price, level: LineItem(price=price, level=level, selfpay_ratio=Decimal("0.1")),
            CENTS,
            st.sampled_from(["甲", "乙", "丙", None]),
        ),
        max_size=5,
    ),
)
TERMS = st.builds(
    Terms,
    cover_class_b=st.booleans(),
    cover_class_c=st.booleans(),
    deductible_per_visit=CENTS,
    deductible_per_year=CENTS,
    ratio_insured=st.sampled_from([ZERO, Decimal("0.85"), ONE]),
    ratio_uninsured=st.sampled_from([ZERO, Decimal("0.333"), ONE]),
    limit_per_visit=st.none() | CENTS,
    limit_per_year=st.none() | CENTS,
)


@given(TERMS, st.lists(INVOICES, max_size=4))
def test_whatever_the_plan_and_the_papers_the_amounts_stay_in_order(terms: Terms, invoices: list[Invoice]) -> None:
    result = paid(terms, *invoices)
    assert ZERO <= result.approved <= result.eligible <= result.asked
    assert sum((line.asked for line in result.lines), ZERO) == result.asked
    if any(line.eligible > 0 for line in result.lines) or not result.approved:
        assert sum((line.approved for line in result.lines), ZERO) == result.approved
    assert all(line.approved >= 0 for line in result.lines)
    if terms.limit_per_year is not None:
        assert result.approved <= terms.limit_per_year
    amount = ZERO
    for entry in result.trace:
        if entry.step in (Step.ELIGIBLE, Step.PAYABLE):
            assert entry.amount == amount
        else:
            amount = entry.sum


@given(CENTS, st.lists(CENTS, min_size=1, max_size=20))
def test_shares_add_up_to_the_cent_and_equal_weights_differ_by_one(amount: Decimal, weights: list[Decimal]) -> None:
    shares = share_out(amount, weights)
    assert sum(shares) == (amount if any(weights) else 0)
    by_weight: dict[Decimal, list[Decimal]] = {}
    for weight, share in zip(weights, shares, strict=True):
        by_weight.setdefault(weight, []).append(share)
    assert all(max(same) - min(same) <= Decimal("0.01") for same in by_weight.values())
