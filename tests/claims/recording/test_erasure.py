"""Content is erased when its time is over or a person asks; the log stays whole; a legal hold stops it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims import audit, holds, storage
from claims.correspondence import letters
from claims.deciding import decisions
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
from ocr_providers.models import ProviderCall
from tests.claims.recording.conftest import everything_stored, run

pytestmark = pytest.mark.django_db
SECRETS = ("王芳", "3300123456", "阿莫西林胶囊", "王小芳", "11010519491231002X", "A note about 王芳")


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
