"""Values that another provider read are found on the paper: by the engine's own reading, and among the words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ocr_providers.engine.places import Value, find_places
from ocr_providers.engine.words import PageWords
from ocr_providers.results import Box, Source
from tests.ocr_providers.engine.paper import page, rows

D = Decimal
TOP, STEP = 200, 60
NAMES = ("阿莫西林胶囊", "替格瑞洛片", "左氧氟沙星片")


def form(*more: tuple[float, tuple[tuple[float, str], ...]]) -> PageWords:
    lines = [
        (TOP + STEP * n, ((100, name), (600, str(n + 1)), (800, "50.00"), (1000, f"{50 * (n + 1)}.00")))
        for n, name in enumerate(NAMES)
    ]
    return page(*rows((40, ((100, "票据号码"), (400, "3300123456"), (900, "2025年03月01日"))), *lines, *more))


def line(n: int, **values: Value) -> dict[str, Value]:
    return {f"/cost_detail_list/{n}/{name}": value for name, value in values.items()}


def place(
    values: dict[str, Value], pointer: str, *pages: PageWords, read: dict[str, Source] | None = None
) -> list[int]:
    """Left edges, to the nearest hundred, of what was found."""
    found = find_places(values, read or {}, pages or (form(),)).get(pointer, ())
    return [round(box.left, -2) for box in found]


@pytest.mark.parametrize(
    ("pointer", "value", "left"),
    [("/note_no", "3300123456", 400), ("/billing_date", date(2025, 3, 1), 900), ("/total_cost", D("150"), 1000)],
)
def test_what_is_printed_once_is_found(pointer: str, value: Value, left: int) -> None:
    assert place({pointer: value}, pointer) == [left]


def test_a_number_of_a_line_is_looked_for_in_the_row_of_its_name() -> None:
    values = line(1, ocr_name=NAMES[1], amount=D(2), unit_price=D(50), price=D(100))
    found = find_places(values, {}, (form(),))
    middles = {round((boxes[0].top + boxes[0].bottom) / 2) for boxes in found.values()}
    assert {pointer.rpartition("/")[2]: round(boxes[0].left, -2) for pointer, boxes in found.items()} == {
        "ocr_name": 100,
        "amount": 600,
        "unit_price": 800,
        "price": 1000,
    }
    assert max(middles) - min(middles) <= 2


def test_a_misread_name_is_found_by_its_likeness() -> None:
    assert place(line(0, ocr_name="阿莫西林胶襄"), "/cost_detail_list/0/ocr_name") == [100]


def test_a_number_of_a_line_that_is_nowhere_is_anybodys_and_not_placed() -> None:
    assert place(line(0, ocr_name="氯化钠注射液", price=D(100)), "/cost_detail_list/0/price") == []


def test_what_may_stand_at_several_places_gives_them_all() -> None:
    assert place({"/payments_class_b": D("50.00")}, "/payments_class_b") == [800, 1000, 800, 800]
    again = (TOP + 400, ((100, "合计"), (600, "50.00")))
    assert place({"/payments_class_b": D("50.00")}, "/payments_class_b", form(again)) == []


def test_a_digit_that_may_be_anything_is_not_looked_for_all_over_the_page() -> None:
    assert place({"/hospital_days": D(3)}, "/hospital_days") == []


def test_the_engine_s_own_reading_of_the_field_comes_first() -> None:
    own = Source(text="50.00", box=Box(1, 2, 3, 4))
    assert find_places({"/total_cost": D("50.00")}, {"/total_cost": own}, (form(),)) == {"/total_cost": (own.box,)}


def test_a_misread_number_stands_where_the_engine_reads_the_same_column_of_the_same_line() -> None:
    name, price = Source(text=NAMES[2], box=Box(0, 0, 9, 9)), Source(text="150.00", box=Box(10, 0, 19, 9))
    read = {"/cost_detail_list/7/ocr_name": name, "/cost_detail_list/7/price": price}
    found = find_places(line(0, ocr_name=NAMES[2], price=D("760.00")), read, (form(),))
    assert found["/cost_detail_list/0/price"] == (price.box,)


def test_equal_lines_are_paired_in_their_order() -> None:
    boxes = [Box(0, 10 * n, 9, 10 * n + 9) for n in range(2)]
    read = {f"/cost_detail_list/{n}/ocr_name": Source(text=NAMES[0], box=box) for n, box in enumerate(boxes)}
    found = find_places(line(0, ocr_name=NAMES[0]) | line(1, ocr_name=NAMES[0]), read, (form(),))
    assert [found[f"/cost_detail_list/{n}/ocr_name"] for n in range(2)] == [(box,) for box in boxes]


def test_a_value_of_a_health_check_is_known_by_its_key() -> None:
    own = Source(text="146/91", box=Box(5, 6, 7, 8))
    assert find_places({"/bp/value": "146/91"}, {"/bp/value": own}, (form(),)) == {"/bp/value": (own.box,)}
