"""浙江省医疗门诊收费票据（电子） as hospitals fill it: charges above items, payments in parts."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

import pytest

from ocr_providers.engine.invoice import read_invoice
from ocr_providers.results import Invoice
from tests.ocr_providers.engine.paper import page, rows

HEAD = rows(
    (100, ((700, "浙江省医疗门诊收费票据（电子）"),)),
    (160, ((60, "票据代码：33060124"), (1300, "票据号码：0136427183"))),
    (250, ((60, "交款人：林伟"), (1300, "开票日期：2024-03-07"))),
)
CAPTIONS = ((60, "项目名称"), (470, "数量/单位"), (660, "金额（元）"), (850, "备注"), (1000, "项目名称"),
            (1410, "数量/单位"), (1600, "金额（元）"), (1790, "备注"))  # fmt: skip
CHARGES = ((60, "西药费"), (700, "100.90"), (1000, "化验费"), (1640, "300.00"))
ITEMS = rows(
    (455, ((60, "葡萄糖注射液"), (470, "5/袋"), (690, "15.50"),
           (1000, "左氧氟沙星片"), (1410, "4/盒"), (1630, "85.40"))),
    (500, ((60, "糖化血红蛋白测定"), (470, "5/项"), (690, "300.00"), (850, "自费"))),
)  # fmt: skip
FOOT = rows((900, ((60, "收款单位（章）：云桥市人民医院"), (1500, "收款人：张桂兰"))))


def read(*information: str, charges: bool = False) -> Invoice:
    """The form with `information` below its total, three on a line."""
    lines = [(640 + 45 * (n // 3), ((120 + 620 * (n % 3), text),)) for n, text in enumerate(information)]
    total = rows((590, ((60, "金额合计（大写）肆佰元玖角整"), (1200, "（小写）400.90"))))
    above = rows((365, CHARGES), (410, ((60, "收费明细"),))) if charges else []
    return read_invoice([page(*chain(HEAD, rows((320, CAPTIONS)), above, ITEMS, total, rows(*lines), FOOT))])


def payments(*information: str) -> dict[str, Decimal | None]:
    return {str(payment.name): payment.amount for payment in read(*information).payments_info}


def test_charges_above_their_items_are_categories_and_no_lines() -> None:
    invoice = read("个人现金支付：400.90", charges=True)
    assert [(each.name, each.cost) for each in invoice.cost_categories] == [
        ("西药费", Decimal("100.90")),
        ("化验费", Decimal("300.00")),
    ]
    assert [line.price for line in invoice.line_items] == [Decimal("15.50"), Decimal("85.40"), Decimal("300.00")]
    assert [line.category for line in invoice.line_items] == ["西药费", "西药费", "化验费"]
    assert invoice.line_items[0].name == "葡萄糖注射液"


def test_two_charges_alone_are_no_lines() -> None:
    total = rows((590, ((60, "金额合计（大写）肆佰元玖角整"), (1200, "（小写）400.90"))))
    invoice = read_invoice([page(*chain(HEAD, rows((320, CAPTIONS), (365, CHARGES)), total, FOOT))])
    assert [each.cost for each in invoice.cost_categories] == [Decimal("100.90"), Decimal("300.00")]
    assert invoice.line_items == ()


def test_what_two_years_of_the_account_paid_is_one_payment() -> None:
    information = ("医保统筹基金支付：220.90", "本年账户支付：30.00", "历年账户支付：50.00", "个人现金支付：100.00")
    invoice = read(*information)
    at = [payment.name for payment in invoice.payments_info].index("个人账户支付")
    source = invoice.sources[f"/payments_info/{at}/amount"]
    assert invoice.payments_info[at].amount == Decimal("80.00")
    assert source.derived
    assert "30.00" in source.text


def test_a_whole_that_is_printed_is_not_added_up_again() -> None:
    information = ("个人账户支付：80.00", "当年账户支付：30.00", "历年账户支付：50.00", "历年账户余额：1203.40")
    assert payments(*information) == {"个人账户支付": Decimal("80.00")}


def test_a_part_of_the_self_pay_stands_before_the_whole() -> None:
    found = payments("个人自付：120.00（其中：自付一100.00，自付二20.00）", "个人自费：60.00")
    assert found == {"自付一": Decimal("100.00"), "自付二": Decimal("20.00"), "自费": Decimal("60.00")}


@pytest.mark.parametrize("caption", ["个人自付", "个人自负", "自付金额", "自负金额", "自负"])
def test_the_whole_self_pay_stands_for_its_first_part_where_that_is_not_printed(caption: str) -> None:
    assert payments(f"{caption}：120.00") == {"自付一": Decimal("120.00")}


def test_sums_of_the_year_are_no_payments() -> None:
    of_the_year = ("年度累计自付：3000.00", "本年度统筹累计支付：5000.00", "起付线累计：300.00", "自负累计：1822.15")
    information = (*of_the_year, "医保统筹基金支付：220.90", "个人自付：120.00")
    assert payments(*information) == {"基金支付": Decimal("220.90"), "自付一": Decimal("120.00")}


@pytest.mark.parametrize("caption", ["医保统筹基金支付", "统筹支付", "基本医疗保险统筹基金支付", "医保基金支付"])
def test_the_funds_payment_has_many_names(caption: str) -> None:
    assert payments(f"{caption}：220.90") == {"基金支付": Decimal("220.90")}


def test_blanks_of_an_uninsured_person_are_no_values() -> None:
    found = payments("医保类型：自费", "医保统筹基金支付：", "其他支付：", "个人现金支付：400.90", "个人自费：400.90")
    assert found == {"现金支付": Decimal("400.90"), "自费": Decimal("400.90")}


@pytest.mark.parametrize(("printed", "amount"), [("000", "0.00"), ("052", "0.52"), ("120.00", "120.00")])
def test_a_nought_before_two_figures_has_lost_its_point(printed: str, amount: str) -> None:
    assert payments("个人现金支付：400.90", f"个人自费：{printed}")["自费"] == Decimal(amount)


def test_the_first_figure_of_an_amount_is_no_part_of_its_caption() -> None:
    assert payments("个人自付198.67", "个人自费：58.60") == {"自付一": Decimal("198.67"), "自费": Decimal("58.60")}
    assert payments("自付1：100.00", "自付2：20.00") == {"自付一": Decimal("100.00"), "自付二": Decimal("20.00")}


def test_a_value_that_was_read_as_one_with_the_next_caption_is_found() -> None:
    line = rows((640, ((120, "业务流水号："), (330, ":65468178463609门诊号:78764084"))))
    invoice = read_invoice([page(*chain(HEAD, line, FOOT))])
    assert (invoice.service_serial_number, invoice.hospital_no) == ("65468178463609", "78764084")


def test_the_legend_of_a_seal_is_no_hospital() -> None:
    invoice = read_invoice([page(*chain(HEAD, rows((900, ((60, "收款单位（章）：云桥市中诊陵章"),)))))])
    assert invoice.hospital_name is None
