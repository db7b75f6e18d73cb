"""What the real engine reaches on the project's own pictures: the floors below which no change may fall.

Pictures are taken together by kind and condition, as the floors are. Every demo picture is in one group; those of other
makes, which lie beside this file, are two more.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocr_providers.answers import result_to_json
from ocr_providers.arithmetic import check_invoice
from ocr_providers.documents import page_images
from ocr_providers.engine.pipeline import read_pages
from ocr_providers.evaluation import DocumentScore, Summary, score_document, summarise
from ocr_providers.exact_json import dumps, loads
from ocr_providers.management.commands.check_documents import Place, warning
from ocr_providers.results import HEALTH_KEYS, TEXT_HEALTH_KEYS, Invoice

PICTURES = Path(__file__).parents[3] / "demo" / "pictures"
OTHER_MAKES = Path(__file__).parent / "pictures"
"""Painted by `benchmarks.painter` as grid, sections, bare, paper and health-new, in bad conditions."""
SHARP, PHOTO = {"clean", "scan", "carbon"}, {"photo"}
RECEIPTS, PAPER, HEALTH = ("single", "double", "misprinted", "detail-list"), ("paper",), ("health-",)

NUMBERS = {f"/{HEALTH_KEYS.index(key)}/value" for key in HEALTH_KEYS if key not in TEXT_HEALTH_KEYS}

pytestmark = pytest.mark.engine


def pictures(layouts: tuple[str, ...], conditions: set[str]) -> list[Path]:
    return [
        truth.with_name(truth.name.removesuffix(".truth.json"))
        for truth in sorted(PICTURES.glob("*.truth.json"))
        if truth.name.startswith(layouts) and truth.name.removesuffix(".truth.json").rsplit("-", 1)[1] in conditions
    ]


def pages(stem: Path) -> list[Image.Image]:
    file = next(path for path in stem.parent.glob(f"{stem.name}.*") if path.suffix != ".json")
    return list(page_images(file.read_bytes()))


@cache
def score(stem: Path) -> DocumentScore:
    result = read_pages(pages(stem))
    truth: Any = loads(stem.with_name(f"{stem.name}.truth.json").read_bytes())
    answer: Any = loads(dumps(result_to_json(result)))
    found = check_invoice(result.document) if isinstance(result.document, Invoice) else ()
    return score_document(truth, answer, [warning(each, Place(answer, "")) for each in found])


def misses(stems: list[Path]) -> dict[str, Any]:
    return {stem.name: score(stem).misses for stem in stems if score(stem).misses}


def summary(stems: list[Path]) -> Summary:
    assert stems
    return summarise([score(stem) for stem in stems])


@pytest.mark.parametrize(
    ("layouts", "conditions", "fields", "money", "lines"),
    [
        pytest.param(RECEIPTS, {"clean", "carbon"}, 0.95, 0.99, 0.98, id="receipts-clean"),
        pytest.param(RECEIPTS, {"scan"}, 0.95, 0.99, 0.98, id="receipts-scan"),
        pytest.param(RECEIPTS, PHOTO, 0.95, 0.95, 0.90, id="receipts-photo"),
        pytest.param(PAPER, SHARP | PHOTO, 0.95, 0.95, 0.90, id="paper"),
    ],
)
def test_invoices_are_read(
    layouts: tuple[str, ...], conditions: set[str], fields: float, money: float, lines: float
) -> None:
    stems = pictures(layouts, conditions)
    reached = summary(stems)
    assert reached.silent_documents == 0, misses(stems)
    assert (reached.fields or 0) >= fields, misses(stems)
    assert (reached.money or 0) >= money, misses(stems)
    assert (reached.f1 or 0) >= lines, misses(stems)


@pytest.mark.parametrize(
    ("conditions", "values"),
    [pytest.param({"clean", "scan"}, 0.98, id="clean-scan"), pytest.param(PHOTO, 0.93, id="photo")],
)
def test_health_reports_are_read(conditions: set[str], values: float) -> None:
    stems = pictures(HEALTH, conditions)
    reached = summary(stems)
    assert (reached.fields or 0) >= values, misses(stems)
    assert (reached.characters or 0) >= 0.95, misses(stems)
    assert not [miss for stem in stems for miss in score(stem).misses if miss.path in NUMBERS and not absent(miss.read)]


def other_makes(*, health: bool) -> list[Path]:
    truths = sorted(OTHER_MAKES.glob("*.truth.json"))
    stems = [truth.with_name(truth.name.removesuffix(".truth.json")) for truth in truths]
    return [stem for stem in stems if stem.name.startswith(HEALTH) == health]


def test_invoices_of_other_makes_in_bad_conditions_are_read() -> None:
    stems = other_makes(health=False)
    reached = summary(stems)
    assert reached.silent_documents == 0, misses(stems)
    assert (reached.fields or 0) >= 0.93, misses(stems)
    assert (reached.money or 0) >= 0.95, misses(stems)
    assert (reached.f1 or 0) >= 0.90, misses(stems)


def test_health_reports_of_other_makes_in_bad_conditions_are_read() -> None:
    stems = other_makes(health=True)
    reached = summary(stems)
    assert (reached.fields or 0) >= 0.93, misses(stems)
    assert (reached.characters or 0) >= 0.93, misses(stems)


def absent(value: object) -> bool:
    return value is None or value == "n/a"
