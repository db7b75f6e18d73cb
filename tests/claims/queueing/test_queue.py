"""The queue: views, filters, cursor pages, counts, neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim, Document, InvoiceHeader, Plan, Policy, User
from claims.queueing import claim_figures, queue, queue_filters, search
from claims.queueing.queue_order import ORDERS_BY_NAME
from claims.queueing.queue_views import SAVED_VIEWS

MakeClaim = Callable[..., Claim]


@pytest.fixture
def make_claim(db: None) -> MakeClaim:
    def make(number: str, **fields: object) -> Claim:
        return Claim.objects.create(number=number, **{"status": Claim.Status.READY, **fields})

    return make


def numbers(claims: Iterable[Claim]) -> list[str]:
    return [claim.number for claim in claims]


def listing(user: User, **parameters: str) -> queue.Listing:
    return queue.listing(Claim.objects.all(), user, queue_filters.asked(parameters))


def shown(user: User, **parameters: str) -> list[str]:
    """Every page of the list, one after the other."""
    wanted, seen, cursor = listing(user, **parameters), [], ""
    while True:
        page = queue.page(wanted, cursor)
        seen += numbers(page.claims)
        if page.next_cursor is None:
            return seen
        cursor = str(page.next_cursor)


def test_each_saved_view_shows_its_own_claims(make_claim: MakeClaim, reviewer: User) -> None:
    make_claim("mine", assignee=reviewer)
    make_claim("free")
    make_claim("second", status=Claim.Status.CHECKING)
    make_claim("back", status=Claim.Status.RETURNED)
    make_claim("over", status=Claim.Status.DECIDED)
    found = {view.name: set(shown(reviewer, view=view.name)) for view in SAVED_VIEWS}
    assert found == {
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
        ({"below": "150"}, {"A-1"}),
        ({"above": "50", "below": "150"}, {"A-1"}),
        ({"above": "NaN"}, {"A-1", "A-2", "B-3"}),
        ({"older": "3"}, {"B-3"}),
        ({"status": "decided"}, set()),
        ({"due": "overdue"}, {"B-3"}),
        ({"due": "soon"}, {"A-2", "B-3"}),
        ({"kind": "invoice"}, {"B-3"}),
        ({"kind": "health-check"}, set()),
        ({"provider": "deepfinch"}, {"A-2"}),
        ({"provider": "deep"}, set()),
        ({"plan": "basic"}, {"A-1"}),
        ({"assignee": "rui.reviewer"}, {"A-2"}),
        ({"numbers": "A-1,B-3,nowhere"}, {"A-1", "B-3"}),
        ({"q": "a-"}, {"A-1", "A-2"}),
        ({"q": "建国"}, {"A-1"}),
        ({"q": "0012345"}, {"B-3"}),
        ({"q": "a-", "findings": "errors"}, {"A-1"}),
    ],
)
@pytest.mark.parametrize("sort", ORDERS_BY_NAME)
def test_filters_narrow_and_combine_in_every_order(
    make_claim: MakeClaim, reviewer: User, parameters: dict[str, str], expected: set[str], sort: str
) -> None:
    plan = Plan.objects.create(code="basic", name="Basic")
    policy = Policy.objects.create(
        number="P", plan=plan, insured_name="X", effective_from="2025-01-01", effective_until="2026-12-31"
    )
    days = timedelta(days=1)
    first = make_claim(
        "A-1",
        due_at=timezone.now() + 3 * days,
        error_count=2,
        patient_name="李建国",
        amount_asked=Decimal("100.00"),
        policy=policy,
    )
    second = make_claim(
        "A-2",
        due_at=timezone.now() + days / 2,
        warning_count=1,
        amount_asked=Decimal("200.00"),
        assignee=reviewer,
        providers=",deepfinch,local,",
    )
    old = make_claim("B-3", received_at=timezone.now() - timedelta(days=5))
    document = Document.objects.create(
        claim=old, sha256="cd" * 32, media_type="image/png", byte_size=1, original_name="photo.png", kind="invoice"
    )
    InvoiceHeader.objects.create(document=document, note_no="0012345678")
    claim_figures.update(old.pk)
    for claim in (first, second):
        search.refresh(claim.pk)
    assert set(shown(reviewer, view="all", sort=sort, **parameters)) == expected


def test_pages_follow_each_other_without_gap_or_repeat(
    make_claim: MakeClaim, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 3)
    moment = timezone.now()
    for n in range(8):
        make_claim(f"C-{n}", received_at=moment - timedelta(minutes=n // 2))  # pairs arrive at the same moment
    assert shown(reviewer, view="all") == ["C-1", "C-0", "C-3", "C-2", "C-5", "C-4", "C-7", "C-6"]


def test_lists_of_several_statuses_are_in_one_order(
    make_claim: MakeClaim, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 2)
    moment = timezone.now()
    for n in range(7):
        make_claim(
            f"S-{n}",
            status=Claim.Status.READY if n % 3 else Claim.Status.IN_REVIEW,
            received_at=moment - timedelta(hours=n),
            due_at=moment + timedelta(hours=n * 3 % 7),
            amount_asked=Decimal(n * 5 % 7) if n else None,
        )
    assert shown(reviewer, view="todo") == [f"S-{n}" for n in range(7)]
    assert shown(reviewer, view="todo", sort="oldest") == [f"S-{n}" for n in reversed(range(7))]
    assert shown(reviewer, view="todo", sort="due") == ["S-0", "S-5", "S-3", "S-1", "S-6", "S-4", "S-2"]
    assert shown(reviewer, view="todo", sort="amount") == ["S-4", "S-1", "S-5", "S-2", "S-6", "S-3", "S-0"]


def test_a_rare_match_is_found_although_one_page_looks_only_so_far(
    make_claim: MakeClaim, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "LOOK_AT", 3)
    moment = timezone.now()
    for n in range(11):
        make_claim(f"R-{n}", received_at=moment - timedelta(hours=n), error_count=n in (5, 10))
    first = queue.page(listing(reviewer, view="all", findings="errors"))
    assert (first.claims, first.next_cursor is not None, first.looked_until) == ([], True, first.next_cursor)
    assert shown(reviewer, view="all", findings="errors") == ["R-5", "R-10"]


def test_a_common_word_is_looked_for_along_the_list(
    make_claim: MakeClaim, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    monkeypatch.setattr(queue, "LOOK_AT", 2)
    moment = timezone.now()
    for n in range(5):
        claim = make_claim(f"W-{n}", patient_name="王芳" if n % 2 else "王伟", received_at=moment - timedelta(hours=n))
        search.refresh(claim.pk)
    assert shown(reviewer, view="all", q="王") == [f"W-{n}" for n in range(5)]
    assert shown(reviewer, view="all", q="王 芳") == ["W-1", "W-3"]


@pytest.mark.parametrize(
    "text",
    ["", "x", "_", "2026-01-01_5", "2026-99-01T00:00:00+00:00_5", "2026-01-01T00:00:00+00:00_x",
     "2026-01-01T00:00:00+00:00_99999999999999999999", "12.50_1"],
)  # fmt: skip
def test_a_cursor_that_is_none_starts_at_the_top(text: str) -> None:
    assert ORDERS_BY_NAME["newest"].parse(text) is None


@pytest.mark.parametrize("text", ["", "NaN_1", "1e99_1", "x_1", "12.50_x", "2026-01-01T00:00:00+00:00_1"])
def test_an_amount_that_is_none_is_no_cursor(text: str) -> None:
    assert ORDERS_BY_NAME["amount"].parse(text) is None


def test_neighbours_follow_the_filtered_list(make_claim: MakeClaim, reviewer: User) -> None:
    moment = timezone.now()
    first, second, third = (
        make_claim(f"N-{n}", received_at=moment - timedelta(hours=n), error_count=n) for n in range(3)
    )
    assert queue.neighbours(listing(reviewer, view="all"), second) == (first, third)
    assert queue.neighbours(listing(reviewer, view="all", sort="oldest"), second) == (third, first)
    assert queue.neighbours(listing(reviewer, view="all", findings="clean"), second) == (first, None)


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
