"""Letters: issued from a decision in one of three languages, kept for good, issued again but never changed."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit, storage
from claims.correspondence import letter_content, letter_print
from claims.correspondence.letter_content import Occasion
from claims.deciding import papers
from claims.guards import Refused
from claims.models import Claim, Decision, Letter, LetterLanguage, PaperRequest, User
from claims.permissions import Permission, require

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


@transaction.atomic
def issue(*, decision: Decision, user: User, language: str) -> Letter:
    """The letter of a decision. Raises `Refused`: no final decision in force, or issued in this language already."""
    kind = KINDS[Decision.Outcome(decision.outcome)]
    _hold(decision, user)
    if _in_force(decision, kind).filter(language=language).exists():
        raise Refused(_("This letter was issued in this language already. Issue it again, and say why."))
    return _make(decision, user, kind, LetterLanguage(language))


@transaction.atomic
def issue_again(*, letter: Letter, user: User, reason: str) -> Letter:
    """A new letter in place of one that stays as it is. Raises `Refused` also without a reason."""
    if not reason.strip():
        raise Refused(_("Say why the letter is issued again."))
    _hold(letter.decision, user)
    if Letter.objects.filter(replaces=letter).exists():
        raise Refused(_("This letter was replaced already: issue the newest one again."))
    return _make(
        letter.decision, user, Kind(letter.kind), LetterLanguage(letter.language), replaces=letter, reason=reason
    )


@transaction.atomic
def remind(*, request: PaperRequest, user: User) -> Letter:
    """A reminder of the papers that were asked for, in the language of that letter."""
    papers.reminded(request=request, user=user)
    _hold(request.decision, user)
    asked = request.decision.letters.filter(kind=Kind.PAPERS).order_by("-id").first()
    language = LetterLanguage(asked.language) if asked else usual_language(request.claim)
    return _make(request.decision, user, Kind.REMINDER, language)


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
    decision: Decision,
    user: User,
    kind: Letter.Kind,
    language: LetterLanguage,
    *,
    replaces: Letter | None = None,
    reason: str = "",
) -> Letter:
    claim, now = decision.claim, timezone.now()
    occasion = Occasion(
        decision=decision,
        kind=kind,
        language=language,
        number=f"{claim.number}-{claim.letters.count() + 1}",
        today=timezone.localdate(now),
        replaces=replaces.number if replaces else "",
    )
    content = letter_content.compose(occasion)
    html, pdf = letter_print.to_html(content), letter_print.to_pdf(content, now)
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
        made_at=now,
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
