"""Several claims at once, and more rows on demand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Document, User
from claims.queueing import queue

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def two(db: None) -> list[Claim]:
    return [Claim.objects.create(number=f"Q-{n}", status=Claim.Status.READY) for n in range(2)]


def bulk(client: Client, action: str, **fields: object) -> tuple[int, list[str]]:
    data = {"action": action, "number": ["Q-0", "Q-1"], **fields}
    response = client.post(reverse("claims:queue-bulk"), data, follow=True)
    context = response.context if response.status_code == 200 else None
    return response.status_code, [str(message) for message in context["messages"]] if context else []


def holders() -> set[str | None]:
    return set(Claim.objects.values_list("assignee__username", flat=True))


def test_chosen_claims_are_taken_and_released(reviewer: User, signed_in: SignIn, two: list[Claim]) -> None:
    client = signed_in(reviewer)
    assert bulk(client, "take") == (200, ["2 claims assigned."])
    assert holders() == {reviewer.username}
    bulk(client, "release", number=["Q-0"])
    assert holders() == {reviewer.username, None}


def test_a_supervisor_gives_them_to_somebody_who_decides(
    supervisor: User, reviewer: User, signed_in: SignIn, two: list[Claim]
) -> None:
    bulk(signed_in(supervisor), "give", to=reviewer.username)
    assert holders() == {reviewer.username}


@pytest.mark.parametrize("to", ["clara.clerk", "nobody", ""])
def test_nobody_else_can_be_given_a_claim(
    supervisor: User, clerk: User, signed_in: SignIn, two: list[Claim], to: str
) -> None:
    assert bulk(signed_in(supervisor), "give", to=to)[0] == 404
    assert holders() == {None}


def test_a_reviewer_gives_nothing_away(reviewer: User, supervisor: User, signed_in: SignIn, two: list[Claim]) -> None:
    assert bulk(signed_in(reviewer), "give", to=supervisor.username)[0] == 403
    assert bulk(signed_in(reviewer), "delete")[0] == 403
    assert holders() == {None}


def test_claims_that_were_decided_meanwhile_are_named(reviewer: User, signed_in: SignIn, two: list[Claim]) -> None:
    Claim.objects.filter(number="Q-1").update(status=Claim.Status.DECIDED)
    assert bulk(signed_in(reviewer), "take") == (
        200,
        ["1 claim assigned.", "Q-1: Claim Q-1 was taken or decided by somebody else."],
    )


@pytest.mark.parametrize(
    ("target", "leads"),
    [("/?view=mine", "/?view=mine"), ("https://example.org/", "/"), ("//example.org", "/"), ("", "/")],
)
def test_one_returns_to_the_filtered_list_and_never_elsewhere(
    reviewer: User, signed_in: SignIn, two: list[Claim], target: str, leads: str
) -> None:
    response = signed_in(reviewer).post(reverse("claims:queue-bulk"), {"action": "take", "next": target})
    assert response["Location"] == leads


def test_more_rows_come_without_the_page_around_them(
    reviewer: User, signed_in: SignIn, two: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 1)
    client = signed_in(reviewer)
    first = client.get("/?view=all")
    cursor = str(first.context["page"].next_cursor)
    rest = client.get("/", {"view": "all", "after": cursor}, headers={"HX-Request": "true"}).content.decode()
    assert 'data-claim="Q-0"' in rest
    assert "<html" not in rest
    assert "data-more" not in rest


def test_the_count_of_documents_being_read_is_of_those_one_may_see(
    reviewer: User, stranger: User, signed_in: SignIn, document: Document
) -> None:
    address = reverse("claims:now-reading")
    assert "1 document being read" in signed_in(reviewer).get(address).content.decode()
    assert signed_in(stranger).get(address).content.decode().strip() == ""


def test_only_colleagues_who_decide_stand_in_the_lists(
    supervisor: User, reviewer: User, clerk: User, signed_in: SignIn, two: list[Claim]
) -> None:
    shown = signed_in(supervisor).get("/").content.decode()
    assert f'value="{reviewer.username}"' in shown
    assert f'value="{clerk.username}"' not in shown


@pytest.mark.parametrize("target", ["-1", "x", "queue", "//elsewhere.example/", "https://elsewhere.example/", ""])
def test_one_goes_back_to_pages_of_this_desk_only(
    reviewer: User, signed_in: SignIn, two: list[Claim], target: str
) -> None:
    data = {"action": "take", "number": ["Q-0"], "next": target}
    assert signed_in(reviewer).post(reverse("claims:queue-bulk"), data)["Location"] == "/"
