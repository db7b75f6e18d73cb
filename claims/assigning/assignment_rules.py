"""Claims that are ready for review find their person by themselves, by the rows of `AssignmentRule`.

The rules are tried in their order. The first one whose conditions the claim meets, and that has somebody who may decide
and reads the language, gets the claim; of several people the one with the fewest open claims. The log says which rule
it was and why it was this person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import ngettext

from claims.assigning import assignment
from claims.models import AssignmentRule, Claim, User
from claims.permissions import Permission, may, require

BY_RULE = "assignment rules"
"""The person of the log's entries."""
LANGUAGES = {Claim.Currency.CNY: AssignmentRule.Language.CHINESE, Claim.Currency.THB: AssignmentRule.Language.THAI}
MOST_AT_ONCE = 200


def in_use() -> bool:
    return AssignmentRule.objects.filter(enabled=True).exists()


def waiting() -> QuerySet[Claim]:
    """What the rules may give away: ready for review and nobody's; the urgent and the old first."""
    claims = Claim.objects.filter(status=Claim.Status.READY, assignee=None)
    return claims.order_by("-priority", "received_at", "id")


@dataclass(slots=True)
class Desk:
    """The rules in force and how busy everybody is, looked up once for many claims."""

    rules: list[AssignmentRule]
    loads: dict[int, int] = field(default_factory=dict)
    """Open claims by person."""

    @classmethod
    def now(cls) -> Desk:
        people = Prefetch("people", User.objects.filter(is_active=True).order_by("pk"))
        rules = list(AssignmentRule.objects.filter(enabled=True).prefetch_related(people))
        everybody = {person for rule in rules for person in rule.people.all()}
        able = {person.pk for person in everybody if may(person, Permission.DECIDE)}
        return cls(rules, assignment.open_claims(able))

    def pick(self, claim: Claim) -> tuple[AssignmentRule, User] | None:
        """The rule that gets the claim, and its person; `None` when none fits or has anybody free."""
        for rule in self.rules:
            free = [person for person in rule.people.all() if person.pk in self.loads and _reads(person, claim)]
            if free and fits(rule, claim):
                return rule, min(free, key=lambda person: (self.loads[person.pk], person.pk))
        return None


def fits(rule: AssignmentRule, claim: Claim) -> bool:
    """Whether the claim meets every condition that the rule names. An amount nobody knows meets no amount."""
    asked = claim.amount_asked
    return (
        (rule.plan_id is None or (claim.policy is not None and claim.policy.plan_id == rule.plan_id))
        and (not rule.language or rule.language == language_of(claim))
        and (rule.amount_from is None or (asked is not None and asked >= rule.amount_from))
        and (rule.amount_below is None or (asked is not None and asked < rule.amount_below))
        and (not rule.kind or any(document.kind == rule.kind for document in claim.documents.all()))
    )


def language_of(claim: Claim) -> str:
    return LANGUAGES[Claim.Currency(claim.currency)].value


def _reads(person: User, claim: Claim) -> bool:
    """Whoever says nothing about languages gets papers in all of them."""
    return not person.reads_languages or language_of(claim) in person.reads_languages


def assign_by_rules(claims: Iterable[Claim], by: User | str = BY_RULE) -> list[Claim]:
    """Gives away what the rules cover, and sets due times; returns the claims that found somebody.

    The claims should have their policy and documents loaded. Whoever took one meanwhile keeps it.
    """
    desk = Desk.now()
    return [claim for claim in claims if _assign(claim, desk, by)]


def assign_waiting(*, by: User) -> tuple[int, int]:
    """A supervisor has the rules run over what waits now: how many claims found somebody, and how many did not."""
    require(by, Permission.ASSIGN)
    claims = list(waiting().select_related("policy").prefetch_related("documents")[:MOST_AT_ONCE])
    given = assign_by_rules(claims, by)
    return len(given), len(claims) - len(given)


def _assign(claim: Claim, desk: Desk, by: User | str) -> bool:
    picked = desk.pick(claim)
    if picked is None:
        return False
    rule, person = picked
    try:
        with transaction.atomic():
            if rule.due_hours is not None:
                due_at = claim.received_at + timedelta(hours=rule.due_hours)
                Claim.objects.filter(pk=claim.pk, assignee=None).update(due_at=due_at)
            assignment.assign(claim=claim, to=person, by=by, expected=None, reason=_why(rule, desk.loads[person.pk]))
    except assignment.AlreadyTaken:
        return False
    desk.loads[person.pk] += 1
    return True


def _why(rule: AssignmentRule, load: int) -> str:
    if len(rule.people.all()) < 2:
        return f"“{rule.name}”"
    said = ngettext("fewest open claims: %(count)d", "fewest open claims: %(count)d", load) % {"count": load}
    return f"“{rule.name}”, {said}"
