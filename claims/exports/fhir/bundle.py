"""The whole claim as one Bundle of the type `collection`: every reference in it leads to another entry of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from claims.exports.fhir import claim, health, invoices, papers, people, provenance, response
from claims.exports.fhir.elements import Context, Resource, moment
from claims.exports.gather import ClaimFile


def to_bundle(file: ClaimFile, desk: str) -> Resource:
    """Numbers are `Decimal`: write it with `exact_json.dumps`. `desk`: its address, without a slash at the end.

    One query: what the insurer is called.
    """
    context = Context(file, desk)
    return {
        "resourceType": "Bundle",
        "id": context.id("Bundle"),
        "identifier": {"system": context.system("claim-number"), "value": file.claim.number},
        "type": "collection",
        "timestamp": moment(timezone.now()),
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in _resources(context)],
    }


def _resources(context: Context) -> Iterator[Resource]:
    yield claim.claim(context)
    if context.file.decision:
        yield response.response(context, context.file.decision)
    yield people.patient(context)
    yield people.coverage(context)
    yield from people.organizations(context)
    yield from papers.references(context)
    yield from invoices.invoices(context)
    yield from health.reports(context)
    yield from provenance.corrections(context)
