"""Which policy a claim may be under: found by what its papers say, chosen by a person."""

from __future__ import annotations

from django.db.models import Q

from claims.models import Claim, HealthValue, InvoiceHeader, Policy

MOST_SUGGESTED = 8


def suggested(claim: Claim) -> list[Policy]:
    """Policies of the person that the claim or its papers name, by identity number first. Three queries at most.

    Two people may share a name: it is only ever offered, with its period and plan beside it.
    """
    headers = InvoiceHeader.objects.filter(document__claim=claim)
    papers = list(headers.values_list("patient_name", "social_security_card_number"))
    reports = HealthValue.objects.filter(document__claim=claim, key="Name").values_list("value_text", flat=True)
    names = {claim.patient_name, *(name for name, _number in papers), *reports} - {""}
    numbers = {number for _name, number in papers} - {""}
    if not names and not numbers:
        return []
    found = Policy.objects.filter(Q(insured_name__in=names) | Q(identity_number__in=numbers)).select_related("plan")
    ranked = sorted(found.order_by("-effective_until", "pk")[:50], key=lambda one: one.identity_number not in numbers)
    return ranked[:MOST_SUGGESTED]
