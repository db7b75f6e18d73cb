"""Severity and tolerance of a rule, where an administrator changed them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.finding import Finding


class RuleSetting(models.Model):
    """Overrides the documented default of one rule (docs/rules.md). Empty means: as documented."""

    code = models.CharField(_("rule"), max_length=30, unique=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    severity = models.CharField(_("severity"), max_length=7, choices=Finding.Severity, blank=True)
    tolerance = models.DecimalField(_("tolerance"), max_digits=12, decimal_places=4, null=True, blank=True)
    reason = models.TextField(_("reason"), help_text=_("Why this desk differs from the documented rule."))

    class Meta:
        verbose_name = _("rule setting")
        verbose_name_plural = _("rule settings")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="rule_tolerance_not_negative", condition=Q(tolerance=None) | Q(tolerance__gte=0)
            ),
        )

    def __str__(self) -> str:
        return self.code
