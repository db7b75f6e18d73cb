"""Names of items that are known: a misread name is mended by them, and they know an item's category.

The catalogue that ships is small and holds general names only; classes and ratios are local (DOMAIN 1.9), so it has
none. A customer's own replaces it: a CSV file in UTF-8 with the columns of `COLUMNS`, named by `CLAIMDESK_CATALOGUE`.

A name is mended only on evidence from the picture: the recogniser's own second choice for a character, or 一, which it
passes over, makes it a known name. Likeness alone mends nothing: 氯化钠 and 氯化钾 are alike.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from ocr_providers.engine.text import squeezed
from ocr_providers.exceptions import Misconfigured
from ocr_providers.vendor_schema import integer_of, number_of

VARIABLE = "CLAIMDESK_CATALOGUE"
SHIPPED = Path(__file__).parent / "catalogue.csv"
COLUMNS = ("name", "category", "medical_type", "level", "selfpay_ratio")
"""medical_type: 1 western drug, 2 Chinese drug, 3 service; empty columns say nothing."""
SAME = 90.0
"""Likeness (0..100) from which a name that is not in the catalogue is taken to be of its nearest entry's category."""
CLEARLY = 4.0
"""The nearest entry is nearer than the next by this."""


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    category: str | None = None
    medical_type: int | None = None
    level: str | None = None
    selfpay_ratio: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    entries: Mapping[str, Entry]
    """By name without blanks."""

    def mended(self, name: str, alternatives: Iterable[str]) -> str:
        """The known name that the characters may also be read as; `name` itself where it is known or there is none."""
        if name in self.entries:
            return name
        readings = [squeezed(text)[: len(name)] for text in alternatives]
        readings += [f"{name[:at]}一{name[at:]}" for at in range(len(name))]
        return next((reading for reading in readings if reading in self.entries), name)

    def entry(self, name: str) -> Entry | None:
        """The entry of this name, or of the one name that is clearly nearest to it."""
        if name in self.entries:
            return self.entries[name]
        near = process.extract(name, self.entries.keys(), scorer=fuzz.ratio, score_cutoff=SAME - CLEARLY, limit=2)
        if not near or near[0][1] < SAME or (len(near) > 1 and near[0][1] - near[1][1] < CLEARLY):
            return None
        return self.entries[near[0][0]]


def load(path: Path) -> Catalogue:
    """Raises `Misconfigured`, naming the file and the line, when it is no such CSV file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS[:1] if name not in (reader.fieldnames or ())]
            if missing:
                raise Misconfigured(f"{path}: the first line has no column {missing[0]!r}")
            entries = [_entry(path, reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Misconfigured(f"{path}: not a catalogue ({error})") from error
    return Catalogue({entry.name: entry for entry in entries})


def _entry(path: Path, line: int, row: Mapping[str, str | None]) -> Entry:
    name = squeezed(row.get("name") or "")
    ratio = number_of(row.get("selfpay_ratio") or None)
    if not name:
        raise Misconfigured(f"{path}: line {line} has no name")
    if row.get("selfpay_ratio") and (ratio is None or not 0 <= ratio <= 1):
        raise Misconfigured(f"{path}: line {line}: a ratio is a number from 0 to 1")
    return Entry(
        name, row.get("category") or None, integer_of(row.get("medical_type") or None), row.get("level") or None, ratio
    )


@cache
def catalogue() -> Catalogue:
    """The customer's, else the one that ships; read once per process."""
    return load(Path(os.environ.get(VARIABLE) or SHIPPED))


def own_names() -> tuple[str, ...]:
    """The names of the customer's own catalogue; none without one: what ships is too small to doubt a name by."""
    return _names() if os.environ.get(VARIABLE) else ()


@cache
def _names() -> tuple[str, ...]:
    return tuple(catalogue().entries)


def category_among(entry: Entry | None, printed: Sequence[str]) -> str | None:
    """The entry's category in the words of the form, where the form has it."""
    if entry is None or entry.category is None:
        return None
    wanted = SYNONYMS.get(entry.category, entry.category)
    same = [name for name in printed if SYNONYMS.get(name, name) == wanted]
    return same[0] if same else None if printed else entry.category


SYNONYMS = {
    "西药": "西药费", "成药费": "中成药费", "中成药": "中成药费", "中草药": "中草药费", "草药费": "中草药费",
    "中药饮片": "中草药费", "中药饮片费": "中草药费", "饮片费": "中草药费", "诊察费": "诊查费", "诊疗费": "诊查费",
    "医事服务费": "诊查费", "挂号费": "诊查费", "检验费": "化验费", "卫生材料费": "材料费", "耗材费": "材料费",
    "放射费": "检查费", "CT费": "检查费",
}  # fmt: skip
"""Names of one category on different forms (DOMAIN 1.6)."""
