"""The demo's department in the database: whole claims only, once, and never among the claims of real people."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from claims import audit
from claims.demo import department, filing, loading
from claims.demo.documents import DemoPicturesMissing
from claims.demo.staff import PLANS, STAFF
from claims.management.commands import load_demo
from claims.models import Claim, Correction, Decision, Document, Job, LogEntry, Plan, Reading, Role, SampleDraw, User
from ocr_providers.models import ProviderAccount, ProviderCall

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
FEW = 3
"""Decided claims; with them come a checked, a returned and an unread one."""


def few(now: datetime) -> department.Department:
    """A department of a few claims, one of each status."""
    whole = department.department(now)
    chosen = [claim for claim in whole.claims if claim.status == department.DECIDED][:FEW]
    for status in (department.CHECKING, department.RETURNED, department.IN_REVIEW, department.READY):
        chosen.append(next(claim for claim in whole.claims if claim.status == status))
    chosen.append(next(claim for claim in whole.claims if claim.unread))
    return replace(whole, claims=tuple(chosen))


@pytest.fixture(autouse=True)
def small_and_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "department", few)
    monkeypatch.setattr("claims.demo.loading.time.sleep", lambda _seconds: None)


def load(**options: bool) -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def stands_as(wanted: department.DemoClaim) -> set[str]:
    """The plan's own limit says whether a decision waits for a second person."""
    by_plan = {department.CHECKING, department.DECIDED}
    return by_plan if wanted.status in by_plan else {wanted.status}


def everything() -> dict[str, int]:
    models = (User, Plan, Claim, Document, Reading, Correction, Decision, Job, LogEntry, ProviderAccount)
    return {model.__name__: model._default_manager.count() for model in models}


def test_each_claim_stands_where_the_department_says() -> None:
    assert load().startswith(f"{FEW + 5} demo claims loaded.")
    for wanted in few(datetime.now(UTC)).claims:
        claim = Claim.objects.get(number=wanted.number)
        assert claim.documents.count() == len(wanted.documents)
        assert claim.status in stands_as(wanted), wanted.number
        passed = SampleDraw.objects.filter(claim=claim, held=False).exists()
        made = Correction.objects.filter(document__claim=claim, undoes=None).count()
        assert made == (0 if passed else len(wanted.corrections)), wanted.number
    assert audit.verify() == []


def test_a_second_run_adds_nothing() -> None:
    load()
    before = everything()
    assert load().startswith("0 demo claims loaded.")
    assert everything() == before


@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(days=45)])
def test_a_second_run_on_another_day_adds_nothing(later: timedelta) -> None:
    with time_machine.travel(NOW, tick=True):
        load()
    before = everything()
    with time_machine.travel(NOW + later, tick=True):
        assert load(only_if_empty=True).startswith("0 demo claims loaded.")
    assert everything() == before


def test_an_interruption_leaves_whole_claims_and_the_next_run_adds_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    finish, filed = filing.file_claim, []

    def interrupted_in_the_third(demo, people, accounts):  # type: ignore[no-untyped-def]
        claim = finish(demo, people, accounts)
        filed.append(claim)
        if len(filed) == 3:
            raise KeyboardInterrupt
        return claim

    with monkeypatch.context() as broken:
        broken.setattr(loading, "file_claim", interrupted_in_the_third)
        with pytest.raises(KeyboardInterrupt):
            load()
    assert Claim.objects.count() == 2
    assert not Document.objects.exclude(claim__in=Claim.objects.all()).exists()
    assert load().startswith(f"{FEW + 3} demo claims loaded.")
    assert audit.verify() == []


def test_an_upload_is_read_before_the_demos_own_pictures() -> None:
    load()
    waiting = Job.objects.filter(state=Job.State.QUEUED)
    assert waiting.exists()
    assert {job.priority for job in waiting} == {loading.AFTER_PEOPLE}


def test_people_only_is_enough_to_sign_in_and_says_how() -> None:
    said = load(people_only=True)
    assert said == "Sign in as clerk, reviewer, supervisor, auditor, admin.\nThe password of each is claimdesk-demo\n"
    assert not Claim.objects.exists()
    assert Plan.objects.count() == len(PLANS)
    for member in STAFF:
        person = authenticate(RequestFactory().post("/"), username=member.username, password="claimdesk-demo")
        assert person, member.username
        assert [group.name for group in person.groups.all()] == [Role(member.role)]


def test_people_made_before_the_claims_are_the_same_people() -> None:
    load(people_only=True)
    load()
    assert User.objects.count() == len(STAFF)


@pytest.mark.parametrize("people_only", [True, False])
def test_a_desk_where_people_work_is_left_alone(clerk: User, *, people_only: bool) -> None:
    before = everything()
    assert load(only_if_empty=True, people_only=people_only) == ""
    assert everything() == before


def test_claims_without_people_are_somebodys_too(claim: Claim) -> None:
    assert load_demo.has_work_of_its_own()


def test_a_demo_desk_stays_one_when_its_people_take_papers_in() -> None:
    load(people_only=True)
    Claim.objects.create(number="own", created_by=User.objects.get(username="clerk"))
    assert not load_demo.has_work_of_its_own()


def test_a_password_that_somebody_changed_stays(make_user: Callable[..., User]) -> None:
    load(people_only=True)
    person = User.objects.get(username="clerk")
    person.set_password("another one")
    person.save()
    load(people_only=True)
    person.refresh_from_db()
    assert person.check_password("another one")


def test_demo_accounts_never_send_anything() -> None:
    load()
    assert set(ProviderCall.objects.values_list("owner", "sent_bytes")) == {("demo", 0)}
    assert set(ProviderAccount.objects.filter(name__startswith="demo-").values_list("enabled", flat=True)) == {False}


def test_missing_pictures_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_now: datetime) -> department.Department:
        raise DemoPicturesMissing("demo/claims: No such file")

    monkeypatch.setattr(loading, "department", missing)
    with pytest.raises(CommandError, match="The demo is not complete: demo/claims"):
        load()
    assert not User.objects.exists()
