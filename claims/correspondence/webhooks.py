"""Other programs are told what happens: signed messages, by jobs, until they have arrived.

What is told is an entry of the log that concerns a claim (`EVENTS`). Message and job stand in the transaction of the
entry itself: what did not happen is not told, and what happened is, at least once. A message names the claim, the event
and where to look; never a name, an amount, or anything else that a document says.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import secrets
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import audit, links, time_limits
from claims.correspondence import outgoing
from claims.models import Job, LogEntry, TimeLimit, User, WebhookDelivery, WebhookEndpoint, WebhookEvent
from claims.permissions import Permission, require
from claims.processing import jobs
from ocr_providers import credentials

DELIVER = "deliver-webhook"
MOST_ATTEMPTS = 12
FIRST_WAIT, LONGEST_WAIT = 15.0, 4 * 3600.0
"""Seconds: three times as long each time. The twelfth attempt comes about a day after the first."""
AFTER_READING = 1
"""Priority of the jobs: documents are read first."""
AT_ONCE = 1000
"""Messages that are forgotten in one transaction: others write in between."""

State: TypeAlias = WebhookDelivery.State
Event: TypeAlias = WebhookEvent


def _of_decision(entry: LogEntry) -> Event:
    if entry.detail.get("needs_check"):
        return Event.CLAIM_CHECKING
    return Event.CLAIM_RETURNED if entry.subject == "returned" else Event.CLAIM_DECIDED


EVENTS: dict[str, Event | Callable[[LogEntry], Event]] = {
    "claim.opened": Event.CLAIM_OPENED,
    "claim.assigned": Event.CLAIM_ASSIGNED,
    "claim.decided": _of_decision,
    "decision.agreed": Event.CLAIM_DECIDED,
    "decision.disagreed": Event.CLAIM_REOPENED,
    "claim.reopened": Event.CLAIM_REOPENED,
    "document.read": Event.DOCUMENT_READ,
    "document.not-read": Event.DOCUMENT_NOT_READ,
    "document.held": Event.DOCUMENT_NOT_READ,
    "papers.received": Event.PAPERS_RECEIVED,
    "letter.issued": Event.LETTER_ISSUED,
    "letter.issued-again": Event.LETTER_ISSUED,
}
"""By the action of the log's entry."""


# --- telling ---------------------------------------------------------------------------------------------------------


def connect() -> None:
    audit.added.connect(_listen, dispatch_uid="claims.webhooks")


def _listen(sender: Any, entries: Sequence[LogEntry], **_kwargs: Any) -> None:
    told = [(entry, event) for entry in entries if entry.claim_number and (event := _event_of(entry))]
    if not told:
        return
    for endpoint in WebhookEndpoint.objects.filter(enabled=True):
        for entry, event in told:
            if endpoint.wants(event):
                tell(endpoint, event, claim_number=entry.claim_number, document=entry.document_id)


def _event_of(entry: LogEntry) -> Event | None:
    known = EVENTS.get(entry.action)
    return known(entry) if callable(known) else known


@transaction.atomic
def tell(
    endpoint: WebhookEndpoint, event: str, *, claim_number: str = "", document: int | None = None
) -> WebhookDelivery:
    """Queues one message, in the caller's transaction."""
    uid = uuid.uuid4()
    message = {
        "id": str(uid),
        "event": str(event),
        "at": timezone.now().isoformat(timespec="milliseconds"),
        "claim": claim_number or None,
        "document": document,
        "links": _links(claim_number, document),
    }
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint, uid=uid, event=event, claim_number=claim_number, body=json.dumps(message)
    )
    _enqueue(delivery)
    return delivery


def _links(claim_number: str, document: int | None) -> dict[str, str]:
    """Whole addresses where `DESK_ADDRESS` says what the desk is called from outside; paths otherwise."""
    found = {}
    if claim_number:
        found = {"claim": links.claim(claim_number), "api": f"{links.queue()}api/v1/claims/{claim_number}/"}
    if document:
        found["review"] = links.review(document)
    return {name: f"{settings.DESK_ADDRESS.rstrip('/')}{path}" for name, path in found.items()}


def _enqueue(delivery: WebhookDelivery) -> Job:
    job = jobs.enqueue(
        kind=DELIVER,
        queue=Job.Queue.VENDOR,
        payload={"delivery": delivery.pk},
        key=_job_key(delivery.pk),
        priority=AFTER_READING,
    )
    Job.objects.filter(pk=job.pk).update(max_attempts=MOST_ATTEMPTS)
    return job


def _job_key(delivery: int) -> str:
    return f"{DELIVER}/{delivery}"


# --- delivering ------------------------------------------------------------------------------------------------------


def run(job: Job) -> None:
    """One attempt. No transaction is open while the other side is waited for."""
    delivery = WebhookDelivery.objects.select_related("endpoint").filter(pk=job.payload["delivery"]).first()
    if delivery is None:
        jobs.bury(job, code="erased", reason=_("The webhook was deleted."))
    elif delivery.state == State.DELIVERED:
        jobs.finish(job)  # a worker died after the answer was noted
    elif not delivery.endpoint.enabled:
        _give_up(job, delivery, None, _("The webhook is switched off."))
    elif jobs.is_exhausted(job):
        _give_up(job, delivery, None, "worker-lost")
    else:
        _attempt(job, delivery)


