"""A claim is opened, by hand, by API, or because documents came in."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from string import ascii_uppercase

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit
from claims.guards import Refused
from claims.models import Claim, Note, Policy, User
from claims.queueing import search

DAYS_TO_DECIDE = 5
"""Complex claims have 30 days by the policy wordings; a desk that promises less keeps its promise."""
NUMBER = re.compile(r"[^\W_][\w.-]*")
"""A claim's number is part of its address: letters and digits of any script, hyphens, dots, underscores."""
NO_NUMBERS = frozenset({"new"})
"""Addresses of other pages under `/claims/`."""


def open_claim(
    *,
    user: User | None,
    policy: Policy | None = None,
    patient_name: str = "",
    currency: str = Claim.Currency.CNY,
    number: str = "",
) -> Claim:
    """A new claim; without a `number` it gets the next one of this year (C2026-000123).

    Raises `Refused` for a number that no address can hold, or that another claim has.
    """
    if number and not is_number(number):
        raise Refused(_("A claim number has letters, digits, hyphens, dots and underscores only."))
    now = timezone.now()
    with transaction.atomic():
        claim = Claim(
            number=number or f"new-{uuid.uuid4().hex[:20]}",
            policy=policy,
            patient_name=patient_name or (policy.insured_name if policy else ""),
            currency=currency,
            created_by=user,
            received_at=now,
            due_at=now + timedelta(days=DAYS_TO_DECIDE),
        )
        _insert(claim)
        if not number:
            claim.number = _next_number(claim)
            claim.save(update_fields=["number"])
        search.refresh(claim.pk)
        audit.record(person=user or audit.SYSTEM, action="claim.opened", claim=claim)
    return claim


def is_number(text: str) -> bool:
    return bool(NUMBER.fullmatch(text)) and text.casefold() not in NO_NUMBERS


def _insert(claim: Claim) -> None:
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("There is a claim with the number %(number)s already.") % {"number": claim.number}) from None


def _next_number(claim: Claim) -> str:
    """By its id, which no other claim has. A program may have chosen the very number: then with a letter behind."""
    number = f"C{timezone.localtime(claim.received_at).year}-{claim.pk:06d}"
    taken = set(Claim.objects.filter(number__startswith=number).values_list("number", flat=True))
    choices = (number, *(f"{number}{letter}" for letter in ascii_uppercase))
    return next(choice for choice in choices if choice not in taken)


def add_note(*, claim: Claim, author: User, text: str) -> Note:
    with transaction.atomic():
        note = Note.objects.create(claim=claim, author=author, text=text)
        audit.record(person=author, action="note.added", claim=claim, subject=_("Note"))
    return note
