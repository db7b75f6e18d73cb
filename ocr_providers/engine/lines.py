"""Rows of a table to line items: parts of a line, wrapped names, the missing one of three numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from statistics import median
from typing import Any

from ocr_providers.engine.columns import Column, Row
from ocr_providers.engine.found import Found, derived
from ocr_providers.engine.rows import Cell, source_of
from ocr_providers.engine.text import amount_of, squeezed

WRAP = 1.9
"""A name's second line stands at most this many text heights below the first."""
INDENT = 2.5
"""The second line of a name is indented by at most this, text heights."""
NAME_GAP = 3.0
"""Parts of a name are not further apart than this, text heights."""
CENT = Decimal("0.01")
TORN = 0.3
"""Where more amounts than this share have no cents, the form prints them so."""
PRICE_DECIMALS = 4
"""Unit prices are printed with at most this many decimals."""

SIGNS = ("¥", "Y", "$")
SIGN_AS_DIGIT = re.compile(r"[147]\d")
ONE_OF_TWO = 0.5
"""The score of a value that may as well be another one."""

LEVELS: tuple[tuple[str, str], ...] = (
    # Synonyms of the 等级 column (DOMAIN 1.3), and what 甲乙丙 are misread as before 类.
    ("丙", r"丙|全自[付负理]|自费|白费|[内两西]类"),
    ("甲", r"甲|无自[付负理]|[申由田]类"),
    ("乙", r"乙|有自[付负理]|[Zz2已己]类"),
)
PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*[%％]")
STROKE_RATIO = re.compile(r"/([01](?:\.\d+)?)(?![\d.])")
BARE_RATIO = re.compile(r"(?<![\d.])([01](?:\.\d+)?)(?![\d.])")
LEVEL_RATIO = {"甲": Decimal(0), "丙": Decimal(1)}
"""Class A is paid in full, class C not at all (DOMAIN 1.3); class B has a ratio of its own."""
QUANTITY_UNIT = re.compile(r"(-?[\dOolI|]+?(?:\.\d+)?)?\s*[/|]?\s*([^\d\s/.|][^\d\s]*)?")
STROKE_AS_ONE = re.compile(r"(?<=\d)1(?=[^\d\s/.|OolI])")
"""771g: 77/g on a form that prints quantity and unit with a stroke between."""
SPEC_BEHIND_NAME = re.compile(r"([^/]*[\u4e00-\u9fff)][^/\s]*)(?:/|\s+)(?=\S*\d)(.+)")
SPEC_AT_NAME = re.compile(r"(.*[\u4e00-\u9fff)])(\d+(?:\.\d+)?(?:%|万?单位|[a-zA-Zμ#]|[片粒支袋丸揿瓶贴]).*)")
"""The blank between them is lost on small or compressed pictures."""


@dataclass(slots=True)
class ReadLine:
    """One line of the detail list, by the names of `LineItem`."""

    parts: dict[str, Found[Any]] = field(default_factory=dict)
    middle: float = 0.0
    cells: list[Cell] = field(default_factory=list)

    def value(self, name: str) -> Any:
        found = self.parts.get(name)
        return found.value if found else None

    @property
    def name(self) -> str:
        return str(self.value("origin_ocr_name") or "")


def lines_of(rows: Sequence[Row], *, with_spec: bool = False) -> list[ReadLine]:
    """The lines of one panel, from top to bottom. `with_spec`: names and specifications share a column."""
    rows = _unwrapped(rows)
    strokes = _prints_strokes(rows)
    lines = [_line(row, strokes=strokes) for row in rows]
    drop_torn([line.parts for line in lines], ("unit_price", "price", "selfpay"))
    read_signs(lines)
    if with_spec:
        part_touching(lines)
    for line, row in zip(lines, rows, strict=True):
        fill_missing(line, printed=frozenset(row))
    return lines


# --- wrapped names ---------------------------------------------------------------------------------------------------


def _unwrapped(rows: Sequence[Row]) -> list[Row]:
    """Rows with numbers; rows with nothing but text are the wrapped part of the nearest of them."""
    rows = [dict(row) for row in rows]
    anchors = [row for row in rows if _has_numbers(row)]
    edge = median(row[Column.NAME][0].left for row in anchors if Column.NAME in row) if anchors else 0.0
    for row in rows:
        owner = None if _has_numbers(row) or not _begins_at(row, edge) else _owner(row, anchors)
        if owner is not None:
            _join(owner, row)
    return anchors


def _begins_at(row: Row, edge: float) -> bool:
    """A wrapped name begins where names begin; a seal's legend does not."""
    return Column.NAME in row and abs(row[Column.NAME][0].left - edge) < INDENT


def _has_numbers(row: Row) -> bool:
    return any(column in row for column in (Column.PRICE, Column.QUANTITY, Column.QUANTITY_UNIT, Column.UNIT_PRICE))


