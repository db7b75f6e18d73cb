"""How claims are written on a page."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.models import Claim

register = template.Library()

STATUS_TONES = {
    Claim.Status.RECEIVED: "action",
    Claim.Status.READY: "neutral",
    Claim.Status.IN_REVIEW: "action",
    Claim.Status.CHECKING: "conflict",
    Claim.Status.RETURNED: "warning",
    Claim.Status.DECIDED: "done",
    Claim.Status.MERGED: "neutral",
}


@register.filter
def money(value: Decimal | None) -> str:
    """Two decimals (more where the value has them), thousands separated; a dash for nothing."""
    if value is None:
        return "–"
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 0)
    return f"{plain:,.{places}f}"


@register.filter
def status_tone(status: str) -> str:
    """The tone of the pill that shows a claim's status."""
    return STATUS_TONES.get(Claim.Status(status), "neutral")


@register.filter
def work_url(claim: Claim) -> str:
    """Where the work on a claim is: the review of its first read document, else the claim's own page."""
    read = next((document for document in claim.documents.all() if document.status == "read"), None)
    return reverse("claims:review", args=[read.pk]) if read else reverse("claims:claim", args=[claim.number])


LOG_ACTIONS = {
    "claim.opened": _("opened the claim"),
    "claim.changed": _("changed the claim"),
    "claim.assigned": _("assigned the claim"),
    "claim.released": _("released the claim"),
    "claim.decided": _("decided the claim"),
    "claim.reopened": _("reopened the claim"),
    "claim.exported": _("exported the claim"),
    "claim.passed": _("passed the claim to a senior"),
    "decision.agreed": _("agreed with the decision"),
    "decision.disagreed": _("disagreed with the decision"),
    "document.received": _("took in a document"),
    "document.received-again": _("took in a document that was there already"),
    "document.read": _("read a document"),
    "document.read-again": _("asked for another reading"),
    "document.not-read": _("could not read a document"),
    "document.held": _("held a document for a person"),
    "document.original-opened": _("opened the original"),
    "document.partial-confirmed": _("confirmed a partial reading"),
    "duplicate.dismissed": _("found that it is no duplicate"),
    "finding.acknowledged": _("accepted a finding as it is"),
    "finding.reopened": _("took an acceptance back"),
    "value.pinned": _("showed where a value stands"),
    "value.revealed": _("revealed a masked value"),
    "values.*": _("corrected values"),
    "job.driven-again": _("had a job run again"),
    "note.added": _("wrote a note"),
    "letter.issued": _("issued a letter"),
    "letter.issued-again": _("issued a letter again"),
    "letter.opened": _("opened a letter"),
    "documents.moved": _("moved documents between claims"),
    "documents.moved-back": _("moved documents back"),
    "claim.erased": _("erased content"),
    "hold.placed": _("placed a legal hold"),
    "hold.lifted": _("lifted a legal hold"),
    "papers.received": _("brought papers that were asked for"),
    "papers.reminded": _("reminded of papers"),
}


@register.filter
def log_action(action: str) -> str:
    """What happened, in words; an action that has none yet is shown as it is."""
    family = f"{action.partition('.')[0]}.*"
    return str(LOG_ACTIONS.get(action) or LOG_ACTIONS.get(family) or action)
