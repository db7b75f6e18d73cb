"""What each role may do."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.http import Http404

from claims import access
from claims.models import Claim, Document, Role, User
from claims.permissions import ROLE_PERMISSIONS, Permission, ensure_groups, may, require

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: Role, people: dict[str, User]) -> None:
    user = people[role.value]
    assert {permission for permission in Permission if may(user, permission)} == ROLE_PERMISSIONS[role]


def test_a_stranger_an_inactive_person_and_nobody_may_do_nothing(stranger: User, reviewer: User) -> None:
    reviewer.is_active = False
    for user in (stranger, reviewer, AnonymousUser()):
        assert not any(may(user, permission) for permission in Permission)


def test_an_auditor_changes_nothing() -> None:
    assert ROLE_PERMISSIONS[Role.AUDITOR] <= {Permission.SEE, Permission.AUDIT, Permission.EXPORT, Permission.REVEAL}


def test_an_auditor_looks_at_every_model_in_the_admin_and_edits_none(auditor: User) -> None:
    assert auditor.has_perm("claims.view_logentry")
    assert not [
        name for name in auditor.get_all_permissions() if name.split(".")[1].startswith(("add_", "change_", "delete_"))
    ]


def test_require_refuses_with_a_reason(clerk: User) -> None:
    require(clerk, Permission.RECEIVE)
    with pytest.raises(PermissionDenied, match="role"):
        require(clerk, Permission.DECIDE)


def test_making_the_groups_again_mends_them(clerk: User) -> None:
    Group.objects.get(name=Role.REVIEWER).permissions.clear()
    ensure_groups(apps.get_app_config("claims"))
    assert Group.objects.count() == len(Role)
    assert Group.objects.get(name=Role.REVIEWER).permissions.filter(codename="correct_document").exists()


def test_whoever_has_a_role_finds_claim_and_document(people: dict[str, User], claim: Claim, document: Document) -> None:
    for role in Role:
        assert access.get_claim(people[role.value], claim.number) == claim
        assert access.get_document(people[role.value], document.pk) == document


def test_a_stranger_finds_nothing(stranger: User, claim: Claim, document: Document) -> None:
    assert not access.claims_for(stranger).exists()
    assert not access.documents_for(AnonymousUser()).exists()
    with pytest.raises(Http404):
        access.get_claim(stranger, claim.number)
    with pytest.raises(Http404):
        access.get_document(stranger, document.pk)
    with pytest.raises(Http404):
        access.get_page(stranger, document.pk, 0)


def test_a_number_that_does_not_exist_is_not_found(reviewer: User) -> None:
    with pytest.raises(Http404):
        access.get_claim(reviewer, "none")


def test_an_administrator_manages_what_other_apps_keep_and_an_auditor_looks_at_it(
    administrator: User, auditor: User
) -> None:
    assert administrator.has_perms(
        ["ocr_providers.change_provideraccount", "authtoken.add_token", "mfa.delete_authenticator"]
    )
    assert auditor.has_perm("ocr_providers.view_providercall")
    assert not auditor.has_perm("ocr_providers.change_provideraccount")
    assert not auditor.has_perm("authtoken.view_token")