def _owner(row: Row, anchors: Sequence[Row]) -> Row | None:
    """A row without a name takes text from either side; a row with one only from below."""
    here = _middle(row)
    near = [other for other in anchors if abs(_middle(other) - here) < WRAP]
    nameless = [other for other in near if Column.NAME not in other]
    above = [other for other in near if _middle(other) < here]
    return min(nameless or above, key=lambda other: abs(_middle(other) - here), default=None)


def _join(owner: Row, row: Row) -> None:
    for column in (Column.NAME, Column.SPEC):
        if column in row:
            both = [*owner.get(column, []), *row[column]]
            owner[column] = sorted(both, key=lambda cell: (round(cell.middle), cell.left))


def _middle(row: Row) -> float:
    return median(cell.middle for cells in row.values() for cell in cells)


# --- one line --------------------------------------------------------------------------------------------------------


def _prints_strokes(rows: Sequence[Row]) -> bool:
    """Whether at least half of the quantities stand before their unit with a stroke between."""
    texts = [_joined(row[Column.QUANTITY_UNIT]) for row in rows if Column.QUANTITY_UNIT in row]
    return 0 < sum("/" in text for text in texts) >= len(texts) / 2


def _line(row: Row, *, strokes: bool) -> ReadLine:
    line = ReadLine(middle=_middle(row), cells=[cell for cells in row.values() for cell in cells])
    line.parts.update(_texts(row))
    line.parts.update(_numbers(row, strokes=strokes))
    line.parts.update(_class(row))
    return line


def _texts(row: Row) -> Iterator[tuple[str, Found[Any]]]:
    if names := _without_strangers(row.get(Column.NAME, [])):
        name, spec = _name_and_spec(names) if Column.SPEC not in row else (squeezed(_joined(names)), "")
        yield "origin_ocr_name", Found(name, source_of(names))
        if spec:
            yield "spec", Found(spec, source_of(names))
    if cells := row.get(Column.SPEC):
        yield "spec", Found(_joined(cells), source_of(cells))
    if cells := row.get(Column.CATEGORY):
        yield "category", Found(squeezed(_joined(cells)), source_of(cells))


def _without_strangers(cells: Sequence[Cell]) -> list[Cell]:
    """What stands far behind a name on its line is none of it: a seal's legend."""
    kept: list[Cell] = []
    for cell in cells:
        if not kept or cell.left - kept[-1].right < NAME_GAP or abs(cell.middle - kept[-1].middle) > 0.5:
            kept.append(cell)
    return kept


def _name_and_spec(cells: Sequence[Cell]) -> tuple[str, str]:
    """Where 项目/规格 is one column, what begins with figures behind a blank is the specification."""
    match = SPEC_BEHIND_NAME.match(_joined(cells))
    return (squeezed(match[1]), match[2]) if match else (squeezed(_joined(cells)), "")


def part_touching(lines: Iterable[ReadLine]) -> None:
    """A name and a specification that were read as one."""
    for line in lines:
        if "spec" not in line.parts and (match := SPEC_AT_NAME.fullmatch(line.name)):
            source = line.parts["origin_ocr_name"].source
            line.parts |= {"origin_ocr_name": Found(match[1], source), "spec": Found(match[2], source)}


def _joined(cells: Sequence[Cell]) -> str:
    """With the blanks that were printed; lines of a wrapped text without one."""
    text = cells[0].text
    for before, cell in pairwise(cells):
        same_line = abs(before.middle - cell.middle) < 0.5
        text += (" " if same_line else "") + cell.text
    return text


def _numbers(row: Row, *, strokes: bool) -> Iterator[tuple[str, Found[Any]]]:
    columns = {Column.QUANTITY: "quantity", Column.UNIT_PRICE: "unit_price", Column.PRICE: "price"}
    for column, name in {**columns, Column.SELFPAY: "selfpay"}.items():
        if cells := row.get(column):
            yield name, Found(amount_of(_joined(cells)), source_of(cells))
    if cells := row.get(Column.UNIT):
        yield "unit", Found(_joined(cells), source_of(cells))
    if cells := row.get(Column.QUANTITY_UNIT):
        yield from _quantity_and_unit(cells, strokes=strokes)


def _quantity_and_unit(cells: Sequence[Cell], *, strokes: bool) -> Iterator[tuple[str, Found[Any]]]:
    """Printed as 3/盒, 3盒 or 3 盒; a lost quantity leaves /盒."""
    text = squeezed(_joined(cells))
    if strokes and "/" not in text:
        text = STROKE_AS_ONE.sub("/", text)
    match = QUANTITY_UNIT.fullmatch(text)
    number, unit = match.groups() if match else (None, None)
    yield "quantity", Found(amount_of(number) if number else None, source_of(cells))
    if unit:
        yield "unit", Found(unit, source_of(cells))


