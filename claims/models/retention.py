"""How long things are kept and how long people wait: time limits, legal holds, and what was erased."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim


class TimeLimit(models.Model):
    """A number of days that a letter promises or that content is kept. One row each; `claims.time_limits` has defaults.

    Retention counts from the day the claim was decided or the policy ended, whichever is later; that of a webhook's
    messages from the day they were made.
    """

    class Code(models.TextChoices):
        PAYMENT = "payment", _("Letters: payment after the decision")
        OBJECTION = "objection", _("Letters: objection to a decision")
        PAPERS = "papers", _("Letters: sending in missing papers")
        REMINDER = "reminder", _("Reminder of missing papers, after they were asked for")
        KEEP_PICTURES = "keep-pictures", _("Keep: originals and page pictures")
        KEEP_ANSWERS = "keep-answers", _("Keep: answers of providers")
        KEEP_VALUES = "keep-values", _("Keep: values, corrections, names, notes, letters")
        KEEP_WEBHOOKS = "keep-webhooks", _("Keep: messages of webhooks that arrived or were given up")

    code = models.CharField(_("what"), max_length=14, choices=Code, unique=True)
    days = models.PositiveIntegerField(_("days"))
    source = models.TextField(_("source"), help_text=_("The law, the policy wording or the decision it comes from."))

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code}: {self.days}"


class LegalHold(models.Model):
    """Nothing of this claim is erased: a lawsuit, an audit, a complaint. Ends by date, or lifted with a reason."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="holds", verbose_name=_("claim"))
    reason = models.TextField(_("reason"))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty: until somebody lifts it."))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_reason = models.TextField(_("why it was lifted"), blank=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ("-id",)
        # On this model, not on the claim: every permission has one home.
        permissions = (("hold_claim", "Can place and lift legal holds"),)
        constraints = (
            models.CheckConstraint(
                name="hold_lifted_with_reason",
                condition=Q(lifted_by=None, lifted_at=None)
                | (Q(lifted_by__isnull=False, lifted_at__isnull=False) & ~Q(lifted_reason="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.placed_at:%Y-%m-%d}"


class Erasure(models.Model):
    """What of a claim was erased, and when. The claim itself, its decisions' amounts and the log stay."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="erasure", verbose_name=_("claim"))
    pictures_at = models.DateTimeField(_("pictures"), null=True, blank=True)
    answers_at = models.DateTimeField(_("answers"), null=True, blank=True)
    values_at = models.DateTimeField(_("values"), null=True, blank=True)
    files_left = models.JSONField(
        _("files still to delete"), default=list, help_text=_("Keys in the store; emptied once they are gone.")
    )

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.claim_id)
