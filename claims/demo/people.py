"""The invented staff, plans and policies of the demo desk, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from django.contrib.auth.models import Group

from claims.demo import staff
from claims.models import LetterHead, Plan, Policy, Role, User

PASSWORD = "claimdesk-demo"  # noqa: S105 - shown on the sign-in page of a demo desk


def make_staff(members: Iterable[staff.StaffMember] = staff.STAFF) -> dict[str, User]:
    """The demo users by name; each has the demo password and a role of its own."""
    return {member.username: _make_person(member) for member in members}


def _make_person(member: staff.StaffMember) -> User:
    is_administrator = member.role == Role.ADMINISTRATOR
    person, made = User.objects.get_or_create(
        username=member.username,
        defaults={
            "display_name": member.display_name,
            "language": member.language,
            "reads_languages": list(member.reads_languages),
            "is_staff": is_administrator or member.role == Role.SUPERVISOR,  # who arranges the assignment rules
            "is_superuser": is_administrator,
        },
    )
    if made:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        person.groups.add(Group.objects.get(name=member.role))
    return person


def make_plans(plans: Iterable[staff.Plan] = staff.PLANS) -> dict[str, Plan]:
    """The plans by code."""
    return {plan.code: _make_plan(plan) for plan in plans}


def _make_plan(plan: staff.Plan) -> Plan:
    fields = {**asdict(plan), "hospitals": list(plan.hospitals)}
    made, _new = Plan.objects.get_or_create(code=fields.pop("code"), defaults=fields)
    return made


def make_policies(policies: Iterable[staff.Policy], plans: Mapping[str, Plan]) -> None:
    rows = [Policy(**{**asdict(policy), "plan": plans[policy.plan]}) for policy in policies]
    Policy.objects.bulk_create(rows, ignore_conflicts=True)


def make_letter_heads() -> None:
    """The invented insurer, in each language of its letters."""
    rows = [LetterHead(**asdict(head)) for head in staff.LETTER_HEADS]
    LetterHead.objects.bulk_create(rows, ignore_conflicts=True)
