"""A claim that is decided and full of one person's data, and everything that the tables hold."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from claims import intake
from claims.correspondence import letters
from claims.deciding import decisions
from claims.editing.corrections import Edit, correct
from claims.filing import pages
from claims.models import Claim, Decision, Document, Policy, User
from claims.receiving.uploads import check_file
from ocr_providers.accounts import default_local_account
from ocr_providers.models import ProviderCall
from tests.claims.conftest import ReadDocument


@pytest.fixture
def decided(read_document: ReadDocument, policy: Policy, reviewer: User, picture: Callable[..., bytes]) -> Claim:
    """A claim with a picture, a call, values, a correction, a note, a decision and a letter; all under 王芳."""
    document = read_document()
    document.sha256 = check_file(picture(), "a.jpg").sha256
    document.original_name = "王芳.jpg"
    document.save()
    pages.make_pages(document, picture())
    Claim.objects.filter(pk=document.claim_id).update(policy=policy, status=Claim.Status.READY, patient_name="王芳")
    _call(document)
    correct(document=document, user=reviewer, edits=[Edit("invoice/patient_name", "王小芳", _revision(document))])
    claim = Claim.objects.select_related("policy__plan").get(pk=document.claim_id)
    intake.add_note(claim=claim, author=reviewer, text="A note about 王芳")
    verdict = decisions.Verdict(
        outcome=Decision.Outcome.REJECTED, reason_code="name", reason="王小芳 is not 王芳.", override_reason=""
    )
    claim.refresh_from_db()
    decision = decisions.decide(claim=claim, user=reviewer, verdict=verdict, version=claim.version)
    letters.issue(decision=decision, user=reviewer, language="zh-hans")
    return Claim.objects.get(pk=claim.pk)


def _revision(document: Document) -> int:
    return int(document.invoice.sources.get("patient_name", {}).get("revision", 0))


def _call(document: Document) -> ProviderCall:
    account = default_local_account()
    return ProviderCall.objects.create(
        account=account, vendor="local", sha256=document.sha256, kind="invoice", key="k", state="ok", status=200,
        owner="w", expires_at=timezone.now(), answer="王芳".encode(),
    )  # fmt: skip


POLICIES = ("claims_policy", "claims_searchtext")
"""The policy is not the claim's, and the claim is found by its person."""


def everything_stored(without: tuple[str, ...] = POLICIES) -> str:
    """Every value of our tables."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("claims_", "ocr_providers_")) and not table.startswith(without or ("-",)):
                cursor.execute(f'SELECT * FROM "{table}"')
                texts.append(repr([[_plain(value) for value in row] for row in cursor.fetchall()]))
    return "\n".join(texts)


def _plain(value: Any) -> Any:
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else value


def run(command: str, *args: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()
