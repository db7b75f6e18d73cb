"""Which accounts may have a document, in which order, and whose workers ask them."""

from __future__ import annotations

from dataclasses import dataclass

from claims.models import Claim, Document, Job
from ocr_providers.accounts import accounts_for, default_local_account
from ocr_providers.models import ProviderAccount
from ocr_providers.providers import provider_class
from ocr_providers.results import Kind

REGIONS = {Claim.Currency.CNY: "cn", Claim.Currency.THB: "th"}
"""Where the papers of a claim come from, for accounts that only get documents of their own region."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What decides who may have a document."""

    kind: Kind
    region: str
    account: str
    """The only one, where that is named."""

    @classmethod
    def of(cls, document: Document, account: str) -> Wanted:
        return cls(Kind(document.kind), region_of(document), account)


def candidates(wanted: Wanted) -> list[ProviderAccount]:
    """In order of preference."""
    if wanted.account:
        default_local_account()
        return list(ProviderAccount.objects.filter(name=wanted.account))
    found = accounts_for(wanted.kind, region=wanted.region)
    if any(provider_class(candidate.vendor).in_house for candidate in found):
        return found
    default_local_account()
    return accounts_for(wanted.kind, region=wanted.region)


def region_of(document: Document) -> str:
    return REGIONS.get(Claim.Currency(document.claim.currency), "")


def queue_of(account: ProviderAccount | None) -> Job.Queue:
    """The engine's workers do what happens in the house, the vendors' workers wait for vendors."""
    in_house = account is None or provider_class(account.vendor).in_house
    return Job.Queue.ENGINE if in_house else Job.Queue.VENDOR
