"""Everything an export writes about a claim, with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claims.models import Claim, Correction, Decision, Document, Finding
from claims.reviewing import review
from claims.working_values.values import WorkingValues, load_documents


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
    documents = tuple(claim.documents.order_by("id"))
    corrections: dict[int, list[Correction]] = {document.pk: [] for document in documents}
    for record in Correction.objects.filter(document__in=documents).order_by("id"):
        corrections[record.document_id].append(record)
    findings: dict[int, list[Finding]] = {document.pk: [] for document in documents}
    for finding in Finding.objects.filter(document__in=documents).select_related("acknowledged_by"):
        findings[finding.document_id].append(finding)
    decisions = claim.decisions.filter(superseded_at=None).select_related("decided_by", "checked_by")
    return ClaimFile(
        claim=claim,
        documents=documents,
        values=load_documents(documents),
        corrections={pk: tuple(records) for pk, records in corrections.items()},
        findings={pk: tuple(rows) for pk, rows in findings.items()},
        decision=decisions.prefetch_related("lines").first(),
    )
