"""Content is erased when its time is over or a person asks; the log stays whole; a legal hold stops it all."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import ADDITION
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims import audit, holds, intake, storage
from claims.correspondence import letters
from claims.deciding import decisions
from claims.editing.corrections import Edit, correct
from claims.filing import pages
from claims.guards import Refused
from claims.models import (
    Claim,
    Correction,
    Decision,
    Document,
    Erasure,
    LegalHold,
    LogEntry,
    Policy,
    Reading,
    TimeLimit,
    User,
)
from claims.recording import append_only, erasing, erasure
from claims.recording.erasure import EVERYTHING, What
from ocr_providers.accounts import default_local_account
from ocr_providers.models import ProviderCall
from tests.claims.conftest import ReadDocument

pytestmark = pytest.mark.django_db
SECRETS = ("王芳", "3300123456", "阿莫西林胶囊", "王小芳", "11010519491231002X", "A note about 王芳")


@pytest.fixture
def decided(read_document: ReadDocument, policy: Policy, reviewer: User, picture: Callable[..., bytes]) -> Claim:
    """A claim with a picture, a call, values, a correction, a note, a decision and a letter; all under 王芳."""
    document = read_document()
    document.sha256 = _stored(picture())
    document.original_name = "王芳.jpg"
    document.save()
    pages.make_pages(document, picture())
    Claim.objects.filter(pk=document.claim_id).update(policy=policy, status=Claim.Status.READY, patient_name="王芳")
    _call(document)
    correct(document=document, user=reviewer, edits=[Edit("invoice/patient_name", "王小芳", _revision(document))])
    claim = Claim.objects.select_related("policy__plan").get(pk=document.claim_id)
    intake.add_note(claim=claim, author=reviewer, text="A note about 王芳")
    verdict = decisions.Verdict(
        outcome=Decision.Outcome.REJECTED, reason_code="name", reason="王小芳 is not 王芳.", override_reason=""
    )
    claim.refresh_from_db()
    decision = decisions.decide(claim=claim, user=reviewer, verdict=verdict, version=claim.version)
    letters.issue(decision=decision, user=reviewer, language="zh-hans")
    return Claim.objects.get(pk=claim.pk)


def _stored(content: bytes) -> str:
    from claims.receiving.uploads import check_file

    return check_file(content, "a.jpg").sha256


def _revision(document: Document) -> int:
    return int(document.invoice.sources.get("patient_name", {}).get("revision", 0))


def _call(document: Document) -> ProviderCall:
    account = default_local_account()
    return ProviderCall.objects.create(
        account=account, vendor="local", sha256=document.sha256, kind="invoice", key="k", state="ok", status=200,
        owner="w", expires_at=timezone.now(), answer="王芳".encode(),
    )  # fmt: skip


POLICIES = ("claims_policy", "claims_searchtext")
"""The policy is not the claim's, and the claim is found by its person."""


