"""Puts the demo department into the database."""

from __future__ import annotations

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.demo import afterwards
from claims.demo.department import DemoClaim, department
from claims.demo.filing import file_claim
from claims.demo.people import make_letter_heads, make_plans, make_policies, make_staff
from claims.demo.rules import make_rules
from claims.models import Claim, Job, User
from ocr_providers.accounts import default_local_account
from ocr_providers.models import ProviderAccount

BREATH = 0.2
"""Seconds between two claims, at least: longer than SQLite's own waits between two tries for the lock."""
AFTER_PEOPLE = 10
"""Priority of the demo's own readings: an upload has 0 and is read first."""
VENDOR_ACCOUNTS: dict[str, dict[str, Any]] = {
    "jd": {"name": "demo-deepfinch", "price_per_call": Decimal("0.35"), "currency": "CNY"},
    "aigen": {"name": "demo-aigen", "price_per_call": Decimal("4.00"), "currency": "THB"},
}
"""Switched off: their answers and prices are invented, and nothing is ever sent."""


@transaction.atomic
def load_people() -> None:
    """The staff and the plans: enough to sign in."""
    make_staff()
    make_plans()
    make_letter_heads()


def load_department() -> int:
    """All claims that are not there yet, newest last; how many were added. Each is whole or not there."""
    with transaction.atomic():
        people, plans, wanted = make_staff(), make_plans(), department(timezone.localtime())
        make_policies(wanted.policies, plans)
        make_rules(plans, people)
        make_letter_heads()
        accounts = _accounts()
    known = set(Claim.objects.values_list("number", flat=True))
    added = sum(_file_gently(claim, people, accounts) for claim in wanted.claims if claim.number not in known)
    if added:
        afterwards.happen(people)
    return added


def _file_gently(demo: DemoClaim, people: Mapping[str, User], accounts: Mapping[str, ProviderAccount]) -> int:
    """People may be signing in at this moment: between two claims the database is theirs."""
    started = time.monotonic()
    filed = _file(demo, people, accounts)
    time.sleep(max(BREATH, time.monotonic() - started))
    return filed


def _accounts() -> dict[str, ProviderAccount]:
    vendors = {
        vendor: ProviderAccount.objects.get_or_create(
            name=fields["name"], defaults={"vendor": vendor, "enabled": False, **fields}
        )[0]
        for vendor, fields in VENDOR_ACCOUNTS.items()
    }
    return {"local": default_local_account(), **vendors}


@transaction.atomic
def _file(demo: DemoClaim, people: Mapping[str, User], accounts: Mapping[str, ProviderAccount]) -> int:
    claim = file_claim(demo, people, accounts)
    documents = list(claim.documents.values_list("pk", flat=True))
    # Whoever drops a first picture of their own does not wait for the demo's.
    Job.objects.filter(state=Job.State.QUEUED, payload__document__in=documents).update(priority=AFTER_PEOPLE)
    return 1
