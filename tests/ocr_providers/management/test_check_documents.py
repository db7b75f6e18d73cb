"""`check_documents`: a line in, a line out."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from ocr_providers.vendor_schema import dumps, loads

BROKEN = {
    "id": "a",
    "medical_result": {"total_cost": 120, "cost_detail_list": [{"amount": 3, "unit_price": 40, "price": 128}]},
}


def run(monkeypatch: pytest.MonkeyPatch, *lines: str | bytes) -> list[Any]:
    raw = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    out = io.StringIO()
    call_command("check_documents", stdout=out)
    return [loads(line) for line in out.getvalue().splitlines()]


def test_a_warning_has_code_severity_paths_message_and_suggestions(monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,) = run(monkeypatch, dumps(BROKEN))
    assert answer["id"] == "a"
    (warning,) = answer["warnings"]
    assert (warning["code"], warning["severity"]) == ("LIN-PRICE", "error")
    assert warning["paths"] == ["/medical_result/cost_detail_list/0/price"]
    assert "3 × 40.00 = 120.00, printed 128.00, difference 8.00" in warning["message"]
    change = {"path": "/medical_result/cost_detail_list/0/price", "value": 120}
    assert warning["suggestions"] == [{"changes": [change], "explains": 2}]


def test_a_report_is_checked_by_its_own_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [{"key": "Height", "value": 1.79, "score": 1, "found": True, "rect": []}]
    (answer,) = run(monkeypatch, dumps({"id": 7, "data": data}))
    assert [warning["code"] for warning in answer["warnings"]] == ["HC-RANGE"]
    assert answer["warnings"][0]["paths"] == ["/data/0/value"]


def test_a_bad_line_gives_an_error_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    bad: list[str | bytes] = ["{", "[]", '{"id": 3}', '{"id": 4, "medical_result": 5}', "", b"\xff"]
    answers = run(monkeypatch, *bad, dumps({"id": 9, "medical_result": {}}))
    assert [answer["id"] for answer in answers] == [None, None, 3, 4, None, None, 9]
    assert all("error" in answer for answer in answers[:-1])
    assert answers[-1]["warnings"] == []
