"""Those who use this house's engine over the vendors' protocols."""

from __future__ import annotations

import hashlib
import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ocr_providers import credentials

SECRET_NAME = "secretkey"  # noqa: S105 - the name, not the secret


class GatewayClient(models.Model):
    """One client, with credentials for both protocols. Secrets are shown once, when they are made."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    may_read_invoices = models.BooleanField(_("may read invoices (JD protocol)"), default=True)
    may_read_health_checks = models.BooleanField(_("may read health-check reports (AIGEN protocol)"), default=True)
    calls_per_second = models.PositiveIntegerField(_("calls a second at most"), default=10)
    daily_quota = models.PositiveIntegerField(_("successful calls a day at most"), null=True, blank=True)
    appkey = models.CharField(_("appkey"), max_length=32, unique=True, editable=False)
    encrypted_secret = models.TextField(editable=False)
    """The JD protocol signs with the secret itself, so it is encrypted, not hashed."""
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    """SHA-256 of the AIGEN key, which travels whole: its digest is enough to know it again."""
    # Counters, changed under the row's lock by `gateway.clients`.
    second = models.DateTimeField(null=True, editable=False)
    calls_in_second = models.PositiveIntegerField(default=0, editable=False)
    day = models.DateField(null=True, editable=False)
    calls_today = models.PositiveIntegerField(_("successful calls today"), default=0, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("gateway client")
        verbose_name_plural = _("gateway clients")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def make_credentials(self) -> dict[str, str]:
        """New credentials; what is returned is never shown again. Does not save."""
        made = {name: secrets.token_hex(16) for name in ("appkey", SECRET_NAME, "x-aigen-key")}
        self.appkey = made["appkey"]
        self.encrypted_secret = credentials.encrypt({SECRET_NAME: made[SECRET_NAME]})
        self.key_digest = digest_of(made["x-aigen-key"])
        return made

    @property
    def secret(self) -> str:
        return credentials.decrypt(self.encrypted_secret).get(SECRET_NAME, "")

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
