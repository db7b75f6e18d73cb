"""Letters to the insured person: made from a decision, kept as they were sent, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.decision import Decision


class LetterLanguage(models.TextChoices):
    """The languages that a letter can be written in; each calls itself by its own name."""

    CHINESE = "zh-hans", "中文"
    THAI = "th", "ไทย"
    ENGLISH = "en", "English"


class LetterHead(models.Model):
    """Who writes, in one language, as an administrator wants it printed."""

    language = models.CharField(_("language"), max_length=10, choices=LetterLanguage, unique=True)
    name = models.CharField(_("name of the insurer"), max_length=120)
    address = models.TextField(_("address"), blank=True)
    contact = models.TextField(_("how to reach the claims department"), blank=True)

    class Meta:
        verbose_name = _("letter head")
        verbose_name_plural = _("letter heads")
        ordering = ("language",)

    def __str__(self) -> str:
        return f"{self.get_language_display()}: {self.name}"


class Letter(models.Model):
    """One letter as it was issued. Append-only, by trigger too; only an erasure empties `html`.

    The PDF stands in the store under `pdf_sha256` (`claims.storage.letter_key`).
    """

    class Kind(models.TextChoices):
        APPROVAL = "approval", _("Approval")
        PARTIAL = "partial", _("Partial approval")
        REJECTION = "rejection", _("Rejection")
        PAPERS = "papers", _("Request for missing papers")
        REMINDER = "reminder", _("Reminder of missing papers")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="letters", verbose_name=_("claim"))
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters", verbose_name=_("decision"))
    number = models.CharField(_("letter number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    language = models.CharField(_("language"), max_length=10, choices=LetterLanguage)
    html = models.TextField(_("text"), help_text=_("As it was issued; made by this desk, every value escaped."))
    html_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64)
    pdf_size = models.PositiveIntegerField(_("bytes"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("issued"), default=timezone.now)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by", verbose_name=_("replaces")
    )
    reason = models.TextField(_("why it was issued again"), blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ("claim", "id")
        constraints = (
            models.CheckConstraint(name="letter_replaced_with_reason", condition=Q(replaces=None) | ~Q(reason="")),
        )

    def __str__(self) -> str:
        return self.number
