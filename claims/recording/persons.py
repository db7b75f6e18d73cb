"""All that the desk holds about one person: found by policy, identity number and name, and erased on their request.

A policy is one person's, and so is an identity number. A name may be many people's: a claim that only bears the name,
or that has this person's paper under somebody else's policy, is shown, and erased only when whoever answers for it
says that it is meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from claims import audit, masking
from claims.guards import Refused
from claims.models import Claim, Erasure, Policy, User
from claims.permissions import Permission, require
from claims.queueing import grams, identity_search, search
from claims.recording import erasure


class Why(StrEnum):
    """How a claim was found; the later ones are no proof."""

    POLICY = "policy"
    """Of a policy of this person."""
    IDENTITY = "identity"
    """Of no policy, with an invoice of this identity number."""
    PAPER = "paper"
    """Of somebody else's policy, with an invoice of this identity number."""
    NAME = "name"
    """The name stands in the claim or on its papers."""


SURE = frozenset({Why.POLICY, Why.IDENTITY})


@dataclass(frozen=True, slots=True)
class Found:
    claim: Claim
    why: Why


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a request is about, as far as the desk knows. `numbers`: spellings of the identity numbers."""

    policies: tuple[Policy, ...]
    numbers: frozenset[str]
    names: tuple[str, ...]

    def __str__(self) -> str:
        """For the log, which holds no names of insured persons."""
        if self.policies:
            return ", ".join(policy.number for policy in self.policies)
        return ", ".join(sorted({masking.mask(number.upper()) for number in self.numbers}))


def person(*, policy: Policy | None = None, identity_number: str = "", name: str = "") -> Person:
    """Everything that one of the three leads to. Raises `Refused` for a number that is no whole identity number."""
    if identity_number and not identity_search.is_identity_number(identity_number):
        raise Refused(_("This is no whole identity number."))
    given = [policy] if policy else []
    numbers = _spellings([identity_number, *(each.identity_number for each in given)])
    same = Policy.objects.filter(identity_number__in=numbers).exclude(pk__in=[each.pk for each in given])
    policies = (*given, *same.order_by("pk"))
    names = dict.fromkeys(filter(None, (name, *(each.insured_name for each in policies))))
    return Person(policies, numbers, tuple(names))


def _spellings(numbers: Iterable[str]) -> frozenset[str]:
    """What is no whole number (a card's, a placeholder) may be many people's."""
    whole = filter(identity_search.is_identity_number, numbers)
    return frozenset(spelling for number in whole for spelling in identity_search.spellings(number))


def find(person: Person) -> list[Found]:
    """The person's claims that are not erased yet, each once, the oldest first."""
    erased = Erasure.objects.filter(pictures_at__isnull=False, answers_at__isnull=False, values_at__isnull=False)
    claims = Claim.objects.exclude(pk__in=erased.values("claim"))
    found = {claim.pk: Found(claim, Why.POLICY) for claim in claims.filter(policy__in=person.policies)}
    with_number = claims.filter(documents__invoice__social_security_card_number__in=person.numbers).distinct()
    for claim in with_number:
        found.setdefault(claim.pk, Found(claim, Why.PAPER if claim.policy_id else Why.IDENTITY))
    for name in person.names:
        for claim in claims.filter(_bears(name)):
            found.setdefault(claim.pk, Found(claim, Why.NAME))
    return [found[pk] for pk in sorted(found)]


def _bears(name: str) -> Q:
    words = grams.words_of(name)
    if not words:
        return Q(pk__in=())
    candidates = search.find(words)
    return search.holds(words) if candidates is None else search.holds(words) & Q(pk__in=candidates)


def chosen(found: Iterable[Found], also: Collection[str]) -> list[Claim]:
    """What is erased: the claims that are surely this person's, and those that are named besides."""
    return [item.claim for item in found if item.why in SURE or item.claim.number in also]


def kept(found: Iterable[Found], also: Collection[str] = ()) -> list[str]:
    """Numbers of the claims that nobody has said are this person's: whoever asked should know of them."""
    return [item.claim.number for item in found if item.why not in SURE and item.claim.number not in also]


@transaction.atomic
def erase(*, person: Person, by: User, reason: str, also: Collection[str] = ()) -> list[Claim]:
    """Erases what the desk holds about a person; the claims that were erased. `also`: numbers of claims found unsurely.

    Raises `Refused` when one of them is open or under a legal hold: then nothing is erased. The reason goes into the
    log and must not name the person.
    """
    require(by, Permission.ADMINISTER)
    if not reason.strip():
        raise Refused(_("Say why this person's data is erased."))
    found = find(person)
    if unknown := sorted(set(also) - {item.claim.number for item in found}):
        raise Refused(_("Claim %(number)s does not lead to this person.") % {"number": unknown[0]})
    claims = chosen(found, also)
    for claim in claims:
        erasure.erase(claim=claim, what=erasure.EVERYTHING, by=by, reason=reason.strip())
    _forget_policies(person.policies)
    audit.record(
        person=by,
        action="person.erased",
        subject=str(person),
        reason=reason.strip(),
        detail={"claims": [claim.number for claim in claims]},
    )
    return claims


def _forget_policies(policies: Iterable[Policy]) -> None:
    for policy in policies:
        Policy.objects.filter(pk=policy.pk).update(insured_name="", identity_number="")
        search.refresh_policy(policy.pk)
        _forget_in_the_admin(policy)
    search.forget_deleted()


def _forget_in_the_admin(policy: Policy) -> None:
    """Django's own list of what was changed in the admin repeats the name."""
    entries = AdminEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Policy), object_id=str(policy.pk)
    )
    entries.update(object_repr=policy.number)
