"""Webhooks: where other programs want to be told, and what was told to them when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WebhookEvent(models.TextChoices):
    """What other programs may be told of."""

    CLAIM_OPENED = "claim.opened", _("A claim was opened")
    CLAIM_ASSIGNED = "claim.assigned", _("A claim was given to somebody")
    CLAIM_DECIDED = "claim.decided", _("A decision is final")
    CLAIM_CHECKING = "claim.checking", _("A decision waits for a second person")
    CLAIM_RETURNED = "claim.returned", _("Papers were asked for")
    CLAIM_REOPENED = "claim.reopened", _("A claim was opened again")
    DOCUMENT_READ = "document.read", _("A document was read")
    DOCUMENT_NOT_READ = "document.not-read", _("A document could not be read, or waits for a person")
    PAPERS_RECEIVED = "papers.received", _("Papers that were missing came")
    LETTER_ISSUED = "letter.issued", _("A letter was issued")
    TEST = "test", _("A test, asked for in the admin")


class WebhookEndpoint(models.Model):
    """One address that is told. Its secret signs every message and is encrypted at rest."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    url = models.CharField(_("address"), max_length=400, help_text=_("https://…; redirects are not followed."))
    events = models.JSONField(_("events"), default=list, blank=True, help_text=_("Empty: all of them."))
    enabled = models.BooleanField(_("enabled"), default=True)
    encrypted_secret = models.TextField(editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def wants(self, event: str) -> bool:
        return not self.events or event in self.events


class WebhookDelivery(models.Model):
    """One message to one endpoint, and how it went. `body` is what was sent, byte for byte, at every attempt."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    uid = models.UUIDField(_("number of the message"), unique=True)
    event = models.CharField(_("event"), max_length=30, choices=WebhookEvent)
    claim_number = models.CharField(_("claim"), max_length=30, blank=True)
    body = models.TextField(_("message"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    problem = models.CharField(_("what went wrong"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    tried_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("state", "-id"), name="webhook_by_state"),
            models.Index(fields=("claim_number", "-id"), name="webhook_by_claim"),
        )
        constraints = (
            models.CheckConstraint(name="webhook_tried_has_time", condition=Q(attempts=0) | Q(tried_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.claim_number}".strip()
