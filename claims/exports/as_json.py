"""A claim as JSON: its documents in the vendors' own schema, what people changed, and the decision."""

from __future__ import annotations

from typing import Any

from claims.exports.gather import ClaimFile
from claims.models import Correction, Decision, Document, Finding
from claims.working_values.values import WorkingValues
from ocr_providers.results import Invoice
from ocr_providers.vendor_schema import health_to_json, invoice_to_json


def to_json(file: ClaimFile) -> dict[str, Any]:
    """Numbers are `Decimal`: write it with `exact_json.dumps`."""
    claim = file.claim
    return {
        "claim": {
            "number": claim.number,
            "status": claim.status,
            "currency": claim.currency,
            "patient_name": claim.patient_name,
            "policy": claim.policy.number if claim.policy else None,
            "plan": claim.policy.plan.code if claim.policy else None,
            "received_at": claim.received_at.isoformat(),
            "amount_asked": claim.amount_asked,
            "amount_approved": claim.amount_approved,
        },
        "documents": [_document(file, document) for document in file.documents],
        "decision": _decision(file.decision) if file.decision else None,
    }


def _document(file: ClaimFile, document: Document) -> dict[str, Any]:
    return {
        "id": document.pk,
        "name": document.original_name,
        "kind": document.kind,
        "sha256": document.sha256,
        "pages": document.page_count,
        **values_json(file.values[document.pk]),
        "corrections": [_correction(record) for record in file.corrections[document.pk]],
        "findings": [_finding(finding) for finding in file.findings[document.pk]],
    }


def values_json(values: WorkingValues) -> dict[str, Any]:
    """`{"medical_result": {…}}` of the JD document, or `{"data": […]}` of the AIGEN document."""
    result = values.whole_result()
    return (
        {"medical_result": invoice_to_json(result)} if isinstance(result, Invoice) else {"data": health_to_json(result)}
    )


def _correction(record: Correction) -> dict[str, Any]:
    return {
        "cell": record.cell,
        "label": record.label,
        "old": record.old,
        "new": record.new,
        "why": record.why,
        "reason": record.reason,
        "rule": record.finding_code,
        "batch": str(record.batch),
        "takes_back": record.undoes_id,
        "id": record.pk,
        "person": record.person,
        "at": record.made_at.isoformat(),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "cells": finding.cells,
        "message": finding.message,
        "acknowledged_by": finding.acknowledged_by.get_username() if finding.acknowledged_by else None,
        "acknowledged_reason": finding.acknowledged_reason,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    names = (
        "outcome",
        "asked",
        "eligible",
        "approved",
        "reason_code",
        "reason",
        "override_reason",
        "trace",
        "needs_check",
    )
    return {
        **{name: getattr(decision, name) for name in names},
        "decided_by": decision.decided_by.get_username(),
        "decided_at": decision.decided_at.isoformat(),
        "checked_by": decision.checked_by.get_username() if decision.checked_by else None,
        "checked_at": decision.checked_at.isoformat() if decision.checked_at else None,
        "lines": [
            {
                "document": line.document_id,
                "n": line.n,
                "name": line.name,
                "asked": line.asked,
                "eligible": line.eligible,
                "approved": line.approved,
                "reason_code": line.reason_code,
            }
            for line in decision.lines.all()
        ],
    }
