"""People and their roles. A role is a Django group; its permissions are in `claims.permissions`."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The names of the groups. An administrator is a superuser or a member of the group."""

    CLERK = "clerk", _("Intake clerk")
    REVIEWER = "reviewer", _("Reviewer")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class User(AbstractUser):
    """A member of staff."""

    display_name = models.CharField(_("display name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, help_text=_("Interface language."))
    reads_languages = models.JSONField(
        _("reads documents in"), default=list, blank=True, help_text=_('Language codes, for assignment: ["zh", "th"].')
    )
    signed_out_at = models.DateTimeField(
        _("signed out everywhere"), null=True, blank=True, editable=False, help_text=_("Older sessions have ended.")
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.display_name or self.get_username()


class RoleRule(models.Model):
    """What a role's people must do besides: an administrator's choice."""

    role = models.CharField(_("role"), max_length=20, choices=Role, unique=True)
    requires_two_factor = models.BooleanField(
        _("must sign in with two factors"),
        default=False,
        help_text=_("Whoever has not set it up yet is led there at the next sign-in, before anything else."),
    )

    class Meta:
        verbose_name = _("rule of a role")
        verbose_name_plural = _("rules of roles")
        ordering = ("role",)

    def __str__(self) -> str:
        return self.get_role_display()
