"""Documents move between claims: one by one, as a split, as a merger; and back.

Everything of a document goes with it (readings, values, findings, corrections, jobs), because it hangs on the document.
What rules and sums say about both claims is worked out again. Both claims are held in the order of their keys, so that
two moves cannot wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit, intake
from claims.deciding import papers
from claims.editing import findings
from claims.guards import EDITABLE, Refused
from claims.models import Claim, Document, Move, User
from claims.permissions import Permission, require
from claims.queueing import claim_figures

Status, What = Claim.Status, Move.What
WAITING = (Document.Status.QUEUED, Document.Status.READING)


class OtherPolicy(Refused):
    """The claims are under different policies: to be done only by somebody who was told."""


@transaction.atomic
def move(
    *,
    documents: Sequence[Document],
    to: Claim,
    user: User,
    reason: str,
    other_policy: bool = False,
    what: Move.What = What.MOVED,
) -> Move:
    """Documents of one claim go into another. `other_policy`: the person knows that the policies differ.

    Raises `Refused` for a claim that is decided or locked by somebody else, for a document that is there already, for
    another currency; `OtherPolicy`; `PermissionDenied`.
    """
    require(user, Permission.RECEIVE)
    source = _source(documents)
    if not reason.strip():
        raise Refused(_("Say why."))
    _check_pair(source, to, other_policy)
    _hold(source, to, user=user)
    _go(documents, source, to)
    done = Move.objects.create(what=what, from_claim=source, to_claim=to, reason=reason.strip(), moved_by=user)
    done.documents.set(documents)
    papers.came(to, user=user)
    _settle(source, to)
    _record(done, user, "documents.moved", reason.strip())
    return done


@transaction.atomic
def split(*, documents: Sequence[Document], user: User, reason: str) -> Move:
    """Documents of a claim become a claim of their own, of the same person and policy."""
    require(user, Permission.RECEIVE)
    source = _source(documents)
    if not Document.objects.filter(claim=source).exclude(pk__in=[document.pk for document in documents]).exists():
        raise Refused(_("Leave at least one document in the claim."))
    opened = intake.open_claim(
        user=user, policy=source.policy, patient_name=source.patient_name, currency=source.currency
    )
    # It was received when its papers were, and is due when they are.
    Claim.objects.filter(pk=opened.pk).update(
        received_at=source.received_at, due_at=source.due_at, priority=source.priority
    )
    return move(documents=documents, to=opened, user=user, reason=reason, what=What.SPLIT)


@transaction.atomic
def merge(*, claim: Claim, into: Claim, user: User, reason: str, other_policy: bool = False) -> Move:
    """All documents of a claim go into another; the empty one is closed and says where they went."""
    require(user, Permission.RECEIVE)
    documents = list(Document.objects.filter(claim=claim).select_related("claim__policy"))
    if not documents:
        raise Refused(_("This claim has no documents that could be merged."))
    done = move(documents=documents, to=into, user=user, reason=reason, other_policy=other_policy, what=What.MERGED)
    papers.withdraw(claim)
    Claim.objects.filter(pk=claim.pk).update(status=Status.MERGED, version=F("version") + 1)
    return done


@transaction.atomic
def take_back(*, done: Move, user: User) -> Move:
    """The documents go back to where they came from. Raises `Refused` when one of them has moved on since."""
    require(user, Permission.RECEIVE)
    now = timezone.now()
    if not Move.objects.filter(pk=done.pk, undone_at=None).update(undone_at=now, undone_by=user):
        raise Refused(_("This was taken back already."))
    documents = list(done.documents.select_related("claim"))
    source, home = done.to_claim, done.from_claim
    if any(document.claim_id != source.pk for document in documents):
        raise Refused(_("A document has moved on since: move it by itself."))
    if done.what == What.MERGED:  # it opens again in the moment its documents come home
        Claim.objects.filter(pk=home.pk, status=Status.MERGED).update(status=Status.RECEIVED)
    _hold(source, home, user=user)
    _go(documents, source, home)
    _settle(source, home)
    done.refresh_from_db()
    _record(done, user, "documents.moved-back", "")
    return done


def takes_back(claim: Claim) -> list[Move]:
    """Moves from or to this claim that can be taken back, newest first."""
    both = Q(from_claim=claim) | Q(to_claim=claim)
    found = Move.objects.filter(both, undone_at=None).select_related("from_claim", "to_claim", "moved_by")
    return list(found.prefetch_related("documents"))


# --- guards ----------------------------------------------------------------------------------------------------------


def _source(documents: Sequence[Document]) -> Claim:
    if not documents:
        raise Refused(_("Choose the documents."))
    if len({document.claim_id for document in documents}) > 1:
        raise Refused(_("The documents are not of one claim."))
    return documents[0].claim


def _check_pair(source: Claim, to: Claim, other_policy: bool) -> None:
    if source.pk == to.pk:
        raise Refused(_("The documents are in this claim already."))
    if source.currency != to.currency:
        raise Refused(_("The claims are in different currencies."))
    if policies_differ(source, to) and not other_policy:
        raise OtherPolicy(_("The claims are under different policies. Confirm that the documents belong there."))


def policies_differ(source: Claim, to: Claim) -> bool:
    """A claim without a policy fits every other."""
    return bool(source.policy_id and to.policy_id and source.policy_id != to.policy_id)


def _hold(*claims: Claim, user: User) -> None:
    """Holds the claims until the transaction ends, and counts their versions up."""
    for claim in sorted(claims, key=lambda one: one.pk):
        held = Claim.objects.filter(pk=claim.pk, status__in=EDITABLE).update(version=F("version") + 1)
        claim.refresh_from_db(fields=["status", "version", "locked_by", "locked_until"])
        if not held:
            raise Refused(
                _("Claim %(number)s is “%(status)s”: its documents stay where they are.")
                % {"number": claim.number, "status": claim.get_status_display()}
            )
        if claim.is_locked_for(user):
            raise Refused(
                _("%(person)s is working on claim %(number)s.") % {"person": claim.locked_by, "number": claim.number}
            )


# --- the move itself -------------------------------------------------------------------------------------------------


def _go(documents: Sequence[Document], source: Claim, to: Claim) -> None:
    digests = [document.sha256 for document in documents]
    if Document.objects.filter(claim=to, sha256__in=digests).exists():
        raise Refused(_("Claim %(number)s has one of these files already.") % {"number": to.number})
    mine = Document.objects.filter(pk__in=[document.pk for document in documents], claim=source)
    if mine.update(claim=to, revision=F("revision") + 1) != len(documents):
        raise Refused(_("A document has moved meanwhile. Look again."))
    for document in documents:
        document.claim = to


def _settle(source: Claim, to: Claim) -> None:
    """What both claims are now: their status, their findings, their figures."""
    for claim in (source, to):
        _settle_status(claim)
    for document in _concerned(source, to):
        findings.refresh(document)
    claim_figures.name_the_patients(source.pk, to.pk)
    claim_figures.update(source.pk, to.pk)
    for claim in (source, to):
        claim.refresh_from_db()


def _settle_status(claim: Claim) -> None:
    """Being read while something waits to be read; ready once nothing does. A claim in somebody's hands stays there."""
    documents = Document.objects.filter(claim=claim)
    waits = documents.filter(status__in=WAITING).exists()
    if waits:
        Claim.objects.filter(pk=claim.pk, status=Status.READY).update(status=Status.RECEIVED)
    elif documents.exists():
        Claim.objects.filter(pk=claim.pk, status=Status.RECEIVED).update(status=Status.READY)


def _concerned(source: Claim, to: Claim) -> list[Document]:
    """The documents of both claims, and those elsewhere that were found to be like one of them: they name the claim."""
    here = Q(claim__in=(source, to))
    linked = Q(duplicates__other__claim__in=(source, to)) | Q(pk__in=_twins(source, to))
    read = Document.objects.filter(here | linked, status=Document.Status.READ, claim__status__in=EDITABLE)
    return list(read.select_related("claim__policy__plan").distinct().order_by("pk"))


def _twins(source: Claim, to: Claim) -> list[int]:
    links = Document.objects.filter(claim__in=(source, to), duplicates__isnull=False)
    return list(links.values_list("duplicates__other", flat=True))


def _record(done: Move, user: User, action: str, reason: str) -> None:
    """In the story of both claims."""
    for claim, other in ((done.from_claim, done.to_claim), (done.to_claim, done.from_claim)):
        audit.record(
            person=user,
            action=action,
            claim=claim,
            subject=other.number,
            reason=reason,
            detail={
                "move": done.pk,
                "what": done.what,
                "from": done.from_claim.number,
                "to": done.to_claim.number,
                "documents": [document.pk for document in done.documents.all()],
            },
        )
