"""Captions of columns, as provinces and vendors of hospital software print them."""

from __future__ import annotations

import pytest

from ocr_providers.engine.columns import Column, caption_of


@pytest.mark.parametrize(
    ("caption", "column"),
    [
        ("收费项目", Column.NAME),
        ("药品名称", Column.NAME),
        ("品名", Column.NAME),
        ("名称及规格", Column.NAME),
        ("费用名称", Column.NAME),
        ("项目编码", Column.CODE),
        ("医保代码", Column.CODE),
        ("计价单位", Column.UNIT),
        ("数量/单位", Column.QUANTITY_UNIT),
        ("单价(元)", Column.UNIT_PRICE),
        ("单价/元", Column.UNIT_PRICE),
        ("金额/元", Column.PRICE),
        ("金额（元）", Column.PRICE),
        ("小计", Column.PRICE),
        ("应收", Column.PRICE),
        ("应收金额", Column.PRICE),
        ("医保类别", Column.LEVEL),
        ("类别", Column.LEVEL),
        ("报销类别", Column.LEVEL),
        ("收费类别", Column.CATEGORY),
        ("自付比例(%)", Column.RATIO),
        ("自理金额", Column.SELFPAY),
        ("执行科室", Column.OTHER),
        ("优惠金额", Column.OTHER),
        ("统筹支付", None),
        ("合计", None),
    ],
)
def test_a_caption_names_its_column(caption: str, column: Column | None) -> None:
    assert caption_of(caption) is column
