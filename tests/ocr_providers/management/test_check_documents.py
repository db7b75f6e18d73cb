"""`check_documents`: a line in, a line out."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from ocr_providers.exact_json import dumps, loads

BROKEN = {
    "id": "a",
    "medical_result": {"total_cost": 120, "cost_detail_list": [{"amount": 3, "unit_price": 40, "price": 128}]},
}


def run(monkeypatch: pytest.MonkeyPatch, *lines: str | bytes) -> list[Any]:
    raw = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    call_command("check_documents")
    return [loads(line) for line in out.getvalue().decode().splitlines()]


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


@pytest.mark.parametrize("identity", [None, True, 1, "a", ["a", 1], {"x": None}, 10**30])
def test_the_id_comes_back_whatever_it_is(monkeypatch: pytest.MonkeyPatch, identity: object) -> None:
    (answer,) = run(monkeypatch, dumps({"id": identity, "medical_result": {}}))
    assert answer == {"id": identity, "warnings": []}


@pytest.mark.parametrize("line", [b"\xef\xbb\xbf%s", b"%s\r", b"  %s  "])
def test_marks_of_other_systems_around_a_line_do_not_matter(monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    (answer,) = run(monkeypatch, line % dumps(BROKEN).encode())
    assert answer["warnings"]


def test_half_a_character_comes_back_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = run(monkeypatch, b'{"id": "\\ud800", "medical_result": {}}', dumps(BROKEN))
    assert [answer["id"] for answer in answers] == ["\ud800", "a"]


def test_what_is_no_number_or_too_deep_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    nan = b'{"id": 1, "medical_result": {"total_cost": NaN, "payments_info": [{"amount": 1e999999}]}}'
    answers = run(monkeypatch, nan, b"[" * 100_000, dumps(BROKEN))
    assert [warning["code"] for warning in answers[0]["warnings"]] == ["INV-UNREADABLE"] * 2
    assert "error" in answers[1]
    assert answers[2]["id"] == "a"


def test_paths_start_at_the_object_that_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,) = run(monkeypatch, dumps({"code": "10000", "result": BROKEN}))
    (warning,) = answer["warnings"]
    assert warning["paths"] == ["/result/medical_result/cost_detail_list/0/price"]
    assert warning["suggestions"][0]["changes"][0]["path"] == warning["paths"][0]


def test_paths_point_to_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,) = run(monkeypatch, dumps({"medical_result": {"type": 1, "hospital_days": 3}}))
    (warning,) = answer["warnings"]
    assert warning["paths"] == ["/medical_result/type", "/medical_result/hospital_days"]


def test_digits_of_a_suggestion_are_written_as_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    text = {"total_cost": "120.30", "cost_detail_list": [{"amount": "3", "unit_price": "40.10", "price": "128.30"}]}
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(dumps({"medical_result": text}).encode())))
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    call_command("check_documents")
    assert b'"value": 120.30}' in out.getvalue()


def test_flags_of_the_local_engine_do_not_raise_a_warning_to_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    line = {"amount": 3, "unit_price": 40, "price": 128, "check_info": 0, "check_info_price": 0}
    ours = {"cost_detail_list": [line], "extra": {"sources": {"/total_cost": {"text": "1"}}}}
    theirs = {"cost_detail_list": [line]}
    answers = run(monkeypatch, dumps({"medical_result": ours}), dumps({"medical_result": theirs}))
    assert [answer["warnings"][0]["severity"] for answer in answers] == ["warning", "error"]


def test_a_line_taken_out_as_null_leaves_nothing_to_warn_of(monkeypatch: pytest.MonkeyPatch) -> None:
    line = {"name": "阿莫西林胶囊", "amount": 2, "unit_price": 12.5, "price": 25, "class": "西药费"}
    document: Any = {"cost_detail_list": [line, line], "cost_categories": [{"name": "西药费", "cost": 25}]}
    document["total_cost"] = 25
    (answer,) = run(monkeypatch, dumps({"medical_result": document}))
    change = answer["warnings"][0]["suggestions"][0]["changes"][0]
    assert change == {"path": "/medical_result/cost_detail_list/1", "value": None}
    document["cost_detail_list"][1] = None
    (answer,) = run(monkeypatch, dumps({"medical_result": document}))
    assert answer["warnings"] == []


def test_a_bad_line_gives_an_error_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    bad: list[str | bytes] = ["{", "[]", '{"id": 3}', '{"id": 4, "medical_result": 5}', "", b"\xff"]
    answers = run(monkeypatch, *bad, dumps({"id": 9, "medical_result": {}}))
    assert [answer["id"] for answer in answers] == [None, None, 3, 4, None, None, 9]
    assert all("error" in answer for answer in answers[:-1])
    assert answers[-1]["warnings"] == []
