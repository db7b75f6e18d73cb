"""Finding claims by a whole identity number: only for those who may reveal one, and on record each time.

Identity numbers are in no search row (`queueing.search`): no part of one finds anything, and nobody can guess along.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from claims import audit, masking
from claims.access import claims_for
from claims.guards import Refused
from claims.models import InvoiceHeader, Policy, User
from claims.permissions import Permission, may
from ocr_providers.arithmetic import identity_numbers

MOST_FOUND = 50


def is_identity_number(text: str) -> bool:
    """A whole Chinese or Thai identity number, its check character right."""
    number = identity_numbers.normal(text)
    return identity_numbers.is_valid(number) or (number.isdecimal() and identity_numbers.is_valid_thai(number))


def spellings(number: str) -> set[str]:
    """As it may stand in a policy or on an invoice."""
    return {identity_numbers.normal(number), identity_numbers.normal(number).lower()}


@transaction.atomic
def find(*, number: str, user: User) -> list[str]:
    """Numbers of the claims whose policy or invoice has this identity number, newest first.

    Raises `Refused` for whoever may not reveal identity numbers.
    """
    if not may(user, Permission.REVEAL):
        raise Refused(_("Your role does not allow to search by identity numbers."))
    numbers = spellings(number)
    insured = Policy.objects.filter(identity_number__in=numbers).values("pk")
    invoiced = InvoiceHeader.objects.filter(social_security_card_number__in=numbers).values("document__claim")
    claims = claims_for(user).filter(Q(policy__in=insured) | Q(pk__in=invoiced)).order_by("-id")
    found = list(claims.values_list("number", flat=True)[:MOST_FOUND])
    shown = masking.mask(identity_numbers.normal(number))
    audit.record(person=user, action="identity.searched", subject=shown, detail={"claims": sorted(found)})
    return found
