"""Jobs: rows of our own database are the truth; a worker holds one by a lease with a fencing token."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work. Enqueued in the transaction that makes the work; `token` changes hands with every lease."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")
        HELD = "held", _("Held for a person")

    class Queue(models.TextChoices):
        ENGINE = "engine", _("Reading on this machine")
        VENDOR = "vendor", _("Calls to vendors")

    kind = models.CharField(_("kind"), max_length=40)
    queue = models.CharField(_("queue"), max_length=8, choices=Queue, default=Queue.ENGINE)
    payload = models.JSONField(_("payload"), default=dict)
    # NULL, not "", so that many jobs may have no key.
    key = models.CharField(  # noqa: DJ001
        _("key"), max_length=160, null=True, unique=True, help_text=_("The same work is never queued twice.")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    priority = models.SmallIntegerField(_("priority"), default=0, help_text=_("Lower runs first."))
    run_at = models.DateTimeField(_("not before"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveIntegerField(_("attempts allowed"), default=5)
    token = models.PositiveIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    worker = models.CharField(_("worker"), max_length=80, blank=True)
    failure_code = models.CharField(_("failure code"), max_length=40, blank=True)
    failure_reason = models.TextField(_("failure"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("queue", "priority", "run_at", "id"), name="job_ready", condition=Q(state="queued")),
            models.Index(fields=("lease_until",), name="job_leased", condition=Q(state="running")),
        )
        constraints = (
            models.CheckConstraint(
                name="job_running_has_lease", condition=~Q(state="running") | Q(lease_until__isnull=False)
            ),
            models.CheckConstraint(
                name="job_finished_has_time", condition=~Q(state__in=("done", "dead")) | Q(finished_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"
