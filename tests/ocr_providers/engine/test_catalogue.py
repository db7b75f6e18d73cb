from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ocr_providers.engine.catalogue import SHIPPED, Catalogue, Entry, category_among, load
from ocr_providers.exceptions import Misconfigured

KNOWN = Catalogue(
    {
        name: Entry(name, category)
        for name, category in (
            ("氯化钠注射液", "西药费"),
            ("藿香正气口服液", "中成药费"),
            ("一次性使用注射器", "材料费"),
            ("普通门诊诊查费", "诊查费"),
        )
    }
)


def test_a_name_is_mended_by_the_second_choice_for_a_character() -> None:
    assert KNOWN.mended("霍香正气口服液", ["霍香正气囗服液", "藿香正气口服液/10ml"]) == "藿香正气口服液"


def test_the_stroke_that_the_recogniser_passes_over_is_put_back() -> None:
    assert KNOWN.mended("次性使用注射器", []) == "一次性使用注射器"


def test_likeness_alone_mends_nothing() -> None:
    assert KNOWN.mended("氯化钾注射液", ["氯化钾汪射液"]) == "氯化钾注射液"


def test_a_category_is_given_in_the_words_of_the_form() -> None:
    assert category_among(KNOWN.entry("普通门诊诊查费"), ["诊察费", "西药费"]) == "诊察费"
    assert category_among(KNOWN.entry("普通门诊诊查费"), ["西药费"]) is None
    assert category_among(KNOWN.entry("普通门诊诊查费"), []) == "诊查费"


def test_the_catalogue_that_ships_names_no_class() -> None:
    entries = load(SHIPPED).entries.values()
    assert len(entries) > 300
    assert {entry.level for entry in entries} == {None}


def test_a_customers_catalogue_is_read(tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text("name,level,selfpay_ratio\n阿莫西林 胶囊,乙,0.1\n", encoding="utf-8")
    assert load(file).entry("阿莫西林胶囊") == Entry("阿莫西林胶囊", level="乙", selfpay_ratio=Decimal("0.1"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [("drug,level\nx,甲\n", "no column 'name'"), ("name\n\n  ,\n", "line"), ("name,selfpay_ratio\nx,10\n", "0 to 1")],
)
def test_a_file_that_is_no_catalogue_is_refused_with_its_name(tmp_path: Path, content: str, reason: str) -> None:
    file = tmp_path / "theirs.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Misconfigured, match=reason) as refused:
        load(file)
    assert "theirs.csv" in str(refused.value)
