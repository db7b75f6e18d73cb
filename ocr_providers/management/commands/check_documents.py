"""`check_documents < in.jsonl > out.jsonl`: the arithmetic and the rules over documents in the vendors' schema."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand

from ocr_providers.arithmetic import Finding, Suggestion, check_health_report, check_invoice
from ocr_providers.exact_json import json_text, loads
from ocr_providers.results import JSON
from ocr_providers.vendor_schema import health_from_json, invoice_from_json

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ENVELOPE = "result"
"""Where the JD gateway's answer has the document."""


class Command(BaseCommand):
    help = (
        "Checks documents in the vendors' schema: one JSON object a line on standard input, with `medical_result` or "
        "`data`; one line of warnings for each on standard output."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        out = sys.stdout.buffer
        try:
            for line in sys.stdin.buffer:
                # Half a character that came as an escape goes out as one.
                out.write(json_text(answer(line)).encode("utf-8", "backslashreplace") + b"\n")
                out.flush()
        except BrokenPipeError:  # whoever read has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def answer(line: bytes) -> dict[str, Any]:
    """The output object for one input line; a line that is no document gives its `error`."""
    try:
        document = loads(line.removeprefix(BYTE_ORDER_MARK))
    except ValueError:
        return {"id": None, "error": "not a line of JSON"}
    if not isinstance(document, dict):
        return {"id": None, "error": "not a JSON object"}
    identity = document.get("id")
    place = place_of(document)
    if place is None:
        return {"id": identity, "error": "neither medical_result nor data, or of the wrong type"}
    try:
        found = list(findings_of(place.holder))
    except Exception as error:  # noqa: BLE001 - one document must not end the stream
        return {"id": identity, "error": f"could not be checked ({type(error).__name__})"}
    return {"id": identity, "warnings": [warning(finding, place) for finding in found]}


class Place(NamedTuple):
    """The object that holds `medical_result` or `data`, and the pointer to it."""

    holder: dict[str, JSON]
    pointer: str


def place_of(document: dict[str, JSON]) -> Place | None:
    """`None` when neither the object nor its envelope holds a document."""
    inner = document.get(ENVELOPE)
    for holder, pointer in ((document, ""), (inner, f"/{ENVELOPE}")):
        if isinstance(holder, dict) and (
            isinstance(holder.get("medical_result"), dict) or isinstance(holder.get("data"), list)
        ):
            return Place(holder, pointer)
    return None


def findings_of(holder: dict[str, JSON]) -> Iterable[Finding]:
    """Of an invoice with `extra.sources` the flags are our own engine's: no second opinion."""
    medical_result = holder.get("medical_result")
    if isinstance(medical_result, dict):
        invoice = invoice_from_json(medical_result)
        return check_invoice(invoice, independent=not invoice.sources)
    return check_health_report(health_from_json(holder.get("data")))


def warning(finding: Finding, place: Place | None = None) -> dict[str, Any]:
    """Of a document at `place`; without one, all paths as the finding has them."""
    pointer = place.pointer if place else ""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "paths": [pointer + path for path in finding.paths if place is None or exists(place.holder, path)],
        "message": finding.message,
        "suggestions": [suggestion(item, pointer) for item in finding.suggestions],
    }


def suggestion(item: Suggestion, pointer: str) -> dict[str, Any]:
    changes = [{"path": pointer + change.path, "value": change.value} for change in item.changes]
    return {"changes": changes, "explains": item.explains}


def exists(node: JSON, pointer: str) -> bool:
    """Whether a JSON Pointer (RFC 6901) points to something: a finding may speak of a cell that was not sent."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and key in node:
            node = node[key]
        elif isinstance(node, list) and key.isascii() and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        else:
            return False
    return True
