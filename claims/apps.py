"""The claims application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("claims")

    def ready(self) -> None:
        from claims import permissions, time_limits
        from claims.correspondence import webhooks
        from claims.queueing import search
        from claims.recording import append_only, four_eyes, settings_record
        from claims.staff import accounts, sessions

        pre_migrate.connect(four_eyes.step_aside, sender=self)
        post_migrate.connect(permissions.ensure_groups, sender=self)
        post_migrate.connect(append_only.ensure_triggers, sender=self)
        post_migrate.connect(four_eyes.ensure_triggers, sender=self)
        post_migrate.connect(time_limits.ensure_rows, sender=self)
        post_migrate.connect(search.ensure_index, sender=self)
        post_migrate.connect(accounts.ensure_cache, sender=self)
        sessions.connect()
        accounts.connect()
        settings_record.connect()
        webhooks.connect()
