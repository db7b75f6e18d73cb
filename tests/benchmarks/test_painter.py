"""The painter's truths add up, and its pictures show what the truths say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.painter.__main__ import paint_one, save
from benchmarks.painter.conditions import CONDITIONS
from benchmarks.painter.fonts import SANS, SERIF, THAI, available
from benchmarks.painter.layouts import LAYOUTS
from ocr_providers.arithmetic import Finding, Severity, check_invoice
from ocr_providers.exact_json import dumps, loads
from ocr_providers.results import HEALTH_KEYS
from ocr_providers.vendor_schema import invoice_from_json

DEMO = Path(__file__).resolve().parents[2] / "demo"
INVOICES = ("single", "double", "paper", "detail-list", "province", "grid", "sections", "bare")
HEALTH_CHECKS = (
    "health-thai", "health-english", "health-panels", "health-columns", "health-plain", "health-new-thai",
    "health-new-english",
)  # fmt: skip
WITHOUT_BOXES = {"detail-list", "inpatient", "grid", "sections", "bare", *HEALTH_CHECKS[2:]}
"""Forms that are only measured with: no document of the demo department looks like them."""

needs_fonts = pytest.mark.skipif(
    not available((*SERIF, *SANS)) or not available(THAI), reason="no Chinese or no Thai font on this machine"
)


def complaints(truth: Any) -> list[Finding]:
    """Errors and warnings about an invoice's truth."""
    findings = check_invoice(invoice_from_json(loads(dumps(truth["medical_result"]))), today=date(2026, 1, 1))
    return [finding for finding in findings if finding.severity is not Severity.INFO]


@needs_fonts
@pytest.mark.parametrize("layout", INVOICES)
@pytest.mark.parametrize("seed", range(2))
def test_a_painted_invoice_adds_up(layout: str, seed: int) -> None:
    assert complaints(paint_one(layout, "clean", f"test {seed}").truth) == []


@needs_fonts
def test_a_painted_inpatient_receipt_adds_up_and_is_only_told_what_it_is() -> None:
    assert {finding.code for finding in complaints(paint_one("inpatient", "clean", "test").truth)} == {"INV-TYPE"}


@needs_fonts
@pytest.mark.parametrize("seed", range(2))
def test_a_misprinted_invoice_says_where_it_is_wrong(seed: int) -> None:
    truth = paint_one("misprinted", "clean", f"test {seed}").truth
    wrong = {error["path"] for error in truth.get("printed_errors", [])}
    assert bool(wrong) == bool(complaints(truth))


@needs_fonts
@pytest.mark.parametrize("layout", HEALTH_CHECKS)
def test_a_painted_health_check_has_the_sixteen_values_in_order(layout: str) -> None:
    data = paint_one(layout, "clean", "test").truth["data"]
    assert [entry["key"] for entry in data] == list(HEALTH_KEYS)
    values = {entry["key"]: entry["value"] for entry in data}
    assert values["bp"] == f"{values['BP-Systolic']}/{values['BP-Diastolic']}"
    assert abs(values["BMI"] - values["Weight"] / (values["Height"] / 100) ** 2) < 1


@needs_fonts
def test_the_same_seed_paints_the_same_picture() -> None:
    first, second = (paint_one("single", "photo", "again") for _ in range(2))
    assert first.truth == second.truth
    difference = np.asarray(first.pages[0], dtype=int) - np.asarray(second.pages[0], dtype=int)
    assert np.abs(difference).mean() < 0.01  # blurring in several threads rounds a few pixels differently


@needs_fonts
@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name not in WITHOUT_BOXES])
def test_boxes_lie_on_the_page_and_hold_ink(layout: str) -> None:
    painted = paint_one(layout, "clean", "boxes")
    page, marks = painted.pages[0].convert("L"), painted.marks[0]
    assert len(marks) > 8
    for path, (left, top, right, bottom) in marks.items():
        assert 0 <= left < right <= page.width, path
        assert 0 <= top < bottom <= page.height, path
        assert np.asarray(page)[top:bottom, left:right].min() < 170, path


@needs_fonts
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_damaged_picture_stays_a_picture_of_its_truth(condition: str, tmp_path: Path) -> None:
    painted = paint_one("double", condition, "damage")
    path = save(painted, tmp_path / "picture", quality=70, max_pixels=500_000)
    assert path.stat().st_size > 10_000
    assert loads(path.with_suffix(".truth.json").read_bytes()) == loads(dumps(painted.truth))


@needs_fonts
def test_a_detail_list_is_one_pdf_of_several_pages(tmp_path: Path) -> None:
    painted = paint_one("detail-list", "clean", "pages")
    path = save(painted, tmp_path / "list", quality=60, max_pixels=900_000)
    assert len(painted.pages) > 1
    assert path.read_bytes().startswith(b"%PDF")


def truths() -> list[Path]:
    return sorted((DEMO / "pictures").glob("*.truth.json"))


@pytest.mark.parametrize("path", truths(), ids=lambda path: path.name.removesuffix(".truth.json"))
def test_a_committed_truth_adds_up_and_has_its_picture(path: Path) -> None:
    name = path.name.removesuffix(".truth.json")
    assert [file for file in path.parent.glob(f"{name}.*") if file != path]
    truth: Any = loads(path.read_bytes())
    if truth["kind"] == "invoice":
        assert bool(complaints(truth)) == bool(truth.get("printed_errors"))
