"""A claim's own page, and what is done there: notes, duplicates, the second person, opening again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.deciding import decisions
from claims.glossary import TERMS
from claims.models import Claim, Decision, Document, Duplicate, LogEntry, Note, Page, Policy, Role, User
from ocr_providers.arithmetic.rules import RULES

from ..conftest import ReadDocument

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def page_of(client: Client, claim: Claim) -> str:
    response = client.get(reverse("claims:claim", args=[claim.number]))
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, name: str, claim: Claim, data: dict[str, Any], **kwargs: object) -> list[str]:
    """What the person is told on the page that follows."""
    url = reverse(f"claims:{name}", kwargs={"number": claim.number, **kwargs})
    response = client.post(url, data, follow=True)
    assert response.redirect_chain == [(reverse("claims:claim", args=[claim.number]), 302)]
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def decided(invoice: Document, policy: Policy, reviewer: User) -> Claim:
    """Waits for a second person: every amount of the plan does."""
    policy.plan.check_above = 0
    policy.plan.save()
    Claim.objects.update(policy=policy, status=Claim.Status.READY)
    claim = Claim.objects.select_related("policy__plan").get()
    verdict = decisions.Verdict(outcome=Decision.Outcome.APPROVED)
    decisions.decide(claim=claim, user=reviewer, verdict=verdict, version=claim.version)
    return claim


# --- the page --------------------------------------------------------------------------------------------------------


def test_an_empty_claim_asks_for_its_documents(clerk: User, signed_in: SignIn, claim: Claim) -> None:
    shown = page_of(signed_in(clerk), claim)
    assert "No documents yet" in shown
    assert f"/upload/?claim={claim.number}" in shown


def test_a_document_that_could_not_be_read_says_why(
    reviewer: User, signed_in: SignIn, claim: Claim, document: Document
) -> None:
    Document.objects.update(status="failed", failure_code="too-small", failure_reason="Too small to be read.")
    assert "Too small to be read." in page_of(signed_in(reviewer), claim)


def test_the_page_costs_the_same_queries_for_one_document_and_for_five(
    reviewer: User, signed_in: SignIn, read_document: ReadDocument, claim: Claim
) -> None:
    client = signed_in(reviewer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page_of(client, claim)
        return len(caught)

    def add_document() -> None:
        document = read_document()
        Page.objects.create(document=document, index=0, width=10, height=10, picture="p", thumbnail="t")
        other = read_document(of=Claim.objects.create(number=f"other-{document.pk}"))
        Duplicate.objects.create(document=document, other=other, reason=Duplicate.Reason.SAME_VISIT)
        Note.objects.create(claim=claim, author=reviewer, text="Called.")

    add_document()
    one = queries()
    for _more in range(4):
        add_document()
    assert queries() == one


def test_text_of_people_is_never_markup(reviewer: User, signed_in: SignIn, claim: Claim, document: Document) -> None:
    Document.objects.update(original_name="<img src=x onerror=alert(1)>.jpg")
    Claim.objects.update(patient_name="<script>alert(2)</script>")
    Note.objects.create(claim=claim, author=reviewer, text="<b>bold</b>")
    shown = page_of(signed_in(reviewer), claim)
    for markup in ("<img src=x", "<script>alert", "<b>bold"):
        assert markup not in shown


# --- a claim by hand -------------------------------------------------------------------------------------------------


def test_a_claim_opened_by_hand_waits_for_its_documents(clerk: User, signed_in: SignIn, policy: Policy) -> None:
    form = {"policy_number": policy.number, "patient_name": "", "currency": "CNY"}
    response = signed_in(clerk).post(reverse("claims:new-claim"), form, follow=True)
    opened = Claim.objects.get()
    assert (opened.policy, opened.patient_name, opened.created_by) == (policy, policy.insured_name, clerk)
    assert response.redirect_chain == [(f"/upload/?claim={opened.number}", 302)]
    assert f"Claim {opened.number} is open" in response.content.decode()


def test_a_policy_that_does_not_exist_is_said_beside_its_field(clerk: User, signed_in: SignIn) -> None:
    response = signed_in(clerk).post(reverse("claims:new-claim"), {"policy_number": "P-404", "currency": "CNY"})
    assert response.status_code == 200
    assert "There is no policy with this number." in response.content.decode()
    assert not Claim.objects.exists()


def test_the_upload_page_knows_the_claim_that_it_adds_to(clerk: User, signed_in: SignIn, claim: Claim) -> None:
    client = signed_in(clerk)
    assert f'data-claim="{claim.number}"' in client.get(f"/upload/?claim={claim.number}").content.decode()
    assert client.get("/upload/?claim=none").status_code == 404
    assert 'data-claim=""' in client.get("/upload/").content.decode()


# --- notes and duplicates --------------------------------------------------------------------------------------------


def test_files_may_go_to_an_existing_claim(clerk: User, signed_in: SignIn, claim: Claim) -> None:
    client = signed_in(clerk)
    assert 'name="claim"' in client.get(reverse("claims:upload")).content.decode()
    shown = client.get(reverse("claims:upload"), {"claim": f" {claim.number} "}).content.decode()
    assert f'data-claim="{claim.number}"' in shown


def test_a_claim_that_is_not_there_is_said_beside_its_field(clerk: User, signed_in: SignIn) -> None:
    response = signed_in(clerk).get(reverse("claims:upload"), {"claim": "2026-404404"})
    assert response.status_code == 404
    assert "There is no such claim." in response.content.decode()
    assert 'value="2026-404404"' in response.content.decode()


def test_a_note_stands_on_the_page_with_its_author(clerk: User, signed_in: SignIn, claim: Claim) -> None:
    client = signed_in(clerk)
    assert post(client, "add-note", claim, {"text": "The client sends the list."}) == []
    assert "The client sends the list." in page_of(client, claim)
    assert LogEntry.objects.latest("id").action == "note.added"


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_a_note_that_is_none_is_not_kept(clerk: User, signed_in: SignIn, claim: Claim, text: str) -> None:
    assert post(signed_in(clerk), "add-note", claim, {"text": text})
    assert not Note.objects.exists()


@pytest.fixture
def duplicate(read_document: ReadDocument) -> Duplicate:
    other = read_document(of=Claim.objects.create(number="other"))
    return Duplicate.objects.create(document=read_document(), other=other, reason=Duplicate.Reason.SAME_NUMBER)


def test_a_duplicate_is_dismissed_with_a_reason_that_stays(
    reviewer: User, signed_in: SignIn, duplicate: Duplicate
) -> None:
    client, claim = signed_in(reviewer), duplicate.document.claim
    assert "other" in page_of(client, claim)
    assert post(client, "dismiss-duplicate", claim, {"reason": ""}, pk=duplicate.pk)
    assert not Duplicate.objects.exclude(dismissed_by=None).exists()
    post(client, "dismiss-duplicate", claim, {"reason": "Two visits on one day."}, pk=duplicate.pk)
    duplicate.refresh_from_db()
    assert duplicate.dismissed_by == reviewer
    assert "no duplicate, because: Two visits on one day." in page_of(client, claim)


def test_the_first_answer_about_a_duplicate_stays(
    reviewer: User, supervisor: User, signed_in: SignIn, duplicate: Duplicate
) -> None:
    claim = duplicate.document.claim
    post(signed_in(reviewer), "dismiss-duplicate", claim, {"reason": "Two visits."}, pk=duplicate.pk)
    late = post(signed_in(supervisor), "dismiss-duplicate", claim, {"reason": "Other."}, pk=duplicate.pk)
    duplicate.refresh_from_db()
    assert late == ["Somebody has answered this already."]
    assert (duplicate.dismissed_by, duplicate.dismissed_reason) == (reviewer, "Two visits.")


def test_a_duplicate_of_another_claim_is_not_found_here(
    reviewer: User, signed_in: SignIn, duplicate: Duplicate
) -> None:
    url = reverse("claims:dismiss-duplicate", kwargs={"number": "other", "pk": duplicate.pk})
    assert signed_in(reviewer).post(url, {"reason": "x"}).status_code == 404


# --- the second person, and opening again ----------------------------------------------------------------------------


def seen(claim: Claim) -> dict[str, int]:
    """The version that the page shows."""
    return {"version": Claim.objects.get(pk=claim.pk).version}


def test_nobody_confirms_another_decision_than_the_one_they_saw(
    supervisor: User, reviewer: User, make_user: Callable[..., User], signed_in: SignIn, decided: Claim
) -> None:
    client, looked_at = signed_in(supervisor), seen(decided)
    other = make_user("yu.supervisor", Role.SUPERVISOR)
    decisions.reopen(claim=decided, user=other, reason="Wrong line.")
    decided.refresh_from_db()
    verdict = decisions.Verdict(outcome=Decision.Outcome.APPROVED)
    decisions.decide(claim=decided, user=reviewer, verdict=verdict, version=decided.version)
    for body in ({"agree": "yes", **looked_at}, {"agree": "yes"}, {"agree": "yes", "version": "x"}):
        [said] = post(client, "check-decision", decided, body)
        assert "has changed since you looked" in said
    decided.refresh_from_db()
    assert decided.status == Claim.Status.CHECKING


def test_the_second_person_confirms(supervisor: User, signed_in: SignIn, decided: Claim) -> None:
    client = signed_in(supervisor)
    assert "waits for a second person" in page_of(client, decided)
    assert post(client, "check-decision", decided, {"agree": "yes", **seen(decided)}) == ["Confirmed."]
    decided.refresh_from_db()
    assert decided.status == Claim.Status.DECIDED
    assert "Checked by" in page_of(client, decided)


def test_the_second_person_refuses_with_a_reason(supervisor: User, signed_in: SignIn, decided: Claim) -> None:
    client = signed_in(supervisor)
    assert post(client, "check-decision", decided, {"agree": "no", **seen(decided)}) == ["Say why you disagree."]
    decided.refresh_from_db()
    assert decided.status == Claim.Status.CHECKING
    said = post(client, "check-decision", decided, {"agree": "no", "reason": "Line 2 is class C.", **seen(decided)})
    assert said == ["Refused: the claim is open again."]
    decided.refresh_from_db()
    assert decided.status == Claim.Status.IN_REVIEW
    assert "Line 2 is class C." in page_of(client, decided)


def test_enter_after_a_remark_does_not_confirm(supervisor: User, signed_in: SignIn, decided: Claim) -> None:
    """A browser presses the first button of the form that the field stands in."""
    shown = page_of(signed_in(supervisor), decided)
    form = shown[: shown.index('id="check-reason"')].rpartition("<form")[2] + shown.partition('id="check-reason"')[2]
    assert form.partition("</form>")[0].count('name="agree"') == 1
    assert 'value="no"' in form.partition("</form>")[0]


def test_whoever_decided_is_not_asked_to_check(
    signed_in: SignIn, make_user: Callable[..., User], reviewer: User, decided: Claim, administrator: User
) -> None:
    Decision.objects.update(decided_by=administrator)
    client = signed_in(administrator)
    assert 'name="agree"' not in page_of(client, decided)
    [said] = post(client, "check-decision", decided, {"agree": "yes", **seen(decided)})
    assert "second person" in said


def test_a_final_decision_is_reopened_with_a_reason(supervisor: User, signed_in: SignIn, decided: Claim) -> None:
    decisions.check(claim=decided, user=supervisor, agree=True)
    client = signed_in(supervisor)
    assert post(client, "reopen-claim", decided, {"reason": " ", **seen(decided)}) == [
        "Say why the claim is opened again."
    ]
    assert post(client, "reopen-claim", decided, {"reason": "A letter came.", **seen(decided)}) == [
        "The claim is open again."
    ]
    assert "A letter came." in page_of(client, decided)
    assert post(client, "reopen-claim", decided, {"reason": "Again.", **seen(decided)})[0].startswith("The claim is")


def test_help_explains_every_rule_and_term(reviewer: User, signed_in: SignIn) -> None:
    shown = signed_in(reviewer).get(reverse("claims:help")).content.decode()
    for rule in RULES:
        assert f'id="rule-{rule}"' in shown
    for term in TERMS:
        assert f'id="term-{term.key}"' in shown


# --- what is known about a claim itself ------------------------------------------------------------------------------


def edited(client: Client, claim: Claim, **changes: Any) -> tuple[int, str]:
    """As the form shows it, with these changes; the answer and its text."""
    url = reverse("claims:edit-claim", kwargs={"number": claim.number})
    now = Claim.objects.get(pk=claim.pk)
    form = {"patient_name": now.patient_name, "policy_number": "", "currency": now.currency, "priority": now.priority}
    answer = client.post(url, {**form, "due_on": "", "reason": "", "version": now.version, **changes})
    return answer.status_code, answer.content.decode()


def test_a_clerk_names_the_policy_that_came_later(
    invoice: Document, policy: Policy, clerk: User, signed_in: SignIn
) -> None:
    claim, desk = invoice.claim, signed_in(clerk)
    offered = desk.get(reverse("claims:edit-claim", kwargs={"number": claim.number})).content.decode()
    assert policy.number in offered  # the invoice has the insured person's name
    changes = {"policy_number": policy.number, "due_on": "2030-05-31", "reason": "By phone."}
    assert edited(desk, claim, **changes)[0] == 302
    claim.refresh_from_db()
    assert (claim.policy, claim.due_at is not None) == (policy, True)
    entry = LogEntry.objects.filter(action="claim.changed").get()
    assert (entry.detail["fields"], entry.reason) == (["due_at", "policy"], "By phone.")


@pytest.mark.parametrize("language", ["en", "zh-hans", "th"])
def test_the_due_day_is_shown_as_a_browser_reads_it(
    claim: Claim, clerk: User, signed_in: SignIn, language: str
) -> None:
    Claim.objects.update(due_at=datetime(2030, 5, 31, 4, tzinfo=UTC))
    url = reverse("claims:edit-claim", kwargs={"number": claim.number})
    page = signed_in(clerk).get(url, headers={"Accept-Language": language}).content.decode()
    assert 'name="due_on" value="2030-05-31"' in page


def test_a_form_that_changes_nothing_changes_nothing(claim: Claim, clerk: User, signed_in: SignIn) -> None:
    assert edited(signed_in(clerk), claim)[0] == 302
    assert Claim.objects.get(pk=claim.pk).version == claim.version


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"policy_number": "none"}, "There is no policy with this number."),
        ({"patient_name": "B", "version": 99}, "has changed since you looked"),
        ({"due_on": "soon"}, "Enter a valid date."),
        ({"priority": "1000"}, "less than or equal to 100"),
        ({"currency": "XXX"}, "Select a valid choice"),
    ],
)
def test_an_edit_that_cannot_be_is_explained(
    claim: Claim, clerk: User, signed_in: SignIn, changes: dict[str, Any], said: str
) -> None:
    status, page = edited(signed_in(clerk), claim, **changes)
    assert (status, said in page) == (200, True)
    assert not LogEntry.objects.exists()


def test_a_decided_claim_is_not_edited(claim: Claim, administrator: User, signed_in: SignIn) -> None:
    Claim.objects.update(status=Claim.Status.DECIDED)
    status, page = edited(signed_in(administrator), claim, patient_name="B")
    assert (status, "opened again" in page) == (200, True)
    assert Claim.objects.get().patient_name == claim.patient_name