def _attempt(job: Job, delivery: WebhookDelivery) -> None:
    try:
        status = outgoing.post(
            delivery.endpoint.url,
            delivery.body.encode(),
            headers_of(delivery),
            allow_private=settings.WEBHOOK_ALLOW_PRIVATE_ADDRESSES,
        )
    except outgoing.NotReached as error:
        _not_delivered(job, delivery, None, str(error))
        return
    if 200 <= status < 300:
        with transaction.atomic():
            jobs.finish(job)
            _note(delivery, state=State.DELIVERED, status=status, problem="", next_at=None)
    else:
        _not_delivered(job, delivery, status, _("The other side answered %(status)d.") % {"status": status})


def _not_delivered(job: Job, delivery: WebhookDelivery, status: int | None, problem: str) -> None:
    """Tried again, later each time; 410 (Gone) means that nobody wants it any more."""
    if job.attempts >= job.max_attempts or status == 410:
        _give_up(job, delivery, status, problem)
        return
    with transaction.atomic():
        wait = back_off(job.attempts)
        jobs.try_later(job, code="not-delivered", reason=problem, retry_after=wait)
        _note(delivery, status=status, problem=problem, next_at=timezone.now() + timedelta(seconds=wait))


def crashed(job: Job, error: Exception) -> None:
    """After an error that nobody foresaw, such as a secret that no key opens any more."""
    delivery = WebhookDelivery.objects.get(pk=job.payload["delivery"])
    _not_delivered(job, delivery, None, type(error).__name__)


@transaction.atomic
def _give_up(job: Job, delivery: WebhookDelivery, status: int | None, problem: str) -> None:
    jobs.bury(job, code="not-delivered", reason=problem)
    _note(delivery, state=State.FAILED, status=status, problem=problem, next_at=None)


def _note(delivery: WebhookDelivery, **changes: Any) -> None:
    row = WebhookDelivery.objects.filter(pk=delivery.pk)
    row.update(attempts=F("attempts") + 1, tried_at=timezone.now(), **changes)


def back_off(attempts: int) -> float:
    """Seconds until the next attempt; jitter keeps many messages from coming at once."""
    wait: float = min(LONGEST_WAIT, FIRST_WAIT * 3.0 ** (attempts - 1))
    return wait * random.uniform(0.8, 1.0)  # noqa: S311 - not a secret


# --- the signature ---------------------------------------------------------------------------------------------------


def headers_of(delivery: WebhookDelivery) -> dict[str, str]:
    """The signature covers the time and the body, so that an old message cannot be sent again as a new one."""
    timestamp = str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "Claimdesk-Event": delivery.event,
        "Claimdesk-Delivery": str(delivery.uid),
        "Claimdesk-Timestamp": timestamp,
        "Claimdesk-Signature": "v1=" + sign(secret_of(delivery.endpoint), timestamp, delivery.body.encode()),
    }


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`, in hexadecimal."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def secret_of(endpoint: WebhookEndpoint) -> str:
    return credentials.decrypt(endpoint.encrypted_secret)["secret"]


def new_secret(endpoint: WebhookEndpoint) -> str:
    """Made here and shown once. Does not save the row."""
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    endpoint.encrypted_secret = credentials.encrypt({"secret": secret})
    return secret


# --- what a person asks ----------------------------------------------------------------------------------------------


def deliver_again(*, delivery: WebhookDelivery, user: User, reason: str) -> None:
    """An administrator has a message sent once more, also one that arrived."""
    require(user, Permission.ADMINISTER)
    with transaction.atomic():
        WebhookDelivery.objects.filter(pk=delivery.pk).update(state=State.WAITING, problem="", next_at=None)
        job = Job.objects.filter(key=_job_key(delivery.pk)).first()
        if job:
            jobs.drive_again(job)
        else:
            _enqueue(delivery)
        subject = f"{delivery._meta.label}: {delivery.uid}"
        audit.record(person=user, action="webhook.sent-again", subject=subject, reason=reason)


def send_test(*, endpoint: WebhookEndpoint, user: User) -> WebhookDelivery:
    """A message that says nothing, to see whether it arrives."""
    require(user, Permission.ADMINISTER)
    return tell(endpoint, Event.TEST)


# --- forgetting ------------------------------------------------------------------------------------------------------


def over_time(today: date | None = None) -> QuerySet[WebhookDelivery]:
    """Messages that were kept long enough. What still waits to be delivered is never among them."""
    kept = timedelta(days=time_limits.days(TimeLimit.Code.KEEP_WEBHOOKS))
    first_kept = timezone.make_aware(datetime.combine((today or timezone.localdate()) - kept, datetime.min.time()))
    return WebhookDelivery.objects.filter(created_at__lt=first_kept).exclude(state=State.WAITING)


def forget() -> int:
    """Deletes what is over time, with its jobs; how many messages that were."""
    count = 0
    while forgotten := _forget_some():
        count += forgotten
    if count:
        audit.record(person=audit.SYSTEM, action="webhook.messages-forgotten", detail={"messages": count})
    return count


@transaction.atomic
def _forget_some() -> int:
    pks = list(over_time().select_for_update().order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    Job.objects.filter(key__in=[_job_key(pk) for pk in pks]).delete()
    WebhookDelivery.objects.filter(pk__in=pks).delete()
    return len(pks)
