"""The database itself keeps the call ledger: no call is deleted, none that has ended is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ocr_providers.append_only import NEVER, ONCE, TABLE, create_triggers, suspended
from ocr_providers.models import ProviderAccount, ProviderCall

pytestmark = pytest.mark.django_db
State = ProviderCall.State
ENDS = (State.OK, State.FAILED, State.NOT_SENT, State.UNCERTAIN)
ALLOWED = {
    State.SENDING: {State.SENDING, State.ANSWERED, State.FAILED, State.NOT_SENT, State.UNCERTAIN},
    State.ANSWERED: {State.ANSWERED, State.OK, State.FAILED, State.UNCERTAIN},
}
Make = Callable[..., ProviderCall]


@pytest.fixture
def make() -> Make:
    account = ProviderAccount.objects.create(name="jd", vendor="jd")

    def call(state: State, **fields: Any) -> ProviderCall:
        if state in (State.ANSWERED, State.OK):
            fields = {"answer": b"{}", "status": 200, **fields}
        elif state != State.SENDING:
            fields = {"error_class": "AskAgainLater", **fields}
        generation = ProviderCall.objects.count()
        return ProviderCall.objects.create(
            account=account, vendor="jd", endpoint="x", sha256="ab", kind="invoice", generation=generation,
            expires_at=timezone.now(), state=state, **fields,
        )  # fmt: skip

    return call


def changes(call: ProviderCall, **fields: Any) -> bool:
    """Whether the database lets the row be changed so; it is put back in either case."""
    try:
        with transaction.atomic():
            ProviderCall.objects.filter(pk=call.pk).update(**fields)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_a_call_goes_from_state_to_state_only_along_its_ways(make: Make, before: State, after: State) -> None:
    call = make(before)
    fits_the_row = {"status": 200, "error_class": "AskAgainLater"}
    assert changes(call, state=after, **(fits_the_row if before == State.SENDING else {"error_class": "X"})) == (
        after in ALLOWED.get(before, set())
    )


@pytest.mark.parametrize("state", ENDS)
@pytest.mark.parametrize(
    ("name", "value"), [("error", "nothing"), ("cost", 0), ("vendor_code", "10000"), ("owner", "")]
)
def test_a_call_that_has_ended_is_changed_in_nothing(make: Make, state: State, name: str, value: object) -> None:
    assert not changes(make(state), **{name: value})


@pytest.mark.parametrize("state", [State.UNCERTAIN, State.FAILED])
def test_an_answer_that_comes_late_is_still_recorded(make: Make, state: State) -> None:
    call = make(state, error_class="FateUnknown")
    assert changes(call, state=State.ANSWERED, answer=b"{}", status=200, error_class="")
    assert not changes(call, state=State.OK)


@pytest.mark.parametrize("name", NEVER)
def test_what_was_asked_never_changes(make: Make, name: str) -> None:
    other: dict[str, Any] = {"page": 7, "generation": 70, "sent_bytes": 9, "started_at": timezone.now()}
    if name == "account_id":
        other["account_id"] = ProviderAccount.objects.create(name="other", vendor="jd").pk
    assert not changes(make(State.SENDING), **{name: other.get(name, "other")})


@pytest.mark.parametrize("name", ONCE)
def test_what_was_answered_never_changes(make: Make, name: str) -> None:
    other: dict[str, Any] = {"answer": b"other", "charged": True, "cut_short": "other"}
    assert not changes(make(State.ANSWERED), **{name: other.get(name, 201)})


def test_no_call_is_deleted_but_through_the_door_for_erasures(make: Make) -> None:
    call = make(State.OK)
    create_triggers(connection)  # again, as after every migrate
    for statement in (f"DELETE FROM {TABLE}", f"UPDATE {TABLE} SET answer = NULL"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with suspended(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
    assert not ProviderCall.objects.filter(pk=call.pk).exists()
    assert not changes(make(State.OK), error="shut again")
