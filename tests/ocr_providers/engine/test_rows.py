from __future__ import annotations

import numpy as np
import pytest

from ocr_providers.engine.rows import cells_of, rows_of, source_of
from tests.ocr_providers.engine.paper import page, rows, word

GRID = [(100.0 + 45 * n, ((50.0, f"药品名称{n}"), (700.0, f"{n}.00"), (1400.0, "甲类"))) for n in range(16)]


def texts(*words: object, slope: float = 0.0) -> list[list[str]]:
    cells = cells_of(page(*rows(*GRID, slope=slope)))
    return [[cell.text for cell in row] for row in rows_of(cells)]


@pytest.mark.parametrize("slope", [0.0, 0.05, -0.08])
def test_rows_of_a_tilted_page_stay_together(slope: float) -> None:
    assert texts(slope=slope) == [[f"药品名称{n}", f"{n}.00", "甲类"] for n in range(16)]


def test_rows_of_a_page_that_fans_out_stay_together() -> None:
    """Perspective: the lower a line, the more it rises."""
    words = [word(text, left, top, slope=(top - 100) / 9000) for top, cells in GRID for left, text in cells]
    found = [[cell.text for cell in row] for row in rows_of(cells_of(page(*words)))]
    assert found == [[f"药品名称{n}", f"{n}.00", "甲类"] for n in range(16)]


def test_a_column_that_leans_is_set_upright() -> None:
    """Perspective: the left edge moves with every row."""
    words = [word(text, left + 0.1 * top, top) for top, cells in GRID for left, text in cells]
    lefts = [cell.left for cell in cells_of(page(*words)) if cell.text.startswith("药品")]
    assert np.ptp(lefts) < 0.3


def test_one_box_with_a_blank_holds_two_cells() -> None:
    (first, second) = cells_of(page(word("西药费 10.00", 100, 100)))
    assert (first.text, second.text) == ("西药费", "10.00")
    assert first.right < second.left


def test_a_specification_is_not_cut_at_its_decimals() -> None:
    assert [cell.text for cell in cells_of(page(word("0.25g*24粒", 100, 100)))] == ["0.25g*24粒"]


def test_a_source_holds_just_the_characters_of_the_cell() -> None:
    box = word("西药费 10.00", 100, 100, alternatives=("西药费 16.00", "酉药费 10.00"))
    amount = source_of([cells_of(page(box))[1]])
    assert amount.text == "10.00"
    assert amount.alternatives == ("16.00",)
    assert amount.box is not None
    assert 150 < amount.box.left < amount.box.right <= 260


def test_a_legend_that_runs_round_a_seal_is_no_cell() -> None:
    legend = word("专用章专用章", 900, 400, slope=0.0)
    turned = legend.quad @ np.array([[0.8, 0.6], [-0.6, 0.8]])
    words = [*rows(*GRID), type(legend)(legend.text, 0.9, turned, legend.box, legend.marks)]
    assert "专用章专用章" not in [cell.text for cell in cells_of(page(*words))]


def test_a_page_without_words_has_no_cells() -> None:
    assert cells_of(page()) == []
