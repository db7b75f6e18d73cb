"""A claim is opened, by hand, by API, or because documents came in."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims import audit
from claims.models import Claim, Note, Policy, User
from claims.queueing import search

DAYS_TO_DECIDE = 5
"""Complex claims have 30 days by the policy wordings; a desk that promises less keeps its promise."""


def open_claim(
    *,
    user: User | None,
    policy: Policy | None = None,
    patient_name: str = "",
    currency: str = Claim.Currency.CNY,
    number: str = "",
) -> Claim:
    """A new claim; without a `number` it gets the next one of this year (C2026-000123)."""
    now = timezone.now()
    with transaction.atomic():
        claim = Claim.objects.create(
            number=number or f"new-{uuid.uuid4().hex[:20]}",
            policy=policy,
            patient_name=patient_name or (policy.insured_name if policy else ""),
            currency=currency,
            created_by=user,
            received_at=now,
            due_at=now + timedelta(days=DAYS_TO_DECIDE),
        )
        if not number:
            claim.number = f"C{now.year}-{claim.pk:06d}"
            claim.save(update_fields=["number"])
        search.refresh(claim.pk)
        audit.record(person=user or "system", action="claim.opened", claim=claim)
    return claim


def add_note(*, claim: Claim, author: User, text: str) -> Note:
    with transaction.atomic():
        note = Note.objects.create(claim=claim, author=author, text=text)
        audit.record(person=author, action="note.added", claim=claim, subject=str(_("Note")))
    return note
