"""How claims are written on a page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from claims.calculating import settlement
from claims.calculating.calculation import Step
from claims.deciding import selection
from claims.models import Claim, Decision, Document

register = template.Library()

STATUS_TONES: dict[str, str] = {
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
    """Two decimals (more where the value has them), thousands separated, a true minus sign; a dash for nothing."""
    if value is None:
        return "–"
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 0)
    return f"{plain:,.{places}f}".replace("-", "−")


@register.filter
def status_tone(status: str) -> str:
    """The tone of the pill that shows a claim's status."""
    return STATUS_TONES.get(status, "neutral")


OUTCOME_TONES: dict[str, str] = {
    Decision.Outcome.APPROVED: "done",
    Decision.Outcome.PARTLY: "done",
    Decision.Outcome.REJECTED: "error",
    Decision.Outcome.RETURNED: "warning",
}


@register.filter
def outcome_tone(decision: Decision) -> str:
    """The tone of the pill that shows a decision; one that waits for a second person has the tone of waiting."""
    return OUTCOME_TONES[decision.outcome] if decision.is_final else "conflict"


STATUS_LABELS = dict(Claim.Status.choices)
KIND_LABELS, READING_LABELS = dict(Document.Kind.choices), dict(Document.Status.choices)


@register.filter
def status_label(status: str) -> str:
    """A claim's status in words. (`get_status_display` hashes all choices again for every row.)"""
    return str(STATUS_LABELS.get(status, status))


@register.filter
def paper_label(document: Document) -> str:
    """Its kind; how far the reading is while nobody knows the kind."""
    unknown = document.kind == Document.Kind.AUTO
    return str(READING_LABELS[document.status] if unknown else KIND_LABELS[document.kind])


@register.filter
def paper_status(document: Document) -> str:
    """How far its reading is, in words."""
    return str(READING_LABELS[document.status])


@register.filter
def moment(at: datetime) -> str:
    """Day and minute of this desk, with the exact time for machines."""
    return _time(at, "%Y-%m-%d %H:%M")


@register.filter
def day(at: datetime | None) -> str:
    """The day; a dash for none."""
    return _time(at, "%Y-%m-%d") if at else "–"


def _time(at: datetime, style: str) -> str:
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), timezone.localtime(at).strftime(style))


@register.filter
def listed(joined: str) -> str:
    """`,deepfinch,local,` as people write it: deepfinch, local."""
    return ", ".join(filter(None, joined.split(",")))


@register.filter
def work_url(claim: Claim) -> str:
    """Where the work on a claim is: the review of its first read document, else the claim's own page."""
    read = next((document for document in claim.documents.all() if document.status == "read"), None)
    return reverse("claims:review", args=[read.pk]) if read else reverse("claims:claim", args=[claim.number])


RESULTS = (Step.TOTAL, Step.ELIGIBLE, Step.PAYABLE)
"""Steps that say where the sum stands; all others take something away."""


@register.filter
def calculation(decision: Decision) -> list[tuple[int | None, list[dict[str, Any]]]]:
    """The steps of each document: label in the reader's language, what it takes (`None` of a result), what is left."""
    by_document = groupby(decision.trace, key=lambda entry: entry.get("document"))
    return [(pk, [_step(entry) for entry in entries]) for pk, entries in by_document]


def _step(entry: dict[str, Any]) -> dict[str, Any]:
    step = Step(entry["step"])
    ratio = None if entry.get("ratio") is None else Decimal(entry["ratio"])
    return {
        "label": settlement.step_label(step, ratio),
        "taken": None if step in RESULTS else Decimal(entry["amount"]),
        "left": Decimal(entry["sum"]),
    }


@register.filter
def check_why(decision: Decision) -> list[str]:
    """Why a second person sees this decision."""
    return selection.texts(decision)


LOG_ACTIONS = {
    "claim.opened": _("opened the claim"),
    "claim.changed": _("changed the claim"),
    "claim.assigned": _("assigned the claim"),
    "claim.released": _("released the claim"),
    "claim.decided": _("decided the claim"),
    "claim.reopened": _("reopened the claim"),
    "claim.exported": _("exported the claim"),
    "claim.passed": _("passed the claim to a senior"),
    "claim.passed-straight-through": _("let the claim pass without a person"),
    "claim.held-for-sample": _("drew the claim for the sample: a person decides"),
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
    "identity.searched": _("searched by an identity number"),
    "lock.taken-over": _("took the work over"),
    "values.*": _("corrected values"),
    "job.driven-again": _("had a job run again"),
    "note.added": _("wrote a note"),
    "report.exported": _("downloaded a report"),
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
