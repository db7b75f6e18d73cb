"""What each report counts, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.deciding import decisions
from claims.editing.corrections import Edit, correct
from claims.editing.undo import undo
from claims.models import (
    Claim,
    Correction,
    Decision,
    Document,
    LogEntry,
    Policy,
    Reading,
    SampleDraw,
    SecondReviewRule,
    User,
)
from claims.recording import append_only
from claims.reports import flow, money, passing, quality
from claims.reports.catalogue import REPORTS
from claims.reports.report import Report
from claims.reports.scope import Scope
from ocr_providers.models import ProviderAccount, ProviderCall
from ocr_providers.results import Kind

from ..conftest import ReadDocument

pytestmark = pytest.mark.django_db
MakeClaim = Callable[..., Claim]


@pytest.fixture
def scope() -> Scope:
    """Today and the two days before."""
    today = timezone.localdate()
    return Scope(first=today - timedelta(days=2), last=today)


@pytest.fixture
def make_claim(policy: Policy, read_document: ReadDocument) -> MakeClaim:
    def make(number: str, **fields: Any) -> Claim:
        made = Claim.objects.create(number=number, policy=policy, **{"status": Claim.Status.READY, **fields})
        read_document(of=made, note_no=f"5500{Claim.objects.count():06d}")
        return made

    return make


def decide(claim: Claim, user: User, **more: Any) -> Decision:
    claim = Claim.objects.select_related("policy__plan").get(pk=claim.pk)
    verdict = decisions.Verdict(**{"outcome": Decision.Outcome.APPROVED, "override_reason": "Seen.", **more})
    return decisions.decide(claim=claim, user=user, verdict=verdict, version=claim.version)


def fix(claim: Claim, user: User, cell: str = "invoice/total_cost", value: str = "204.33") -> Document:
    document = claim.documents.get()
    correct(document=document, user=user, edits=[Edit(cell, value, 1)])
    return document


def by_first(report: Report) -> dict[Any, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for row in report.rows}


def today() -> date:
    return timezone.localdate()


def test_inflow_counts_claims_that_came_and_decisions_in_force(
    scope: Scope, make_claim: MakeClaim, reviewer: User, supervisor: User
) -> None:
    decided, reopened = make_claim("1"), make_claim("2")
    make_claim("old", received_at=timezone.now() - timedelta(days=3))
    decide(decided, reviewer)
    decide(reopened, reviewer)
    decisions.reopen(claim=reopened, user=supervisor, reason="A letter.")
    Claim.objects.filter(number="2026-000001").delete()
    report = flow.inflow(scope)
    assert by_first(report)[today()] == (2, 1, 1)
    assert list(report.totals) == [("Together", 2, 1, 1)]
    assert len(report.rows) == 3


def test_the_backlog_has_every_open_claim_in_its_class_of_age(scope: Scope, make_claim: MakeClaim) -> None:
    Claim.objects.all().delete()
    now = timezone.now()
    for number, days in enumerate((0, 2, 5, 10, 20, 40)):
        make_claim(str(number), received_at=now - timedelta(days=days), due_at=now - timedelta(days=1))
    make_claim("decided", status=Claim.Status.DECIDED)
    make_claim("checking", status=Claim.Status.CHECKING, received_at=now - timedelta(days=99))
    assert by_first(flow.backlog(scope)) == {
        "To review": (1, 1, 1, 1, 1, 1, 6, 6),
        "Waiting for a second person": (0, 0, 0, 0, 0, 1, 1, 0),
    }


def test_times_run_from_the_first_correction_and_from_arrival(
    scope: Scope, make_claim: MakeClaim, reviewer: User
) -> None:
    now = timezone.now()
    claim = make_claim("1", received_at=now - timedelta(hours=10))
    document = fix(claim, reviewer)
    with append_only.suspended():
        Correction.objects.filter(document=document).update(made_at=now - timedelta(minutes=6))
    decide(claim, reviewer)
    Decision.objects.update(decided_at=now)
    assert by_first(flow.times(scope))[timezone.localdate(now)] == (1, 1, Decimal("6.0"), Decimal("10.0"))


def test_corrections_count_each_value_once_under_its_field_and_provider(
    scope: Scope, make_claim: MakeClaim, reviewer: User, read_document: ReadDocument
) -> None:
    claim = make_claim("1")
    document = fix(claim, reviewer)
    correct(document=document, user=reviewer, edits=[Edit("invoice/total_cost", "203.33", document.revision)])
    line = document.line_items.first()
    assert line
    correct(document=document, user=reviewer, edits=[Edit(f"line_items/{line.pk}/price", "101", 1)])
    undo(document=document, user=reviewer)
    health = read_document(Kind.HEALTH_CHECK)
    weight = health.health_values.get(key="Weight")
    correct(document=health, user=reviewer, edits=[Edit(f"health_values/{weight.pk}/value", "73.2", 1)])
    report = quality.corrections(scope)
    assert by_first(report) == {"Total": (1, 1), "Weight": (1, 1)}
    assert list(report.totals) == [
        ("Documents read", 2, 2),
        ("Corrections for 100 documents", Decimal(100), Decimal(100)),
    ]


def test_accuracy_is_of_documents_that_a_person_paid(scope: Scope, make_claim: MakeClaim, reviewer: User) -> None:
    right, wrong, passed, rejected = (make_claim(name) for name in ("right", "wrong", "passed", "rejected"))
    fix(wrong, reviewer)
    SampleDraw.objects.create(claim=passed, drawn="0.5", share="0.1", held=False, payable="57.50")
    for claim in (right, wrong, passed):
        decide(claim, reviewer)
    decide(rejected, reviewer, outcome=Decision.Outcome.REJECTED, reason_code="period", reason="Too late.")
    report = quality.accuracy(scope)
    limits = (Decimal("50.0"), Decimal("9.5"), Decimal("90.5"))
    assert list(report.rows) == [(today(), "Engine inside", 2, 1, *limits)]
    assert list(report.totals) == [("Together", "Engine inside", 2, 1, *limits)]


def test_the_newest_reading_names_the_provider(scope: Scope, make_claim: MakeClaim, reviewer: User) -> None:
    claim = make_claim("1")
    old = Reading.objects.get(document__claim=claim)
    Reading.objects.create(
        document=old.document, vendor="jd", account_name="JD", kind=old.kind, answer=old.answer,
        started_at=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip
    decide(claim, reviewer)
    assert [row[1] for row in quality.accuracy(scope).rows] == ["JD/DeepFinch"]


def test_savings_say_both_directions_by_currency(scope: Scope, make_claim: MakeClaim, reviewer: User) -> None:
    for number, value in (("1", "193.33"), ("2", "208.33"), ("3", "203.33")):
        claim = make_claim(number)
        fix(claim, reviewer, value=value)
        decide(claim, reviewer)
    report = money.savings(scope)
    assert list(report.rows) == [(today(), "CNY", 2, Decimal("10.00"), Decimal("-5.00"), Decimal("5.00"))]
    assert list(report.totals) == [("Together", "CNY", 2, Decimal("10.00"), Decimal("-5.00"), Decimal("5.00"))]
    assert len(report.drawn) == 1


def call(account: ProviderAccount, n: int, **fields: Any) -> ProviderCall:
    return ProviderCall.objects.create(
        account=account, vendor=account.vendor, sha256="0" * 64, kind="invoice", key=f"{n:064x}", owner="x", status=200,
        expires_at=timezone.now(), **{"state": "ok", "charged": True, "cost": account.price_per_call, **fields},
    )  # fmt: skip


def test_costs_come_from_the_ledger_and_are_shared_among_the_claims_read(scope: Scope, make_claim: MakeClaim) -> None:
    paid = ProviderAccount.objects.create(name="JD", vendor="jd", price_per_call=Decimal("0.30"))
    local = ProviderAccount.objects.create(name="local", vendor="local")
    for n in range(3):
        call(paid, n)
    call(paid, 3, charged=False, cost=0)
    call(paid, 4, started_at=timezone.now() - timedelta(days=5))
    call(local, 5, charged=False)
    document = make_claim("1").documents.get()
    Reading.objects.create(
        document=document, vendor="jd", account_name="JD", kind="invoice", answer="{}", started_at=timezone.now(),
        finished_at=timezone.now(),
    )  # fmt: skip
    report = money.costs(scope)
    assert by_first(report) == {
        "JD": ("JD/DeepFinch", 4, 3, 1, "CNY", Decimal("0.90"), Decimal("0.90")),
        "local": ("Engine inside", 1, 0, 1, "CNY", Decimal("0.00"), Decimal("0.00")),
    }
    assert [series.label for series in report.drawn[0].series] == ["JD"]


def test_straight_through_shows_shares_and_errors_with_their_limits(
    scope: Scope, make_claim: MakeClaim, reviewer: User
) -> None:
    for number, held, payable in (("p", False, "57.50"), ("r", True, "57.50"), ("w", True, "50"), ("open", True, "1")):
        claim = make_claim(number)
        drawn = "0.05" if held else "0.5"
        SampleDraw.objects.create(claim=claim, drawn=drawn, share="0.1", held=held, payable=payable)
        if number != "open":
            decide(claim, reviewer)
    decide(make_claim("other"), reviewer)
    report = passing.straight_through(scope)
    errors = (Decimal("50.0"), Decimal("9.5"), Decimal("90.5"))
    assert by_first(report)[today()] == (4, 1, Decimal("25.0"), 3, 2, 1, *errors)
    assert list(report.totals) == [("Together", 4, 1, Decimal("25.0"), 3, 2, 1, *errors)]
    assert [figure.value for figure in report.figures] == ["25.0 %", "50.0 %", "7.50"]
    assert report.figures[1].hint == "1 of 2; 95 % limits 9.5–90.5 %"


def test_without_a_sample_no_error_is_claimed(scope: Scope) -> None:
    report = passing.straight_through(scope)
    assert report.is_empty
    assert [figure.value for figure in report.figures] == ["–", "–", "0.00"]


def test_second_reviews_by_reason_and_end(
    scope: Scope, make_claim: MakeClaim, reviewer: User, supervisor: User
) -> None:
    SecondReviewRule.objects.create(enabled=True, random_share=1)
    for number in ("agreed", "refused", "waits"):
        decide(make_claim(number), reviewer)
    for number, agree in (("agreed", True), ("refused", False)):
        decisions.check(claim=Claim.objects.get(number=number), user=supervisor, agree=agree, reason="No.")
    assert list(passing.second_reviews(scope).rows) == [("Drawn at random", 3, 1, 1, 1)]


@pytest.mark.parametrize("name", REPORTS)
def test_a_plan_or_a_provider_narrows_every_report(
    scope: Scope, make_claim: MakeClaim, reviewer: User, policy: Policy, name: str
) -> None:
    claim = make_claim("1")
    fix(claim, reviewer)
    decide(claim, reviewer)
    Claim.objects.exclude(pk=claim.pk).delete()
    whole = REPORTS[name](scope)
    same = Scope(first=scope.first, last=scope.last, plan=policy.plan, vendor="local")
    assert REPORTS[name](same).rows == whole.rows
    other = Scope(first=scope.first, last=scope.last, vendor="aigen")
    assert REPORTS[name](other).is_empty


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def auditors(auditor: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(auditor)


def queries(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get("/reports/").status_code == 200
    return len(captured)


def test_the_page_costs_the_same_queries_however_much_there_is(
    auditors: Client, make_claim: MakeClaim, reviewer: User
) -> None:
    accounts = [ProviderAccount.objects.create(name=f"a{n}", vendor="jd") for n in range(3)]

    def work(first: int, last: int) -> None:
        for n in range(first, last):
            claim = make_claim(f"q-{n}")
            fix(claim, reviewer)
            decide(claim, reviewer)
            SampleDraw.objects.create(claim=claim, drawn="0.05", share="0.1", held=True, payable="1")
            call(accounts[n % 3], n)

    work(0, 1)
    few = queries(auditors)
    work(1, 7)
    assert queries(auditors) == few
    assert few <= 22  # session, person, permissions, plans, and at most three for each of nine reports


def test_an_empty_desk_says_what_to_do(auditors: Client) -> None:
    page = auditors.get("/reports/").content.decode()
    assert "Nothing to report yet" in page
    assert '<svg class="chart"' not in page


def test_a_period_that_makes_no_sense_is_said_and_the_usual_one_shown(auditors: Client, claim: Claim) -> None:
    answer = auditors.get("/reports/?first=2026-11-02&last=2026-11-01")
    assert answer.status_code == 200
    assert "The period ends before it begins." in answer.content.decode()
    assert auditors.get("/reports/inflow.csv?first=2026-11-02&last=2026-11-01").status_code == 400


def test_every_chart_has_its_table(auditors: Client, make_claim: MakeClaim, reviewer: User) -> None:
    decide(make_claim("1"), reviewer)
    page = auditors.get("/reports/").content.decode()
    assert page.count('class="card"') == len(REPORTS)
    assert page.count("<figure>") >= 3
    assert "style=" not in page


def test_a_table_is_downloaded_and_that_is_on_record(auditors: Client, auditor: User, claim: Claim) -> None:
    answer = auditors.get("/reports/inflow.csv?first=2026-01-01&last=2026-01-02")
    assert answer["Content-Disposition"] == 'attachment; filename="inflow-2026-01-01-2026-01-02.csv"'
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "# inflow", "From,Came in,Decided,Difference", "2026-01-01,0,0,0", "2026-01-02,0,0,0", "Together,0,0,0",
    ]  # fmt: skip
    entry = LogEntry.objects.latest("id")
    assert (entry.person, entry.action, entry.subject) == (auditor.username, "report.exported", "inflow")
    assert auditors.get("/reports/nothing.csv").status_code == 404


@pytest.mark.parametrize(
    ("who", "shown"), [("reviewer", False), ("clerk", False), ("auditor", True), ("supervisor", True)]
)
def test_the_reports_are_offered_to_those_who_may_see_them(
    people: dict[str, User], signed_in: Callable[[User], Client], who: str, shown: bool
) -> None:
    assert ('href="/reports/"' in signed_in(people[who]).get("/").content.decode()) is shown
