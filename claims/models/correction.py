"""Corrections: one record per changed value. Append-only, by trigger too."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.document import Document
from claims.models.exact import ExactJSONField


class Correction(models.Model):
    """Field, old, new, who, when, why. `person` outlives the account it names."""

    class Why(models.TextChoices):
        TYPED = "typed", _("Typed")
        SUGGESTION = "suggestion", _("Suggestion accepted")
        BULK = "bulk", _("Several at once")
        UNDO = "undo", _("Taken back")
        REREAD = "reread", _("Read again")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="corrections")
    cell = models.CharField(
        _("cell"), max_length=120, help_text=_("line_items/12/price; line_items/12 for a whole row")
    )
    label = models.CharField(_("field"), max_length=200, help_text=_("As shown to the person at the time."))
    old = ExactJSONField(_("old value"), null=True)
    new = ExactJSONField(_("new value"), null=True)
    why = models.CharField(_("how"), max_length=10, choices=Why)
    reason = models.TextField(_("reason"), blank=True)
    finding_code = models.CharField(_("rule"), max_length=30, blank=True)
    batch = models.UUIDField(_("one action"), help_text=_("Changes made together are taken back together."))
    undoes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")
    revision = models.PositiveIntegerField(_("revision of the document"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(_("person"), max_length=150)
    made_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("document", "id")
        indexes = (
            models.Index(fields=("document", "cell"), name="correction_by_cell"),
            models.Index(fields=("made_at",), name="correction_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.document_id}: {self.cell}"
