"""What was decided: the ClaimResponse, with asked, eligible and approved for each line, and the steps of the sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from claims.calculating.calculation import Step
from claims.calculating.settlement import step_label
from claims.exports.fhir.claim import claim_type, items
from claims.exports.fhir.elements import Context, Resource, coded, moment, without_gaps
from claims.exports.fhir.invoices import name_of
from claims.exports.fhir.people import INSURER
from claims.models import Decision, DecisionLine

Outcome = Decision.Outcome
PAYS = {Outcome.APPROVED: "complete", Outcome.PARTLY: "partial"}
STANDARD = {
    Step.TOTAL: "submitted", Step.ELIGIBLE: "eligible", Step.DEDUCTIBLE_VISIT: "deductible",
    Step.DEDUCTIBLE_YEAR: "deductible", Step.RATIO: "eligpercent", Step.PAYABLE: "benefit",
}  # fmt: skip
"""Steps that the code system of adjudications has a word for."""


def response(context: Context, decision: Decision) -> Resource:
    return context.resource(
        "ClaimResponse",
        decision.pk,
        identifier=[{"system": context.system("decision"), "value": str(decision.pk)}],
        status="active" if decision.is_final else "draft",
        type=claim_type(context),
        use="claim",
        patient=context.reference("Patient"),
        created=moment(decision.decided_at),
        insurer=context.reference("Organization", INSURER),
        request=context.reference("Claim"),
        outcome=_outcome(decision),
        disposition=str(decision.get_outcome_display()),
        **_lines(context, decision),
        adjudication=[_step(context, entry) for entry in decision.trace],
        total=[
            {"category": coded("adjudication", name), "amount": context.money(amount)}
            for name, amount in _three(decision).items()
        ],
        payment=_payment(context, decision),
        processNote=list(_notes(decision)),
        insurance=[{"sequence": 1, "focal": True, "coverage": context.reference("Coverage")}],
    )


def _outcome(decision: Decision) -> str:
    """Queued: papers are waited for. Partial: the second person has not agreed yet."""
    if decision.outcome == Outcome.RETURNED:
        return "queued"
    return "complete" if decision.is_final else "partial"


def _three(of: Decision | DecisionLine) -> dict[str, Decimal]:
    """Asked, eligible, approved in the words of the code system."""
    return {"submitted": of.asked, "eligible": of.eligible, "benefit": of.approved}


def _lines(context: Context, decision: Decision) -> Resource:
    """Lines that stand in the Claim as its items; what the total says beyond them, or what is gone since, as added."""
    places: dict[int, list[tuple[int, str]]] = {}
    for item in items(context):
        places.setdefault(item.document.pk, []).append((item.sequence, name_of(item.row)))
    known: list[Resource] = []
    added: list[Resource] = []
    for line in decision.lines.all():
        waiting = places.get(line.document_id or 0, [])
        judged = {"adjudication": list(_adjudication(context, line))}
        if waiting and waiting[0][1] == (line.name or "unknown"):
            known.append({"itemSequence": waiting.pop(0)[0], **judged})
        else:
            added.append({"productOrService": {"text": line.name or "unknown"}, **judged})
    return {"item": known, "addItem": added}


def _adjudication(context: Context, line: DecisionLine) -> Iterator[Resource]:
    reason = None
    if line.reason_code:
        reason = context.own_code("reason", line.reason_code, str(line.get_reason_code_display()))
    for name, amount in _three(line).items():
        why = reason if name == "benefit" else None
        yield without_gaps({"category": coded("adjudication", name), "reason": why, "amount": context.money(amount)})


def _step(context: Context, entry: Mapping[str, Any]) -> Resource:
    """One step of the trace: what it took away or gave."""
    known = {step.value: step for step in Step}.get(entry["step"])
    label = step_label(known) if known else str(entry["label"])
    category = context.own_code("calculation-step", entry["step"], label)
    if known in STANDARD:
        category["coding"].append(coded("adjudication", STANDARD[known])["coding"][0])
    ratio = entry.get("ratio")
    return without_gaps(
        {
            "category": category,
            "amount": context.money(Decimal(entry["amount"])),
            "value": None if ratio is None else Decimal(ratio),
        }
    )


def _payment(context: Context, decision: Decision) -> Resource | None:
    kind = PAYS.get(Outcome(decision.outcome)) if decision.is_final else None
    if kind is None:
        return None
    return {"type": coded("ex-paymenttype", kind), "amount": context.money(decision.approved)}


def _notes(decision: Decision) -> Iterator[Resource]:
    """The reason in words, which letters quote; why it was paid with errors open stays in the house."""
    texts = [decision.get_reason_code_display() if decision.reason_code else "", decision.reason]
    for n, text in enumerate(filter(None, texts), 1):
        yield {"number": n, "type": "display", "text": str(text)}
