"""How well a provider reads, measured against truth. Pure: the caller reads files and asks the provider.

Both sides are in the vendor schema. A truth holds only the keys it vouches for: a key that it does not have is not
judged; a key with `null` says that nothing is printed there, and that nothing may be invented.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from rapidfuzz.distance import Levenshtein

from ocr_providers.results import JSON
from ocr_providers.vendor_schema import ABSENT_WORDS

JSONObject: TypeAlias = Mapping[str, JSON]

HEADER_SKIPPED = frozenset({"total_cost", "cost_categories", "cost_detail_list", "payments_info", "extra"})
"""Judged apart from the header fields."""
LINE_KEYS = ("name", "amount", "unit_price", "price")
"""A line is right only if all of these are."""
LINE_MONEY = ("unit_price", "price")
NAME_KEYS = ("name", "ocr_name", "origin_ocr_name")
"""Where the printed name may stand in an answer: a catalogue's name may differ from it."""
COMPLETENESS = ("/cost_detail_list", "/total_cost", "/cost_categories")
"""A warning on one of these says that lines are missing."""
CHARACTER_KEYS = frozenset({"Name", "Hospital_name"})
LOUD = frozenset({"error", "warning"})


@dataclass(frozen=True, slots=True)
class Ratio:
    """`right` of `total`."""

    right: int = 0
    total: int = 0

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.right + other.right, self.total + other.total)

    @property
    def value(self) -> float | None:
        """0..1; `None` of nothing."""
        return self.right / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Miss:
    """One value that was not read as printed."""

    path: str
    """JSON Pointer in the truth."""
    printed: JSON
    read: JSON


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """What was right in one document."""

    fields: Ratio = Ratio()
    """Header fields; for a health-check report its values."""
    money: Ratio = Ratio()
    lines: Ratio = Ratio()
    """Lines read rightly, of the lines printed."""
    lines_read: int = 0
    characters: Ratio = Ratio()
    """Characters of the names of persons and hospitals on health-check reports."""
    silent: int = 0
    """Wrong amounts without a warning on them."""
    misses: tuple[Miss, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """Many documents together."""

    documents: int
    fields: float | None
    money: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    characters: float | None
    silent_documents: int
    """Documents with a wrong amount and no warning on it."""


def summarise(scores: Sequence[DocumentScore]) -> Summary:
    lines = sum((score.lines for score in scores), Ratio())
    read = sum(score.lines_read for score in scores)
    precision = Ratio(lines.right, read).value
    return Summary(
        documents=len(scores),
        fields=sum((score.fields for score in scores), Ratio()).value,
        money=sum((score.money for score in scores), Ratio()).value,
        precision=precision,
        recall=lines.value,
        f1=2 * lines.right / (lines.total + read) if lines.total + read else None,
        characters=sum((score.characters for score in scores), Ratio()).value,
        silent_documents=sum(score.silent > 0 for score in scores),
    )


def score_document(truth: JSONObject, answer: JSONObject, warnings: Iterable[JSONObject] = ()) -> DocumentScore:
    """`truth` and `answer` hold `medical_result` or `data`; `warnings` are those of `check_documents`."""
    loud = _loud_paths(warnings)
    if isinstance(truth.get("data"), list):
        return _score_health(_rows(truth, "data"), _rows(answer, "data"))
    return _score_invoice(_object(truth, "medical_result"), _object(answer, "medical_result"), loud)


# --- invoices --------------------------------------------------------------------------------------------------------

Pair: TypeAlias = "tuple[str, JSONObject, JSONObject | None, str]"
"""Pointer of a printed row, the row, the row read for it, and the pointer of that."""


def _score_invoice(truth: JSONObject, answer: JSONObject, loud: Sequence[str]) -> DocumentScore:
    header = [*_header(truth, answer, ""), *_header(_object(truth, "extra"), _object(answer, "extra"), "/extra")]
    lines = _paired(truth, answer, "cost_detail_list", ("price",))
    amounts = list(_amounts(truth, answer, lines))
    right = [pair for pair in lines if _line_right(pair[1], pair[2])]
    wrong_lines = [Miss(pair[0], dict(pair[1]), dict(pair[2] or {})) for pair in lines if pair not in right]
    wrong_header, wrong_amounts = _wrong(header), _wrong(miss for miss, _ in amounts)
    return DocumentScore(
        fields=Ratio(len(header) - len(wrong_header), len(header)),
        money=Ratio(len(amounts) - len(wrong_amounts), len(amounts)),
        lines=Ratio(len(right), len(lines)),
        lines_read=len(_rows(answer, "cost_detail_list")),
        silent=_silent(amounts, lines, answer, loud),
        misses=(*wrong_header, *wrong_amounts, *wrong_lines),
    )


def _header(truth: JSONObject, answer: JSONObject, at: str) -> list[Miss]:
    return [Miss(f"{at}/{key}", truth[key], answer.get(key)) for key in truth if key not in HEADER_SKIPPED]


def _wrong(misses: Iterable[Miss]) -> list[Miss]:
    return [miss for miss in misses if not same(miss.printed, miss.read)]


def _amounts(truth: JSONObject, answer: JSONObject, lines: Sequence[Pair]) -> Iterator[tuple[Miss, str]]:
    """Every printed amount, with the pointer of the amount read for it."""
    if "total_cost" in truth:
        yield Miss("/total_cost", truth["total_cost"], answer.get("total_cost")), "/total_cost"
    categories = _paired(truth, answer, "cost_categories", ("cost",))
    payments = _paired(truth, answer, "payments_info", ("amount",), by_name=True)
    for rows, keys in ((categories, ("cost",)), (payments, ("amount",)), (lines, LINE_MONEY)):
        for at, printed, read, read_at in rows:
            for key in keys:
                value = read.get(key) if read else None
                if printed.get(key) is not None or value is not None:
                    yield Miss(f"{at}/{key}", printed.get(key), value), f"{read_at}/{key}"


def _paired(
    truth: JSONObject, answer: JSONObject, name: str, money: Sequence[str], *, by_name: bool = False
) -> list[Pair]:
    """Each printed row with the row read that is most like it; every row is used once."""
    printed, read = _rows(truth, name), _rows(answer, name)
    likeness = sorted(
        (
            (_likeness(one, other, money), -abs(i - j), i, j)
            for i, one in enumerate(printed)
            for j, other in enumerate(read)
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    for alike, _, i, j in likeness:
        if alike >= (4 if by_name else 3) and i not in partner and j not in partner.values():
            partner[i] = j
    return [
        (f"/{name}/{i}", row, read[partner[i]] if i in partner else None, f"/{name}/{partner.get(i, -1)}")
        for i, row in enumerate(printed)
    ]


def _likeness(printed: JSONObject, read: JSONObject, money: Sequence[str]) -> int:
    amounts = sum(3 for key in money if printed.get(key) is not None and same(printed.get(key), read.get(key)))
    return 4 * _same_name(printed, read) + amounts + same(printed.get("amount"), read.get("amount"))


def _same_name(printed: JSONObject, read: JSONObject) -> bool:
    return any(same(printed.get("name"), read.get(key)) for key in NAME_KEYS)


def _line_right(printed: JSONObject, read: JSONObject | None) -> bool:
    if read is None or not _same_name(printed, read):
        return False
    return all(same(printed[key], read.get(key)) for key in LINE_KEYS if key in printed and key != "name")


def _silent(amounts: Sequence[tuple[Miss, str]], lines: Sequence[Pair], answer: JSONObject, loud: Sequence[str]) -> int:
    """Wrong amounts that nobody is warned of: misread ones, invented lines, and lines lost without a word."""
    wrong = [at for miss, at in amounts if miss.read is not None and not same(miss.printed, miss.read)]
    used = {at for _, _, read, at in lines if read is not None}
    extra = [f"/cost_detail_list/{n}" for n in range(len(_rows(answer, "cost_detail_list")))]
    wrong += [f"{at}/price" for at in extra if at not in used]
    silent = sum(not any(_covers(path, at) for path in loud) for at in wrong)
    lost = any(read is None for _, _, read, _ in lines)
    return silent + (lost and not any(path in COMPLETENESS or path.startswith("/cost_categories") for path in loud))


def _covers(path: str, at: str) -> bool:
    return path == at or (path != "" and at.startswith(path + "/"))


def _loud_paths(warnings: Iterable[JSONObject]) -> list[str]:
    """Pointers inside `medical_result` or `data` that an error or a warning names."""
    loud = [warning for warning in warnings if warning.get("severity") in LOUD]
    paths = [str(path) for warning in loud for path in _list(warning.get("paths"))]
    return [path.removeprefix("/medical_result").removeprefix("/data") for path in paths]


# --- health-check reports --------------------------------------------------------------------------------------------


def _score_health(truth: Sequence[JSONObject], answer: Sequence[JSONObject]) -> DocumentScore:
    read = {str(entry.get("key")).casefold(): entry.get("value") for entry in reversed(answer)}
    values = [
        Miss(f"/{at}/value", entry.get("value"), read.get(str(entry.get("key")).casefold()))
        for at, entry in enumerate(truth)
    ]
    wrong = _wrong(values)
    texts = [miss for miss, entry in zip(values, truth, strict=True) if entry.get("key") in CHARACTER_KEYS]
    return DocumentScore(
        fields=Ratio(len(values) - len(wrong), len(values)),
        characters=sum((_characters(miss) for miss in texts), Ratio()),
        misses=tuple(wrong),
    )


def _characters(miss: Miss) -> Ratio:
    """Characters right of those printed: edits (Levenshtein) count against them."""
    printed, read = _plain(miss.printed), _plain(miss.read)
    return Ratio(max(0, len(printed) - Levenshtein.distance(printed, read)), len(printed))


# --- values ----------------------------------------------------------------------------------------------------------


def same(printed: JSON, read: JSON) -> bool:
    """Numbers by value, texts without blanks and width; all words for "absent" are the same."""
    if _absent(printed) or _absent(read):
        return _absent(printed) and _absent(read)
    numbers = _number(printed), _number(read)
    if isinstance(printed, str) or None in numbers:
        return _plain(printed) == _plain(read)
    return numbers[0] == numbers[1]


def _absent(value: JSON) -> bool:
    return value is None or (isinstance(value, str) and value.strip().casefold() in ABSENT_WORDS)


def _number(value: JSON) -> Decimal | None:
    try:
        return None if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None


def _plain(value: JSON) -> str:
    return "" if _absent(value) else "".join(unicodedata.normalize("NFKC", str(value)).split())


def _object(source: JSONObject, key: str) -> JSONObject:
    value = source.get(key)
    return value if isinstance(value, dict) else {}


def _list(value: JSON) -> Sequence[JSON]:
    return value if isinstance(value, list) else []


def _rows(source: JSONObject, key: str) -> list[JSONObject]:
    return [row if isinstance(row, dict) else {} for row in _list(source.get(key))]
