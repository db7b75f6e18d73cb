"""Health-check reports of Chinese check-up centres."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from ocr_providers.engine import thai
from ocr_providers.engine.health import read_health
from ocr_providers.engine.kind import kind_by_words
from ocr_providers.results import HealthValue, Kind
from tests.ocr_providers.engine.health_pages import TODAY, page, word
from tests.ocr_providers.engine.paper import page as paper

REPORT: Sequence[Sequence[tuple[int, str]]] = [
    [(40, "云桥市第一医院体检中心")],
    [(45, "健康体检报告")],
    [(0, "姓名：林伟"), (30, "性别：男"), (60, "年龄：45岁"), (90, "体检号：20250307001")],
    [(0, "体检日期：2025年03月07日"), (40, "单位：远山公司"), (90, "出生日期：1980-02-11")],
    [(0, "项目名称"), (40, "检查结果"), (60, "单位"), (80, "参考范围")],
    [(0, "身高"), (40, "170"), (60, "cm")],
    [(0, "体重"), (40, "65.5"), (60, "kg")],
    [(0, "体重指数"), (40, "22.66"), (60, "kg/m2"), (80, "18.5-23.9")],
    [(0, "收缩压"), (40, "128"), (60, "mmHg"), (80, "90-139")],
    [(0, "舒张压"), (40, "82"), (60, "mmHg"), (80, "60-89")],
    [(0, "葡萄糖(GLU)"), (40, "5.44"), (60, "mmol/L"), (80, "3.90-6.10")],
    [(0, "总胆固醇(TC)"), (40, "6.12↑"), (60, "mmol/L"), (80, "2.80-5.70")],
    [(0, "甘油三酯(TG)"), (40, "1.35"), (60, "mmol/L"), (80, "0.45-1.70")],
    [(0, "高密度脂蛋白胆固醇(HDL-C)"), (40, "1.30"), (60, "mmol/L"), (80, "1.04-1.55")],
    [(0, "低密度脂蛋白胆固醇(LDL-C)"), (40, "2.90"), (60, "mmol/L"), (80, "<3.37")],
    [(0, "极低密度脂蛋白"), (40, "0.50"), (60, "mmol/L"), (80, "<0.78")],
]


@pytest.fixture(scope="module")
def found() -> dict[str, HealthValue]:
    return {value.key: value for value in read_health([page(REPORT)], TODAY).values if value.found}


def test_the_sixteen_keys_are_read(found: dict[str, HealthValue]) -> None:
    read = {key: found[key].value for key in ("Name", "Hospital_name", "Date_reformatted", "DOB", "bp")}
    assert read == {
        "Name": "林伟",
        "Hospital_name": "云桥市第一医院体检中心",
        "Date_reformatted": "07/03/2025",
        "DOB": "1980-02-11",
        "bp": "128/82",
    }
    numbers = {"Age": "45", "Height": "170", "Weight": "65.5", "BMI": "22.66", "HDL": "50.3", "LDL": "112.1"}
    assert {key: found[key].value for key in numbers} == {key: Decimal(text) for key, text in numbers.items()}


def test_moles_are_converted_and_the_print_kept(found: dict[str, HealthValue]) -> None:
    assert (found["Cholesterol"].value, found["Cholesterol"].text) == (Decimal("236.7"), "6.12 mmol/L")
    assert found["FBS"].value == Decimal("98.0")


def test_a_chinese_report_is_known_as_one() -> None:
    assert kind_by_words([page(REPORT)]) is Kind.HEALTH_CHECK


def test_a_chinese_page_is_not_read_again_as_thai(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: object, **_options: object) -> None:
        raise AssertionError("Tesseract was asked")

    monkeypatch.setattr(thai, "_read", never)
    words = page(REPORT)
    assert thai.with_thai(words) is words


def test_a_page_on_which_thai_was_taken_for_chinese_is_read_again() -> None:
    guessed = [word("加人口", 0, 40 * n, score=0.6) for n in range(9)]
    assert not thai.is_chinese(paper(*guessed, word("98 mg/dL", 0, 400)))
