"""Lists of the queue under names of one's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from claims.guards import Refused
from claims.models import Claim, QueueView, User
from claims.queueing import own_views

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LARGE = "view=all&sort=amount&plan=gold&above=1000"


def test_a_list_is_kept_found_again_and_forgotten(reviewer: User, supervisor: User, signed_in: SignIn) -> None:
    desk = signed_in(reviewer)
    answer = desk.post("/queue/views/", {"name": "Large gold", "query": f"above=1000&plan=gold&after=x&{LARGE}"})
    assert answer["Location"] == f"/?{LARGE}"
    page = desk.get(f"/?{LARGE}").content.decode()
    assert "Large gold" in page
    assert "Save this view" not in page
    assert "Large gold" not in signed_in(supervisor).get("/").content.decode()
    desk.post(f"/queue/views/{QueueView.objects.get().pk}/forget/")
    assert not QueueView.objects.exists()


def test_only_what_describes_a_list_is_kept() -> None:
    asked = f"q= 王 &{LARGE}&numbers=C1,C2&after=3_4&evil=1&status="
    assert own_views.canonical(asked) == LARGE
    assert own_views.canonical("") == ""


def test_the_plain_queue_is_not_worth_keeping(reviewer: User, signed_in: SignIn) -> None:
    Claim.objects.create(number="C-1", status=Claim.Status.READY)
    assert "Save this view" not in signed_in(reviewer).get("/").content.decode()
    assert "Save this view" in signed_in(reviewer).get("/?findings=errors").content.decode()


def test_a_supervisor_shares_one_with_everybody(reviewer: User, supervisor: User, signed_in: SignIn) -> None:
    own_views.save(user=supervisor, name="For Monday", query=LARGE, shared=True)
    assert "For Monday" in signed_in(reviewer).get("/").content.decode()
    with pytest.raises(PermissionDenied):
        own_views.save(user=reviewer, name="Mine", query=LARGE, shared=True)
    with pytest.raises(PermissionDenied):
        own_views.forget(user=reviewer, view=QueueView.objects.get())


def test_somebody_else_s_own_list_is_not_there(reviewer: User, supervisor: User, signed_in: SignIn) -> None:
    view = own_views.save(user=reviewer, name="Mine", query=LARGE)
    assert signed_in(supervisor).post(f"/queue/views/{view.pk}/forget/").status_code == 404
    assert QueueView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_is_none_is_refused(reviewer: User, name: str) -> None:
    with pytest.raises(Refused):
        own_views.save(user=reviewer, name=name, query=LARGE)


def test_two_of_one_name_and_too_many_are_refused(reviewer: User) -> None:
    own_views.save(user=reviewer, name="Mine", query=LARGE)
    with pytest.raises(Refused, match="this name"):
        own_views.save(user=reviewer, name=" MINE ", query="view=all")
    with pytest.raises(Refused, match="too long"):
        own_views.save(user=reviewer, name="Long", query=f"plan={'x' * 1001}")
    QueueView.objects.bulk_create(QueueView(owner=reviewer, name=f"V{n}") for n in range(own_views.MOST))
    with pytest.raises(Refused, match="forget one"):
        own_views.save(user=reviewer, name="One more", query=LARGE)
