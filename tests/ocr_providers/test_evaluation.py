from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ocr_providers.evaluation import same, score_document, summarise

TRUTH: dict[str, Any] = {
    "medical_result": {
        "note_no": "123",
        "payee": None,
        "total_cost": Decimal("30.00"),
        "extra": {"check_code": "0bf601"},
        "cost_categories": [{"name": "西药费", "cost": Decimal("30.0")}],
        "payments_info": [{"name": "现金支付", "amount": Decimal("30")}],
        "cost_detail_list": [
            {"name": "甲药", "amount": 1, "unit_price": Decimal(10), "price": Decimal(10)},
            {"name": "乙药", "amount": 2, "unit_price": Decimal(10), "price": Decimal(20)},
        ],
    }
}


def answer(**changes: Any) -> dict[str, Any]:
    return {"medical_result": {**TRUTH["medical_result"], **changes}}


def lines(**changes: Any) -> list[dict[str, Any]]:
    first, second = TRUTH["medical_result"]["cost_detail_list"]
    return [first, {**second, **changes}]


def test_a_perfect_answer_is_perfect() -> None:
    summary = summarise([score_document(TRUTH, answer())])
    assert (summary.fields, summary.money, summary.f1, summary.silent_documents) == (1.0, 1.0, 1.0, 0)


def test_a_line_is_right_only_if_all_of_it_is() -> None:
    score = score_document(TRUTH, answer(cost_detail_list=lines(amount=3)))
    assert (score.lines.right, score.lines.total, score.lines_read) == (1, 2, 2)
    assert score.money.value == 1.0


def test_a_wrong_amount_without_a_warning_is_a_silent_error() -> None:
    wrong = answer(cost_detail_list=lines(price=Decimal("26")))
    assert score_document(TRUTH, wrong).silent == 1
    at = "/medical_result/cost_detail_list/1/price"
    assert score_document(TRUTH, wrong, [{"severity": "warning", "paths": [at]}]).silent == 0
    assert score_document(TRUTH, wrong, [{"severity": "info", "paths": [at]}]).silent == 1
    assert score_document(TRUTH, wrong, [{"severity": "error", "paths": ["/medical_result/payee"]}]).silent == 1


def test_a_lost_amount_is_wrong_but_not_silent() -> None:
    score = score_document(TRUTH, answer(total_cost=None))
    assert score.money.right == score.money.total - 1
    assert score.silent == 0


def test_a_lost_line_needs_a_warning_that_lines_are_missing() -> None:
    short = answer(cost_detail_list=lines()[:1])
    assert score_document(TRUTH, short).silent == 1
    assert score_document(TRUTH, short, [{"severity": "error", "paths": ["/medical_result/total_cost"]}]).silent == 0


def test_an_invented_line_is_a_silent_error_and_costs_precision() -> None:
    more = answer(cost_detail_list=[*lines(), {"name": "丙药", "amount": 1, "price": Decimal(5)}])
    score = score_document(TRUTH, more)
    assert score.silent == 1
    assert summarise([score]).precision == pytest.approx(2 / 3)


def test_an_invented_header_value_is_wrong() -> None:
    assert [miss.path for miss in score_document(TRUTH, answer(payee="收款人")).misses] == ["/payee"]


def test_nested_extras_are_judged() -> None:
    assert score_document(TRUTH, answer(extra={"check_code": "Obf601"})).misses[0].path == "/extra/check_code"


def test_health_values_are_judged_by_key_and_names_by_character() -> None:
    truth: dict[str, Any] = {
        "data": [{"key": "bp", "value": "147/69"}, {"key": "Name", "value": "นายสมชาย"}, {"key": "FBS", "value": "n/a"}]
    }
    read: dict[str, Any] = {
        "data": [{"key": "BP", "value": "147/69"}, {"key": "Name", "value": "นายสมชาม"}, {"key": "FBS", "value": None}]
    }
    score = score_document(truth, read)
    assert (score.fields.right, score.fields.total) == (2, 3)
    assert score.characters.value == pytest.approx(7 / 8)


@pytest.mark.parametrize(
    ("printed", "read", "alike"),
    [
        (Decimal("3.60"), Decimal("3.6"), True),
        (None, "n/a", True),
        ("", None, True),
        (None, 0, False),
        ("血常规（五分类）", "血常规(五分类)", True),
        ("0123", 123, False),
    ],
)
def test_values_are_compared_by_meaning(printed: Any, read: Any, alike: bool) -> None:
    assert same(printed, read) is alike
