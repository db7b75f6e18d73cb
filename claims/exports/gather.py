"""Everything an export writes about claims, with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from claims.models import Claim, Correction, Decision, Document, Finding
from claims.reviewing import review
from claims.working_values.values import WorkingValues, load_documents


class _OfDocument(Protocol):
    document_id: int


R = TypeVar("R", bound=_OfDocument)


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A claim with its papers as they stand."""

    claim: Claim
    documents: tuple[Document, ...]
    values: Mapping[int, WorkingValues]
    """By document id."""
    corrections: Mapping[int, tuple[Correction, ...]]
    findings: Mapping[int, tuple[Finding, ...]]
    decision: Decision | None
    """The one in force, with `lines` fetched."""

    def identity_numbers(self) -> set[str]:
        """What an export masks, unless the person may see it and asks."""
        said = {text for values in self.values.values() for text in review.identity_numbers(values)}
        if self.claim.policy and self.claim.policy.identity_number:
            said.add(self.claim.policy.identity_number)
        return said | {
            text
            for records in self.corrections.values()
            for record in records
            if record.cell in review.IDENTITY_CELLS
            for text in (record.old, record.new)
            if isinstance(text, str)
        }


def gather(claim: Claim) -> ClaimFile:
    """Nine queries, however many documents and lines there are. `claim.policy.plan` should be selected with it."""
    return gather_all([claim])[0]


def gather_all(claims: Sequence[Claim]) -> list[ClaimFile]:
    """The same for many claims, and as many queries. In the order given."""
    documents = list(Document.objects.filter(claim__in=claims).order_by("id"))
    corrections = _by_document(Correction.objects.filter(document__in=documents).order_by("id"))
    findings = _by_document(Finding.objects.filter(document__in=documents).select_related("acknowledged_by"))
    values, decisions = load_documents(documents), _decisions(claims)
    of_claim: defaultdict[int, list[Document]] = defaultdict(list)
    for document in documents:
        of_claim[document.claim_id].append(document)
    return [
        ClaimFile(
            claim=claim,
            documents=tuple(papers := of_claim[claim.pk]),
            values={paper.pk: values[paper.pk] for paper in papers},
            corrections={paper.pk: tuple(corrections[paper.pk]) for paper in papers},
            findings={paper.pk: tuple(findings[paper.pk]) for paper in papers},
            decision=decisions.get(claim.pk),
        )
        for claim in claims
    ]


def _by_document(rows: Iterable[R]) -> defaultdict[int, list[R]]:
    found: defaultdict[int, list[R]] = defaultdict(list)
    for row in rows:
        found[row.document_id].append(row)
    return found


def _decisions(claims: Sequence[Claim]) -> dict[int, Decision]:
    """Those in force. There is one for a claim at most: the database says so."""
    in_force = Decision.objects.filter(claim__in=claims, superseded_at=None)
    found = in_force.select_related("decided_by", "checked_by").prefetch_related("lines")
    return {decision.claim_id: decision for decision in found}
