from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ocr_providers.engine.found import Found
from ocr_providers.engine.kind import kind_by_words
from ocr_providers.engine.pipeline import holds_something
from ocr_providers.engine.qr import with_code
from ocr_providers.results import HealthReport, HealthValue, Invoice, Kind, Source
from tests.ocr_providers.engine.paper import page, rows

CODE = "01,33060125,3088392763,892.85,20250405,615d8c"


def test_an_invoice_is_known_by_its_words() -> None:
    words = rows((0, ((0, "医疗门诊收费票据"), (0, "金额合计（大写）"), (0, "医保类型"), (0, "数量"))))
    assert kind_by_words([page(*words)]) is Kind.INVOICE


def test_a_health_report_is_known_by_its_units_and_abbreviations() -> None:
    words = rows((0, ((0, "Cholesterol 152 mg/dL"), (0, "147/69 mmHg"), (0, "HDL"), (0, "Weight 52.7 kg"))))
    assert kind_by_words([page(*words)]) is Kind.HEALTH_CHECK


def test_a_letter_is_neither() -> None:
    assert kind_by_words([page(*rows((0, ((0, "Dear Sir or Madam"), (0, "敬启者")))))]) is None


@pytest.mark.parametrize(
    "lines",
    [
        ["联华超市 人民医院店", "品名 数量 单价 金额", "合计 34.80", "收款 50.00"],
        ["菜单", "合计金额 162.00", "数量 5", "单价"],
        ["增值税普通发票", "收款人", "数量", "单价", "金额", "合计"],
    ],
)
def test_the_receipt_of_a_shop_is_neither(lines: list[str]) -> None:
    assert kind_by_words([page(*rows(*((n, ((0, line),)) for n, line in enumerate(lines))))]) is None


def test_a_page_about_health_without_a_result_holds_nothing() -> None:
    dated = (HealthValue(key="Age", value=Decimal(40)), HealthValue(key="Name", value="Anan"))
    assert not holds_something(HealthReport(values=dated))
    assert holds_something(HealthReport(values=(*dated, HealthValue(key="HDL", value=Decimal(50)))))


def test_an_invoice_without_an_amount_holds_nothing() -> None:
    assert not holds_something(Invoice(patient_name="张三"))
    assert holds_something(Invoice(total_cost=Decimal("1.00")))


def found(value: Any) -> Found[Any]:
    return Found(value, Source(text=str(value), score=0.9))


def test_the_codes_number_is_believed_over_misread_print() -> None:
    fields = with_code({"check_code": found("6I5d8c"), "note_no": found("3088392763")}, CODE)
    assert fields["check_code"].value == "615d8c"
    assert fields["note_no"].source.score == 0.9
    assert fields["qr_code"].value == CODE


def test_a_printed_amount_that_differs_from_the_code_stays_for_a_person_to_see() -> None:
    fields = with_code({"total_cost": found(Decimal("892.86"))}, CODE)
    assert fields["total_cost"].value == Decimal("892.86")
    assert fields["billing_date"].value == date(2025, 4, 5)


def test_another_code_is_only_kept() -> None:
    assert set(with_code({}, "https://example.org/x")) == {"qr_code"}
