"""The table of an invoice: captions make columns, columns make panels, cells find their column.

Two-column forms have two panels side by side, alike and one panel width apart. Within a panel each row's cells are
given to columns from left to right at the least cost: how far a cell stands from where the column's other cells stand,
and how badly its characters fit the column. Where a column stands is learned from its cells, not only from its caption,
which may be centred over a column that is flush left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from statistics import median

from ocr_providers.engine.rows import Cell, rows_of
from ocr_providers.engine.text import amount_of, money_of, squeezed


class Column(StrEnum):
    CODE = "code"
    CATEGORY = "category"
    NAME = "name"
    SPEC = "spec"
    QUANTITY = "quantity"
    QUANTITY_UNIT = "quantity/unit"
    UNIT = "unit"
    UNIT_PRICE = "unit price"
    PRICE = "price"
    LEVEL = "level"
    RATIO = "ratio"
    SELFPAY = "selfpay"
    NOTE = "note"
    OTHER = "other"
    """A column that is known and not wanted: dates, numbers of lines."""


YUAN = r"(?:/?元|\(元\))?"
CAPTIONS: tuple[tuple[Column, str], ...] = (
    (
        Column.OTHER,
        r"序号|行号|日期|时间|(?:收费|费用|发生|项目)日期|执行科室|开单科室|科室|医生|剂型|产地|生产厂家|厂家",
    ),
    (Column.OTHER, r"(?:优惠|折扣|减免|记账|报销|可报)(?:金额|费用)?" + YUAN),
    (Column.CODE, r"(?:项目|国家|医保|药品|收费|物价|贯标|国标)?(?:项目)?(?:编[码号]|代码)"),
    (Column.CATEGORY, r"费用类[别型]|发票项目|票据项目|大类|费别|收费类别|项目类别|项目大类"),
    (
        Column.NAME,
        r"(?:药品|项目|商品|收费)?(?:名称|项目)(?:/|及|和|、)?规格(?:型号)?|品名/?规格|药品/?项目名称"
        r"|(?:收费|药品|费用|诊疗|明细|服务|商品|医疗服务)?(?:项目)?名称"
        r"|(?:收费|诊疗|明细|检查|服务|医疗服务)项目|品名|项目明细|项目|[收缴]费内容|内容|细目",
    ),
    (Column.SPEC, r"(?:包装)?规格/?(?:型号|剂型)?|剂型/?规格|型号"),
    (Column.QUANTITY_UNIT, r"数量/?(?:计价|计费)?单位"),
    (Column.QUANTITY, r"总?数量|次数|总量"),
    (Column.UNIT, r"(?:计价|计量|计费|包装)?单位"),
    (Column.UNIT_PRICE, r"(?:项目|零售|销售)?单价" + YUAN + r"|零售价|价格" + YUAN),
    (Column.SELFPAY, r"(?:个人|先行)?(?:自付|自费|自理|自负)(?:金额|费用|额)?" + YUAN),
    (Column.RATIO, r"等级/?(?:自付|自负)比例|(?:个人|先行)?(?:自付|自负|自理)?比例(?:\(%\)|/?%)?"),
    (Column.PRICE, r"(?:总|合计|费用|项目|应收|应付|实收)?金?额(?:/元|元|\(元\))"),
    (
        Column.PRICE,
        r"(?:总|合计|费用|项目|应收|应付|实收)?金额",
    ),
    (Column.PRICE, r"(?:应收|实收|总价|小计|费用)" + YUAN + r"|金.\(元\)?"),
    (Column.LEVEL, r"(?:医保|费用|项目|收费|报销|自付|支付)?(?:等级|类别|属性)|医保(?:标识|标志|类型)|甲乙丙类?"),
    (Column.NOTE, r"备注|说明"),
)
NUMBERS = {Column.QUANTITY, Column.UNIT_PRICE, Column.PRICE, Column.SELFPAY}
SINGLE = NUMBERS | {Column.RATIO, Column.LEVEL, Column.CODE, Column.UNIT}
"""Columns that hold one cell a row."""
END = re.compile(r"合计|大写|小写|总计|共计|本页小计|以下空白|其他信息|现金支付|个人账户|收款单位|统筹")
"""What stands below the last line of a table."""
LEVEL_WORD = re.compile(r"[甲乙丙](?:类)?|自费|自付|自负|自理")
WORDS_OF: dict[Column, re.Pattern[str]] = {
    Column.QUANTITY_UNIT: re.compile(r"^(?:-?[\dOolI|]+(?:\.\d+)?/?[^\d\s]{0,4}|/[^\d\s]{1,4})$"),
    Column.UNIT: re.compile(r"^.{1,3}$"),
    Column.LEVEL: LEVEL_WORD,
    Column.NOTE: re.compile(LEVEL_WORD.pattern + "|%"),
    Column.RATIO: re.compile(LEVEL_WORD.pattern + "|%"),
    Column.CODE: re.compile(r"^[\dA-Za-z.\-]{3,}$"),
}
"""What cells of a column look like."""

DROPPED = 14.0
"""Cost of leaving a cell out of the table: a seal's character, a stain. Less for what was hardly readable."""
WRONG_KIND = 30.0
"""Cost of characters that cannot stand in a column."""
UNLIKELY = 4.0
"""Cost of characters that seldom stand in a column."""
BARE_NUMBER_COST: dict[Column, float] = {
    Column.NAME: WRONG_KIND / 2,
    Column.UNIT: WRONG_KIND / 2,
    Column.LEVEL: 2.5 * UNLIKELY,
    Column.NOTE: 2.5 * UNLIKELY,
    Column.RATIO: UNLIKELY,
    Column.SPEC: UNLIKELY,
}
"""Cost of a number with nothing beside it in a column that is not one of numbers."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands."""

    column: Column
    left: float
    right: float
    with_spec: bool = False
    """The caption of the names says that the specification stands there as well."""

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Panel:
    """Columns side by side, from left to right, and the span that belongs to them."""

    places: tuple[Place, ...]
    left: float
    right: float

    def has(self, *columns: Column) -> bool:
        return any(place.column in columns for place in self.places)

    @property
    def with_spec(self) -> bool:
        """Name and specification stand in one column."""
        return any(place.with_spec for place in self.places)


