"""`check_documents < in.jsonl > out.jsonl`: the arithmetic and the rules over documents in the vendors' schema."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand

from ocr_providers.arithmetic import Finding, Suggestion, check_health_report, check_invoice
from ocr_providers.results import JSON
from ocr_providers.vendor_schema import dumps, health_from_json, invoice_from_json, loads


class Command(BaseCommand):
    help = (
        "Checks documents in the vendors' schema: one JSON object a line on standard input, with `medical_result` or "
        "`data`; one line of warnings for each on standard output."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for line in sys.stdin.buffer:
            self.stdout.write(dumps(answer(line)))
            self.stdout.flush()


def answer(line: bytes) -> dict[str, Any]:
    """The output object for one input line; a line that is no document gives its `error`."""
    try:
        document = loads(line)
    except ValueError:
        return {"id": None, "error": "not a line of JSON"}
    if not isinstance(document, dict):
        return {"id": None, "error": "not a JSON object"}
    findings = findings_of(document)
    if findings is None:
        return {"id": document.get("id"), "error": "neither medical_result nor data, or of the wrong type"}
    return {"id": document.get("id"), "warnings": [warning(finding) for finding in findings]}


def findings_of(document: dict[str, JSON]) -> Iterable[Finding] | None:
    """`None` when the object holds no document."""
    medical_result, data = document.get("medical_result"), document.get("data")
    if isinstance(medical_result, dict):
        return check_invoice(invoice_from_json(medical_result))
    return check_health_report(health_from_json(data)) if isinstance(data, list) else None


def warning(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "paths": list(finding.paths),
        "message": finding.message,
        "suggestions": [suggestion(item) for item in finding.suggestions],
    }


def suggestion(item: Suggestion) -> dict[str, Any]:
    changes = [{"path": change.path, "value": change.value} for change in item.changes]
    return {"changes": changes, "explains": item.explains}
