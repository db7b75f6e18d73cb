"""What each role may do: one table, made into Django groups after every `migrate`.

Views, API and verbs ask `require(user, Permission.CORRECT)`; pages ask `may(user, …)`. An administrator may make
further groups out of the same permissions.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.auth.models import Permission as PermissionRow
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from claims.models import Role, User


class Permission(StrEnum):
    """Each is a Django permission on the claim (`Claim.Meta.permissions`)."""

    SEE = "claims.see_claim"
    RECEIVE = "claims.receive_document"
    """Take in files, open claims, link and move documents."""
    CORRECT = "claims.correct_document"
    """Change working values, acknowledge findings, ask for another reading."""
    DECIDE = "claims.decide_claim"
    CHECK = "claims.check_decision"
    """The second person's check of a decision."""
    ASSIGN = "claims.assign_claim"
    REOPEN = "claims.reopen_claim"
    REVEAL = "claims.reveal_value"
    """See a masked identity number; logged."""
    EXPORT = "claims.export_claim"
    AUDIT = "claims.read_log"
    """Read the log, and the reports drawn from it and from the claims."""
    HOLD = "claims.hold_claim"
    """Place and lift legal holds (`LegalHold.Meta.permissions`)."""
    ADMINISTER = "claims.administer_desk"
    """Rules, plans, accounts, jobs, people."""


_REVIEWING = frozenset({Permission.SEE, Permission.CORRECT, Permission.DECIDE, Permission.REVEAL, Permission.EXPORT})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CLERK: frozenset({Permission.SEE, Permission.RECEIVE}),
    Role.REVIEWER: _REVIEWING | {Permission.RECEIVE},
    Role.SUPERVISOR: _REVIEWING
    | {Permission.RECEIVE, Permission.CHECK, Permission.ASSIGN, Permission.REOPEN, Permission.AUDIT, Permission.HOLD},
    Role.AUDITOR: frozenset({Permission.SEE, Permission.REVEAL, Permission.EXPORT, Permission.AUDIT}),
    Role.ADMINISTRATOR: frozenset(Permission),
}

ADMIN_APPS = ("claims", "ocr_providers", "auth", "authtoken", "mfa", "axes")
"""Apps whose models an administrator manages in the admin; an auditor may look at the first two."""


def may(user: User | AnonymousUser, permission: Permission) -> bool:
    return user.is_active and user.has_perm(permission)


def deciders() -> QuerySet[User]:
    """The people at work who may decide claims, by their roles."""
    roles = [role.value for role, permissions in ROLE_PERMISSIONS.items() if Permission.DECIDE in permissions]
    return User.objects.filter(is_active=True, groups__name__in=roles).distinct()


def require(user: User | AnonymousUser, permission: Permission) -> None:
    """Raises `PermissionDenied` when this person may not do it."""
    if not may(user, permission):
        raise PermissionDenied(_("Your role does not allow this."))


def require_any(user: User | AnonymousUser, *permissions: Permission) -> None:
    """Raises `PermissionDenied` when this person may do none of them."""
    if not any(may(user, permission) for permission in permissions):
        raise PermissionDenied(_("Your role does not allow this."))


def ensure_groups(sender: AppConfig, **kwargs: Any) -> None:
    """One group per role with exactly its permissions. Runs after `migrate`; running it again changes nothing."""
    # Django makes the permission rows in a handler of the same signal, which may run after this one.
    create_permissions(sender, verbosity=0, using=kwargs.get("using", "default"))
    for role, permissions in ROLE_PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set(PermissionRow.objects.filter(_rows_of(permissions) | _admin_rows(role)))


def _rows_of(permissions: frozenset[Permission]) -> Q:
    codenames = [permission.partition(".")[2] for permission in permissions]
    return Q(content_type__app_label="claims", codename__in=codenames)


def _admin_rows(role: Role) -> Q:
    """Permissions on models, for the admin's pages."""
    if role is Role.ADMINISTRATOR:
        return Q(content_type__app_label__in=ADMIN_APPS)
    if role is Role.AUDITOR:
        return Q(content_type__app_label__in=ADMIN_APPS[:2], codename__startswith="view_")
    if role is Role.SUPERVISOR:
        return Q(content_type__app_label="claims", content_type__model="assignmentrule")
    return Q(pk__in=())
