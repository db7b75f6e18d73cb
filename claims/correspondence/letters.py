"""Letters: issued from a decision in one of three languages, kept for good, issued again but never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit, storage
from claims.correspondence import letter_content
from claims.correspondence.letter_content import Occasion
from claims.correspondence.letter_print import NotPrinted, Printer
from claims.deciding import decisions, papers
from claims.deciding.decisions import Verdict
from claims.guards import Refused
from claims.models import Claim, Decision, Letter, LetterLanguage, PaperRequest, User
from claims.permissions import Permission, require

T = TypeVar("T")
Kind = Letter.Kind
KINDS = {
    Decision.Outcome.APPROVED: Kind.APPROVAL,
    Decision.Outcome.PARTLY: Kind.PARTIAL,
    Decision.Outcome.REJECTED: Kind.REJECTION,
    Decision.Outcome.RETURNED: Kind.PAPERS,
}
LANGUAGES = {Claim.Currency.CNY: LetterLanguage.CHINESE, Claim.Currency.THB: LetterLanguage.THAI}


def usual_language(claim: Claim) -> LetterLanguage:
    """What the insured person reads, as far as the currency of the claim tells."""
    return LANGUAGES[Claim.Currency(claim.currency)]


def issue(*, decision: Decision, user: User, language: str) -> Letter:
    """The letter of a decision. Raises `Refused`: no final decision in force, or issued in this language already."""
    return _printed_first(lambda printer: _issue(printer, decision, user, language))


def decide(*, claim: Claim, user: User, verdict: Verdict, version: int, language: str) -> tuple[Decision, Letter]:
    """A decision and its letter: both are made, or neither. Raises what `decisions.decide` and `issue` raise."""

    def work(printer: Printer) -> tuple[Decision, Letter]:
        decision = decisions.decide(claim=claim, user=user, verdict=verdict, version=version)
        return decision, _issue(printer, decision, user, language)

    return _printed_first(work)


def issue_again(*, letter: Letter, user: User, reason: str) -> Letter:
    """A new letter in place of one that stays as it is. Raises `Refused` also without a reason."""
    if not reason.strip():
        raise Refused(_("Say why the letter is issued again."))
    return _printed_first(lambda printer: _issue_again(printer, letter, user, reason))


def remind(*, request: PaperRequest, user: User) -> Letter:
    """A reminder of the papers that were asked for, in the language of that letter."""
    return _printed_first(lambda printer: _remind(printer, request, user))


# --- each in one transaction -----------------------------------------------------------------------------------------


def _printed_first(work: Callable[[Printer], T]) -> T:
    """Does `work` in a transaction, with what it wants printed already printed: printing holds up nobody.

    What a letter says is known only when the decision is made. So the work begins, is taken back where a letter is
    wanted that is not printed yet, and is done again with the print: with another one if the claim changed meanwhile.
    """
    printer = Printer()
    while True:
        try:
            with transaction.atomic():
                return work(printer)
        except NotPrinted as wanted:
            printer.make(wanted.content)


def _issue(printer: Printer, decision: Decision, user: User, language: str) -> Letter:
    kind = KINDS[Decision.Outcome(decision.outcome)]
    _hold(decision, user)
    if _in_force(decision, kind).filter(language=language).exists():
        raise Refused(_("This letter was issued in this language already. Issue it again, and say why."))
    return _make(printer, decision, user, kind, LetterLanguage(language))


def _issue_again(printer: Printer, letter: Letter, user: User, reason: str) -> Letter:
    _hold(letter.decision, user)
    if Letter.objects.filter(replaces=letter).exists():
        raise Refused(_("This letter was replaced already: issue the newest one again."))
    kind, language = Kind(letter.kind), LetterLanguage(letter.language)
    return _make(printer, letter.decision, user, kind, language, replaces=letter, reason=reason)


def _remind(printer: Printer, request: PaperRequest, user: User) -> Letter:
    papers.reminded(request=request, user=user)
    _hold(request.decision, user)
    asked = request.decision.letters.filter(kind=Kind.PAPERS).order_by("-id").first()
    language = LetterLanguage(asked.language) if asked else usual_language(request.claim)
    return _make(printer, request.decision, user, Kind.REMINDER, language)


def _in_force(decision: Decision, kind: Letter.Kind) -> QuerySet[Letter]:
    return Letter.objects.filter(decision=decision, kind=kind, replaced_by=None)


def _hold(decision: Decision, user: User) -> None:
    """Checks person and decision, and holds the claim: its letters are numbered one after the other."""
    require(user, Permission.DECIDE)
    Claim.objects.select_for_update().get(pk=decision.claim_id)
    decision.refresh_from_db()
    if decision.superseded_at or not decision.is_final:
        raise Refused(_("A letter is made of a decision in force that waits for nobody."))
    if hasattr(decision.claim, "erasure"):
        raise Refused(_("What this claim was decided on has been erased: no letter can be made of it."))


def _make(
    printer: Printer,
    decision: Decision,
    user: User,
    kind: Letter.Kind,
    language: LetterLanguage,
    *,
    replaces: Letter | None = None,
    reason: str = "",
) -> Letter:
    claim = decision.claim
    occasion = Occasion(
        decision=decision,
        kind=kind,
        language=language,
        number=f"{claim.number}-{claim.letters.count() + 1}",
        today=timezone.localdate(printer.at),
        replaces=replaces.number if replaces else "",
    )
    html, pdf = printer.printed(letter_content.compose(occasion))
    letter = Letter.objects.create(
        claim=claim,
        decision=decision,
        number=occasion.number,
        kind=kind,
        language=language,
        html=html,
        html_sha256=_digest(html.encode()),
        pdf_sha256=_digest(pdf),
        pdf_size=len(pdf),
        made_by=user,
        made_at=printer.at,
        replaces=replaces,
        reason=reason.strip(),
    )
    storage.put(storage.letter_key(letter.pdf_sha256), pdf)
    _record(letter, user)
    return letter


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _record(letter: Letter, user: User) -> None:
    """The digests outlive the letter: what was sent can be proved with a copy of it."""
    audit.record(
        person=user,
        action="letter.issued-again" if letter.replaces_id else "letter.issued",
        claim=letter.claim,
        subject=letter.number,
        reason=letter.reason,
        detail={
            "letter": letter.pk,
            "kind": letter.kind,
            "language": letter.language,
            "html_sha256": letter.html_sha256,
            "pdf_sha256": letter.pdf_sha256,
        },
    )


def pdf_of(letter: Letter) -> bytes:
    """The file as it was issued. Raises `storage.FileDamaged` when it is missing or not that file any more."""
    content = storage.read(storage.letter_key(letter.pdf_sha256))
    if _digest(content) != letter.pdf_sha256:
        raise storage.FileDamaged(_("The stored file is not the letter that was issued."))
    return content
