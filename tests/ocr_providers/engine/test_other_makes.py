"""Forms of other makes: what they do differently, as words without a picture."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

import pytest

from ocr_providers.engine.invoice import read_invoice
from ocr_providers.engine.words import Word
from ocr_providers.results import Invoice
from tests.ocr_providers.engine.paper import page, rows, word

TITLE = rows((60, ((500, "浙江省医疗门诊收费票据"),)))


def read(*parts: list[Word]) -> Invoice:
    return read_invoice([page(*chain(*parts))])


def table(*lines: tuple[str, str, str, str, str], captions: tuple[str, ...] = ()) -> list[Word]:
    """Name, quantity, unit, unit price, price: a line each."""
    heads = captions or ("项目名称", "数量", "单位", "单价", "金额")
    lefts = (60, 860, 980, 1130, 1330)
    grid = [heads, *lines]
    return rows(
        *((400 + 45 * n, tuple(zip(lefts, line, strict=True))) for n, line in enumerate(grid)),
        (400 + 45 * len(grid), ((60, "合计"),)),
    )


def paid(invoice: Invoice) -> dict[str | None, Decimal | None]:
    return {payment.name: payment.amount for payment in invoice.payments_info}


def test_values_may_stand_below_their_captions() -> None:
    invoice = read(
        TITLE,
        rows(
            (150, ((60, "票据代码"), (600, "票据号码"), (1140, "校验码"))),
            (195, ((60, "33060124"), (600, "2494467147"), (1140, "7a0b38"))),
            (240, ((60, "患者姓名"), (600, "性别"), (1140, "医保类型"))),
            (285, ((60, "金佳怡"), (600, "女"), (1140, "职工医保"))),
            (900, ((60, "统筹基金支付"), (600, "个人账户支付"), (1140, "个人现金支付"))),
            (945, ((60, "475.00"), (600, "0.00"), (1140, "351.33"))),
        ),
    )
    assert (invoice.note_code, invoice.note_no, invoice.check_code) == ("33060124", "2494467147", "7a0b38")
    assert (invoice.patient_name, invoice.patient_gender) == ("金佳怡", 2)
    assert invoice.medical_insurance_type == "职工医保"
    assert paid(invoice) == {
        "基金支付": Decimal("475.00"), "个人账户支付": Decimal("0.00"), "现金支付": Decimal("351.33"),
    }  # fmt: skip


def test_one_value_below_a_caption_is_no_such_form() -> None:
    invoice = read(TITLE, rows((150, ((60, "票据代码："), (600, "交款人：林伟"))), (195, ((60, "33060124"),))))
    assert invoice.note_code is None


def test_charges_may_stand_far_from_their_sums_in_two_columns() -> None:
    invoice = read(
        TITLE,
        rows(
            (300, ((60, "项目"), (700, "金额"), (900, "项目"), (1540, "金额"))),
            (345, ((60, "诊查费"), (700, "18.00"), (900, "西药费"), (1540, "177.96"))),
            (390, ((60, "中草药费"), (700, "12.15"))),
            (450, ((60, "合计：208.11"),)),
        ),
    )
    assert [(each.name, each.cost) for each in invoice.cost_categories] == [
        ("诊查费", Decimal("18.00")), ("西药费", Decimal("177.96")), ("中草药费", Decimal("12.15")),
    ]  # fmt: skip


def test_what_stands_behind_the_kind_of_insurance_in_one_box_is_its_value() -> None:
    invoice = read(TITLE, rows((150, ((60, "医保类型： 全自费"), (600, "性别：女")))))
    assert invoice.medical_insurance_type == "全自费"


def test_a_second_self_pay_that_lost_its_number_is_the_other_one() -> None:
    invoice = read(TITLE, rows((150, ((60, "自付一：35.70"), (600, "自付"), (720, "4.20")))))
    assert paid(invoice) == {"自付一": Decimal("35.70"), "自付二": Decimal("4.20")}


def test_a_bare_self_pay_alone_is_the_first() -> None:
    assert paid(read(TITLE, rows((150, ((60, "自付：4.20"),))))) == {"自付一": Decimal("4.20")}


def test_a_currency_sign_that_was_read_as_a_digit_is_none_where_the_product_says_so() -> None:
    invoice = read(
        TITLE,
        table(
            ("注射用青霉素钠", "7", "瓶", "0.79", "15.53"),
            ("阿卡波糖片", "2", "盒", "41.27", "¥82.54"),
            ("静脉采血", "1", "次", "3.50", "¥3.50"),
        ),
    )
    assert [line.price for line in invoice.line_items] == [Decimal("5.53"), Decimal("82.54"), Decimal("3.50")]


def test_a_first_digit_that_may_be_a_sign_is_as_sure_as_one_of_two() -> None:
    invoice = read(
        TITLE,
        table(
            ("注射用青霉素钠", "7", "瓶", "", "15.53"),
            ("阿卡波糖片", "2", "盒", "41.27", "¥82.54"),
            ("静脉采血", "1", "次", "3.50", "¥3.50"),
        ),
    )
    assert invoice.line_items[0].price == Decimal("15.53")
    assert invoice.sources["/cost_detail_list/0/price"].score == 0.5


def test_a_stroke_before_the_unit_may_be_read_as_a_one() -> None:
    captions = ("项目名称", "数量/单位", "", "", "金额(元)")
    lines = (
        ("黄芪", "771g", "", "", "10.78"),
        ("板蓝根颗粒", "1/包", "", "", "16.48"),
        ("茯苓", "176|g", "", "", "15.84"),
    )
    invoice = read(TITLE, table(*lines, ("陈皮", "30/g", "", "", "1.80"), captions=captions))
    assert [line.quantity for line in invoice.line_items] == [77, 1, 176, 30]


def test_name_and_specification_of_one_column_part_where_their_blank_was_lost() -> None:
    lines = (
        ("维生素B12注射液0.5mg:1ml", "2", "支", "0.86", "1.72"),
        ("25-羟维生素D测定", "1", "项", "120.00", "120.00"),
    )
    invoice = read(TITLE, table(*lines, captions=("药品名称/规格", "数量", "单位", "单价", "金额")))
    assert [(line.name, line.spec) for line in invoice.line_items] == [
        ("维生素B12注射液", "0.5mg:1ml"), ("25-羟维生素D测定", None),
    ]  # fmt: skip


def test_a_total_without_figures_is_the_one_in_words_where_the_charges_add_up_to_it() -> None:
    words = rows(
        (300, ((60, "诊查费 18.00"), (400, "西药费 177.96"))),
        (450, ((60, "合计（大写）：壹佰玖拾伍元玖角陆分"),)),
    )
    invoice = read(TITLE, words)
    assert invoice.total_cost == Decimal("195.96")
    assert invoice.sources["/total_cost"].derived
    assert read(TITLE, words[1:]).total_cost is None


def test_an_amount_is_as_sure_as_its_least_sure_digit() -> None:
    line = word("西药费 46.00", 60, 300)
    chances = (1.0,) * 5 + (0.55, 1.0, 1.0, 1.0)
    invoice = read(TITLE, [type(line)(line.text, 0.95, line.quad, line.box, line.marks, chances)])
    assert invoice.sources["/cost_categories/0/cost"].score == 0.55


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("越溪市妇幼保健院左用", "越溪市妇幼保健院"),
        ("临澜市第六人民医院东院", "临澜市第六人民医院东院"),
        ("青岚口腔门诊部有限公司", "青岚口腔门诊部有限公司"),
        ("云麓市中心医院(东区)", "云麓市中心医院(东区)"),
    ],
)
def test_a_hospital_ends_where_its_name_does(printed: str, name: str) -> None:
    assert read(TITLE, rows((150, ((60, f"收款单位（章）：{printed}"),)))).hospital_name == name


def test_a_bracket_under_a_seal_is_no_part_of_the_name() -> None:
    assert read(TITLE, rows((150, ((60, "收款单位（章费龙渚市眼科医院"),)))).hospital_name == "龙渚市眼科医院"


def test_an_amount_that_was_not_read_is_as_unsure_as_can_be() -> None:
    invoice = read(
        TITLE,
        rows(
            (
                150,
                (
                    (60, "个人现金支付：12.5"),
                    (600, "个人账户支付：3.00"),
                    (1100, "其他支付：1.00"),
                    (1500, "个人自费：2.00"),
                ),
            )
        ),
    )
    at = [payment.name for payment in invoice.payments_info].index("现金支付")
    assert invoice.payments_info[at].amount is None
    assert invoice.sources[f"/payments_info/{at}/amount"].score == 0.0