def everything_stored(without: tuple[str, ...] = POLICIES) -> str:
    """Every value of our tables."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("claims_", "ocr_providers_")) and not table.startswith(without or ("-",)):
                cursor.execute(f'SELECT * FROM "{table}"')
                texts.append(repr([[_plain(value) for value in row] for row in cursor.fetchall()]))
    return "\n".join(texts)


def _plain(value: Any) -> Any:
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else value


def in_years(number: int) -> date:
    return timezone.localdate() + timedelta(days=366 * number)


# --- what is left ----------------------------------------------------------------------------------------------------


def test_nothing_of_the_person_is_left_and_the_chain_holds(
    decided: Claim, django_capture_on_commit_callbacks: Any
) -> None:
    assert all(secret in everything_stored() for secret in SECRETS[:3])
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(claim=decided, what=EVERYTHING, by="system", reason="Over.")
    stored = everything_stored()
    assert [secret for secret in SECRETS if secret in stored] == []
    assert audit.verify() == []


def test_a_reason_that_went_without_an_erasure_shows(decided: Claim) -> None:
    with append_only.suspended():
        LogEntry.objects.filter(action="claim.decided").update(reason="", reason_salt="")
    assert [problem.entry for problem in audit.verify()] == [LogEntry.objects.get(action="claim.decided").pk]


def test_a_reason_that_was_changed_shows(decided: Claim) -> None:
    with append_only.suspended():
        LogEntry.objects.filter(action="claim.decided").update(reason="Another one.")
    assert len(audit.verify()) == 1


def test_the_record_keeps_who_did_what_and_what_was_paid(decided: Claim) -> None:
    erasure.erase(claim=decided, what=EVERYTHING, by="system", reason="Over.")
    assert Reading.objects.get().account_name == "local"
    assert Correction.objects.get().cell == "invoice/patient_name"
    assert Decision.objects.get().reason_code == "name"
    letter = decided.letters.get()
    assert (letter.html, len(letter.pdf_sha256)) == ("", 64)
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.detail["what"]) == ("claim.erased", ["pictures", "answers", "values"])


def test_the_files_are_gone_after_the_commit(decided: Claim, django_capture_on_commit_callbacks: Any) -> None:
    document, letter = decided.documents.get(), decided.letters.get()
    keys = [storage.original_key(document.sha256), *storage.derived_keys(document.sha256)]
    keys.append(storage.letter_key(letter.pdf_sha256))
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(claim=decided, what=EVERYTHING, by="system", reason="Over.")
        assert all(map(storage.exists, keys))
    assert len(keys) == 4
    assert not any(map(storage.exists, keys))
    assert Erasure.objects.get().files_left == []


def test_files_that_a_dying_process_left_go_with_the_next_run(decided: Claim) -> None:
    erasure.erase(claim=decided, what=[What.PICTURES], by="system", reason="Over.")  # no commit: no callback
    key = storage.original_key(decided.documents.get().sha256)
    assert storage.exists(key)
    assert erasure.finish_all() == 1
    assert not storage.exists(key)


def test_a_picture_that_another_claim_has_too_stays_until_its_time(
    decided: Claim, django_capture_on_commit_callbacks: Any
) -> None:
    document = decided.documents.get()
    other = Claim.objects.create(number="other", status=Claim.Status.DECIDED)
    Document.objects.create(
        claim=other, sha256=document.sha256, media_type="image/jpeg", byte_size=1, original_name="b.jpg"
    )
    for claim, stays in ((decided, True), (other, False)):
        with django_capture_on_commit_callbacks(execute=True):
            erasure.erase(claim=claim, what=[What.PICTURES], by="system", reason="Over.")
        assert storage.exists(storage.original_key(document.sha256)) is stays


def test_each_kind_is_erased_by_itself(decided: Claim) -> None:
    erasure.erase(claim=decided, what=[What.ANSWERS], by="system", reason="Over.")
    assert Reading.objects.get().answer == "{}"
    assert ProviderCall.objects.get().is_erased
    assert decided.documents.get().line_items.exists()
    assert decided.documents.get().pages.exists()


def test_the_door_is_closed_again_behind_an_erasure(decided: Claim) -> None:
    erasure.erase(claim=decided, what=EVERYTHING, by="system", reason="Over.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.update(answer="invented")


def test_nothing_is_erased_by_half(decided: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(claim: Claim) -> list[str]:
        raise RuntimeError("the disk")

    monkeypatch.setattr(erasing, "values", broken)
    with pytest.raises(RuntimeError):
        erasure.erase(claim=decided, what=EVERYTHING, by="system", reason="Over.")
    assert Reading.objects.get().answer != "{}"
    assert not Erasure.objects.exists()


def test_an_erased_claim_has_no_new_letters_and_stays_closed(decided: Claim, reviewer: User, supervisor: User) -> None:
    erasure.erase(claim=decided, what=EVERYTHING, by="system", reason="Over.")
    with pytest.raises(Refused):
        letters.issue(decision=decided.decisions.get(), user=reviewer, language="en")
    with pytest.raises(Refused):
        decisions.reopen(claim=decided, user=supervisor, reason="A complaint.")


def test_the_pages_of_an_erased_claim_open(decided: Claim, reviewer: User, signed_in: Callable[[User], Client]) -> None:
    letter, document = decided.letters.get(), decided.documents.get()
    erasure.erase(claim=decided, what=EVERYTHING, by="system", reason="Over.")
    client = signed_in(reviewer)
    assert "Erased" in client.get(reverse("claims:claim", args=[decided.number])).content.decode()
    assert "was erased" in client.get(reverse("claims:letter", args=[decided.number, letter.pk])).content.decode()
    assert client.get(reverse("claims:review", args=[document.pk])).status_code == 200
    for suffix in ("json", "csv", "xlsx"):
        assert client.get(reverse(f"claims:export-{suffix}", args=[decided.number])).status_code == 200


# --- when ------------------------------------------------------------------------------------------------------------


def due(day: date) -> list[tuple[str, tuple[What, ...]]]:
    return [(item.claim.number, item.what) for item in erasure.due(day)]


def test_each_kind_has_its_time_counted_from_the_end_of_the_policy(decided: Claim) -> None:
    Policy.objects.update(effective_until=in_years(2))
    assert due(in_years(6)) == []
    assert due(in_years(8)) == [("2026-000001", (What.PICTURES, What.ANSWERS))]
    TimeLimit.objects.filter(code=TimeLimit.Code.KEEP_VALUES).update(days=30)
    assert due(in_years(3)) == [("2026-000001", (What.VALUES,))]


def test_an_open_claim_is_never_over_time(decided: Claim) -> None:
    Claim.objects.update(status=Claim.Status.RETURNED)
    assert due(in_years(50)) == []
    with pytest.raises(Refused):
        erasure.erase(claim=decided, what=EVERYTHING, by="system", reason="Over.")


def test_the_command_says_first_and_erases_then_once(decided: Claim) -> None:
    TimeLimit.objects.update(days=0)
    Policy.objects.update(effective_until=timezone.localdate() - timedelta(days=9))
    Decision.objects.update(decided_at=timezone.now() - timedelta(days=9))
    assert "2026-000001: pictures, answers, values" in run("apply_retention", dry_run=True)
    assert not Erasure.objects.exists()
    assert "1 claims were over time" in run("apply_retention")
    assert "0 claims were over time" in run("apply_retention")
    run("verify_log")


def run(command: str, *args: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


# --- legal holds -----------------------------------------------------------------------------------------------------


def test_nothing_is_erased_under_a_legal_hold(decided: Claim, supervisor: User) -> None:
    hold = holds.place(claim=decided, user=supervisor, reason="A lawsuit.")
    assert due(in_years(50)) == []
    with pytest.raises(Refused):
        erasure.erase(claim=decided, what=EVERYTHING, by="system", reason="Over.")
    holds.lift(hold=hold, user=supervisor, reason="Settled.")
    assert len(due(in_years(50))) == 1
    assert list(LogEntry.objects.values_list("action", flat=True))[-2:] == ["hold.placed", "hold.lifted"]


def test_a_hold_ends_with_its_day(decided: Claim, supervisor: User) -> None:
    holds.place(claim=decided, user=supervisor, reason="An audit.", until=in_years(20))
    assert due(in_years(19)) == []
    assert len(due(in_years(21))) == 1


@pytest.mark.parametrize("fields", [{"reason": " "}, {"reason": "x", "until": date(2020, 1, 1)}])
def test_a_hold_needs_a_reason_and_a_day_to_come(decided: Claim, supervisor: User, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        holds.place(claim=decided, user=supervisor, **fields)


def test_a_hold_is_lifted_once_and_with_a_reason(decided: Claim, supervisor: User) -> None:
    hold = holds.place(claim=decided, user=supervisor, reason="A lawsuit.")
    with pytest.raises(Refused):
        holds.lift(hold=hold, user=supervisor, reason="")
    holds.lift(hold=hold, user=supervisor, reason="Settled.")
    with pytest.raises(Refused):
        holds.lift(hold=hold, user=supervisor, reason="Again.")


def test_a_reviewer_places_no_hold(decided: Claim, reviewer: User) -> None:
    with pytest.raises(PermissionDenied):
        holds.place(claim=decided, user=reviewer, reason="x")


def test_holds_by_page_and_api(decided: Claim, supervisor: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(supervisor)
    page = reverse("claims:place-hold", args=[decided.number])
    client.post(page, {"reason": "A lawsuit.", "until": "2099-13-99"})
    assert not LegalHold.objects.exists()
    client.post(page, {"reason": "A lawsuit.", "until": "2099-12-31"})
    assert "until 2099-12-31" in client.get(reverse("claims:claim", args=[decided.number])).content.decode()
    url = f"/api/v1/claims/{decided.number}/holds/"
    made = client.post(url, {"reason": "An audit."})
    assert made.status_code == 201
    assert client.post(f"{url}{made.json()['id']}/lift/", {"reason": "Done."}).json()["lifted_reason"] == "Done."
    assert [hold["reason"] for hold in client.get(url).json()] == ["An audit.", "A lawsuit."]


# --- one person ------------------------------------------------------------------------------------------------------


def test_a_persons_data_goes_on_request_with_the_reason_on_record(
    decided: Claim, policy: Policy, administrator: User
) -> None:
    AdminEntry.objects.create(
        user=administrator, action_flag=ADDITION, object_id=str(policy.pk), object_repr="P-1 王芳",
        content_type=ContentType.objects.get_for_model(Policy),
    )  # fmt: skip
    assert erasure.erase_person(policy=policy, by=administrator, reason="Asked by letter.") == 1
    policy.refresh_from_db()
    assert (policy.insured_name, policy.identity_number) == ("", "")
    assert "王芳" not in everything_stored(without=())
    assert AdminEntry.objects.get().object_repr == "P-1"
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.subject, entry.reason) == ("person.erased", "P-1", "Asked by letter.")
    assert audit.verify() == []


def test_a_hold_on_one_claim_keeps_all_of_the_persons_data(decided: Claim, policy: Policy, administrator: User) -> None:
    second = Claim.objects.create(number="2026-000009", policy=policy, status=Claim.Status.DECIDED)
    holds.place(claim=second, user=administrator, reason="A lawsuit.")
    with pytest.raises(Refused, match="2026-000009"):
        erasure.erase_person(policy=policy, by=administrator, reason="Asked by letter.")
    assert Reading.objects.get().answer != "{}"
    policy.refresh_from_db()
    assert policy.insured_name == "王芳"


@pytest.mark.parametrize("reason", ["", " "])
def test_a_person_is_erased_by_an_administrator_with_a_reason(
    decided: Claim, policy: Policy, administrator: User, supervisor: User, reason: str
) -> None:
    with pytest.raises(Refused):
        erasure.erase_person(policy=policy, by=administrator, reason=reason)
    with pytest.raises(PermissionDenied):
        erasure.erase_person(policy=policy, by=supervisor, reason="Asked.")


def test_the_command_for_one_person(decided: Claim, policy: Policy, administrator: User, reviewer: User) -> None:
    with pytest.raises(CommandError):
        run("erase_person", "P-1", by=reviewer.username, reason="Asked.")
    with pytest.raises(CommandError):
        run("erase_person", "P-9", by=administrator.username, reason="Asked.")
    assert "1 claims" in run("erase_person", "P-1", by=administrator.username, reason="Asked.")


def test_the_action_in_the_admin(
    decided: Claim, policy: Policy, administrator: User, signed_in: Callable[[User], Client]
) -> None:
    client, page = signed_in(administrator), reverse("admin:claims_policy_changelist")
    sent = {"action": "erase_person", "_selected_action": [policy.pk]}
    client.post(page, sent)
    assert not Erasure.objects.exists()
    client.post(page, {**sent, "reason": "Asked by letter."})
    assert Erasure.objects.get().values_at


def test_the_log_never_names_an_insured_person(
    policy: Policy, administrator: User, signed_in: Callable[[User], Client]
) -> None:
    page = reverse("admin:claims_policy_change", args=[policy.pk])
    form = {
        "number": "P-1", "plan": policy.plan_id, "insured_name": "王芳", "identity_number": "1",
        "effective_from": "2025-01-01", "effective_until": "2026-12-31", "why": "A change.",
    }  # fmt: skip
    assert signed_in(administrator).post(page, form).status_code == 302
    assert LogEntry.objects.latest("id").subject == "claims.Policy: P-1"