Row = dict[Column, list[Cell]]


@dataclass(frozen=True, slots=True)
class Span:
    """From the captions down to the first row below the table, which may run a little aslant."""

    top: float
    below: tuple[Cell, ...]
    """The row below; none where the page ends first."""
    register: float
    """How much lower than captions typed values stand (negative: higher)."""

    def holds(self, cell: Cell) -> bool:
        return self.top < cell.middle < self._bottom(cell)

    def _bottom(self, cell: Cell) -> float:
        nearest = min(self.below, key=lambda other: abs(other.centre - cell.centre), default=None)
        return float("inf") if nearest is None else nearest.middle + min(self.register, 0.0) - 0.3


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one table, panel by panel, each from top to bottom."""

    panels: tuple[Panel, ...]
    rows: tuple[tuple[Row, ...], ...]
    """By panel."""
    span: Span


def caption_of(text: str) -> Column | None:
    """The column that `text`, as a whole, is the caption of."""
    plain = squeezed(text).strip(":")
    return next((column for column, pattern in CAPTIONS if re.fullmatch(pattern, plain)), None)


def captions(row: Sequence[Cell]) -> list[Place]:
    """Captions in a row; several in one cell, and one spread over several cells ("项 目"), included."""
    places: list[Place] = []
    at = 0
    while at < len(row):
        used, found = _caption_at(row, at)
        places += found
        at += used
    return places


def _caption_at(row: Sequence[Cell], at: int) -> tuple[int, list[Place]]:
    """How many cells were used, and the captions in them."""
    if len(found := _captions_inside(row[at])):
        return 1, found
    for end in range(min(len(row), at + 5), at + 1, -1):
        cells = row[at:end]
        column = caption_of("".join(cell.text for cell in cells))
        if column and all(len(cell.text) <= 2 for cell in cells):
            return end - at, [_place(column, cells[0], cells[-1])]
    return 1, []


def _captions_inside(cell: Cell) -> list[Place]:
    """The captions that a cell consists of; none when it holds anything else."""
    if column := caption_of(cell.text):
        return [_place(column, cell, cell)]
    for cut in range(len(cell.text) - 2, 1, -1):
        head, tail = cell.part(0, cut), cell.part(cut, len(cell.text))
        column = caption_of(head.text)
        if column and (rest := _captions_inside(tail)):
            return [_place(column, head, head), *rest]
    return []


def _place(column: Column, first: Cell, last: Cell) -> Place:
    return Place(column, first.left, last.right, with_spec=column is Column.NAME and "规" in first.text + last.text)


def find_table(cells: Sequence[Cell], register: float = 0.0) -> Table | None:
    """The table of a page: captions with a name and a price among them, and the rows below.

    `register`: how much lower than captions typed values stand (see `fields.register_of`).
    """
    rows = rows_of(cells)
    best = max(rows, key=lambda row: len(_as_header(row)), default=[])
    header = _as_header(best)
    if not header:
        return None
    top = median(cell.middle for cell in best)
    below = [row for row in rows if median(cell.middle for cell in row) > top + 0.5]
    span = Span(top - 0.4, tuple(next((row for row in below if _ends_table(row)), ())), register)
    body = [cell for row in below for cell in row if span.holds(cell)]
    panels = _panels(header, body)
    return Table(panels, tuple(tuple(_panel_rows(panel, body)) for panel in panels), span)


def _as_header(row: Sequence[Cell]) -> list[Place]:
    places = _one_price(captions(row))
    kinds = {place.column for place in places}
    enough = len(kinds) >= 3 and Column.PRICE in kinds and (Column.NAME in kinds or len(kinds) >= 4)
    return places if enough else []


def _one_price(places: Sequence[Place]) -> list[Place]:
    """Of 金额 and 实收 in one panel only the first is the price; of 自理 and 自费 neither is all of the self-pay."""
    kept: list[Place] = []
    for group in _groups(places):
        selfpay = sum(place.column == Column.SELFPAY for place in group)
        price = next((place for place in group if place.column == Column.PRICE), None)
        kept += [
            replace(place, column=Column.OTHER)
            if (place.column == Column.PRICE and place is not price) or (place.column == Column.SELFPAY and selfpay > 1)
            else place
            for place in group
        ]
    return kept


def _ends_table(row: Sequence[Cell]) -> bool:
    """合计金额 may be the caption of a column; with a colon behind it, it is that of the total."""
    return any(END.search(squeezed(cell.text)) and (cell.text.endswith(":") or not captions([cell])) for cell in row)


# --- panels ----------------------------------------------------------------------------------------------------------


def _panels(header: Sequence[Place], body: Sequence[Cell]) -> tuple[Panel, ...]:
    groups = _groups(header)
    edges = [float("-inf"), *(_edge(left, right, body) for left, right in pairwise(groups)), float("inf")]
    return tuple(Panel(tuple(group), left, right) for group, (left, right) in zip(groups, pairwise(edges), strict=True))


def _groups(header: Iterable[Place]) -> list[list[Place]]:
    """Captions by panel: a second name begins a second panel."""
    groups: list[list[Place]] = [[]]
    for place in sorted(header, key=lambda place: place.left):
        if place.column in (Column.NAME, Column.CODE) and any(known.column == place.column for known in groups[-1]):
            groups.append([])
        groups[-1].append(place)
    return groups


def _edge(left: Sequence[Place], right: Sequence[Place], body: Sequence[Cell]) -> float:
    """Where the right panel begins: of like panels as far from its caption as the left panel's cells begin."""
    if {place.column for place in left} != {place.column for place in right}:
        return (left[-1].right + right[0].left) / 2
    width = right[0].left - left[0].left
    inside = [cell.left for cell in body if cell.left < left[0].right]
    begin = min([left[0].left, *inside])
    return min(max(begin + width, left[-1].right), right[0].left) - 0.5


