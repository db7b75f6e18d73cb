"""Charge categories (大类): printed with their sums, and given to the lines they cover."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from ocr_providers.engine.found import Found, derived
from ocr_providers.engine.lines import ReadLine
from ocr_providers.engine.rows import Cell, source_of
from ocr_providers.engine.text import money_of, squeezed

CATEGORY = re.compile(
    r"[\u4e00-\u9fffA-Z()/、,]{1,10}费|西药|中成药|中草药|中药饮片|草药|化验|检查|治疗|放射|手术|材料|其[他它]"
    r"|床位|护理|诊[察查疗]|挂号|麻醉|输[血氧]|接生"
)
CHARGE_ITEM = re.compile(
    r"(?:床位|诊[察查疗]|一般诊疗|检查|化验|检验|放射|治疗|手术|麻醉|护理|(?:卫生)?材料|西药|中药饮片|中成药|中?草药|挂号|输[血氧]"
    r"|接生|监护|抢救|其[他它])费?"
)
"""The names of charges that receipts print (DOMAIN 1.6)."""
FEW = 3
"""So many rows with nothing but names of charges are charges; on an inpatient receipt, fewer."""
NO_CATEGORY = re.compile(r"自费|公费|[合总共小]计|收费|缴费|付费|欠费|退费")
NAME_AND_SUM = re.compile(r"[【\[(]?([^\d:【】\[\]]+?)[】\])]?(?:小计)?:?\s*(-?[\d,]+\.\d+)")
"""中草药费1.08, 【中草药费】小计:1.08"""
REACH, REACH_ALONE = 9.0, 30.0
"""How far to the right of its name a sum may begin, text heights; and where nothing at all stands between."""
REGISTER = 0.8
"""How far above or below its name a sum may stand, text heights."""


def category_name(text: str) -> str:
    """Without brackets, colon and 小计; empty when it is no category."""
    plain = re.sub(r"[【】\[\]]|小计", "", squeezed(text)).strip(":")
    return plain if CATEGORY.fullmatch(plain) and not NO_CATEGORY.search(plain) else ""


def is_category(text: str) -> bool:
    return bool(category_name(text))


def is_subtotal(text: str) -> bool:
    """【西药费】小计:465.40, or a part of it: a row of its own between the lines of a detail list."""
    head = re.sub(r"[\d.,¥\s]+$", "", text)
    return bool(re.fullmatch(r"小计:?|[【\[].+[】\]].*", head)) or ("小计" in head and is_category(head))


def find_categories(cells: Sequence[Cell]) -> list[tuple[Found[str], Found[Decimal]]]:
    """Names with their sums, in reading order. Cells of the table's body are not to be among `cells`."""
    parts = [part for cell in cells for part in _name_and_sum(cell)]
    sums = [cell for cell in parts if money_of(cell.text) is not None]
    pairs: list[tuple[Found[str], Found[Decimal]]] = []
    for name in parts:
        if not is_category(name.text):
            continue
        near = [cell for cell in sums if _follows(name, cell, parts)]
        if not near:
            continue
        cell = min(near, key=lambda cell: abs(cell.middle - name.middle) * 4 + cell.left - name.right)
        sums.remove(cell)
        amount = money_of(cell.text)
        if amount is not None:
            pairs.append((Found(category_name(name.text), source_of([name])), Found(amount, source_of([cell]))))
    return pairs


def _name_and_sum(cell: Cell) -> list[Cell]:
    """中草药费1.08 is read as one box as often as two."""
    if alone := re.fullmatch(r"小计:?\s*(-?[\d,]+\.\d+)", cell.text):
        return [cell.part(*alone.span(1))]
    match = NAME_AND_SUM.fullmatch(cell.text)
    if not match or not is_category(match[1]):
        return [cell]
    return [cell.part(*match.span(1)), cell.part(*match.span(2))]


def _follows(name: Cell, cell: Cell, cells: Iterable[Cell]) -> bool:
    """Whether the sum stands right of the name with no other name between."""
    if abs(cell.middle - name.middle) > REGISTER or not name.right - 0.6 < cell.left < name.right + REACH_ALONE:
        return False
    between = [
        other.text
        for other in cells
        if name.right < other.left < cell.left and abs(other.middle - name.middle) < REGISTER
    ]
    return not between or (cell.left < name.right + REACH and not any(map(is_category, between)))


def charges_among(lines: Sequence[ReadLine], *, inpatient: bool) -> list[tuple[Found[str], Found[Decimal]]]:
    """Rows that are charge categories with their sums, as inpatient receipts print them; empty where they are items."""
    rows = [line for line in lines if line.value("price") is not None]
    named = all(CHARGE_ITEM.fullmatch(line.name) and line.value("unit_price") is None for line in rows)
    several = any(line.value("quantity") not in (None, 1) for line in rows)
    if not named or several or len(rows) < (1 if inpatient else FEW):
        return []
    return [(line.parts["origin_ocr_name"], line.parts["price"]) for line in rows]


def give_categories(lines: Sequence[ReadLine], sums: Sequence[tuple[str, Decimal]]) -> None:
    """Lines are printed in the order of the categories: where running sums meet the printed ones, the lines between
    belong to that category. Only a complete match is used; it is derived, not read."""
    prices = [line.value("price") for line in lines]
    if any(price is None for price in prices) or not sums:
        return
    ends = _ends(prices, [amount for _, amount in sums])
    if ends is None:
        return
    begin = 0
    for (name, _), end in zip(sums, ends, strict=True):
        for line in lines[begin:end]:
            line.parts.setdefault("category", derived(name))
        begin = end


def _ends(prices: Sequence[Any], sums: Sequence[Decimal]) -> list[int] | None:
    """For each sum the index after its last line; `None` when the sums do not cover exactly all lines."""
    ends: list[int] = []
    at = 0
    for wanted in sums:
        running = Decimal(0)
        while at < len(prices) and running != wanted:
            running += prices[at]
            at += 1
        if running != wanted:
            return None
        ends.append(at)
    return ends if at == len(prices) else None
