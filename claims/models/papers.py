"""Papers that the insured person was asked for: which, until when, and what became of it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.decision import Decision


class Paper(models.TextChoices):
    """What is usually missing."""

    INVOICE = "invoice", _("Original invoice, or its electronic file with check code")
    DETAIL_LIST = "detail-list", _("List of charges (费用明细清单)")
    SETTLEMENT = "settlement", _("Settlement sheet of the public insurance (医保结算单)")
    MEDICAL_RECORD = "medical-record", _("Outpatient record or discharge summary")
    DIAGNOSIS = "diagnosis", _("Certificate of diagnosis")
    PRESCRIPTION = "prescription", _("Prescription")
    TEST_REPORT = "test-report", _("Reports of tests and examinations")
    IDENTITY = "identity", _("Copy of the identity document, both sides")
    BANK_ACCOUNT = "bank-account", _("Bank account for the payment")
    CLEAR_COPY = "clear-copy", _("A clear, complete copy of a paper that cannot be read")


class PaperRequest(models.Model):
    """The list of a return. It waits until papers come, or until the claim is decided or opened without them."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for papers")
        REMINDER_DUE = "reminder-due", _("Reminder due")
        REMINDED = "reminded", _("Reminded")
        OVERDUE = "overdue", _("Overdue")
        RECEIVED = "received", _("Papers came")
        WITHDRAWN = "withdrawn", _("No longer needed")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="paper_requests", verbose_name=_("claim"))
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="paper_request")
    papers = models.JSONField(_("papers"), default=list, help_text=_('Codes of the usual papers: ["invoice", …].'))
    other = models.TextField(_("other papers"), blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    remind_on = models.DateField(_("remind on"))
    until = models.DateField(_("until"))
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    received_at = models.DateTimeField(_("papers came"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("no longer needed since"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for papers")
        verbose_name_plural = _("requests for papers")
        ordering = ("until", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(received_at=None, withdrawn_at=None),
                name="papers_asked_once_at_a_time",
            ),
            models.CheckConstraint(name="papers_end_once", condition=Q(received_at=None) | Q(withdrawn_at=None)),
        )

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.until}"

    @property
    def is_open(self) -> bool:
        return self.received_at is None and self.withdrawn_at is None

    def state(self, today: date | None = None) -> State:
        """How it stands on this day."""
        day = today or timezone.localdate()
        if self.received_at:
            return self.State.RECEIVED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if day > self.until:
            return self.State.OVERDUE
        if self.reminded_at:
            return self.State.REMINDED
        return self.State.REMINDER_DUE if day >= self.remind_on else self.State.WAITING

    @property
    def wanted(self) -> list[str]:
        """The list in words, in the active language."""
        known = {paper.value: str(paper.label) for paper in Paper}
        return [*(known.get(code, code) for code in self.papers), *filter(None, self.other.splitlines())]
