"""The admin: every list and page opens; the record is looked at only; what is changed goes on record."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims import audit
from claims.admin.base import LookOnlyAdmin
from claims.correspondence import letters, webhooks
from claims.deciding import decisions
from claims.filing import pages
from claims.guards import Refused
from claims.models import (
    AssignmentRule,
    Claim,
    Correction,
    Decision,
    Document,
    Duplicate,
    Erasure,
    InvoiceHeader,
    Job,
    LegalHold,
    LetterHead,
    LogEntry,
    Move,
    Note,
    Plan,
    Policy,
    Reading,
    Role,
    RoleRule,
    RuleSetting,
    SampleDraw,
    SecondReviewRule,
    StraightThroughRule,
    User,
    WebhookEndpoint,
)
from claims.processing import jobs
from claims.queueing import own_views, search
from claims.receiving.uploads import receive_file
from claims.reviewing.presence import touch
from ocr_providers.results import Kind

from ..conftest import ReadDocument

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
OURS = [model for model in admin.site._registry if model._meta.app_label == "claims"]
LOOK_ONLY = [model for model in OURS if isinstance(admin.site._registry[model], LookOnlyAdmin)]


def name_of(model: type[Model]) -> str:
    return str(model._meta.model_name)


def address(model: type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:claims_{model._meta.model_name}_{page}", args=arguments)


@pytest.fixture
def auditor_in_the_admin(auditor: User) -> User:
    auditor.is_staff = True
    auditor.save()
    return auditor


@pytest.fixture
def full_desk(read_document: ReadDocument, policy: Policy, reviewer: User, picture: Callable[..., bytes]) -> None:
    """At least one row of every model."""
    document = read_document(total_cost=Decimal("9.99"))
    claim = document.claim
    read_document(Kind.HEALTH_CHECK)
    other = Claim.objects.create(number="other")
    received = receive_file(claim=other, file=picture(), name="a.jpg", user=reviewer).document
    pages.make_pages(received, picture())
    Duplicate.objects.create(document=document, other=received, reason=Duplicate.Reason.SAME_VISIT)
    Note.objects.create(claim=claim, author=reviewer, text="Called.")
    RuleSetting.objects.create(code="LIN-PRICE", reason="Rounded by the hospital.")
    StraightThroughRule.objects.create()
    SecondReviewRule.objects.create()
    AssignmentRule.objects.create(order=1, name="All").people.add(reviewer)
    SampleDraw.objects.create(claim=other, drawn="0.5", share="0.1", held=False, payable=1)
    RoleRule.objects.create(role=Role.SUPERVISOR)
    own_views.save(user=reviewer, name="Mine", query="view=all")
    webhook = WebhookEndpoint(name="payments", url="https://payments.example/")
    webhooks.new_secret(webhook)
    webhook.save()
    webhooks.send_test(endpoint=webhook, user=User.objects.create_superuser("root"))
    touch(document, reviewer)
    claim.refresh_from_db()
    verdict = decisions.Verdict(outcome=Decision.Outcome.REJECTED, reason_code="period", reason="Too late.")
    decision = decisions.decide(claim=claim, user=reviewer, verdict=verdict, version=claim.version)
    third = Claim.objects.create(number="third")
    Move.objects.create(what="moved", from_claim=claim, to_claim=third, reason="x", moved_by=reviewer)
    LegalHold.objects.create(claim=claim, reason="x", placed_by=reviewer)
    Erasure.objects.create(claim=third)
    letters.issue(decision=decision, user=reviewer, language="en")
    LetterHead.objects.create(language="en", name="Good Friends")
    returned = decisions.Verdict(outcome=Decision.Outcome.RETURNED, reason="The list of charges.")
    other.refresh_from_db()
    decisions.decide(claim=other, user=reviewer, verdict=returned, version=other.version)


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_every_list_and_one_page_of_it_open(
    full_desk: None, administrator: User, signed_in: SignIn, model: type[Model]
) -> None:
    client = signed_in(administrator)
    assert (
        client.get(
            address(model, "changelist"), {"q": "x"} if admin.site._registry[model].search_fields else {}
        ).status_code
        == 200
    )
    row = model._default_manager.first()
    if row is not None:
        assert client.get(address(model, "change", row.pk)).status_code == 200
    elif model.__name__ != "Correction":
        pytest.fail("full_desk makes no such row")


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_an_auditor_looks_and_changes_nothing(
    full_desk: None, auditor_in_the_admin: User, signed_in: SignIn, model: type[Model]
) -> None:
    client = signed_in(auditor_in_the_admin)
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        page = address(model, "change", row.pk)
        assert client.get(page).status_code == 200
        assert client.post(page, {}).status_code == 403
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", LOOK_ONLY, ids=name_of)
def test_nobody_changes_the_record_in_the_admin(
    full_desk: None, administrator: User, signed_in: SignIn, model: type[Model]
) -> None:
    client = signed_in(administrator)
    assert client.get(address(model, "add")).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        assert client.post(address(model, "change", row.pk), {}).status_code == 403
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["clerk", "reviewer", "supervisor", "auditor", "stranger"])
def test_whoever_is_no_administrator_is_not_let_in(people: dict[str, User], signed_in: SignIn, role: str) -> None:
    assert signed_in(people[role]).get(reverse("admin:index")).status_code == 302


def test_a_claim_is_not_opened_here_where_it_would_have_no_number(administrator: User, signed_in: SignIn) -> None:
    assert signed_in(administrator).get(address(Claim, "add")).status_code == 403


# --- on record -------------------------------------------------------------------------------------------------------


def last_entry() -> tuple[str, str, str]:
    entry = LogEntry.objects.latest("id")
    return entry.person, entry.action, entry.subject


def test_a_changed_rule_goes_on_record(administrator: User, signed_in: SignIn) -> None:
    form = {"code": "LIN-PRICE", "reason": "Rounded by the hospital.", "severity": "", "tolerance": ""}
    response = signed_in(administrator).post(address(RuleSetting, "add"), form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    person, action, subject = last_entry()
    assert (person, action) == (administrator.username, "setting.added")
    assert subject.startswith("claims.RuleSetting: ")


def test_what_was_set_is_in_the_log(administrator: User, signed_in: SignIn) -> None:
    form = {"code": "LIN-PRICE", "enabled": "on", "reason": "Rounded.", "severity": "error", "tolerance": "0.05"}
    signed_in(administrator).post(address(RuleSetting, "add"), form)
    detail = LogEntry.objects.latest("id").detail
    assert detail["set"] == ["code: LIN-PRICE", "severity: error", "tolerance: 0.05"]


@pytest.mark.parametrize(
    ("code", "tolerance", "field"),
    [("LIN-DUP", "0.05", "tolerance"), ("LIN-NAME", "3", "tolerance"), ("X", "", "code")],
)
def test_a_setting_that_means_nothing_is_refused(
    administrator: User, signed_in: SignIn, code: str, tolerance: str, field: str
) -> None:
    form = {"code": code, "enabled": "on", "reason": "Rounded.", "severity": "", "tolerance": tolerance}
    response = signed_in(administrator).post(address(RuleSetting, "add"), form)
    assert field in response.context["adminform"].form.errors
    assert not RuleSetting.objects.exists()


def test_a_plan_is_deleted_with_a_reason_on_record(administrator: User, signed_in: SignIn) -> None:
    plan = Plan.objects.create(code="a", name="a")
    client, page = signed_in(administrator), address(Plan, "delete", plan.pk)
    assert 'name="why" required' in client.get(page).content.decode()
    refused = client.post(page, {"post": "yes", "why": " "}, follow=True)
    assert "Say why this is deleted." in refused.content.decode()
    assert Plan.objects.exists()
    client.post(page, {"post": "yes", "why": "Made by mistake."})
    assert not Plan.objects.exists()
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.reason) == ("setting.deleted", "Made by mistake.")
    assert audit.verify() == []


def test_nothing_is_deleted_in_bulk(administrator: User, signed_in: SignIn) -> None:
    plan = Plan.objects.create(code="a", name="a")
    data = {"action": "delete_selected", "_selected_action": [plan.pk], "post": "yes"}
    signed_in(administrator).post(address(Plan, "changelist"), data)
    assert Plan.objects.exists()


def test_a_plan_is_changed_with_a_reason_on_record(administrator: User, signed_in: SignIn) -> None:
    plan = Plan.objects.create(code="a", name="a")
    client, page = signed_in(administrator), address(Plan, "change", plan.pk)
    form = {name: value for name, value in model_to_dict(plan).items() if value is not None}
    form = {**form, "hospitals": "[]", "check_above": "9000", "cover_class_b": "", "cover_class_c": ""}
    assert client.post(page, form).context["adminform"].form.errors == {"why": ["This field is required."]}
    assert client.post(page, {**form, "why": "New wording from May on."}).status_code == 302
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.reason) == ("setting.changed", "New wording from May on.")
    assert "check_above" in entry.detail["fields"]
    assert "why" not in entry.detail["fields"]


def test_a_role_that_was_given_goes_on_record(administrator: User, clerk: User, signed_in: SignIn) -> None:
    group = Group.objects.get(name=Role.SUPERVISOR)
    joined = timezone.localtime(clerk.date_joined)
    form: dict[str, Any] = {
        "username": clerk.username, "is_active": "on", "groups": [group.pk], "display_name": "", "language": "en",
        "reads_languages": "[]", "why": "Promoted.",
        "date_joined_0": f"{joined:%Y-%m-%d}", "date_joined_1": f"{joined:%H:%M:%S}",
    }  # fmt: skip
    response = signed_in(administrator).post(address(User, "change", clerk.pk), form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert set(clerk.groups.all()) == {group}
    person, action, subject = last_entry()
    assert (person, action) == (administrator.username, "setting.changed")
    assert clerk.username in subject
    assert "groups" in str(LogEntry.objects.latest("id").detail)


# --- rules of the desk ------------------------------------------------------------------------------------------------

PASSING = {"plan": "", "enabled": "on", "lowest_score": "0.97", "pays_below": "150", "sample_share": "0.2"}


def errors_of(response: Any) -> set[str]:
    return set(response.context["adminform"].form.errors)


def test_a_rule_of_the_desk_is_changed_with_a_reason_and_both_values_on_record(
    administrator: User, signed_in: SignIn
) -> None:
    rule = StraightThroughRule.objects.create()
    client, page = signed_in(administrator), address(StraightThroughRule, "change", rule.pk)
    assert errors_of(client.post(page, PASSING)) == {"why"}
    assert client.post(page, {**PASSING, "why": "Agreed with claims control."}).status_code == 302
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.reason) == ("setting.changed", "Agreed with claims control.")
    assert entry.detail == {
        "fields": ["enabled", "lowest_score", "pays_below", "sample_share"],
        "from": ["False", "0.9500", "200.00", "0.1000"],
        "to": ["True", "0.97", "150", "0.2"],
    }
    assert client.post(address(StraightThroughRule, "delete", rule.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [({"sample_share": "0"}, {"sample_share"}), ({"sample_share": "1.1"}, {"sample_share"}),
     ({"lowest_score": "2"}, {"lowest_score"}), ({"pays_below": "0"}, {"pays_below"})],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_said_beside_its_field(
    administrator: User, signed_in: SignIn, changes: dict[str, str], wrong: set[str]
) -> None:
    page = signed_in(administrator).post(address(StraightThroughRule, "add"), {**PASSING, "why": "x", **changes})
    assert errors_of(page) == wrong


def test_there_is_one_row_for_every_other_plan(administrator: User, signed_in: SignIn) -> None:
    StraightThroughRule.objects.create()
    page = signed_in(administrator).post(address(StraightThroughRule, "add"), {**PASSING, "why": "x"})
    assert errors_of(page) == {"__all__"}


@pytest.fixture
def supervisor_in_the_admin(supervisor: User) -> User:
    supervisor.is_staff = True
    supervisor.save()
    return supervisor


def test_a_supervisor_arranges_who_gets_what_and_nothing_else(
    full_desk: None, supervisor_in_the_admin: User, reviewer: User, signed_in: SignIn
) -> None:
    client = signed_in(supervisor_in_the_admin)
    form = {"order": 2, "name": "Large", "amount_from": "1000", "people": [reviewer.pk], "due_hours": "24", "why": "x"}
    assert client.post(address(AssignmentRule, "add"), form).status_code == 302
    assert list(AssignmentRule.objects.get(name="Large").people.all()) == [reviewer]
    assert LogEntry.objects.latest("id").detail["to"] == ["2", "Large", "False", "1000", "rui.reviewer", "24"]
    others = [model for model in OURS if model is not AssignmentRule]
    assert {client.get(address(model, "changelist")).status_code for model in others} == {403}


def test_only_those_who_decide_can_be_given_claims(
    administrator: User, reviewer: User, clerk: User, signed_in: SignIn
) -> None:
    form = {"order": 1, "name": "Large", "people": [clerk.pk], "why": "x"}
    assert errors_of(signed_in(administrator).post(address(AssignmentRule, "add"), form)) == {"people"}


# --- jobs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def dead_job(document: Document) -> Job:
    jobs.enqueue(kind="read-document", queue=Job.Queue.ENGINE, payload={"document": document.pk, "problems": []})
    job = jobs.take([Job.Queue.ENGINE], "worker")
    assert job
    jobs.bury(job, code="worker-lost", reason="Gone.")
    return job


def drive(client: Client, job: Job, reason: str) -> list[str]:
    data = {"action": "drive_again", "_selected_action": [job.pk], "reason": reason}
    response = client.post(address(Job, "changelist"), data, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_a_job_is_driven_again_with_a_reason_on_record(administrator: User, signed_in: SignIn, dead_job: Job) -> None:
    assert drive(signed_in(administrator), dead_job, "The disk was full.") == ["1 job runs again."]
    dead_job.refresh_from_db()
    assert dead_job.state == Job.State.QUEUED
    entry = LogEntry.objects.latest("id")
    assert (entry.person, entry.action, entry.reason) == (
        administrator.username,
        "job.driven-again",
        "The disk was full.",
    )
    assert Document.objects.get().status == Document.Status.QUEUED


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_no_job_is_driven_again(
    administrator: User, signed_in: SignIn, dead_job: Job, reason: str
) -> None:
    assert drive(signed_in(administrator), dead_job, reason) == ["Say why these jobs are driven again."]
    dead_job.refresh_from_db()
    assert dead_job.state == Job.State.DEAD


def test_an_auditor_drives_nothing(auditor_in_the_admin: User, signed_in: SignIn, dead_job: Job) -> None:
    drive(signed_in(auditor_in_the_admin), dead_job, "Because.")
    dead_job.refresh_from_db()
    assert dead_job.state == Job.State.DEAD


def test_a_running_job_is_left_alone(administrator: User, signed_in: SignIn, dead_job: Job) -> None:
    Job.objects.update(state=Job.State.RUNNING, lease_until=timezone.now() + timedelta(minutes=1))
    drive(signed_in(administrator), dead_job, "Impatience.")
    dead_job.refresh_from_db()
    assert dead_job.state == Job.State.RUNNING


# --- identity numbers ------------------------------------------------------------------------------------------------

IDENTITY, MASKED = "11010519491231002X", "110105********002X"


@pytest.fixture
def identified(invoice: Document, policy: Policy) -> list[tuple[type[Model], int]]:
    """Rows that hold the number."""
    Policy.objects.update(identity_number=IDENTITY)
    correction = Correction.objects.create(
        document=invoice, cell="invoice/social_security_card_number", label="x", old="", new=IDENTITY, why="typed",
        batch=uuid.uuid4(), revision=1, person="x",
    )  # fmt: skip
    reading = invoice.readings.get()
    return [
        (Policy, policy.pk), (InvoiceHeader, invoice.pk), (Reading, reading.pk), (Correction, correction.pk),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["administrator", "auditor_in_the_admin"])
def test_no_page_shows_an_identity_number_in_full(
    identified: list[tuple[type[Model], int]], request: pytest.FixtureRequest, signed_in: SignIn, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    for model, pk in identified:
        page = client.get(address(model, "change", pk)).content.decode()
        assert (IDENTITY in page, MASKED in page) == (False, True), model
        assert IDENTITY not in client.get(address(model, "changelist")).content.decode()


@pytest.mark.parametrize("model", [Policy, InvoiceHeader])
def test_it_is_revealed_with_a_reason_on_record(
    identified: list[tuple[type[Model], int]], auditor_in_the_admin: User, signed_in: SignIn, model: type[Model]
) -> None:
    client, data = signed_in(auditor_in_the_admin), {"action": "reveal", "_selected_action": [dict(identified)[model]]}
    refused = client.post(address(model, "changelist"), {**data, "reason": ""}, follow=True)
    assert [str(message) for message in refused.context["messages"]] == ["Say why the number has to be seen."]
    shown = client.post(address(model, "changelist"), {**data, "reason": "A call of the police."}, follow=True)
    assert IDENTITY in " ".join(str(message) for message in shown.context["messages"])
    entry = LogEntry.objects.latest("id")
    assert (entry.person, entry.action, entry.reason) == (
        auditor_in_the_admin.username,
        "value.revealed",
        "A call of the police.",
    )
    assert IDENTITY not in entry.subject


def test_a_policys_number_is_written_without_being_read(
    identified: list[tuple[type[Model], int]], policy: Policy, administrator: User, signed_in: SignIn
) -> None:
    form = {
        "number": policy.number, "plan": policy.plan_id, "insured_name": "钱多多", "effective_from": "2025-01-01",
        "effective_until": "2026-12-31", "why": "Married.",
    }  # fmt: skip
    client, page = signed_in(administrator), address(Policy, "change", policy.pk)
    assert client.post(page, form).status_code == 302
    policy.refresh_from_db()
    assert (policy.identity_number, policy.insured_name) == (IDENTITY, "钱多多")
    client.post(page, {**form, "new_identity_number": "3101"})
    policy.refresh_from_db()
    assert policy.identity_number == "3101"


def test_the_claims_of_a_renamed_policy_are_found_by_the_new_name(
    claim: Claim, policy: Policy, administrator: User, signed_in: SignIn
) -> None:
    Claim.objects.update(policy=policy)
    form = {
        "number": policy.number, "plan": policy.plan_id, "insured_name": "钱多多", "effective_from": "2025-01-01",
        "effective_until": "2026-12-31", "why": "Married.",
    }  # fmt: skip
    signed_in(administrator).post(address(Policy, "change", policy.pk), form)
    assert search.find(["钱多多"]) == [claim.pk]
    found = signed_in(administrator).get(address(Claim, "changelist"), {"q": "多多"}).content.decode()
    assert claim.number in found


def claim_form(claim: Claim, **changes: str) -> dict[str, str]:
    form = {"patient_name": claim.patient_name, "policy": "", "priority": "0", "currency": claim.currency}
    return {**form, "due_at_0": "", "due_at_1": "", "why": "Misspelt.", **changes}


def test_a_claim_is_changed_here_as_at_the_desk(
    invoice: Document, policy: Policy, administrator: User, signed_in: SignIn
) -> None:
    Policy.objects.update(effective_until="2025-02-01")
    claim = Claim.objects.get()
    page = address(Claim, "change", claim.pk)
    sent = claim_form(claim, patient_name="钱多多", policy=str(policy.pk))
    assert signed_in(administrator).post(page, sent).status_code == 302
    changed, entry = Claim.objects.get(), LogEntry.objects.filter(action="claim.changed").get()
    assert (changed.patient_name, changed.version) == ("钱多多", claim.version + 1)
    assert invoice.findings.filter(code="CLM-PERIOD").exists()
    assert (entry.claim_number, entry.reason) == (claim.number, "Misspelt.")
    assert search.find(["钱多多"]) == [claim.pk]


@pytest.mark.parametrize("status", ["decided", "checking", "merged"])
def test_a_closed_claim_is_looked_at_only(claim: Claim, administrator: User, signed_in: SignIn, status: str) -> None:
    Claim.objects.update(status=status)
    page, desk = address(Claim, "change", claim.pk), signed_in(administrator)
    assert 'name="patient_name"' not in desk.get(page).content.decode()
    assert desk.post(page, claim_form(claim, patient_name="X")).status_code == 403
    assert Claim.objects.get().patient_name == claim.patient_name


def test_a_claim_that_is_decided_meanwhile_says_so(
    claim: Claim, administrator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> bool:
        raise Refused("Decided.")

    monkeypatch.setattr("claims.receiving.claim_changes.change_claim", refuse)
    answer = signed_in(administrator).post(address(Claim, "change", claim.pk), claim_form(claim), follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Decided."]


def test_a_plan_with_a_negative_limit_is_refused_beside_the_form(administrator: User, signed_in: SignIn) -> None:
    plan = Plan.objects.create(code="a", name="a")
    form = {name: value for name, value in model_to_dict(plan).items() if value is not None}
    form = {**form, "hospitals": "[]", "cover_class_b": "", "cover_class_c": "", "limit_per_year": "-1", "why": "x"}
    answer = signed_in(administrator).post(address(Plan, "change", plan.pk), form)
    assert "Amounts of a plan are not negative." in answer.content.decode()
