"""Forms whose captions nobody knows: lines stand where the numbers prove them, and nowhere else."""

from __future__ import annotations

from decimal import Decimal

from ocr_providers.engine.invoice import read_invoice
from ocr_providers.engine.words import Word
from ocr_providers.results import Invoice, LineItem
from tests.ocr_providers.engine.paper import page, rows

Number = Decimal | None


def read(*words: Word) -> Invoice:
    return read_invoice([page(*words)])


def numbers(line: LineItem) -> tuple[str | None, Number, Number, Number]:
    return line.name, line.quantity, line.unit_price, line.price


def table(
    *lines: tuple[str, ...], top: float = 400, lefts: tuple[float, ...] = (60, 560, 900, 1130, 1380)
) -> list[Word]:
    cells = [tuple((left, text) for left, text in zip(lefts, line, strict=False) if text) for line in lines]
    return rows(*((top + 60 * n, row) for n, row in enumerate(cells)))


TOTAL = rows((900, ((60, "合计（大写）肆佰元玖角整"), (1200, "（小写）400.90"))))
PAYMENTS = rows((960, ((60, "个人现金支付：400.90"), (700, "大额支付"), (900, "0.00"))))


def test_quantity_times_unit_price_makes_a_line() -> None:
    lines = table(
        ("葡萄糖注射液", "5% 100ml", "5", "3.10", "15.50"),
        ("左氧氟沙星片", "0.5g*4片", "4", "21.35", "85.40"),
        ("糖化血红蛋白测定", "", "5", "60.00", "300.00"),
    )
    invoice = read(*lines, *TOTAL, *PAYMENTS)
    assert [numbers(line) for line in invoice.line_items] == [
        ("葡萄糖注射液", Decimal(5), Decimal("3.10"), Decimal("15.50")),
        ("左氧氟沙星片", Decimal(4), Decimal("21.35"), Decimal("85.40")),
        ("糖化血红蛋白测定", Decimal(5), Decimal("60.00"), Decimal("300.00")),
    ]
    assert invoice.line_items[1].spec == "0.5g*4片"
    assert invoice.total_cost == Decimal("400.90")


def test_the_unit_price_may_stand_before_the_quantity() -> None:
    lines = table(("葡萄糖注射液", "", "3.10", "5", "15.50"), ("糖化血红蛋白测定", "", "60.00", "1", "60.00"))
    assert [(line.quantity, line.unit_price) for line in read(*lines).line_items] == [
        (Decimal(5), Decimal("3.10")),
        (Decimal(1), Decimal("60.00")),
    ]


def test_ratio_and_selfpay_behind_the_price_are_no_line_of_their_own() -> None:
    lines = table(
        ("左氧氟沙星片", "2", "7.56", "15.12", "0.10", "1.51"),
        ("缬沙坦胶囊", "1", "32.70", "32.70", "0.10", "3.27"),
        lefts=(60, 560, 760, 960, 1160, 1360),
    )
    assert [line.price for line in read(*lines).line_items] == [Decimal("15.12"), Decimal("32.70")]


def test_a_misread_line_between_proven_ones_does_not_vanish() -> None:
    lines = table(
        ("葡萄糖注射液", "", "5", "3.10", "15.50"),
        ("左氧氟沙星片", "", "4", "21.35", "86.40"),
        ("糖化血红蛋白测定", "", "5", "60.00", "300.00"),
    )
    assert [line.price for line in read(*lines).line_items] == [Decimal("15.50"), Decimal("86.40"), Decimal("300.00")]


def test_categories_beside_the_lines_stay_categories() -> None:
    lines = table(
        ("西药费", "100.90", "葡萄糖注射液", "5", "3.10", "15.50"),
        ("化验费", "300.00", "左氧氟沙星片", "4", "21.35", "85.40"),
        lefts=(60, 260, 560, 1000, 1130, 1380),
    )
    invoice = read(*lines)
    assert [line.name for line in invoice.line_items] == ["葡萄糖注射液", "左氧氟沙星片"]
    assert [(each.name, each.cost) for each in invoice.cost_categories] == [
        ("西药费", Decimal("100.90")),
        ("化验费", Decimal("300.00")),
    ]


def test_one_product_alone_proves_nothing() -> None:
    lines = table(("葡萄糖注射液", "", "5", "3.10", "15.50"))
    assert read(*lines, *TOTAL).line_items == ()


def test_names_with_amounts_are_lines_where_these_are_the_total() -> None:
    lines = table(("葡萄糖注射液", "100.90"), ("糖化血红蛋白测定", "300.00"), lefts=(60, 900))
    assert [(line.name, line.price) for line in read(*lines, *TOTAL, *PAYMENTS).line_items] == [
        ("葡萄糖注射液", Decimal("100.90")),
        ("糖化血红蛋白测定", Decimal("300.00")),
    ]


def test_names_with_amounts_that_are_not_the_total_are_none() -> None:
    lines = table(("葡萄糖注射液", "100.90"), ("糖化血红蛋白测定", "200.00"), lefts=(60, 900))
    assert read(*lines, *TOTAL, *PAYMENTS).line_items == ()


def test_categories_and_payments_that_are_the_total_are_no_lines() -> None:
    categories = table(("西药费", "100.90"), ("化验费", "300.00"), lefts=(60, 900))
    payments = table(("职工大额支付", "100.90"), ("公务员补助", "300.00"), lefts=(60, 900), top=1000)
    assert read(*categories, *TOTAL, *payments).line_items == ()


def test_two_panels_of_unknown_captions_are_read_line_by_line() -> None:
    lines = table(
        ("葡萄糖注射液", "5/袋", "15.50", "左氧氟沙星片", "4/盒", "85.40"),
        ("专家门诊诊查费", "2/次", "100.00", "糖化血红蛋白测定", "4/项", "200.00"),
        lefts=(60, 460, 660, 1000, 1400, 1600),
    )
    assert [(line.name, line.quantity, line.price) for line in read(*lines, *TOTAL).line_items] == [
        ("葡萄糖注射液", Decimal(5), Decimal("15.50")),
        ("左氧氟沙星片", Decimal(4), Decimal("85.40")),
        ("专家门诊诊查费", Decimal(2), Decimal("100.00")),
        ("糖化血红蛋白测定", Decimal(4), Decimal("200.00")),
    ]


def test_short_names_that_add_up_are_categories_nobody_knows_not_lines() -> None:
    lines = table(("心电", "50.90"), ("胃镜室", "50.00"), ("一般处置", "300.00"), lefts=(60, 900))
    assert read(*lines, *TOTAL).line_items == ()
