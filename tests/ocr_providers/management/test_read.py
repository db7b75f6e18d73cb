"""`manage.py read`: one line of JSON for each file, in the vendor's own schema."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ocr_providers.engine import pipeline
from ocr_providers.exceptions import RateLimited
from ocr_providers.models import ProviderAccount, ProviderCall
from tests.ocr_providers.conftest import Script
from tests.ocr_providers.gateway.conftest import HEALTH, INVOICE
from tests.ocr_providers.scripted import ScriptedProvider, jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bill.jpg"
    path.write_bytes(jpeg())
    return path


def read(*arguments: object, **options: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("read", *(str(argument) for argument in arguments), stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def failed(*arguments: object, **options: Any) -> tuple[list[dict[str, Any]], str]:
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("read", *(str(argument) for argument in arguments), stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()], str(caught.value)


def test_the_house_engine_reads_when_no_account_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read_pages", lambda _pages, _kind: INVOICE)
    (line,) = read(file)
    assert (line["file"], line["kind"], line["status"]) == (str(file), "invoice", "ok")
    assert line["medical_result"]["total_cost"] == 120.5
    assert ProviderCall.objects.get().account.name == "local"


def test_a_health_report_is_printed_as_data(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read_pages", lambda _pages, _kind: HEALTH)
    (line,) = read(file, kind="health-check")
    assert line["kind"] == "health-check"
    assert [row["key"] for row in line["data"]][:2] == ["bp", "Weight"]


def test_a_good_answer_is_not_paid_for_again_unless_again_is_said(account: ProviderAccount, file: Path) -> None:
    for again in (False, False, True):
        assert read(file, account="scripted", again=again)[0]["status"] == "ok"
    assert len(ScriptedProvider.sent) == 2


def test_an_error_is_printed_as_the_document_has_it_and_named_on_standard_error(
    account: ProviderAccount, file: Path, script: Script
) -> None:
    script(RateLimited("too many calls", code="10043", retry_after=7.0))
    lines, message = failed(file, account="scripted")
    assert lines == [
        {
            "file": str(file),
            "kind": "auto",
            "status": "error",
            "error": {"code": "10043", "message": "too many calls", "retryable": True, "retry_after": 7.0},
        }
    ]
    assert f"{file}: too many calls" in message


def test_one_attempt_and_no_waiting_even_while_the_account_is_paused(
    account: ProviderAccount, file: Path, script: Script
) -> None:
    script(RateLimited("wait", retry_after=600))
    failed(file, account="scripted")
    script(b"charged 1")
    assert read(file, account="scripted")[0]["status"] == "ok"


def test_a_bad_file_does_not_stop_the_others(account: ProviderAccount, file: Path, tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.jpg", tmp_path / "notes.jpg"
    empty.write_bytes(b"")
    text.write_bytes(b"notes")
    lines, message = failed(empty, tmp_path / "missing.jpg", text, tmp_path, file, account="scripted")
    assert [line["status"] for line in lines] == ["error", "error", "error", "error", "ok"]
    assert [line["error"]["code"] for line in lines[:4]] == ["unsupported", "no-file", "unsupported", "no-file"]
    assert "4 of 5 documents not read" in message


def test_an_unknown_account_is_named_with_those_there_are(account: ProviderAccount, file: Path) -> None:
    lines, message = failed(file, account="nobody")
    assert lines == []
    assert "'nobody'" in message
    assert "scripted" in message
