"""A claim: what an insured person asks for, with its documents and, at the end, one decision."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.policy import Policy


class ClaimQuerySet(models.QuerySet["Claim"]):
    def open(self) -> ClaimQuerySet:
        return self.filter(status__in=Claim.OPEN_STATUSES)


class Claim(models.Model):
    """Number, person, policy, status, amounts. `version` guards every change of state (conditional UPDATE)."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Being read")
        READY = "ready", _("To review")
        IN_REVIEW = "in-review", _("In review")
        CHECKING = "checking", _("Waiting for a second person")
        RETURNED = "returned", _("Returned for papers")
        DECIDED = "decided", _("Decided")
        MERGED = "merged", _("Merged into another claim")

    class Currency(models.TextChoices):
        CNY = "CNY", "CNY"
        THB = "THB", "THB"

    OPEN_STATUSES = (Status.RECEIVED, Status.READY, Status.IN_REVIEW, Status.CHECKING, Status.RETURNED)

    number = models.CharField(_("claim number"), max_length=30, unique=True)
    policy = models.ForeignKey(
        Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="claims", verbose_name=_("policy")
    )
    patient_name = models.CharField(_("patient"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED)
    priority = models.SmallIntegerField(_("priority"), default=0, help_text=_("Higher comes first."))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, default=Currency.CNY)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_claims",
        verbose_name=_("assignee"),
    )
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    amount_asked = models.DecimalField(_("amount asked"), max_digits=14, decimal_places=2, null=True, blank=True)
    amount_approved = models.DecimalField(_("amount approved"), max_digits=14, decimal_places=2, null=True, blank=True)
    error_count = models.PositiveIntegerField(_("errors"), default=0)
    warning_count = models.PositiveIntegerField(_("warnings"), default=0)
    line_count = models.PositiveIntegerField(_("lines"), default=0)
    kinds = models.CharField(_("kinds of document"), max_length=40, blank=True, help_text=_("As in ,invoice,"))
    providers = models.CharField(_("read by"), max_length=400, blank=True, help_text=_("Accounts, as in ,local,"))
    version = models.PositiveIntegerField(default=0, editable=False)

    # What the queue is sorted by has no gaps, so that a page continues from any row by one comparison.
    sort_asked = models.GeneratedField(
        expression=Coalesce("amount_asked", models.Value(Decimal(0))),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )
    sort_due = models.GeneratedField(
        expression=Coalesce("due_at", "received_at"), output_field=models.DateTimeField(), db_persist=True
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("-received_at", "-id")
        indexes = (
            models.Index(fields=("status", "-received_at", "-id"), name="claim_by_status"),
            models.Index(fields=("assignee", "status", "-received_at", "-id"), name="claim_by_assignee"),
            models.Index(fields=("-received_at", "-id"), name="claim_by_arrival"),
            models.Index(fields=("sort_due", "id"), name="claim_by_due"),
            models.Index(fields=("sort_asked", "id"), name="claim_by_amount"),
            models.Index(fields=("status", "sort_due", "id"), name="claim_by_status_due"),
            models.Index(fields=("status", "sort_asked", "id"), name="claim_by_status_amount"),
            models.Index(
                fields=("status", "-priority", "received_at", "id"),
                name="claim_unassigned",
                condition=Q(assignee__isnull=True),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="claim_amounts_not_negative",
                condition=(Q(amount_asked=None) | Q(amount_asked__gte=0))
                & (Q(amount_approved=None) | Q(amount_approved__gte=0)),
            ),
            models.CheckConstraint(
                name="claim_lock_has_person_and_end",
                condition=Q(locked_by=None) | Q(locked_until__isnull=False),
            ),
        )
        permissions = (
            ("see_claim", "Can see claims and documents"),
            ("receive_document", "Can take in documents and open claims"),
            ("correct_document", "Can correct values"),
            ("decide_claim", "Can decide claims"),
            ("check_decision", "Can check decisions as the second person"),
            ("assign_claim", "Can assign claims"),
            ("reopen_claim", "Can reopen decided claims"),
            ("reveal_value", "Can reveal masked values"),
            ("export_claim", "Can export claims"),
            ("read_log", "Can read the log"),
            ("administer_desk", "Can administer the desk"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN_STATUSES

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < timezone.now()

    @property
    def is_locked(self) -> bool:
        """Whether anybody holds the claim right now."""
        return self.is_locked_for(None)

    def is_locked_for(self, user: object) -> bool:
        """Whether somebody else holds the claim right now."""
        return bool(
            self.locked_by_id
            and self.locked_by_id != getattr(user, "pk", None)
            and self.locked_until
            and self.locked_until > timezone.now()
        )


class Note(models.Model):
    """A remark of a member of staff on a claim."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("text"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.created_at:%Y-%m-%d %H:%M}"
