"""Findings: warnings about exact values, recomputed after every change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from claims.models.document import Document


class Finding(models.Model):
    """What a rule says about the working values as they stand now.

    `fingerprint` identifies code, cells and the values involved: an acknowledgement lasts as long as these stay the
    same.
    """

    class Severity(models.TextChoices):
        ERROR = "error", _("Error")
        WARNING = "warning", _("Warning")
        INFO = "info", _("Information")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(_("rule"), max_length=30)
    severity = models.CharField(_("severity"), max_length=7, choices=Severity)
    cells = models.JSONField(_("cells concerned"), default=list, help_text=_('["line_items/12/price", …]'))
    template = models.TextField(_("message, before translation"))
    values = models.JSONField(_("values in the message"), default=dict)
    suggestions = models.JSONField(_("suggested corrections"), default=list)
    fingerprint = models.CharField(max_length=64)
    n = models.PositiveIntegerField(_("order"), default=0)
    found_at = models.DateTimeField(default=timezone.now)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("document", "n", "id")
        constraints = (
            models.UniqueConstraint(fields=("document", "fingerprint"), name="finding_once_per_document"),
            models.CheckConstraint(
                name="finding_acknowledged_by_someone_with_reason",
                condition=Q(acknowledged_by=None, acknowledged_at=None, acknowledged_reason="")
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False) & ~Q(acknowledged_reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} ({self.severity})"

    @property
    def is_open(self) -> bool:
        return self.acknowledged_by_id is None and self.severity != self.Severity.INFO

    @property
    def message(self) -> str:
        """The message in the active language."""
        text: str = translate(self.template) % self.values
        return text
