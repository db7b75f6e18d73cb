"""What is emptied when content of a claim is erased: pictures, answers, values. No decision here when, or whether.

Rows that the record needs stay, without their content: a document with its digest, a reading with who read it and when,
a correction with which cell and who, a letter with its digests, a decision with its amounts. Of the log only the
reasons go, which people wrote in their own words: it holds no other values, and its chain covers the reasons' digests.
Everything here runs inside `append_only.suspended`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop

from claims import storage
from claims.models import (
    Claim,
    Correction,
    CostCategory,
    Decision,
    DecisionLine,
    Document,
    Duplicate,
    Finding,
    HealthValue,
    InvoiceHeader,
    Letter,
    LineItem,
    LogEntry,
    Move,
    Note,
    Page,
    PaperRequest,
    Payment,
    Reading,
)
from claims.queueing import search
from ocr_providers.models import ProviderCall

ERASED = gettext_noop("erased")
"""Stands where a text must not be empty."""
NO_ANSWER = "{}"
"""Of a reading: still JSON."""
VALUE_ROWS = (InvoiceHeader, LineItem, CostCategory, Payment, HealthValue, Finding)


def pictures(claim: Claim) -> list[str]:
    """Forgets the pages; returns the keys of the files that are to be deleted once this is committed.

    A file that a document of another claim has too stays until that one's time has come.
    """
    documents = list(Document.objects.filter(claim=claim))
    Page.objects.filter(document__in=documents).delete()
    Document.objects.filter(claim=claim).update(perceptual_hash="")
    digests = _only_here(claim)
    return [key for digest in digests for key in (storage.original_key(digest), *storage.derived_keys(digest))]


def _only_here(claim: Claim) -> list[str]:
    mine = list(Document.objects.filter(claim=claim).values_list("sha256", flat=True))
    others = Document.objects.exclude(claim=claim).filter(sha256__in=mine, claim__erasure__pictures_at=None)
    return sorted(set(mine) - set(others.values_list("sha256", flat=True)))


def answers(claim: Claim) -> None:
    """Empties what providers answered; that they were asked, and what it cost, stays."""
    Reading.objects.filter(document__claim=claim).update(answer=NO_ANSWER)
    calls = ProviderCall.objects.filter(sha256__in=_only_here(claim), answer__isnull=False)
    calls.update(answer=b"", answer_headers={})


def values(claim: Claim) -> list[str]:
    """Empties values, names, remarks and letters; returns the keys of the letters' files."""
    documents = Document.objects.filter(claim=claim)
    for model in VALUE_ROWS:
        model._default_manager.filter(document__claim=claim).delete()
    Correction.objects.filter(document__claim=claim).update(old=None, new=None, reason="")
    _documents(documents)
    _remarks(claim)
    _decisions(claim)
    search.refresh(claim.pk)
    return _letters(claim)


def _documents(documents: QuerySet[Document]) -> None:
    documents.update(original_name=ERASED, failure_reason="", revision=F("revision") + 1)
    for links in (Duplicate.objects.filter(document__in=documents), Duplicate.objects.filter(other__in=documents)):
        links.update(detail="")
        links.exclude(dismissed_by=None).update(dismissed_reason=ERASED)


def _remarks(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(patient_name="")
    # Their digests stay, and the chain with them.
    LogEntry.objects.filter(claim_number=claim.number).update(reason="", reason_salt="")
    Note.objects.filter(claim=claim).update(text=ERASED)
    PaperRequest.objects.filter(claim=claim).update(other="")
    for moves in (Move.objects.filter(from_claim=claim), Move.objects.filter(to_claim=claim)):
        moves.update(reason=ERASED)


def _decisions(claim: Claim) -> None:
    """Outcome, amounts, reason codes and people stay: what was paid is the insurer's own record."""
    made = Decision.objects.filter(claim=claim)
    made.update(reason="", override_reason="")
    made.exclude(superseded_at=None).update(superseded_reason=ERASED)
    DecisionLine.objects.filter(decision__claim=claim).update(name="")


def _letters(claim: Claim) -> list[str]:
    issued = Letter.objects.filter(claim=claim)
    keys = [storage.letter_key(digest) for digest in issued.values_list("pdf_sha256", flat=True)]
    issued.update(html="")
    issued.exclude(replaces=None).update(reason=ERASED)
    return keys


def delete_files(keys: Iterable[str]) -> None:
    """A file that is gone already is no error."""
    for key in keys:
        storage.delete(key)
