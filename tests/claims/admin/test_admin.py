"""The admin: every list and page opens; the record is looked at only."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from claims.admin.base import LookOnlyAdmin
from claims.models import (
    Claim,
    User,
)
from tests.claims.admin.conftest import OURS, SignIn, address, name_of

pytestmark = pytest.mark.django_db


LOOK_ONLY = [model for model in OURS if isinstance(admin.site._registry[model], LookOnlyAdmin)]


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
