"""What an administrator or a supervisor sets for the desk: what passes by itself, what a second person sees, who gets
which claim. A rule without a plan holds for all plans that have none of their own."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.document import Document
from claims.models.policy import Plan

SHARE = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1)))
SMALLEST_SAMPLE = Decimal("0.01")
"""Without a sample nobody would know how often what passes is wrong."""


def once(name: str) -> models.UniqueConstraint:
    """One row for each plan, and one without a plan."""
    return models.UniqueConstraint(
        Coalesce("plan", Value(0)),
        name=name,
        violation_error_message=_("There is a row for this already: change that one."),
    )


class PlanRule(models.Model):
    """One row for a plan, one for all the others."""

    plan = models.OneToOneField(
        Plan,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("plan"),
        help_text=_("Empty: every plan that has no row of its own."),
    )
    enabled = models.BooleanField(_("enabled"), default=False)

    class Meta:
        abstract = True
        ordering = (F("plan").asc(nulls_first=True),)

    def __str__(self) -> str:
        return str(self.plan or _("every other plan"))


class StraightThroughRule(PlanRule):
    """What may be paid without a person, and how much of it a person sees all the same."""

    lowest_score = models.DecimalField(
        _("lowest score"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.9500"),
        validators=SHARE,
        help_text=_("No value may be read with a lower score, 0 to 1."),
    )
    pays_below = models.DecimalField(
        _("pays less than"),
        max_digits=12,
        decimal_places=2,
        default=Decimal("200.00"),
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("Never more than the plan lets one person decide, whatever stands here."),
    )
    sample_share = models.DecimalField(
        _("share held for a person"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.1000"),
        validators=[MinValueValidator(SMALLEST_SAMPLE), MaxValueValidator(Decimal(1))],
        help_text=_("Of the claims that might pass, drawn at random, 0.01 to 1: they show how often passing is wrong."),
    )

    class Meta(PlanRule.Meta):
        verbose_name = _("straight-through rule")
        verbose_name_plural = _("straight-through rules")
        constraints = (
            once("straight_through_rule_once"),
            models.CheckConstraint(
                name="straight_through_always_samples",
                condition=Q(sample_share__gte=SMALLEST_SAMPLE, sample_share__lte=1),
            ),
            models.CheckConstraint(
                name="straight_through_bounds", condition=Q(lowest_score__range=(0, 1), pays_below__gt=0)
            ),
        )


class SampleDraw(models.Model):
    """The draw about a claim that might pass: once, append-only, so that nobody draws until they like it."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="sample_draw", verbose_name=_("claim"))
    drawn = models.DecimalField(
        _("drawn"), max_digits=9, decimal_places=8, help_text=_("0 up to 1; held below the share.")
    )
    share = models.DecimalField(_("share held at the time"), max_digits=5, decimal_places=4)
    held = models.BooleanField(_("held for a person"))
    payable = models.DecimalField(_("paid, or would have been"), max_digits=14, decimal_places=2)
    drawn_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("draw of the sample")
        verbose_name_plural = _("draws of the sample")
        ordering = ("-id",)
        indexes = (models.Index(fields=("drawn_at",), name="sample_draw_by_day"),)
        constraints = (
            models.CheckConstraint(
                name="sample_draw_says_held",
                condition=Q(held=True, drawn__lt=F("share")) | Q(held=False, drawn__gte=F("share")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.drawn}"


class SecondReviewRule(PlanRule):
    """Which decisions a second person sees, beyond those above the plan's amount."""

    random_share = models.DecimalField(
        _("share at random"), max_digits=5, decimal_places=4, default=Decimal(0), validators=SHARE,
        help_text=_("Of all approvals and rejections, 0 to 1."),
    )  # fmt: skip
    factor_plan = models.DecimalField(
        _("times the plan's average"), max_digits=6, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(1)], help_text=_("Approved more than so many times. Empty: not compared."),
    )  # fmt: skip
    factor_hospital = models.DecimalField(
        _("times the hospital's average"), max_digits=6, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(1)], help_text=_("Approved more than so many times. Empty: not compared."),
    )  # fmt: skip
    factor_person = models.DecimalField(
        _("times the person's average"), max_digits=6, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(1)], help_text=_("Approved more than so many times. Empty: not compared."),
    )  # fmt: skip
    at_least = models.PositiveIntegerField(
        _("claims needed to compare"),
        default=10,
        validators=[MinValueValidator(2)],
        help_text=_("With fewer paid claims in the last 365 days there is no average."),
    )

    class Meta(PlanRule.Meta):
        verbose_name = _("second-review rule")
        verbose_name_plural = _("second-review rules")
        constraints = (
            once("second_review_rule_once"),
            models.CheckConstraint(name="second_review_share", condition=Q(random_share__range=(0, 1))),
        )


class AssignmentRule(models.Model):
    """Whom a claim goes to when it is ready for review. The first rule that fits and has somebody free is taken."""

    class Language(models.TextChoices):
        CHINESE = "zh", _("Chinese")
        THAI = "th", _("Thai")

    order = models.PositiveSmallIntegerField(_("order"), help_text=_("The lowest is tried first."))
    name = models.CharField(_("name"), max_length=80, unique=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    plan = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("plan")
    )
    kind = models.CharField(_("kind of document"), max_length=12, blank=True, choices=Document.Kind.choices[1:])
    language = models.CharField(
        _("language of the papers"), max_length=2, blank=True, choices=Language, help_text=_("By the claim's currency.")
    )
    amount_from = models.DecimalField(_("asked, from"), max_digits=14, decimal_places=2, null=True, blank=True)
    amount_below = models.DecimalField(_("asked, below"), max_digits=14, decimal_places=2, null=True, blank=True)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="+",
        verbose_name=_("people"),
        help_text=_("Of several, whoever has the fewest open claims and reads the language."),
    )
    due_hours = models.PositiveIntegerField(
        _("due after, hours"), null=True, blank=True, help_text=_("From arrival. Empty: the desk's usual time stays.")
    )

    class Meta:
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        ordering = ("order", "id")
        constraints = (
            models.CheckConstraint(
                name="assignment_rule_amounts_in_order",
                condition=Q(amount_from=None) | Q(amount_below=None) | Q(amount_below__gt=F("amount_from")),
                violation_error_message=_("The amounts leave no room: “below” must be above “from”."),
            ),
        )

    def __str__(self) -> str:
        return self.name
