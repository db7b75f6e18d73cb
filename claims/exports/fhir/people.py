"""Who is concerned: the insured person, the hospitals, the insurer, and the cover between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from claims.exports.fhir.elements import Context, Resource, coded, moment, without_gaps
from claims.models import Claim, HealthValue, InvoiceHeader, LetterHead
from ocr_providers.arithmetic.thai_dates import parse_birth_date

INSURER = "insurer"
GENDERS = {1: "male", 2: "female"}


def headers(context: Context) -> Iterator[InvoiceHeader]:
    """Of the claim's invoices, in the order of its documents."""
    found = (context.file.values[document.pk].header for document in context.file.documents)
    return (header for header in found if header)


def health_rows(context: Context) -> Iterator[HealthValue]:
    for document in context.file.documents:
        rows = context.file.values[document.pk].lists.get("health_values", ())
        yield from (row for row in rows if isinstance(row, HealthValue))


def patient(context: Context) -> Resource:
    """The insured person, as policy and papers name them."""
    claim, papers = context.file.claim, list(headers(context))
    name = claim.patient_name or (claim.policy.insured_name if claim.policy else "")
    gender = next((GENDERS[header.patient_gender] for header in papers if header.patient_gender in GENDERS), "unknown")
    return context.resource(
        "Patient",
        identifier=[_identity(context, number) for number in _identity_numbers(claim, papers)],
        name=[{"text": name}] if name else None,
        gender=gender,
        birthDate=moment(_birth(context)),
    )


def _identity_numbers(claim: Claim, papers: list[InvoiceHeader]) -> list[str]:
    known = [claim.policy.identity_number] if claim.policy else []
    return sorted({number for number in (*known, *(header.social_security_card_number for header in papers)) if number})


def _identity(context: Context, number: str) -> Resource:
    return {"type": coded("v2-0203", "SS"), "system": context.system("social-security-number"), "value": number}


def _birth(context: Context) -> date | None:
    texts = {row.key.casefold(): row.value_text for row in health_rows(context)}
    return parse_birth_date(texts["dob"]) if texts.get("dob") else None


# --- organisations ---------------------------------------------------------------------------------------------------


def hospital_of(context: Context, document: int) -> str:
    """The name of the hospital that a document is from; empty where none was read."""
    values = context.file.values[document]
    if values.header:
        return values.header.hospital_name
    rows = (row for row in values.lists.get("health_values", ()) if isinstance(row, HealthValue))
    return next((row.value_text for row in rows if row.key.casefold() == "hospital_name"), "")


def hospitals(context: Context) -> list[str]:
    """Each once, in the order of the documents; one without a name where none is known."""
    names = [hospital_of(context, document.pk) for document in context.file.documents]
    return list(dict.fromkeys(name for name in names if name)) or [""]


def organizations(context: Context) -> Iterator[Resource]:
    for name in hospitals(context):
        yield context.resource(
            "Organization",
            name or "hospital",
            type=[coded("organization-type", "prov")],
            name=name or "unknown",
        )
    yield context.resource("Organization", INSURER, type=[coded("organization-type", "ins")], name=_insurer())


def hospital_reference(context: Context, name: str) -> Resource:
    return context.reference("Organization", name or "hospital", name)


def _insurer() -> str:
    """As the letters call it."""
    return LetterHead.objects.order_by("language").values_list("name", flat=True).first() or "insurer"


def coverage(context: Context) -> Resource:
    """The policy; a draft where none is known, for a claim cannot do without."""
    policy = context.file.claim.policy
    parts: Resource = {"status": "draft"}
    if policy:
        parts = {
            "status": "active",
            "identifier": [{"system": context.system("policy-number"), "value": policy.number}],
            "subscriberId": policy.number,
            "period": {"start": moment(policy.effective_from), "end": moment(policy.effective_until)},
            "class": [
                without_gaps(
                    {"type": coded("coverage-class", "plan"), "value": policy.plan.code, "name": policy.plan.name}
                )
            ],
        }
    return context.resource(
        "Coverage",
        **parts,
        beneficiary=context.reference("Patient"),
        payor=[context.reference("Organization", INSURER)],
    )
