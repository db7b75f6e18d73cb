"""What a letter says, as plain data: words of the templates in `templates/letters/`, in the letter's own language.

HTML and PDF are both made of this (`correspondence.letter_print`), so that they cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import time_limits
from claims.calculating import settlement
from claims.calculating.calculation import Step
from claims.models import Claim, Decision, Letter, LetterHead, LetterLanguage, PaperRequest, TimeLimit

BUDDHIST_ERA = 543
NUMBER, TEXT = "number", "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`kinds`: per column `number` or `text`. A row of one cell is a heading."""

    title: str
    head: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()

    def with_kinds(self) -> Iterator[list[tuple[str, str]]]:
        """Head, rows and total, each cell with the kind of its column: for the HTML template."""
        for row in (self.head, *self.rows, self.total):
            yield list(zip(row, self.kinds, strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One letter, from the sender to the signature. Amounts and days are texts of the letter's language."""

    language: str
    title: str
    number: str
    sender: tuple[str, ...]
    recipient: str
    day: str
    facts: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    papers: tuple[str, ...]
    tables: tuple[Table, ...]
    closing: tuple[str, ...]
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What is written about, by which number, when."""

    decision: Decision
    kind: Letter.Kind
    language: LetterLanguage
    number: str
    today: date
    replaces: str = ""
    """Number of the letter that this one replaces."""

    @property
    def claim(self) -> Claim:
        return self.decision.claim


def compose(occasion: Occasion) -> Content:
    """The letter in its language, whatever the language of the person who issues it."""
    with translation.override(occasion.language):
        return _compose(occasion)


def _compose(occasion: Occasion) -> Content:
    request = _request(occasion)
    head = LetterHead.objects.filter(language=occasion.language).first()
    words = _words(occasion, request)
    name = head.name if head else _("Claims department")
    return Content(
        language=occasion.language,
        title=str(TITLES[occasion.kind]),
        number=occasion.number,
        sender=(name, *_lines(head.address if head else ""), *_lines(head.contact if head else "")),
        recipient=_recipient(occasion.claim),
        day=day_text(occasion.today),
        facts=tuple(_facts(occasion)),
        paragraphs=_paragraphs(f"letters/{occasion.kind}.txt", words),
        papers=tuple(request.wanted) if request else (),
        tables=tuple(_tables(occasion)),
        closing=_paragraphs(f"letters/{occasion.kind}-closing.txt", words),
        signature=name,
    )


TITLES = {
    Letter.Kind.APPROVAL: gettext_lazy("Your claim is approved"),
    Letter.Kind.PARTIAL: gettext_lazy("Your claim is approved in part"),
    Letter.Kind.REJECTION: gettext_lazy("Your claim cannot be paid"),
    Letter.Kind.PAPERS: gettext_lazy("Papers we need for your claim"),
    Letter.Kind.REMINDER: gettext_lazy("Reminder: papers we need for your claim"),
}


def _request(occasion: Occasion) -> PaperRequest | None:
    return PaperRequest.objects.filter(decision=occasion.decision).first()


def _recipient(claim: Claim) -> str:
    return claim.patient_name or (claim.policy.insured_name if claim.policy else "") or _("insured person")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _facts(occasion: Occasion) -> Iterator[tuple[str, str]]:
    claim = occasion.claim
    yield _("Letter"), occasion.number
    if occasion.replaces:
        yield _("Replaces letter"), occasion.replaces
    yield _("Claim"), claim.number
    yield _("Received"), day_text(timezone.localdate(claim.received_at))
    if claim.policy:
        yield _("Policy"), claim.policy.number
        yield _("Insured person"), claim.policy.insured_name


# --- words -----------------------------------------------------------------------------------------------------------


def _words(occasion: Occasion, request: PaperRequest | None) -> dict[str, str]:
    """What the templates may name."""
    decision, claim = occasion.decision, occasion.claim
    pays_until = occasion.today + timedelta(days=time_limits.days(TimeLimit.Code.PAYMENT))
    objects_until = occasion.today + timedelta(days=time_limits.days(TimeLimit.Code.OBJECTION))
    return {
        "recipient": _recipient(claim),
        "claim": claim.number,
        "received": day_text(timezone.localdate(claim.received_at)),
        "currency": claim.currency,
        "asked": amount_text(decision.asked),
        "approved": amount_text(decision.approved),
        "reason_label": str(decision.get_reason_code_display()) if decision.reason_code else "",
        "reason": "" if decision.outcome == Decision.Outcome.RETURNED else decision.reason,
        "pays_until": day_text(pays_until),
        "objects_until": day_text(objects_until),
        "papers_asked": day_text(timezone.localdate(request.asked_at)) if request else "",
        "papers_until": day_text(request.until) if request else "",
    }


def _paragraphs(template: str, words: dict[str, str]) -> tuple[str, ...]:
    """Paragraphs stand between empty lines; line ends within one are spaces."""
    text = render_to_string(template, words)
    blocks = (" ".join(block.split()) for block in re.split(r"\n\s*\n", text))
    return tuple(block for block in blocks if block)


def day_text(day: date) -> str:
    """In the active language; in Thai with the year of the Buddhist era, as letters there are dated."""
    if translation.get_language() == LetterLanguage.THAI:
        return f"{formats.date_format(day, 'j F')} {day.year + BUDDHIST_ERA}"
    return formats.date_format(day, "Y年n月j日" if translation.get_language() == LetterLanguage.CHINESE else "j F Y")


def amount_text(amount: Decimal) -> str:
    return f"{amount:,.2f}"


# --- tables ----------------------------------------------------------------------------------------------------------


def _tables(occasion: Occasion) -> Iterator[Table]:
    if occasion.decision.outcome == Decision.Outcome.RETURNED:
        return
    lines = _line_table(occasion)
    if lines.rows:
        yield lines
    if occasion.decision.trace:
        yield _calculation(occasion)


def _line_table(occasion: Occasion) -> Table:
    decision, currency = occasion.decision, occasion.claim.currency
    rows = (
        (
            str(line.n + 1),
            line.name,
            amount_text(line.asked),
            amount_text(line.eligible),
            amount_text(line.approved),
            str(line.get_reason_code_display()) if line.reason_code else "",
        )
        for line in decision.lines.order_by("n")
    )
    return Table(
        title=_("The items of your claim (%(currency)s)") % {"currency": currency},
        head=(_("No."), _("Item"), _("Asked"), _("Eligible"), _("Approved"), _("Reason")),
        kinds=(NUMBER, TEXT, NUMBER, NUMBER, NUMBER, TEXT),
        rows=tuple(rows),
        total=("", _("Total"), *map(amount_text, (decision.asked, decision.eligible, decision.approved)), ""),
    )


def _calculation(occasion: Occasion) -> Table:
    """The trace by `step`: its labels are in the language of whoever decided."""
    papers = [list(steps) for _document, steps in groupby(occasion.decision.trace, lambda step: step.get("document"))]
    rows: list[tuple[str, ...]] = []
    for n, steps in enumerate(papers, start=1):
        if len(papers) > 1:
            rows.append((_("Invoice %(n)d") % {"n": n},))
        rows.extend(_step_row(step) for step in steps)
    return Table(
        title=_("How we calculated (%(currency)s)") % {"currency": occasion.claim.currency},
        head=(_("Step"), _("Amount"), _("Sum")),
        kinds=(TEXT, NUMBER, NUMBER),
        rows=tuple(rows),
    )


def _step_row(step: dict[str, str]) -> tuple[str, ...]:
    ratio = Decimal(step["ratio"]) if step.get("ratio") else None
    label = settlement.step_label(Step(step["step"]), ratio)
    return label, amount_text(Decimal(step["amount"])), amount_text(Decimal(step["sum"]))
