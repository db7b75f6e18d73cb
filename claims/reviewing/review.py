"""The state of the review page, assembled with a fixed number of queries (docs/review-api.md is its contract)."""

from __future__ import annotations

import hashlib
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Prefetch

from claims import links, locks, masking
from claims.calculating import settlement
from claims.deciding import decisions, selection
from claims.editing import health, history
from claims.editing.actions import Action
from claims.models import Claim, Decision, Document, Finding, Page, Paper, Reading, User
from claims.models.decision import ReasonCode
from claims.permissions import Permission, may
from claims.processing import locating
from claims.queueing import neighbours
from claims.reviewing import presence, review_values
from claims.working_values import kept_values, sources
from claims.working_values.cells import HEADER, HEADER_COLUMNS, value_in
from claims.working_values.values import WorkingValues, load_values
from ocr_providers.exact_json import loads

Part: TypeAlias = dict[str, Any]

IDENTITY_COLUMNS = tuple(column for column in HEADER_COLUMNS if column.identity)
IDENTITY_CELLS = frozenset(f"{HEADER}/{column.name}" for column in IDENTITY_COLUMNS)


def for_review(document: Document) -> Document:
    """The document with all that the state shows of its claim, in one query."""
    found: Document = (
        Document.objects.select_related("claim__policy__plan", "claim__assignee", "claim__locked_by")
        .prefetch_related(Prefetch("pages", Page.objects.order_by("index")))
        .get(pk=document.pk)
    )
    return found


def state(document: Document, *, user: User, list_query: str = "", known: int | None = None) -> Part:
    """Everything the page shows. The person counts as present from now on.

    `list_query`: query string of the list that they came from. `known`: revision of the lists that the page has.
    """
    document = for_review(document)
    presence.touch(document, user)
    values = kept_values.take(document)
    found = list(document.findings.select_related("acknowledged_by"))
    answers = readings(document)
    whole = {
        **changing_parts(document, values, found, user=user),
        "lists": lists(document, values, known),
        "pages": [_page(page) for page in document.pages.all()],
        "readings": answers,
        "places_wanted": locating.is_wanted(values, answers[0]["vendor"] if answers else None),
        "permissions": permissions(user),
        "choices": {
            "outcomes": _choices(Decision.Outcome),
            "reason_codes": _choices(ReasonCode),
            "papers": _choices(Paper),
        },
        "queue": neighbours.around(document, user=user, list_query=list_query),
        "health": health.background(document, values, found),
    }
    kept_values.keep(document, values)
    return whole


def after(work: Action, *, user: User, known: int | None = None) -> Part:
    """What an action may have changed: the answer to an edit. The lists that it touched, or `known`'s news."""
    document = for_review(work.document)
    if document.revision != work.document.revision:
        return current(document, user=user, known=known)  # somebody was quicker than this answer
    touched = review_values.lists(work.values, work.tables) if known is None else lists(document, work.values, known)
    parts = {**changing_parts(document, work.values, work.findings, user=user), "lists": touched}
    kept_values.keep(document, work.values)
    return parts


def current(document: Document, *, user: User, known: int | None = None) -> Part:
    """The changing parts as they stand, for instance after an edit that met a conflict."""
    document = for_review(document)
    values = kept_values.take(document)
    found = list(document.findings.select_related("acknowledged_by"))
    parts = {**changing_parts(document, values, found, user=user), "lists": lists(document, values, known)}
    kept_values.keep(document, values)
    return parts


def lists(document: Document, values: WorkingValues, known: int | None) -> Part:
    """All lists, or what is new in them for a page that shows revision `known`."""
    if known is None:
        return review_values.lists(values)
    changed = document.corrections.filter(revision__gt=known).values_list("cell", flat=True)
    return review_values.news(values, changed, known)


def changing_parts(document: Document, values: WorkingValues, found: list[Finding], *, user: User) -> Part:
    others = presence.others(document, user)
    return {
        "revision": document.revision,
        "tag": _tag(document, others),
        "document": _document(document),
        "claim": claim_part(document.claim, locks.holder(document.claim, user)),
        "fields": review_values.fields(values),
        "findings": review_values.findings(found, values),
        "agreement": review_values.agreement(values),
        "totals": review_values.totals(values),
        "calculation": settlement.calculation_json(settlement.settle(document.claim, {document.pk: values})),
        "decision": decision_part(decisions.current(document.claim)),
        "history": history.history(document),
        "presence": [{"name": str(other), "initials": presence.initials(other)} for other in others],
    }


def unchanged(document: Document, *, user: User, since: str) -> bool:
    """Whether a page that knows `since` (a tag, or a bare revision) has nothing new to fetch. Three queries."""
    presence.touch(document, user)
    return since in (str(document.revision), _tag(document, presence.others(document, user)))


