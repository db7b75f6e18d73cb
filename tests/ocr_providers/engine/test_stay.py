"""Inpatient receipts: their type, the days of the stay and how long it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ocr_providers.engine.invoice import read_invoice
from ocr_providers.results import Invoice
from ocr_providers.vendor_schema import invoice_to_json
from tests.ocr_providers.engine.paper import page, rows

STAY = (date(2025, 3, 1), date(2025, 3, 4))


def read(*texts: str, title: str = "浙江省医疗住院收费票据（电子）") -> Invoice:
    lines = ((100.0, ((500.0, title),)), *((200 + 60.0 * n, ((60.0, text),)) for n, text in enumerate(texts)))
    return read_invoice([page(*rows(*lines))])


@pytest.mark.parametrize(
    "texts",
    [
        ("住院时间：2025-03-01至2025-03-04",),
        ("住院时间：2025-03-01 至 2025-03-04",),
        ("住院日期：2025年03月01日-2025年03月04日",),
        ("入出院日期：20250301 20250304",),
        ("起止时间：2025/03/01—2025/03/04",),
        ("入院日期：2025-03-01", "出院日期：2025-03-04"),
        ("住院日期：2025-03-01", "出院日期：2025-03-04"),
    ],
)
def test_admission_and_discharge_are_dates(texts: tuple[str, ...]) -> None:
    invoice = read(*texts)
    assert invoice.hospital_dates == STAY
    assert invoice_to_json(invoice)["hospital_dates"] == ["2025-03-01", "2025-03-04"]
    assert {"/hospital_dates/0", "/hospital_dates/1"} <= set(invoice.sources)


def test_a_discharge_alone_does_not_pass_for_the_admission() -> None:
    assert read("出院日期：2025-03-04").hospital_dates == ()


@pytest.mark.parametrize("text", ["住院天数：3", "住院天数：3天", "住院时间：2025-03-01至2025-03-04 共3天"])
def test_the_length_of_the_stay_is_read(text: str) -> None:
    assert read(text).hospital_days == Decimal(3)


def test_the_title_says_what_the_receipt_is_for() -> None:
    assert read("门诊号：123456").type == 2
    assert read("住院号：123456", title="浙江省医疗门诊收费票据（电子）").type == 1


def test_without_a_title_the_code_of_the_receipt_says_it() -> None:
    assert read("票据代码：33060224", title="医疗收费票据（电子）").type == 2
    assert read("票据代码：33060124", title="医疗收费票据（电子）").type == 1


def test_without_either_the_words_of_a_stay_say_it() -> None:
    assert read("住院号：12345678", title="医疗收费票据（电子）").type == 2


def charges(*names: str, title: str, quantity: str = "1/项") -> Invoice:
    head = (200.0, ((60.0, "项目名称"), (500.0, "数量/单位"), (900.0, "金额(元)")))
    body = ((260 + 60.0 * n, ((60.0, name), (500.0, quantity), (900.0, "18.00"))) for n, name in enumerate(names))
    return read_invoice([page(*rows((100.0, ((400.0, title),)), head, *body))])


def test_rows_of_charges_are_categories_and_no_items() -> None:
    invoice = charges("床位费", "西药费", title="浙江省医疗住院收费票据（电子）")
    assert [(each.name, each.cost) for each in invoice.cost_categories] == [
        ("床位费", Decimal("18.00")),
        ("西药费", Decimal("18.00")),
    ]
    assert invoice.line_items == ()


@pytest.mark.parametrize(
    ("names", "quantity"), [(("床位费", "一次性注射器"), "1/项"), (("床位费", "西药费", "护理费"), "3/天")]
)
def test_items_stay_items(names: tuple[str, ...], quantity: str) -> None:
    invoice = charges(*names, title="浙江省医疗住院收费票据（电子）", quantity=quantity)
    assert len(invoice.line_items) == len(names)


def test_the_number_of_the_stay_comes_before_that_of_the_patient() -> None:
    assert read("病历号：5592654", "住院号：96021291").hospital_no == "96021291"
    assert read("病历号：5592654").hospital_no == "5592654"
