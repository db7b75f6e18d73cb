"""Above the plan's limit a second person checks: the database refuses what goes around the verbs, by raw SQL too."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from claims.models import Claim, Decision, Plan, Policy, User
from claims.recording import four_eyes

pytestmark = pytest.mark.django_db


@pytest.fixture
def covered(claim: Claim, policy: Policy) -> Claim:
    """The plan's limit is 500."""
    Plan.objects.update(check_above=Decimal("500.00"))
    Claim.objects.filter(pk=claim.pk).update(policy=policy, status=Claim.Status.CHECKING)
    claim.refresh_from_db()
    return claim


def decision(claim: Claim, by: User, amount: str, *, needs_check: bool, checker: User | None = None) -> Decision:
    return Decision.objects.create(
        claim=claim, outcome=Decision.Outcome.APPROVED, asked=Decimal(amount), eligible=Decimal(amount),
        approved=Decimal(amount), decided_by=by, needs_check=needs_check, checked_by=checker,
        checked_at=timezone.now() if checker else None,
    )  # fmt: skip


def sql(statement: str, *values: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


@pytest.mark.parametrize(("amount", "passes"), [("500.00", True), ("500.01", False), ("1000", False)])
def test_a_decision_above_the_limit_needs_a_second_person(
    covered: Claim, reviewer: User, amount: str, passes: bool
) -> None:
    if passes:
        assert decision(covered, reviewer, amount, needs_check=False).pk
        return
    with pytest.raises(DatabaseError, match="needs a second person"), transaction.atomic():
        decision(covered, reviewer, amount, needs_check=False)
    assert decision(covered, reviewer, amount, needs_check=True).pk


def test_without_a_policy_a_plans_default_is_the_limit(claim: Claim, reviewer: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        decision(claim, reviewer, "2000.01", needs_check=False)
    assert decision(claim, reviewer, "2000.00", needs_check=False).pk


@pytest.mark.parametrize("change", ["needs_check = false", "approved = 501, eligible = 501, needs_check = false"])
def test_no_console_takes_the_second_person_away(covered: Claim, reviewer: User, change: str) -> None:
    made = decision(covered, reviewer, "800", needs_check=True)
    with pytest.raises(DatabaseError, match="needs a second person"):
        sql(f"UPDATE claims_decision SET {change} WHERE id = %s", made.pk)


def test_no_console_makes_the_maker_the_checker(covered: Claim, reviewer: User) -> None:
    made = decision(covered, reviewer, "800", needs_check=True)
    with pytest.raises(DatabaseError):
        sql("UPDATE claims_decision SET checked_by_id = decided_by_id, checked_at = decided_at WHERE id = %s", made.pk)


def test_no_console_closes_a_claim_that_waits_for_the_second_person(
    covered: Claim, reviewer: User, supervisor: User
) -> None:
    made = decision(covered, reviewer, "800", needs_check=True)
    with pytest.raises(DatabaseError, match="still waits"):
        sql("UPDATE claims_claim SET status = 'decided' WHERE id = %s", covered.pk)
    sql("UPDATE claims_decision SET checked_by_id = %s, checked_at = decided_at WHERE id = %s", supervisor.pk, made.pk)
    assert sql("UPDATE claims_claim SET status = 'decided' WHERE id = %s", covered.pk) == 1


def test_a_limit_lowered_later_does_not_touch_decisions_that_were_made(covered: Claim, reviewer: User) -> None:
    made = decision(covered, reviewer, "400", needs_check=False)
    Plan.objects.update(check_above=Decimal("100.00"))
    made.superseded_at, made.superseded_reason = timezone.now(), "A letter came."
    made.save(update_fields=["superseded_at", "superseded_reason"])
    assert Decision.objects.get().superseded_at


def test_the_triggers_are_made_once(db: None) -> None:
    four_eyes.create_triggers(connection)
    four_eyes.create_triggers(connection)


@pytest.mark.django_db(transaction=True)
def test_a_desk_with_claims_is_migrated_and_its_triggers_are_back(covered: Claim, reviewer: User) -> None:
    """The migration remakes the table of plans, which the triggers name."""
    made = decision(covered, reviewer, "400", needs_check=False)
    call_command("migrate", "claims", "0007", verbosity=0)
    call_command("migrate", "claims", verbosity=0)
    assert Plan.objects.get().check_above == Decimal("500.00")
    with pytest.raises(DatabaseError, match="needs a second person"):
        sql("UPDATE claims_decision SET approved = 501, eligible = 501 WHERE id = %s", made.pk)