# --- cells into columns ----------------------------------------------------------------------------------------------


def _panel_rows(panel: Panel, body: Sequence[Cell]) -> list[Row]:
    """Two rounds: with the places of the captions, then with the places of the cells."""
    rows = rows_of(cell for cell in body if panel.left <= cell.left + 0.3 and cell.centre < panel.right)
    places: Sequence[Place] = panel.places
    for _ in range(2):
        filled = [_fill(row, places) for row in rows]
        places = [_learned(place, filled) for place in places]
    return [row for row in (_fill(row, places) for row in rows) if row]


def _learned(place: Place, rows: Iterable[Row]) -> Place:
    cells = [cell for row in rows for cell in row.get(place.column, [])[:1]]
    if len(cells) < 3:
        return place
    return replace(place, left=median(cell.left for cell in cells), right=median(cell.right for cell in cells))


def _fill(row: Sequence[Cell], places: Sequence[Place]) -> Row:
    """The cheapest way to give the cells, from left to right, to columns from left to right."""
    best: dict[tuple[int, int], tuple[float, tuple[int | None, ...]]] = {(-1, 0): (0.0, ())}
    for cell in row:
        following: dict[tuple[int, int], tuple[float, tuple[int | None, ...]]] = {}
        for (last, count), (cost, choices) in best.items():
            _offer(following, (last, count), cost + DROPPED * cell.word.score**2, (*choices, None))
            for at in range(max(last, 0), len(places)):
                again = count if at == last else 0
                extra = WRONG_KIND if again and places[at].column in SINGLE else 0.0
                step = cost + extra + misfit(cell, places[at])
                _offer(following, (at, again + 1), step, (*choices, at))
        best = following
    _, choices = min(best.values(), key=lambda item: item[0])
    filled: Row = {}
    for cell, choice in zip(row, choices, strict=True):
        if choice is not None:
            filled.setdefault(places[choice].column, []).append(cell)
    return filled


