"""The log: append-only, hash-chained. Names and texts are plain strings and outlive what they describe."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogEntry(models.Model):
    """Who did what to what, when and why. `digest` covers the entry and the digest before it (`claims.audit`)."""

    at = models.DateTimeField(_("when"))
    person = models.CharField(_("person"), max_length=150)
    action = models.CharField(_("action"), max_length=40)
    claim_number = models.CharField(_("claim"), max_length=30, blank=True)
    document_id = models.BigIntegerField(_("document"), null=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    reason_salt = models.CharField(max_length=32, blank=True, editable=False)
    reason_sha256 = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("Of salt and reason; stays when both are erased.")
    )
    detail = models.JSONField(_("detail"), default=dict)
    previous = models.CharField(_("digest before"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
        ordering = ("id",)
        indexes = (models.Index(fields=("claim_number", "id"), name="log_by_claim"),)
        constraints = (models.UniqueConstraint(fields=("previous",), name="log_is_one_chain"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.person} {self.action}"


class LogHead(models.Model):
    """The end of the chain, one row: writers queue up behind it, and a log that was cut short no longer reaches it."""

    digest = models.CharField(_("digest of the last entry"), max_length=64)
    entries = models.PositiveBigIntegerField(_("entries"), default=0)

    class Meta:
        verbose_name = _("end of the log")
        verbose_name_plural = _("end of the log")
        constraints = (models.CheckConstraint(name="log_has_one_head", condition=models.Q(pk=1)),)

    def __str__(self) -> str:
        return f"{self.entries}: {self.digest}"
