"""The queue: views, filters, cursor pages, counts, neighbours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims import queue
from claims.models import Claim, Document, InvoiceHeader, User

MakeClaim = Callable[..., Claim]


@pytest.fixture
def make_claim(db: None) -> MakeClaim:
    def make(number: str, **fields: object) -> Claim:
        return Claim.objects.create(number=number, **{"status": Claim.Status.READY, **fields})

    return make


def numbers(claims: object) -> list[str]:
    return [claim.number for claim in claims]  # type: ignore[attr-defined]


def test_each_saved_view_shows_its_own_claims(make_claim: MakeClaim, reviewer: User) -> None:
    make_claim("mine", assignee=reviewer)
    make_claim("free")
    make_claim("second", status=Claim.Status.CHECKING)
    make_claim("back", status=Claim.Status.RETURNED)
    make_claim("over", status=Claim.Status.DECIDED)
    shown = {
        view.name: set(numbers(queue.narrowed(Claim.objects.all(), reviewer, {"view": view.name})))
        for view in queue.SAVED_VIEWS
    }
    assert shown == {
        "todo": {"mine", "free"},
        "mine": {"mine"},
        "unassigned": {"free"},
        "checking": {"second"},
        "returned": {"back"},
        "reading": set(),
        "decided": {"over"},
        "all": {"mine", "free", "second", "back", "over"},
    }
    assert queue.counts(Claim.objects.all(), reviewer)["todo"] == 2


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"findings": "errors"}, {"A-1"}),
        ({"findings": "warnings"}, {"A-2"}),
        ({"findings": "clean"}, {"B-3"}),
        ({"findings": "nonsense"}, {"A-1", "A-2", "B-3"}),
        ({"above": "150"}, {"A-2"}),
        ({"above": "NaN"}, {"A-1", "A-2", "B-3"}),
        ({"older": "3"}, {"B-3"}),
        ({"q": "a-"}, {"A-1", "A-2"}),
        ({"q": "建国"}, {"A-1"}),
        ({"q": "0012345"}, {"B-3"}),
        ({"q": "a-", "findings": "errors"}, {"A-1"}),
    ],
)
def test_filters_narrow_and_combine(
    make_claim: MakeClaim, reviewer: User, parameters: dict[str, str], expected: set[str]
) -> None:
    make_claim("A-1", error_count=2, patient_name="李建国", amount_asked=Decimal("100.00"))
    make_claim("A-2", warning_count=1, amount_asked=Decimal("200.00"))
    old = make_claim("B-3", received_at=timezone.now() - timedelta(days=5))
    document = Document.objects.create(
        claim=old, sha256="cd" * 32, media_type="image/png", byte_size=1, original_name="a.png"
    )
    InvoiceHeader.objects.create(document=document, note_no="0012345678")
    found = queue.narrowed(Claim.objects.all(), reviewer, {"view": "all", **parameters})
    assert set(numbers(found)) == expected


def test_pages_follow_each_other_without_gap_or_repeat(make_claim: MakeClaim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 3)
    moment = timezone.now()
    for n in range(8):
        make_claim(f"C-{n}", received_at=moment - timedelta(minutes=n // 2))  # pairs arrive at the same moment
    seen: list[str] = []
    cursor = ""
    while True:
        page = queue.page(Claim.objects.all(), cursor)
        seen += numbers(page.claims)
        if page.next_cursor is None:
            break
        cursor = str(page.next_cursor)
    assert seen == ["C-1", "C-0", "C-3", "C-2", "C-5", "C-4", "C-7", "C-6"]


@pytest.mark.parametrize(
    "text", ["", "x", "_", "2026-01-01_5", "2026-99-01T00:00:00+00:00_5", "2026-01-01T00:00:00+00:00_x"]
)
def test_a_cursor_that_is_none_starts_at_the_top(text: str) -> None:
    assert queue.Cursor.parse(text) is None


def test_neighbours_follow_the_filtered_list(make_claim: MakeClaim) -> None:
    moment = timezone.now()
    first, second, third = (make_claim(f"N-{n}", received_at=moment - timedelta(hours=n)) for n in range(3))
    assert queue.neighbours(Claim.objects.all(), second) == (first, third)
    assert queue.neighbours(Claim.objects.exclude(pk=third.pk), second) == (first, None)


def test_the_page_costs_the_same_number_of_queries_for_one_claim_and_for_fifty(
    make_claim: MakeClaim,
    reviewer: User,
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(reviewer)
    for n in range(50):
        make_claim(f"Q-{n}", assignee=reviewer)
    client.get("/")
    with django_assert_max_num_queries(25):
        answer = client.get("/")
    assert answer.status_code == 200
    assert answer.content.decode().count("<tr data-claim=") == 50


def test_an_empty_desk_says_what_to_do(reviewer: User, signed_in: Callable[[User], Client]) -> None:
    assert "Upload a picture or a PDF" in signed_in(reviewer).get("/").content.decode()


def test_a_stranger_sees_no_claim(make_claim: MakeClaim, stranger: User, signed_in: Callable[[User], Client]) -> None:
    make_claim("SECRET-1")
    assert "SECRET-1" not in signed_in(stranger).get("/?view=all").content.decode()


def test_nobody_sees_the_queue_without_signing_in(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
