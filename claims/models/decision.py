"""Decisions: what is paid, why, by whom, and who checked it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.document import Document


class ReasonCode(models.TextChoices):
    """Why an amount was reduced or refused (settlement practice; docs/decisions)."""

    PERIOD = "period", _("Visit outside the policy period")
    NAME = "name", _("Name on the invoice is not the insured person's")
    HOSPITAL = "hospital", _("Hospital not eligible")
    DIAGNOSIS = "diagnosis", _("Diagnosis excluded")
    NOT_REASONABLE = "not-reasonable", _("No reasonable amount")
    DEDUCTIBLE = "deductible", _("Below the deductible")
    NO_CARD = "no-card", _("Public insurance not used")
    LIMIT = "limit", _("No sum insured left")
    VISIT_TYPE = "visit-type", _("Kind of visit not covered")
    SPECIAL_CARE = "special-care", _("Special-care area not covered")
    WAITING = "waiting", _("Within the waiting period")
    CLASS_C = "class-c", _("Class C (丙类, 自费) not covered")
    CLASS_B = "class-b", _("First share of class B (乙类自付) not covered")
    FUND_PAID = "fund-paid", _("Paid by the public insurance")
    DUPLICATE = "duplicate", _("Invoice already claimed")
    ALTERED = "altered", _("Amount, date or item altered")
    PAPERS_MISSING = "papers-missing", _("Papers missing")
    OTHER = "other", _("Other reason")


class Decision(models.Model):
    """One decision about a claim. The current one has no `superseded_at`."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        PARTLY = "partly", _("Partly approved")
        REJECTED = "rejected", _("Rejected")
        RETURNED = "returned", _("Returned for papers")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    asked = models.DecimalField(_("asked"), max_digits=14, decimal_places=2)
    eligible = models.DecimalField(_("eligible"), max_digits=14, decimal_places=2)
    approved = models.DecimalField(_("approved"), max_digits=14, decimal_places=2)
    trace = models.JSONField(
        _("calculation"), default=list, help_text=_('[{"step", "label", "amount", "sum"}], one entry per step.')
    )
    reason_code = models.CharField(_("reason"), max_length=14, choices=ReasonCode, blank=True)
    reason = models.TextField(_("reason in words"), blank=True, help_text=_("Letters quote it."))
    override_reason = models.TextField(
        _("why all the same"),
        blank=True,
        help_text=_("Why it was paid with errors open, or returned again. In no letter."),
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)
    needs_check = models.BooleanField(_("needs a second person"), default=False)
    check_why = models.JSONField(
        _("why a second person"), default=list, blank=True, help_text=_('[{"code": "amount", "values": {…}}, …]')
    )
    saved_by_corrections = models.DecimalField(
        _("saved by corrections"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Payable as it was read, less payable as corrected; negative where more is due."),
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="checked_decisions"
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("claim", "id")
        indexes = (models.Index(fields=("decided_at",), name="decision_by_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("claim",), condition=Q(superseded_at=None), name="decision_one_current_per_claim"
            ),
            models.CheckConstraint(
                name="decision_checker_is_not_maker", condition=Q(checked_by=None) | ~Q(checked_by=F("decided_by"))
            ),
            models.CheckConstraint(
                name="decision_checked_by_with_checked_at",
                condition=Q(checked_by=None, checked_at=None) | Q(checked_by__isnull=False, checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_amounts_in_order",
                condition=Q(approved__gte=0, eligible__gte=F("approved"), asked__gte=0),
            ),
            models.CheckConstraint(
                name="decision_superseded_with_reason", condition=Q(superseded_at=None) | ~Q(superseded_reason="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.outcome}"

    @property
    def is_final(self) -> bool:
        return not self.needs_check or self.checked_by_id is not None


class DecisionLine(models.Model):
    """Asked, eligible, approved for one line; the line's name and numbers as they stood."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="lines")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    n = models.PositiveIntegerField()
    name = models.TextField(_("name"), blank=True)
    asked = models.DecimalField(_("asked"), max_digits=14, decimal_places=2)
    eligible = models.DecimalField(_("eligible"), max_digits=14, decimal_places=2)
    approved = models.DecimalField(_("approved"), max_digits=14, decimal_places=2)
    reason_code = models.CharField(_("reason"), max_length=14, choices=ReasonCode, blank=True)

    class Meta:
        verbose_name = _("decision line")
        verbose_name_plural = _("decision lines")
        ordering = ("decision", "n")
        constraints = (models.UniqueConstraint(fields=("decision", "n"), name="decision_line_once"),)

    def __str__(self) -> str:
        return f"{self.decision_id}/{self.n}"