def _tag(document: Document, others: list[User]) -> str:
    """Changes with the values, with the claim, and with who is here."""
    claim = document.claim
    parts = (document.revision, document.status, document.partial_confirmed, claim.version, claim.status)
    text = repr((*parts, claim.locked_by_id, claim.assignee_id, [other.pk for other in others]))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _document(document: Document) -> Part:
    return {
        "id": document.pk,
        "name": document.original_name,
        "kind": document.kind,
        "status": document.status,
        "status_label": document.get_status_display(),
        "revision": document.revision,
        "partial": document.partial,
        "partial_confirmed": document.partial_confirmed,
        "failure_code": document.failure_code,
        "failure_reason": document.failure_reason,
        "errors": document.error_count,
        "warnings": document.warning_count,
    }


def claim_part(claim: Claim, holder: User | None = None) -> Part:
    """`holder`: who else is working on it."""
    return {
        "number": claim.number,
        "status": claim.status,
        "status_label": claim.get_status_display(),
        "patient_name": claim.patient_name,
        "currency": claim.currency,
        "assignee": str(claim.assignee) if claim.assignee else None,
        "locked_by": str(holder) if holder else None,
        "version": claim.version,
        "url": links.claim(claim.number),
    }


def decision_part(decision: Decision | None) -> Part | None:
    """`needs_check`: it waits for a second person."""
    if decision is None:
        return None
    return {
        "id": decision.pk,
        "outcome": decision.outcome,
        "outcome_label": decision.get_outcome_display(),
        "asked": settlement.money(decision.asked),
        "eligible": settlement.money(decision.eligible),
        "approved": settlement.money(decision.approved),
        "reason_code": decision.reason_code,
        "reason_label": decision.get_reason_code_display(),
        "reason": "\n".join(filter(None, (decision.reason, decision.override_reason))),
        "by": str(decision.decided_by),
        "at": decision.decided_at.isoformat(),
        "needs_check": not decision.is_final,
        "check_why": selection.texts(decision),
        "checked_by": str(decision.checked_by) if decision.checked_by else None,
        "checked_at": decision.checked_at.isoformat() if decision.checked_at else None,
    }


def _choices(values: type[models.TextChoices]) -> list[dict[str, str]]:
    return [{"value": value, "label": str(label)} for value, label in values.choices]


def _page(page: Page) -> Part:
    return {
        "index": page.index,
        "width": page.width,
        "height": page.height,
        "picture": links.page_picture(page.document_id, page.index),
        "thumbnail": links.page_thumbnail(page.document_id, page.index),
        "rotation": page.rotation,
    }


def readings(document: Document) -> list[Part]:
    """Newest first, without the answers: `answer` gives the current one."""
    return [_reading(row) for row in document.readings.defer("answer").order_by("-id")]


def _reading(row: Reading) -> Part:
    return {
        "id": row.pk,
        "vendor": row.vendor,
        "account": row.account_name,
        "at": row.finished_at.isoformat(),
        "charged": row.charged,
        "partial": row.partial,
        "degree": row.degree,
    }


def answer(document: Document) -> Part:
    """The newest provider's answer as it came, identity numbers masked; `None` where nobody has answered."""
    row = document.current_reading
    return {"reading": row.pk if row else None, "answer": _masked_answer(row, load_values(document)) if row else None}


def _masked_answer(row: Reading, values: WorkingValues) -> Any:
    said: Any = loads(row.answer)
    invoice = said.get("medical_result") if isinstance(said, dict) else None
    numbers = [invoice.get(column.name) for column in IDENTITY_COLUMNS] if isinstance(invoice, dict) else []
    return masking.hide(said, identity_numbers(values) | {text for text in numbers if isinstance(text, str)})


def identity_numbers(values: WorkingValues) -> set[str]:
    """What must not be shown in full anywhere: the numbers as they stand and as they were read."""
    header = values.header
    names = [column.name for column in IDENTITY_COLUMNS] if header else []
    texts = {str(value_in(header, name) or "") for name in names if header}
    read = [sources.of(header, name) or {} for name in names if header]
    return texts | {text for stored in read for text in (stored.get("text", ""), *stored.get("alternatives", ()))}


def permissions(user: User) -> dict[str, bool]:
    return {
        "edit": may(user, Permission.CORRECT),
        "decide": may(user, Permission.DECIDE),
        "check": may(user, Permission.CHECK),
        "reopen": may(user, Permission.REOPEN),
        "reveal": may(user, Permission.REVEAL),
        "reread": may(user, Permission.CORRECT),
        "export": may(user, Permission.EXPORT),
    }
