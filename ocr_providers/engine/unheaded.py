"""Lines of a table whose captions are not known: numbers that explain each other show where lines stand.

Two kinds of evidence, and nothing without one of them:

- quantity × unit price = price in one row, twice or more on the page, or once where that price is the printed total;
- a name and an amount in each row, and the amounts together exactly the printed total.

A row between two proven ones whose amount stands in their column is a line as well: a digit of it was misread, and it
must not vanish. Rows with captions of payments or of the head are never lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from statistics import median

from ocr_providers.engine.categories import is_category, is_subtotal
from ocr_providers.engine.columns import END, Column, Row
from ocr_providers.engine.field_captions import ANY_CAPTION, DATE
from ocr_providers.engine.lines import CENT, NAME_GAP, WRAP
from ocr_providers.engine.rows import Cell, rows_of
from ocr_providers.engine.text import amount_of, money_of

LEVEL = re.compile(r"\W*(?:医保)?(?:[甲乙丙]类?|[有无全]?自[付费负理]|丙?类?自费)[\W\d.%]*|\d{1,3}(?:\.\d+)?%")
UNIT = re.compile(
    r"/?(?:片|盒|支|瓶|袋|次|项|粒|个|人次|人|天|日|包|条|套|只|丸|剂|贴|小时|板|克|付|帖|张|部位|组|根|块|对|g|ml)"
)
COUNTED = re.compile(r"(-?\d+(?:\.\d+)?)(?:" + UNIT.pattern + ")")
CODE = re.compile(r"[\dA-Za-z.\-]{5,}")
WORDS = re.compile(r"[\u4e00-\u9fff].*[\u4e00-\u9fff]")
"""A name has two Chinese characters at least."""
NO_LINE = re.compile(r"支付|负担|[账帐]户|余额|报销|救助|补助|预[缴交]|补[缴收]|退[费款]|起付|封顶|费用总额")
"""Words of payments: such rows add up to the total as well."""
TRAILING_NUMBER = re.compile(r"(.*[\u4e00-\u9fff)])(\d+(?:\.\d+)?)")
MOST = 9999
"""No line has a greater quantity."""
SKIPPED = 2
"""Numbers of a triple stand next to each other, or with one other number between."""
SAME_EDGE = 1.2
"""Amounts of one column end within this, text heights."""
PANEL_GAP = 5.0
"""Prices whose right edges are further apart than this are of two panels, text heights."""
SHORT_NAME = 3
"""Names of charge categories without 费 are seldom longer than this."""


@dataclass(slots=True)
class Entry:
    """A name and the numbers behind it: a row, or half a row where two panels stand side by side."""

    words: list[Cell] = field(default_factory=list)
    numbers: list[Cell] = field(default_factory=list)

    @property
    def name(self) -> str:
        return next((cell.text for cell in self.words if WORDS.search(cell.text)), "")

    @property
    def middle(self) -> float:
        return median(cell.middle for cell in (*self.words, *self.numbers))


@dataclass(frozen=True, slots=True)
class Triple:
    """Two factors in the order printed, and their product."""

    entry: Entry
    first: Cell
    second: Cell
    price: Cell


def rows_without_captions(cells: Sequence[Cell], total: Decimal | None) -> list[list[Row]]:
    """Rows of lines by panel, each from top to bottom; empty where nothing proves them.

    `total`: the total printed on the page, `None` where it was not read.
    """
    entries = [entry for row in rows_of(cells) if not _is_no_line(row) for entry in _entries(row)]
    triples = [triple for entry in entries if (triple := _triple(entry)) is not None]
    if len(triples) > 1 or (triples and _amount(triples[0].price) == total):
        quantity_first = sum(_order(triple) for triple in triples) >= 0
        return [_panel(panel, entries, quantity_first) for panel in _panels(triples)]
    return _summed(entries, total)


def _is_no_line(row: Sequence[Cell]) -> bool:
    return any(
        END.search(cell.text)
        or NO_LINE.search(cell.text)
        or is_subtotal(cell.text)
        or (ANY_CAPTION.match(cell.text) and not LEVEL.fullmatch(cell.text))
        for cell in row
    )


# --- rows to entries -------------------------------------------------------------------------------------------------


def _entries(row: Sequence[Cell]) -> Iterator[Entry]:
    """A name behind an amount begins the next panel."""
    entry = Entry()
    for cell in chain.from_iterable(map(_parts, row)):
        if _number(cell) is not None:
            entry.numbers.append(cell)
            continue
        if _begins_entry(cell) and any(map(_is_amount, entry.numbers)):
            yield entry
            entry = Entry()
        entry.words.append(cell)
    if entry.words or entry.numbers:
        yield entry


def _parts(cell: Cell) -> list[Cell]:
    """A quantity that is read in one box with the name before it."""
    match = TRAILING_NUMBER.fullmatch(cell.text)
    return [cell.part(*match.span(1)), cell.part(*match.span(2))] if match else [cell]


def _begins_entry(cell: Cell) -> bool:
    return bool(WORDS.search(cell.text)) and not LEVEL.fullmatch(cell.text) and not UNIT.fullmatch(cell.text)


def _number(cell: Cell) -> Decimal | None:
    counted = COUNTED.fullmatch(cell.text)
    return Decimal(counted[1]) if counted else money_of(cell.text)


def _amount(cell: Cell) -> Decimal:
    """Of a cell that is known to be a number."""
    return _number(cell) or Decimal(0)


def _is_amount(cell: Cell) -> bool:
    """Printed with cents."""
    value = money_of(cell.text)
    return value is not None and value.as_tuple().exponent == -2


# --- quantity × unit price = price -----------------------------------------------------------------------------------


def _triple(entry: Entry) -> Triple | None:
    """The leftmost: behind the price may stand ratio and self-pay, which multiply as well."""
    numbers = entry.numbers
    for first in range(len(numbers)):
        for second in range(first + 1, min(first + 1 + SKIPPED, len(numbers))):
            for third in range(second + 1, min(second + 1 + SKIPPED, len(numbers))):
                triple = Triple(entry, numbers[first], numbers[second], numbers[third])
                if _explains_itself(triple):
                    return triple
    return None


def _explains_itself(triple: Triple) -> bool:
    first, second, price = (_amount(cell) for cell in (triple.first, triple.second, triple.price))
    if not price or not _is_amount(triple.price) or not any("." in cell.text for cell in (triple.first, triple.second)):
        return False
    return min(abs(first), abs(second)) <= MOST and (first * second).quantize(CENT, ROUND_HALF_UP) == price


def _order(triple: Triple) -> int:
    """1: the quantity stands first; -1: the unit price; 0: either could be."""
    first, second = (_looks_counted(cell) for cell in (triple.first, triple.second))
    return first - second


def _looks_counted(cell: Cell) -> bool:
    return COUNTED.fullmatch(cell.text) is not None or "." not in cell.text


def _panels(triples: Sequence[Triple]) -> list[list[Triple]]:
    """Triples whose prices end at one edge, from left to right."""
    by_price = {id(triple.price): triple for triple in triples}
    columns = _price_columns([triple.price for triple in triples])
    return [[by_price[id(price)] for price in column] for column in columns]


def _panel(triples: Sequence[Triple], entries: Sequence[Entry], quantity_first: bool) -> list[Row]:
    """The proven rows, and between them rows with an amount in the same column, and rows of nothing but a name."""
    proven = {id(triple.entry): triple for triple in triples}
    top, bottom = (pick(triple.entry.middle for triple in triples) for pick in (min, max))
    rows: list[Row] = []
    for entry in entries:
        if triple := proven.get(id(entry)):
            rows.append(_triple_row(triple, quantity_first))
        elif top - WRAP < entry.middle < bottom + WRAP and not entry.numbers:
            rows.append(_words_row(entry.words))
        elif top < entry.middle < bottom and (price := _in_column(entry, triples)):
            rows.append({**_words_row(_before(entry, price)), Column.PRICE: [price]})
    return [row for row in rows if row]


def _triple_row(triple: Triple, quantity_first: bool) -> Row:
    quantity, unit_price = (triple.first, triple.second) if quantity_first else (triple.second, triple.first)
    counted = Column.QUANTITY_UNIT if COUNTED.fullmatch(quantity.text) else Column.QUANTITY
    numbers = {counted: [quantity], Column.UNIT_PRICE: [unit_price], Column.PRICE: [triple.price]}
    return {**_words_row(triple.entry.words), **numbers}


def _in_column(entry: Entry, triples: Sequence[Triple]) -> Cell | None:
    """The amount of `entry` that ends where the proven prices end."""
    edge = median(triple.price.right for triple in triples)
    near = [cell for cell in entry.numbers if _is_amount(cell) and abs(cell.right - edge) < SAME_EDGE]
    return near[0] if near and entry.name and not is_category(entry.name) else None


def _before(entry: Entry, price: Cell) -> list[Cell]:
    return [cell for cell in entry.words if cell.left < price.left or LEVEL.fullmatch(cell.text)]


# --- words of a line -------------------------------------------------------------------------------------------------


def _words_row(words: Sequence[Cell]) -> Row:
    row: Row = {}
    for cell in words:
        column = _column_of(cell, row.get(Column.NAME, []))
        if column is not Column.OTHER:
            row.setdefault(column, []).append(cell)
    return row


def _column_of(cell: Cell, name: Sequence[Cell]) -> Column:
    if LEVEL.fullmatch(cell.text):
        return Column.NOTE
    if UNIT.fullmatch(cell.text):
        return Column.UNIT
    if not name:
        return Column.NAME if WORDS.search(cell.text) else Column.OTHER
    if DATE.search(cell.text) or (CODE.fullmatch(cell.text) and not re.search(r"\d(?:g|mg|ml)", cell.text)):
        return Column.OTHER
    if re.search(r"\d", cell.text):
        return Column.SPEC
    return Column.NAME if cell.left - name[-1].right < NAME_GAP else Column.OTHER


# --- names and amounts that add up -----------------------------------------------------------------------------------


def _summed(entries: Sequence[Entry], total: Decimal | None) -> list[list[Row]]:
    """Names with one amount each where these add up to the total; of several amounts in a row the first or the last."""
    lines = [entry for entry in entries if _may_be_line(entry)]
    if not total or len(lines) < 2 or median(len(entry.name) for entry in lines) <= SHORT_NAME:
        return []
    for which in (0, -1):
        prices = [[cell for cell in entry.numbers if _is_amount(cell)][which] for entry in lines]
        columns = _price_columns(prices)
        if sum(map(_amount, prices)) == total and all(map(_stand_below_each_other, columns)):
            rows = {id(price): _summed_row(entry, price) for entry, price in zip(lines, prices, strict=True)}
            return [[rows[id(price)] for price in sorted(column, key=lambda cell: cell.middle)] for column in columns]
    return []


def _price_columns(prices: Sequence[Cell]) -> list[list[Cell]]:
    """Prices of one panel, or of two side by side."""
    columns: list[list[Cell]] = []
    for price in sorted(prices, key=lambda cell: cell.right):
        if not columns or price.right - columns[-1][-1].right > PANEL_GAP:
            columns.append([])
        columns[-1].append(price)
    return columns


def _may_be_line(entry: Entry) -> bool:
    """A charge category has a sum and no quantity; 诊查费 with a quantity is a line."""
    counted = any("." not in cell.text for cell in entry.numbers)
    return bool(entry.name) and (counted or not is_category(entry.name)) and any(map(_is_amount, entry.numbers))


def _stand_below_each_other(prices: Sequence[Cell]) -> bool:
    """In one column, flush at either edge."""
    for edges in ([cell.left for cell in prices], [cell.right for cell in prices]):
        if max(abs(edge - median(edges)) for edge in edges) < SAME_EDGE:
            return True
    return False


def _summed_row(entry: Entry, price: Cell) -> Row:
    row = {**_words_row(_before(entry, price)), Column.PRICE: [price]}
    counted = [cell for cell in entry.numbers if cell.left < price.left and "." not in cell.text]
    if len(counted) == 1 and amount_of(counted[0].text):
        row[Column.QUANTITY_UNIT if COUNTED.fullmatch(counted[0].text) else Column.QUANTITY] = counted
    return row
