"""Letters: written in the insured person's language, kept as they were sent, never changed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from claims import storage
from claims.correspondence import letter_content, letter_print, letters
from claims.deciding import decisions
from claims.deciding.decisions import Verdict
from claims.deciding.papers import Wanted
from claims.guards import Refused
from claims.models import (
    Claim,
    Decision,
    DecisionLine,
    Document,
    Letter,
    LetterHead,
    LetterLanguage,
    LogEntry,
    Plan,
    Policy,
    TimeLimit,
    User,
)

pytestmark = pytest.mark.django_db
Outcome = Decision.Outcome
Decide = Callable[..., Decision]


@pytest.fixture
def decide(invoice: Document, policy: Policy, reviewer: User) -> Decide:
    """`decide(Outcome.REJECTED, reason="…")`: a decision about a claim with one invoice, 57.50 payable."""

    def make(outcome: Outcome = Outcome.APPROVED, **verdict: Any) -> Decision:
        Claim.objects.filter(pk=invoice.claim_id).update(policy=policy, status=Claim.Status.READY)
        claim = Claim.objects.select_related("policy__plan").get(pk=invoice.claim_id)
        return decisions.decide(
            claim=claim, user=reviewer, verdict=Verdict(outcome=outcome, **verdict), version=claim.version
        )

    return make


def text_of(letter: Letter) -> str:
    """What a person reads on the printed pages."""
    with pypdfium2.PdfDocument(io.BytesIO(letters.pdf_of(letter))) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def test_an_approval_says_amount_lines_calculation_and_days(decide: Decide, reviewer: User) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 4, tzinfo=UTC)):
        letter = letters.issue(decision=decide(), user=reviewer, language="en")
    assert (letter.kind, letter.number) == (Letter.Kind.APPROVAL, "2026-000001-1")
    for said in ("57.50 CNY", "阿莫西林胶囊", "203.33", "Class C", "Paid by public funds", "-120.00", "11 March 2026"):
        assert said in letter.html
        assert said in text_of(letter)


def test_the_days_are_those_the_administrator_set(decide: Decide, reviewer: User) -> None:
    TimeLimit.objects.filter(code=TimeLimit.Code.PAYMENT).update(days=5)
    with time_machine.travel(datetime(2026, 3, 1, 4, tzinfo=UTC)):
        assert "6 March 2026" in letters.issue(decision=decide(), user=reviewer, language="en").html


def test_a_rejection_quotes_the_reason_but_not_what_was_said_inside_the_house(decide: Decide, reviewer: User) -> None:
    decision = decide(
        Outcome.REJECTED, reason_code="period", reason="Seen before the policy began.", override_reason="As Mei said."
    )
    letter = letters.issue(decision=decision, user=reviewer, language="en")
    assert "Visit outside the policy period" in letter.html
    assert "Seen before the policy began." in letter.html
    assert "Mei" not in letter.html + text_of(letter)


def test_a_request_for_papers_lists_them_with_the_last_day(decide: Decide, reviewer: User) -> None:
    wanted = Wanted(papers=("prescription", "detail-list"), other="X-ray of 3 May", until=date(2099, 5, 1))
    letter = letters.issue(
        decision=decide(Outcome.RETURNED, reason="See the list.", wanted=wanted), user=reviewer, language="en"
    )
    assert letter.kind == Letter.Kind.PAPERS
    for said in ("List of charges", "Prescription", "X-ray of 3 May", "1 May 2099"):
        assert said in text_of(letter)


@pytest.mark.parametrize(
    ("language", "day"), [("zh-hans", "2026年3月1日"), ("th", "1 มีนาคม 2569"), ("en", "1 March 2026")]
)
def test_a_letter_is_in_its_own_language_whoever_issues_it(
    decide: Decide, reviewer: User, language: str, day: str
) -> None:
    decision = decide()
    with time_machine.travel(datetime(2026, 3, 1, 4, tzinfo=UTC)), translation.override("th"):
        letter = letters.issue(decision=decision, user=reviewer, language=language)
        assert translation.get_language() == "th"
    assert f'lang="{language}"' in letter.html
    assert day in letter.html
    assert day.replace(" ", "") in text_of(letter).replace(" ", "")


def test_thai_marks_stand_where_they_belong(decide: Decide, reviewer: User) -> None:
    """Set by a shaper: glyphs of the marks' alternative forms, the text still found when it is searched for."""
    LetterHead.objects.create(language="th", name="บริษัท ที่นี่ปู่ป้าน้ำ ประกันภัย")
    letter = letters.issue(decision=decide(), user=reviewer, language="th")
    assert "ที่นี่" in text_of(letter)


def test_a_value_of_the_paper_is_never_markup(decide: Decide, reviewer: User) -> None:
    decision = decide()
    DecisionLine.objects.filter(decision=decision, n=0).update(name="<b>#panic() $x$ *y*</b>")
    letter = letters.issue(decision=decision, user=reviewer, language="en")
    assert "&lt;b&gt;#panic() $x$ *y*&lt;/b&gt;" in letter.html
    assert "<b>#panic() $x$ *y*</b>" in text_of(letter)


def test_the_sender_is_the_letter_head_of_the_language(decide: Decide, reviewer: User) -> None:
    LetterHead.objects.create(language="en", name="Good Hands Insurance", address="1 High Street\nTown")
    letter = letters.issue(decision=decide(), user=reviewer, language="en")
    assert "Good Hands Insurance" in letter.html
    assert "High Street" in text_of(letter)


