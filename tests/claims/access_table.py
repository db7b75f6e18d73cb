"""What the tables of access are made of: pages, API calls and the admin are asked by the same people."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from claims import storage
from claims.models import Claim, Decision, Letter, User

ROLES = ("clerk", "reviewer", "supervisor", "auditor", "administrator", "stranger")
LOGIN = "login"
"""Not signed in: sent to the sign-in page."""
EVERYBODY = (200,) * 6
WITH_A_ROLE = (200, 200, 200, 200, 200, 404)
"""A stranger gets the answer for what does not exist."""


@dataclass(frozen=True, slots=True)
class Address:
    """What each role gets, in the order of `ROLES`, and what somebody gets who is not signed in."""

    status: tuple[int | str, ...]
    nobody: int | str = LOGIN
    post: Mapping[str, Any] | None = None
    """What is sent; `None`: a GET."""
    kwargs: Mapping[str, object] = field(default_factory=dict)


def filled(sent: Any, rows: Mapping[str, Any]) -> Any:
    """What the table says, with the names of rows in it replaced by what stands for them in this test."""
    if isinstance(sent, Mapping):
        return {key: filled(value, rows) for key, value in sent.items()}
    if isinstance(sent, list):
        return [filled(value, rows) for value in sent]
    return rows.get(sent, sent) if isinstance(sent, str) else sent


def make_decision(claim: Claim, maker: User, **more: Any) -> Decision:
    """By somebody else than those who ask."""
    return Decision.objects.create(
        claim=claim, outcome=Decision.Outcome.REJECTED, asked=0, eligible=0, approved=0, decided_by=maker, **more
    )


def make_letter(claim: Claim) -> Letter:
    maker, _created = User.objects.get_or_create(username="maker")
    digest = hashlib.sha256(b"%PDF-").hexdigest()
    storage.put(storage.letter_key(digest), b"%PDF-")
    return Letter.objects.create(
        claim=claim, decision=make_decision(claim, maker), number="1", kind=Letter.Kind.REJECTION, language="en",
        html="<p>No.</p>", html_sha256=digest, pdf_sha256=digest, pdf_size=5, made_by=maker,
    )  # fmt: skip