def _offer(
    table: dict[tuple[int, int], tuple[float, tuple[int | None, ...]]],
    state: tuple[int, int],
    cost: float,
    choices: tuple[int | None, ...],
) -> None:
    state = (state[0], min(state[1], 1))
    if state not in table or cost < table[state][0]:
        table[state] = (cost, choices)


def misfit(cell: Cell, place: Place) -> float:
    """Cost of `cell` in a column: distance (text heights) and kind of characters."""
    return _distance(cell, place) + _kind_cost(cell.text, place.column)


def _distance(cell: Cell, place: Place) -> float:
    nearest = min(abs(cell.left - place.left), abs(cell.right - place.right), abs(cell.centre - place.centre))
    gap = max(cell.left - place.right, place.left - cell.right, 0.0)
    return min(nearest, 3.0) * 0.5 + gap


def _kind_cost(text: str, column: Column) -> float:
    if column in NUMBERS:
        return _number_cost(text, column)
    if money_of(text) is not None:
        return BARE_NUMBER_COST.get(column, 0.0)
    return _word_cost(text, column)


def _word_cost(text: str, column: Column) -> float:
    """Cost of characters that are no bare number."""
    fits = WORDS_OF.get(column)
    if fits is None or fits.search(text):
        return 0.0
    return WRONG_KIND if column in (Column.QUANTITY_UNIT, Column.CODE) and len(text) > 2 else UNLIKELY


def _number_cost(text: str, column: Column) -> float:
    if amount_of(text) is None or re.search(r"[^\d.,OolI|¥Y元\s\-]", text):
        return WRONG_KIND
    decimal = re.search(r"[.,]\d", text)
    if column == Column.QUANTITY:
        return 1.0 if decimal else 0.0
    return 0.0 if decimal else 1.5
