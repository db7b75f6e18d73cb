"""What happened between the demo's claims, once they are all there: two were merged, one was split, one is on hold."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count

from claims import holds
from claims.models import Claim, LegalHold, Move, User
from claims.receiving import moves

Status = Claim.Status


@transaction.atomic
def happen(people: Mapping[str, User]) -> None:
    """Each once; what finds no claim that fits is left out."""
    if not Move.objects.exists():
        _merge(people["clerk"])
        _split(people["clerk"])
    decided = Claim.objects.filter(status=Status.DECIDED).order_by("pk").first()
    if decided and not LegalHold.objects.exists():
        holds.place(claim=decided, user=people["supervisor"], reason="客户已提起诉讼，结案前不得删除。")


def _merge(clerk: User) -> None:
    """Two claims of one person that nobody works on yet."""
    ready = Claim.objects.filter(status=Status.READY, assignee=None, policy__isnull=False).select_related("policy")
    seen: dict[int | None, Claim] = {}
    for claim in ready.order_by("pk"):
        first = seen.setdefault(claim.policy_id, claim)
        if first != claim:
            moves.merge(claim=claim, into=first, user=clerk, reason="同一次就诊，分两次寄来。")
            return


def _split(clerk: User) -> None:
    several = Claim.objects.annotate(papers=Count("documents")).filter(status=Status.READY, papers__gt=1)
    claim = several.filter(moves_here=None).order_by("pk").first()
    if claim:
        last = claim.documents.select_related("claim__policy").order_by("-pk")[:1]
        moves.split(documents=list(last), user=clerk, reason="两次就诊，分开处理。")
