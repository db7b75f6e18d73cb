"""Plans and the policies under them: what the insurer owes for an eligible amount."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

RATIO = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1)))


class Plan(models.Model):
    """The rules of an insurance plan, as data that an administrator edits."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    cover_class_b = models.BooleanField(_("covers the first share of class B (乙类自付)"), default=False)
    cover_class_c = models.BooleanField(_("covers class C (丙类, 自费)"), default=False)
    deductible_per_visit = models.DecimalField(_("deductible per visit"), max_digits=12, decimal_places=2, default=0)
    deductible_per_year = models.DecimalField(_("deductible per year"), max_digits=12, decimal_places=2, default=0)
    ratio_insured = models.DecimalField(
        _("ratio with public insurance"), max_digits=5, decimal_places=4, default=1, validators=RATIO
    )
    ratio_uninsured = models.DecimalField(
        _("ratio without public insurance"), max_digits=5, decimal_places=4, default=1, validators=RATIO
    )
    limit_per_visit = models.DecimalField(
        _("limit per visit"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("Empty: no limit.")
    )
    limit_per_year = models.DecimalField(
        _("limit per year"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("Empty: no limit.")
    )
    waiting_days = models.PositiveIntegerField(_("waiting days"), default=0)
    hospitals = models.JSONField(
        _("hospital list"), default=list, blank=True, help_text=_("Names of eligible hospitals. Empty: every hospital.")
    )
    check_above = models.DecimalField(
        _("second person above"),
        max_digits=12,
        decimal_places=2,
        default=Decimal("2000.00"),
        help_text=_("A decision above this amount needs a second person."),
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="plan_amounts_not_negative",
                condition=Q(deductible_per_visit__gte=0, deductible_per_year__gte=0, check_above__gte=0)
                & (Q(limit_per_visit=None) | Q(limit_per_visit__gte=0))
                & (Q(limit_per_year=None) | Q(limit_per_year__gte=0)),
                violation_error_message=_("Amounts of a plan are not negative."),
            ),
            models.CheckConstraint(
                name="plan_ratios_are_ratios",
                condition=Q(ratio_insured__range=(0, 1), ratio_uninsured__range=(0, 1)),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """One insured person under one plan."""

    number = models.CharField(_("policy number"), max_length=40, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="policies", verbose_name=_("plan"))
    insured_name = models.CharField(_("insured person"), max_length=120)
    identity_number = models.CharField(_("identity number"), max_length=30, blank=True, db_index=True)
    effective_from = models.DateField(_("effective from"))
    effective_until = models.DateField(_("effective until"))

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                name="policy_period_runs_forward", condition=Q(effective_until__gte=F("effective_from"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.insured_name}".strip()

    @property
    def log_name(self) -> str:
        """For the log, which holds no names of insured persons."""
        return self.number