def _class(row: Row) -> Iterator[tuple[str, Found[Any]]]:
    """Level and ratio, from whichever of their columns has them."""
    cells = [cell for column in (Column.LEVEL, Column.RATIO, Column.NOTE) for cell in row.get(column, [])]
    text = squeezed("".join(cell.text for cell in cells))
    level = next((level for level, pattern in LEVELS if re.search(pattern, text)), None)
    if level:
        yield "level", Found(level, source_of(cells))
    ratio = ratio_of(text, bare=Column.RATIO in row)
    if ratio is not None:
        yield "selfpay_ratio", Found(ratio, source_of(cells))
    elif level in LEVEL_RATIO:
        yield "selfpay_ratio", derived(LEVEL_RATIO[level])


def ratio_of(text: str, *, bare: bool) -> Decimal | None:
    """10% and 乙/0.1 are 0.10; `bare`: the column is one of ratios, so that 0.1 alone is one as well."""
    if match := PERCENT.search(text):
        ratio = Decimal(match[1]) / 100
    elif match := (STROKE_RATIO.search(text) or (BARE_RATIO.search(text) if bare else None)):
        ratio = Decimal(match[1])
    else:
        return None
    return ratio if ratio <= 1 else None


# --- amounts that lost a part ----------------------------------------------------------------------------------------


def drop_torn(rows: Iterable[dict[str, Found[Any]]], names: Sequence[str]) -> None:
    """Where a form prints amounts with cents, one without them has lost its end: not read, its characters kept."""
    rows = list(rows)
    amounts = [(row, name) for row in rows for name in names if name in row and row[name].value is not None]
    torn = [(row, name) for row, name in amounts if row[name].value.as_tuple().exponent > -2]
    if len(torn) > TORN * len(amounts):
        return
    for row, name in torn:
        row[name] = Found(None, row[name].source)


# --- currency signs that look like digits ----------------------------------------------------------------------------


def read_signs(lines: Sequence[ReadLine]) -> None:
    """Where a form prints a sign before its prices, one without a sign may have it as its first digit (¥5 read as 15).

    It has where the product says so; where nothing says so, either may be: as sure as one of two.
    """
    prices = [line.parts["price"] for line in lines if line.value("price") is not None]
    if sum(price.source.text.startswith(SIGNS) for price in prices) <= len(prices) / 2:
        return
    for line in lines:
        price = line.parts.get("price")
        if (
            price is None
            or price.derived
            or not SIGN_AS_DIGIT.match(price.source.text)
            or _multiplies(line, price.value)
        ):
            continue
        without = amount_of(price.source.text[1:])
        source = replace(price.source, score=min(price.source.score or 0.0, ONE_OF_TWO))
        line.parts["price"] = Found(without, price.source) if _multiplies(line, without) else Found(price.value, source)


def _multiplies(line: ReadLine, price: Decimal | None) -> bool:
    quantity, unit_price = line.value("quantity"), line.value("unit_price")
    if None in (quantity, unit_price, price):
        return False
    return bool((quantity * unit_price).quantize(CENT, ROUND_HALF_UP) == price)


# --- what the others determine ---------------------------------------------------------------------------------------


def fill_missing(line: ReadLine, *, printed: Iterable[Column]) -> None:
    """The one of quantity, unit price and price that was lost; only where the form prints all three."""
    quantity, unit_price, price = (line.value(name) for name in ("quantity", "unit_price", "price"))
    three = Column.UNIT_PRICE in printed or unit_price is not None
    if not three:
        return
    if price is None and quantity is not None and unit_price is not None:
        _derive(line, "price", (quantity * unit_price).quantize(CENT, ROUND_HALF_UP))
    elif quantity is None and unit_price and price is not None:
        _derive(line, "quantity", _exact(price, unit_price, decimals=2))
    elif unit_price is None and quantity and price is not None:
        _derive(line, "unit_price", _exact(price, quantity, decimals=PRICE_DECIMALS))


def _exact(total: Decimal, part: Decimal, *, decimals: int) -> Decimal | None:
    """total / part where that has few decimals; a quotient that does not come out even was not printed."""
    quotient = (total / part).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return quotient.normalize() + 0 if abs(quotient * part - total) < CENT / 2 else None


def _derive(line: ReadLine, name: str, value: Decimal | None) -> None:
    if value is not None:
        kept = line.parts[name].source.text if name in line.parts else ""
        line.parts[name] = derived(value, because=kept)


def derive_selfpay(line: ReadLine) -> None:
    """selfpay = price × ratio (the service document: 从票面提取或通过细目金额*自付比例计算)."""
    price, ratio = line.value("price"), line.value("selfpay_ratio")
    if line.value("selfpay") is None and price is not None and ratio is not None:
        _derive(line, "selfpay", (price * ratio).quantize(CENT, ROUND_HALF_UP))
