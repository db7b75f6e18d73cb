"""Forms by their words: what a reading makes of them, without a picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain

import numpy as np
import pytest

from ocr_providers.engine.invoice import read_invoice
from ocr_providers.engine.words import Word
from ocr_providers.results import Invoice
from tests.ocr_providers.engine.paper import page, rows, word

HEAD = rows(
    (100, ((500, "浙江省医疗门诊收费票据（电子）"),)),
    (200, ((60, "票据代码：33060123"), (1300, "票据号码：3595736284"))),
    (245, ((60, "交款人统一社会信用代码："), (1300, "校验码：ce8c53"))),
    (290, ((60, "交款人：林伟"), (1300, "开票日期：2023-03-07"))),
)
CATEGORIES = rows((350, ((60, "西药费 100.90"), (500, "化验费300.00"))))
SINGLE = rows(
    (
        420,
        (
            (60, "项目名称"),
            (560, "规格"),
            (860, "数量"),
            (980, "单位"),
            (1130, "单价"),
            (1330, "金额(元)"),
            (1540, "备注"),
        ),
    ),
    (
        465,
        (
            (60, "葡萄糖注射液"),
            (560, "5% 100ml"),
            (900, "5"),
            (980, "袋"),
            (1150, "3.10"),
            (1380, "15.50"),
            (1540, "甲类"),
        ),
    ),
    (
        510,
        (
            (60, "左氧氟沙星片"),
            (560, "0.5g*4片"),
            (900, "4"),
            (980, "盒"),
            (1135, "21.35"),
            (1380, "85.40"),
            (1540, "乙类10%"),
        ),
    ),
    (555, ((60, "糖化血红蛋白测定"), (900, "5"), (980, "项"), (1135, "60.00"), (1370, "300.00"), (1540, "自费"))),
)
FOOT = rows(
    (640, ((60, "金额合计（大写）肆佰元玖角整"), (1200, "（小写）400.90"))),
    (700, ((120, "业务流水号：80679595466165"), (620, "门诊号：21915774"), (1500, "医疗机构类型：中医医院"))),
    (745, ((120, "医保类型：自费"), (620, "医保编号：330124502888429050"), (1100, "性别：女"),
           (1500, "医保统筹基金支付：0.00"))),
    (790, ((120, "其他支付：0.00"), (620, "个人账户支付：0.00"), (1100, "个人现金支付：400.90"),
           (1500, "个人自付：100.90"))),
    (835, ((120, "个人自费：300.00"),)),
    (900, ((60, "收款单位（章）：绍兴市人民医院"), (1000, "复核人：周海涛"), (1500, "收款人：张桂兰"))),
)  # fmt: skip


def read(*parts: list[Word]) -> Invoice:
    return read_invoice([page(*chain(*parts))])


@pytest.fixture(scope="module")
def single() -> Invoice:
    return read(HEAD, CATEGORIES, SINGLE, FOOT)


def test_the_head_of_the_electronic_form_is_read(single: Invoice) -> None:
    assert (single.note_code, single.note_no, single.check_code) == ("33060123", "3595736284", "ce8c53")
    assert (single.type, single.patient_name, single.patient_gender) == (1, "林伟", 2)
    assert single.billing_date == date(2023, 3, 7)
    assert single.medical_insurance_type == "自费"
    assert (single.hospital_name, single.payee) == ("绍兴市人民医院", "张桂兰")
    assert single.social_security_card_number == "330124502888429050"


def test_total_in_figures_and_in_words_are_both_kept(single: Invoice) -> None:
    assert single.total_cost == Decimal("400.90")
    assert single.total_cost_in_words == "肆佰元玖角整"


def test_payments_bear_the_names_of_the_service_document(single: Invoice) -> None:
    paid = {payment.name: payment.amount for payment in single.payments_info}
    assert paid == {
        "基金支付": Decimal("0.00"),
        "其他支付": Decimal("0.00"),
        "个人账户支付": Decimal("0.00"),
        "现金支付": Decimal("400.90"),
        "自付一": Decimal("100.90"),
        "自费": Decimal("300.00"),
    }


def test_lines_have_all_their_columns(single: Invoice) -> None:
    line = single.line_items[1]
    assert (line.origin_ocr_name, line.spec, line.quantity) == ("左氧氟沙星片", "0.5g*4片", Decimal(4))
    assert (line.unit_price, line.price) == (Decimal("21.35"), Decimal("85.40"))
    assert (line.level, line.selfpay_ratio, line.selfpay) == ("乙", Decimal("0.1"), Decimal("8.54"))
    assert line.extra == {"unit": "盒"}


def test_synonyms_of_class_c_are_class_c_and_paid_in_full(single: Invoice) -> None:
    line = single.line_items[2]
    assert (line.level, line.selfpay_ratio, line.selfpay) == ("丙", Decimal(1), Decimal("300.00"))


def test_lines_get_the_category_whose_sum_they_make_up(single: Invoice) -> None:
    assert [line.category for line in single.line_items] == ["西药费", "西药费", "化验费"]
    assert single.sources["/cost_detail_list/0/class"].derived


def test_every_amount_says_where_it_stands(single: Invoice) -> None:
    source = single.sources["/cost_detail_list/1/price"]
    assert (source.text, source.score, source.derived) == ("85.40", 0.99, False)
    assert source.box is not None
    assert source.box.rect[0] == 1380


def test_the_one_of_three_numbers_that_was_lost_is_derived() -> None:
    body = [each for each in SINGLE if each.text != "4"]
    invoice = read(HEAD, CATEGORIES, body, FOOT)
    assert invoice.line_items[1].quantity == Decimal(4)
    assert invoice.sources["/cost_detail_list/1/amount"].derived


def test_what_does_not_come_out_even_is_not_derived() -> None:
    body = [each for each in SINGLE if each.text != "4"]
    body = [word("85.41", 1380, 510) if each.text == "85.40" else each for each in body]
    assert read(HEAD, CATEGORIES, body, FOOT).line_items[1].quantity is None


def test_an_amount_that_lost_its_cents_is_not_believed() -> None:
    body = [word("8540", 1380, 510) if each.text == "85.40" else each for each in SINGLE]
    invoice = read(HEAD, CATEGORIES, body, FOOT)
    assert invoice.line_items[1].price == Decimal("85.40")  # 4 × 21.35
    assert invoice.sources["/cost_detail_list/1/price"].derived
    assert invoice.sources["/cost_detail_list/1/price"].text == "8540"


def test_an_amount_printed_but_not_readable_is_null_and_keeps_its_characters() -> None:
    foot = [word("个人现金支付：4OB.9D", 1100, 790) if "现金" in each.text else each for each in FOOT]
    invoice = read(HEAD, CATEGORIES, SINGLE, foot)
    at = [payment.name for payment in invoice.payments_info].index("现金支付")
    assert invoice.payments_info[at].amount is None
    assert invoice.sources[f"/payments_info/{at}/amount"].text == "4OB.9D"


def test_a_caption_is_never_a_value() -> None:
    foot = [each for each in FOOT if "收款人" not in each.text]
    invoice = read(HEAD, CATEGORIES, SINGLE, [*foot, word("收款人：", 1500, 900), word("复核人：", 1720, 900)])
    assert invoice.payee is None


def test_a_name_that_wraps_is_one_line() -> None:
    wrapped = [word("胶囊", 60, 592) if each.text == "糖化血红蛋白测定" else each for each in SINGLE]
    body = [*wrapped, word("复方甲氧那明", 60, 555)]
    assert read(HEAD, body, FOOT).line_items[2].origin_ocr_name == "复方甲氧那明胶囊"


DOUBLE = rows(
    (420, ((60, "项目名称"), (420, "数量/单位"), (620, "金额(元)"), (780, "备注"),
           (1000, "项目名称"), (1360, "数量/单位"), (1560, "金额(元)"), (1720, "备注"))),
    (465, ((60, "孟鲁司特钠片"), (420, "1/盒"), (650, "30.73"), (780, "乙类10%"),
           (1000, "头孢克肟分散片"), (1360, "3/盒"), (1580, "126.90"), (1720, "乙类10%"))),
    (510, ((60, "氯雷他定片"), (420, "3/盒"), (650, "28.41"), (780, "甲类"),
           (1000, "甲钴胺片"), (1360, "1/盒"), (1590, "16.58"), (1720, "甲类"))),
    (555, ((60, "彩色多普勒超声常规检查"), (420, "5/部位"), (640, "550.00"), (780, "甲类"))),
)  # fmt: skip


def test_two_panels_are_read_across() -> None:
    invoice = read(HEAD, DOUBLE, FOOT)
    assert [line.origin_ocr_name for line in invoice.line_items] == [
        "孟鲁司特钠片", "头孢克肟分散片", "氯雷他定片", "甲钴胺片", "彩色多普勒超声常规检查",
    ]  # fmt: skip
    assert [str(line.price) for line in invoice.line_items] == ["30.73", "126.90", "28.41", "16.58", "550.00"]


def test_a_form_without_unit_prices_gets_none() -> None:
    invoice = read(HEAD, DOUBLE, FOOT)
    assert [line.unit_price for line in invoice.line_items] == [None] * 5
    assert [str(line.quantity) for line in invoice.line_items] == ["1", "3", "3", "1", "5"]


PAPER_CAPTIONS = rows(
    (100, ((600, "浙江省医疗门诊收费票据"), (1400, "NO.9315852368"))),
    (200, ((60, "业务流水号："), (600, "医疗机构类型："), (1200, "门诊号："))),
    (250, ((60, "姓名："), (330, "性别："), (600, "医保类型："), (1050, "社会保障号码："))),
    (310, ((80, "收费项目"), (400, "金额(元)"), (560, "项目/规格"), (1050, "单价"), (1200, "数量"),
           (1300, "金额"), (1480, "等级"))),
    (700, ((60, "合计（大写）"), (1200, "（小写）￥"))),
    (750, ((60, "医保统筹支付："), (600, "个人账户支付："), (1200, "个人现金支付："))),
    (800, ((60, "自付一："), (600, "自付二："), (1200, "自费："))),
    (870, ((60, "收款单位(章)："), (760, "收款人："), (1300, "年"), (1400, "月"), (1500, "日"))),
)  # fmt: skip
PAPER_TYPED = (
    (200, ((230, "84579990716026"), (830, "综合医院"), (1330, "78800001"))),
    (250, ((150, "许宏伟"), (430, "男"), (760, "职工医保"), (1280, "339900200706214933"))),
    (370, ((80, "西药费"), (410, "36.00"), (560, "阿卡波糖片/50mg*30片"), (1050, "12.00"),
           (1210, "3"), (1300, "36.00"), (1480, "乙/0.05"))),
    (415, ((80, "检查费"), (420, "8.00"), (560, "裂隙灯检查"), (1060, "8.00"), (1210, "1"),
           (1310, "8.00"), (1480, "甲/0"))),
    (700, ((230, "肆拾肆圆整"), (1380, "44.00"))),
    (750, ((270, "20.00"), (810, "10.00"), (1410, "14.00"))),
    (800, ((180, "22.20"), (730, "1.80"), (1310, "0.00"))),
    (870, ((260, "安吴县第二医院"), (880, "章振华"), (1220, "2019"), (1340, "10"), (1440, "02"))),
)  # fmt: skip


@pytest.mark.parametrize("shift", [0.0, -12.0, 12.0])
def test_the_old_paper_form_is_read_in_and_out_of_register(shift: float) -> None:
    typed = rows(*((top + shift, cells) for top, cells in PAPER_TYPED))
    invoice = read(PAPER_CAPTIONS, typed)
    assert (invoice.note_no, invoice.patient_name, invoice.patient_gender) == ("9315852368", "许宏伟", 1)
    assert invoice.billing_date == date(2019, 10, 2)
    assert (invoice.total_cost, invoice.total_cost_in_words) == (Decimal("44.00"), "肆拾肆圆整")
    assert [(each.name, each.cost) for each in invoice.cost_categories] == [
        ("西药费", Decimal("36.00")),
        ("检查费", Decimal("8.00")),
    ]
    first = invoice.line_items[0]
    assert (first.origin_ocr_name, first.spec, first.quantity) == ("阿卡波糖片", "50mg*30片", Decimal(3))
    assert (first.unit_price, first.price) == (Decimal("12.00"), Decimal("36.00"))
    assert (first.level, first.selfpay_ratio) == ("乙", Decimal("0.05"))
    paid = {payment.name: payment.amount for payment in invoice.payments_info}
    assert (paid["基金支付"], paid["自付一"], paid["自付二"]) == (Decimal("20.00"), Decimal("22.20"), Decimal("1.80"))


def test_a_detail_list_over_two_pages_is_one_list() -> None:
    caption = (
        300,
        (
            (60, "项目名称"),
            (560, "规格"),
            (860, "单位"),
            (1000, "数量"),
            (1150, "单价"),
            (1330, "金额"),
            (1500, "等级"),
        ),
    )
    first = rows(
        (100, ((500, "医疗收费明细（电子）"),)),
        (200, ((60, "票据号码：1690876601"), (900, "交款人：张明远"))),
        caption,
        (345, ((60, "【西药费】小计:36.00"),)),
        (390, ((60, "阿卡波糖片"), (560, "50mg*30片"), (860, "盒"), (1020, "3"),
               (1150, "12.00"), (1330, "36.00"), (1500, "乙"))),
        (435, ((60, "【检查费】小计:16.00"),)),
        (480, ((60, "裂隙灯检查"), (860, "次"), (1020, "1"), (1150, "8.00"), (1330, "8.00"), (1500, "甲"))),
    )  # fmt: skip
    second = rows(
        caption,
        (345, ((60, "眼底照相"), (860, "次"), (1020, "1"), (1150, "8.00"), (1330, "8.00"), (1500, "甲"))),
        (420, ((60, "合计（大写）：伍拾贰元整"), (1150, "合计：52.00"))),
    )
    invoice = read_invoice([page(*first), page(*second, index=1)])
    assert [line.category for line in invoice.line_items] == ["西药费", "检查费", "检查费"]
    assert [each.cost for each in invoice.cost_categories] == [Decimal("36.00"), Decimal("16.00")]
    assert (invoice.total_cost, invoice.note_no) == (Decimal("52.00"), "1690876601")


def test_nothing_is_invented_on_an_empty_page() -> None:
    invoice = read_invoice([page()])
    assert invoice == Invoice(type=0)


@pytest.mark.parametrize(
    ("printed", "read_as"), [("4eOfce", "4e0fce"), ("qfmejx", "qfmejx"), ("A1O9ZX", "A1O9ZX"), ("0bf601", "0bf601")]
)
def test_a_check_code_is_of_one_case(printed: str, read_as: str) -> None:
    assert read_invoice([page(word(f"校验码：{printed}", 60, 60))]).check_code == read_as


@pytest.mark.parametrize("text", ["个人自费：127.50）", "个人自费：127：50", "个人自：127.50"])
def test_what_a_seal_makes_of_a_point_a_caption_or_an_end_is_understood(text: str) -> None:
    own = word("个人自付：12.74", 900, 60)
    payments = {each.name: each.amount for each in read_invoice([page(word(text, 60, 60), own)]).payments_info}
    assert payments == {"自费": Decimal("127.50"), "自付一": Decimal("12.74")}


def test_a_misread_caption_that_may_be_either_of_two_is_neither() -> None:
    assert read_invoice([page(word("个人自：127.50", 60, 60))]).payments_info == ()


def test_self_paid_is_a_kind_of_insurance_where_that_is_asked_for() -> None:
    invoice = read_invoice([page(word("医保类型：", 60, 60), word("自费", 260, 68), word("自费：", 60, 160))])
    assert invoice.medical_insurance_type == "自费"


def test_a_number_in_one_box_with_its_caption_is_read_whatever_the_register() -> None:
    head = [word(caption, 60, 100 + 60 * n) for n, caption in enumerate(("姓名：", "性别：", "医保类型：", "门诊号："))]
    typed = [word(text, 300, 114 + 60 * n) for n, text in enumerate(("谢雨桐", "女", "职工医保", "32364479"))]
    assert read_invoice([page(word("No 1840683295", 900, 40), *head, *typed)]).note_no == "1840683295"


def test_the_kind_of_institution_is_not_its_name() -> None:
    assert read_invoice([page(word("医疗机构类型：", 60, 60), word("专科医院", 900, 60))]).hospital_name is None


def test_a_day_struck_aslant_between_its_captions_is_read() -> None:
    parts = [word("2017", 60, 60), word("年09", 200, 50), word("月18", 330, 50), word("日", 460, 50)]
    tilted = [replace(part, quad=part.quad + np.array([[0, 0], [0, 14], [0, 14], [0, 0]])) for part in parts[1:3]]
    straight = [word(f"收费项目{n}", 60, 200 + 60 * n) for n in range(8)]
    assert read_invoice([page(parts[0], *tilted, parts[3], *straight)]).billing_date == date(2017, 9, 18)
