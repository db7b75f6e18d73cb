"""The claim's page: the next thing to do, the decision in the reader's words, what became of a claim without papers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone, translation

from claims.models import Claim, Decision, Document, User
from claims.templatetags.claims import calculation, money, outcome_tone

pytestmark = pytest.mark.django_db

TRACE = [
    {"step": "total", "label": "发票总金额", "ratio": None, "amount": "100.00", "sum": "100.00", "document": 1},
    {"step": "fund-paid", "label": "医保基金支付", "ratio": None, "amount": "-40.00", "sum": "60.00", "document": 1},
    {"step": "ratio", "label": "赔付比例 × 90 %", "ratio": "0.9", "amount": "-6.00", "sum": "54.00", "document": 1},
    {"step": "payable", "label": "应付赔款", "ratio": None, "amount": "54.00", "sum": "54.00", "document": 1},
    {"step": "total", "label": "发票总金额", "ratio": None, "amount": "8.00", "sum": "8.00", "document": 2},
]


def decided(claim: Claim, user: User, outcome: Decision.Outcome = Decision.Outcome.APPROVED) -> Decision:
    zero = Decimal(0)
    return Decision.objects.create(
        claim=claim, outcome=outcome, asked=zero, eligible=zero, approved=zero, trace=TRACE, decided_by=user,
        decided_at=timezone.now(),
    )  # fmt: skip


def page_of(client: Client, user: User, claim: Claim, language: str = "en") -> str:
    client.force_login(user)
    client.cookies["django_language"] = language
    return client.get(f"/claims/{claim.number}/").content.decode()


def test_the_steps_of_a_calculation_are_in_the_readers_language_whoever_decided(claim: Claim, reviewer: User) -> None:
    with translation.override("en"):
        first, second = calculation(decided(claim, reviewer))
    assert [step["label"] for step in first[1]] == [
        "Total of the invoice", "Paid by public funds", "Ratio of the plan × 90 %", "Payable",
    ]  # fmt: skip
    assert [step["taken"] for step in first[1]] == [None, Decimal("-40.00"), Decimal("-6.00"), None]
    assert (first[0], second[0], second[1][0]["left"]) == (1, 2, Decimal("8.00"))


def test_what_is_taken_away_has_a_true_minus_sign() -> None:
    assert money(Decimal("-1234.5")) == "−1,234.50"


@pytest.mark.parametrize(
    ("outcome", "tone"), [("approved", "done"), ("partly", "done"), ("rejected", "error"), ("returned", "warning")]
)
def test_a_decision_has_the_tone_of_its_outcome(claim: Claim, reviewer: User, outcome: str, tone: str) -> None:
    assert outcome_tone(decided(claim, reviewer, Decision.Outcome(outcome))) == tone


def test_a_decision_that_waits_for_a_second_person_has_the_tone_of_waiting(claim: Claim, reviewer: User) -> None:
    decision = decided(claim, reviewer)
    decision.needs_check = True
    assert outcome_tone(decision) == "conflict"


def test_a_returned_claim_does_not_say_that_nothing_was_approved(client: Client, claim: Claim, reviewer: User) -> None:
    decided(claim, reviewer, Decision.Outcome.RETURNED)
    card = page_of(client, reviewer, claim).partition('id="decision"')[2].partition("</dl>")[0]
    assert "Eligible" in card
    assert "Approved" not in card


def test_who_may_correct_is_led_to_the_first_paper_that_was_read(
    client: Client, claim: Claim, document: Document, reviewer: User, auditor: User
) -> None:
    link = f'primary" href="/documents/{document.pk}/review/"'
    assert link not in page_of(client, reviewer, claim)  # nothing is read yet
    Document.objects.update(status=Document.Status.READ)
    assert link in page_of(client, reviewer, claim)
    assert link not in page_of(client, auditor, claim)


def test_a_paper_that_was_not_read_says_so_in_words(
    client: Client, claim: Claim, document: Document, reviewer: User
) -> None:
    Document.objects.update(
        status=Document.Status.FAILED,
        kind=Document.Kind.INVOICE,
        failure_code="unreadable",
        failure_reason="The text is too small.",
    )
    Claim.objects.update(status=Claim.Status.READY)
    client.force_login(reviewer)
    for path in ("/?view=all", f"/claims/{claim.number}/"):
        assert "Medical invoice · Not read" in client.get(path).content.decode()


def test_a_merged_claim_offers_no_upload(client: Client, claim: Claim, clerk: User) -> None:
    Claim.objects.update(status=Claim.Status.MERGED)
    assert "?claim=" not in page_of(client, clerk, claim)


def test_papers_side_by_side_show_words_not_codes(client: Client, invoice: Document, reviewer: User) -> None:
    from claims.comparison import compare

    pairs = {pair.label: pair.mine for pair in compare(invoice, invoice)}
    assert pairs["Type"] == "Outpatient"
    assert pairs["Gender"] in ("Male", "Female", "Unknown")
