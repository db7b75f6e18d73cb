"""What is asked for: the Claim, with an item for each line of its invoices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.exports.fhir.elements import Context, Resource, coded, moment, said, without_gaps
from claims.exports.fhir.invoices import name_of, priced_rows
from claims.exports.fhir.people import INSURER, headers, hospital_of, hospital_reference, hospitals
from claims.models import Claim, CostCategory, Document, LineItem

Status = Claim.Status
INPATIENT = 2
CLOSED = {Status.DECIDED: "active", Status.CHECKING: "active", Status.MERGED: "cancelled"}
"""A claim that nobody has decided yet is a draft."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of an invoice and its place in the whole claim, from 1."""

    sequence: int
    document: Document
    row: LineItem | CostCategory


def items(context: Context) -> list[Item]:
    rows = (
        (document, row) for document in context.file.documents for row in priced_rows(context.file.values[document.pk])
    )
    return [Item(n, document, row) for n, (document, row) in enumerate(rows, 1)]


def claim_type(context: Context) -> Resource:
    """A stay in hospital is billed by the institution."""
    inpatient = any(header.type == INPATIENT for header in headers(context))
    return coded("claim-type", "institutional" if inpatient else "professional")


def claim(context: Context) -> Resource:
    of = context.file.claim
    names = hospitals(context)
    return context.resource(
        "Claim",
        identifier=[{"system": context.system("claim-number"), "value": of.number}],
        status=CLOSED.get(Status(of.status), "draft"),
        type=claim_type(context),
        use="claim",
        patient=context.reference("Patient"),
        billablePeriod=_period(context),
        created=moment(of.received_at),
        insurer=context.reference("Organization", INSURER),
        provider=hospital_reference(context, names[0]),
        priority=coded("processpriority", "stat" if of.priority > 0 else "normal"),
        careTeam=[
            {"sequence": n, "provider": hospital_reference(context, name)} for n, name in enumerate(names, 1) if name
        ],
        supportingInfo=list(_supporting(context)),
        insurance=[{"sequence": 1, "focal": True, "coverage": context.reference("Coverage")}],
        item=[_item(context, item, names) for item in items(context)],
        total=context.money(of.amount_asked),
    )


def _supporting(context: Context) -> Iterator[Resource]:
    """First the documents, then what invoices are verified by (票据代码, 校验码)."""
    for n, document in enumerate(context.file.documents, 1):
        shown = context.reference("DocumentReference", document.pk, document.original_name)
        yield {
            "sequence": n, "category": coded("claiminformationcategory", "attachment"), "valueReference": shown,
        }  # fmt: skip
    codes = [
        (name, value)
        for header in headers(context)
        for name in ("note_no", "note_code", "check_code")
        if (value := getattr(header, name))
    ]
    for n, (name, value) in enumerate(codes, len(context.file.documents) + 1):
        category, code = coded("claiminformationcategory", "info"), {"text": name}
        yield {"sequence": n, "category": category, "code": code, "valueString": value}


def _item(context: Context, item: Item, names: list[str]) -> Resource:
    row, papers = item.row, [document.pk for document in context.file.documents]
    header = context.file.values[item.document.pk].header
    hospital = hospital_of(context, item.document.pk)
    parts: Resource = {
        "sequence": item.sequence,
        "careTeamSequence": [names.index(hospital) + 1] if hospital else None,
        "informationSequence": [papers.index(item.document.pk) + 1],
        "productOrService": {"text": name_of(row)},
        "servicedDate": moment(header.billing_date) if header else None,
    }
    return without_gaps({**parts, **(_of_line(context, row) if isinstance(row, LineItem) else _of_total(context, row))})


def _of_line(context: Context, row: LineItem) -> Resource:
    """`level`: 甲/乙/丙 of the public catalogue, as printed."""
    level = {"coding": [{"system": context.system("catalogue-level"), "code": row.level}], "text": row.level}
    return {
        "category": said(row.category),
        "programCode": [level] if row.level.strip() else None,
        "quantity": None if row.quantity is None else {"value": row.quantity},
        "unitPrice": context.money(row.unit_price),
        "net": context.money(row.price),
    }


def _of_total(context: Context, row: CostCategory) -> Resource:
    return {"category": said(row.name), "net": context.money(row.cost)}


def _period(context: Context) -> Resource | None:
    """From the first day that an invoice is about to the last: of a stay in hospital, all of it."""
    papers = list(headers(context))
    begins = [day for header in papers if (day := header.hospital_admitted or header.billing_date)]
    ends = [day for header in papers if (day := header.hospital_discharged or header.billing_date)]
    return {"start": moment(min(begins)), "end": moment(max(ends))} if begins and ends else None