def test_a_letter_comes_of_a_final_decision_in_force_only(
    decide: Decide, plan: Plan, reviewer: User, supervisor: User
) -> None:
    Plan.objects.update(check_above=0)
    waiting = decide()
    with pytest.raises(Refused):
        letters.issue(decision=waiting, user=reviewer, language="en")
    decisions.check(claim=waiting.claim, user=supervisor, agree=False, reason="Look again.")
    with pytest.raises(Refused):
        letters.issue(decision=waiting, user=reviewer, language="en")
    assert not Letter.objects.exists()


def test_a_letter_is_issued_once_per_language_and_again_only_with_a_reason(decide: Decide, reviewer: User) -> None:
    decision = decide()
    first = letters.issue(decision=decision, user=reviewer, language="en")
    letters.issue(decision=decision, user=reviewer, language="th")
    with pytest.raises(Refused):
        letters.issue(decision=decision, user=reviewer, language="en")
    with pytest.raises(Refused):
        letters.issue_again(letter=first, user=reviewer, reason=" ")
    second = letters.issue_again(letter=first, user=reviewer, reason="The address was wrong.")
    assert (second.replaces, second.number) == (first, "2026-000001-3")
    assert first.number in second.html
    with pytest.raises(Refused):
        letters.issue_again(letter=first, user=reviewer, reason="Once more.")


def test_an_issued_letter_cannot_be_changed_and_its_digests_are_on_record(decide: Decide, reviewer: User) -> None:
    letter = letters.issue(decision=decide(), user=reviewer, language="en")
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(html="Something else")
    assert LogEntry.objects.latest("id").detail["pdf_sha256"] == letter.pdf_sha256


def test_a_file_that_is_not_the_letter_any_more_is_not_handed_out(decide: Decide, reviewer: User) -> None:
    letter = letters.issue(decision=decide(), user=reviewer, language="en")
    key = storage.letter_key(letter.pdf_sha256)
    storage.delete(key)
    storage.put(key, b"something else")
    with pytest.raises(storage.FileDamaged):
        letters.pdf_of(letter)


def test_who_does_not_decide_writes_no_letters(decide: Decide, clerk: User) -> None:
    with pytest.raises(PermissionDenied):
        letters.issue(decision=decide(), user=clerk, language="en")


@pytest.mark.parametrize("kind", Letter.Kind)
def test_every_kind_of_letter_has_its_words(decide: Decide, kind: Letter.Kind) -> None:
    occasion = letter_content.Occasion(
        decision=decide(), kind=kind, language=LetterLanguage.ENGLISH, number="1", today=date(2026, 3, 1)
    )
    content = letter_content.compose(occasion)
    assert content.paragraphs[0].startswith("Dear")
    assert content.closing[-1] == "Yours sincerely"


# --- while a letter is printed ---------------------------------------------------------------------------------------


@pytest.fixture
def while_printing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """`while_printing(act)`: what happens once, just before the first PDF is made."""
    make = letter_print.to_pdf

    def arrange(act: Callable[[], Any]) -> None:
        waiting = [act]

        def to_pdf(content: letter_content.Content, made_at: datetime) -> bytes:
            if waiting:
                waiting.pop()()
            return make(content, made_at)

        monkeypatch.setattr(letter_print, "to_pdf", to_pdf)

    return arrange


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_letter_is_printed(
    decide: Decide, reviewer: User, while_printing: Callable[[Callable[[], Any]], None]
) -> None:
    open_then: list[bool] = []
    decision = decide()
    while_printing(lambda: open_then.append(connection.in_atomic_block))
    letters.issue(decision=decision, user=reviewer, language="en")
    assert open_then == [False]


def returned(claim: Claim, user: User) -> tuple[Decision, Letter]:
    verdict = Verdict(outcome=Outcome.RETURNED, reason="See the list.", wanted=Wanted(papers=("prescription",)))
    return letters.decide(claim=claim, user=user, verdict=verdict, version=claim.version, language="en")


def test_a_decision_and_its_letter_are_made_together_and_once(invoice: Document, reviewer: User) -> None:
    decision, letter = returned(Claim.objects.get(), reviewer)
    assert (Decision.objects.get(), Letter.objects.get()) == (decision, letter)
    assert letter.decision == decision
    assert "Prescription" in text_of(letter)
    assert LogEntry.objects.filter(action="claim.decided").count() == 1


def test_a_letter_that_cannot_be_printed_leaves_the_claim_undecided(
    invoice: Document, reviewer: User, while_printing: Callable[[Callable[[], Any]], None]
) -> None:
    def fail() -> None:
        raise OSError("no fonts")

    while_printing(fail)
    with pytest.raises(OSError, match="no fonts"):
        returned(Claim.objects.get(), reviewer)
    assert not Decision.objects.exists()
    assert not Letter.objects.exists()


def test_of_two_who_issue_one_letter_at_once_one_is_refused(
    decide: Decide, reviewer: User, while_printing: Callable[[Callable[[], Any]], None]
) -> None:
    decision = decide()
    while_printing(lambda: letters.issue(decision=decision, user=reviewer, language="en"))
    with pytest.raises(Refused):
        letters.issue(decision=decision, user=reviewer, language="en")
    assert Letter.objects.count() == 1


def test_a_letter_is_printed_again_when_its_number_was_taken_meanwhile(
    decide: Decide, reviewer: User, while_printing: Callable[[Callable[[], Any]], None]
) -> None:
    decision = decide()
    while_printing(lambda: letters.issue(decision=decision, user=reviewer, language="th"))
    letter = letters.issue(decision=decision, user=reviewer, language="en")
    assert letter.number == "2026-000001-2"
    assert "2026-000001-2" in text_of(letter)
