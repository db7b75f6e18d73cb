"""Which accounts may have a document, in which order, and whose workers ask them."""

from __future__ import annotations

from claims.models import Claim, Document, Job
from ocr_providers.accounts import accounts_for, default_local_account
from ocr_providers.models import ProviderAccount
from ocr_providers.providers import provider_class
from ocr_providers.results import Kind

REGIONS = {Claim.Currency.CNY: "cn", Claim.Currency.THB: "th"}
"""Where the papers of a claim come from, for accounts that only get documents of their own region."""


def candidates(document: Document, account: str) -> list[ProviderAccount]:
    """In order of preference; only `account` where that is named."""
    if account:
        default_local_account()
        return list(ProviderAccount.objects.filter(name=account))
    kind, region = Kind(document.kind), region_of(document)
    found = accounts_for(kind, region=region)
    if any(provider_class(candidate.vendor).in_house for candidate in found):
        return found
    default_local_account()
    return accounts_for(kind, region=region)


def region_of(document: Document) -> str:
    return REGIONS.get(Claim.Currency(document.claim.currency), "")


def queue_of(account: ProviderAccount | None) -> Job.Queue:
    """The engine's workers do what happens in the house, the vendors' workers wait for vendors."""
    in_house = account is None or provider_class(account.vendor).in_house
    return Job.Queue.ENGINE if in_house else Job.Queue.VENDOR
