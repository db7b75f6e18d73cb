"""Electronic receipts of other provinces: other orders of the columns, other words for the same captions."""

from __future__ import annotations

from random import Random

from benchmarks.painter import invoice_single
from benchmarks.painter.invoice_single import Column
from benchmarks.painter.truth import Painted
from claims.demo.invented import InventedInvoice

ARRANGEMENTS: tuple[tuple[Column, ...], ...] = (
    (
        Column("编码", "code", 0.14), Column("药品/项目名称", "name", 0.29), Column("规格型号", "spec", 0.14),
        Column("计价单位", "unit", 0.09), Column("数量", "quantity", 0.08, True),
        Column("单价", "unit_price", 0.12, True), Column("应收金额", "price", 0.14, True),
    ),
    (
        Column("费用类别", "level", 0.13), Column("收费名称", "name", 0.31),
        Column("单价/元", "unit_price", 0.14, True), Column("次数", "quantity", 0.10, True),
        Column("总金额/元", "price", 0.16, True),
        Column("自付金额", "selfpay", 0.16, True),
    ),
    (
        Column("服务项目", "name", 0.31), Column("剂型/规格", "spec", 0.17), Column("数量", "quantity", 0.09, True),
        Column("单位", "unit", 0.08), Column("零售价", "unit_price", 0.12, True), Column("小计", "price", 0.12, True),
        Column("医保标识", "level", 0.11),
    ),
    (
        Column("金额", "price", 0.14, True), Column("数量", "quantity", 0.09, True), Column("单位", "unit", 0.09),
        Column("单价", "unit_price", 0.13, True), Column("规格", "spec", 0.17), Column("项目", "name", 0.38),
    ),
    (
        Column("行号", "number", 0.07), Column("品名/规格", "name", 0.40), Column("属性", "level", 0.11),
        Column("价格", "unit_price", 0.13, True), Column("总数量", "quantity", 0.12, True),
        Column("费用", "price", 0.14, True),
    ),
)  # fmt: skip


def paint(invented: InventedInvoice, dice: Random) -> Painted:
    return invoice_single.paint(invented, dice, ARRANGEMENTS)
